//! What a program says of many symbols and of trained models.

use gbc_core::MarketId;
use gbc_diagnostics::Span;

use super::{ClockId, ExprId};

/// `universe u max 64`
#[derive(Clone, Debug)]
pub struct Universe {
    /// Its name.
    pub name: String,
    /// How many symbols it holds at most.
    pub max: Option<ExprId>,
    /// How its contracts follow each other, if it says.
    pub roll: Option<Roll>,
    /// Its name's place.
    pub span: Span,
}

/// `roll u by volume adjust ratio`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roll {
    /// What decides.
    pub by: RollBy,
    /// What becomes of the past.
    pub adjust: Adjust,
}

/// What decides when a contract follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollBy {
    /// The one that trades more.
    Volume,
    /// The one that more is held of.
    OpenInterest,
    /// So many days before it ends.
    Calendar(ExprId),
}

/// What becomes of prices before a roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Adjust {
    /// Scaled.
    Ratio,
    /// Moved.
    Difference,
    /// Left alone.
    None,
}

/// `weight m @ rebal = value`
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    /// Which market.
    pub market: MarketId,
    /// The wanted share of equity.
    pub value: ExprId,
    /// The value's place.
    pub span: Span,
}

/// What is asked across the symbols of a universe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Across {
    /// Its place among all, the largest first.
    Rank,
    /// Whether it is among the n largest.
    IsTop,
    /// Whether it is among the n smallest.
    IsBottom,
    /// Of all.
    Mean,
    /// Of all.
    Sum,
    /// Of all.
    Stdev,
    /// Of all.
    Median,
    /// Of all.
    Min,
    /// Of all.
    Max,
}

impl Across {
    /// Every question and its name.
    pub const NAMES: [(&'static str, Across); 9] = [
        ("rank", Across::Rank),
        ("is_top", Across::IsTop),
        ("is_bottom", Across::IsBottom),
        ("mean", Across::Mean),
        ("sum", Across::Sum),
        ("stdev", Across::Stdev),
        ("median", Across::Median),
        ("min", Across::Min),
        ("max", Across::Max),
    ];

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        Across::NAMES[self as usize].0
    }
}

/// `features fx @ s { … }`
#[derive(Clone, Debug)]
pub struct Features {
    /// Its name.
    pub name: String,
    /// When a row is taken.
    pub clock: ClockId,
    /// Its columns, in the order of the text.
    pub fields: Vec<(String, ExprId)>,
    /// Its name's place.
    pub span: Span,
}

/// `label y = future(x, 5s)`: for data sets only; no order can read it.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: ExprId,
    /// Its name's place.
    pub span: Span,
}

/// `model alpha = onnx "x.onnx" -> (up: float)`
#[derive(Clone, Debug)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// How its file is written; `None` where the source names no format.
    pub format: Option<ModelFormat>,
    /// Its file, as the source has it.
    pub file: String,
    /// Where that is written.
    pub file_span: Span,
    /// The names of what it gives; without names it gives one number.
    pub outputs: Vec<String>,
    /// What it is called with, once it is.
    pub call: Option<ModelCall>,
    /// The day up to which it was trained: year, month, day.
    pub trained_until: Option<(i16, i8, i8)>,
}

/// What a model is called with.
#[derive(Clone, Debug)]
pub struct ModelCall {
    /// Its inputs in order; a name where it is that of a field.
    pub inputs: Vec<Option<String>>,
    /// Where it is called first.
    pub span: Span,
}

/// How a model's file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModelFormat {
    /// A graph of operations.
    Onnx,
    /// Trees, as JSON.
    Gbdt,
}
