//! Trees as JSON, by LightGBM or XGBoost. Read of it are the names and the counts; the trees are skipped.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::refusal::{Refusal, again, told_apart};
use crate::signature::{MOST_PORTS, Port, Signature, shown};
use crate::xgboost::Learner;

/// The top of both: XGBoost has a learner and nothing else of this, LightGBM all the rest.
#[derive(Deserialize)]
struct Top {
    learner: Option<Learner>,
    tree_info: Option<IgnoredAny>,
    max_feature_idx: Option<u64>,
    num_tree_per_iteration: Option<u64>,
    #[serde(default)]
    feature_names: Vec<String>,
}

/// What trees in JSON take and give.
pub fn read_trees(bytes: &[u8]) -> Result<Signature, Refusal> {
    if let Some(refusal) = told_apart(bytes, true) {
        return Err(refusal);
    }
    if bytes.trim_ascii_start().starts_with(b"[") {
        let reason = "it is a list: trees without what they take";
        return Err(Refusal::new(reason, "save the whole model: `booster.save_model(\"m.json\")`"));
    }
    let top: Top = serde_json::from_slice(bytes).map_err(|error| in_words(&error))?;
    match top {
        Top { learner: Some(learner), .. } => learner.signature(),
        Top { tree_info: Some(_), .. } => top.of_lightgbm(),
        _ => Err(Refusal::new("it has neither the `learner` of XGBoost nor the `tree_info` of LightGBM", again(true))),
    }
}

impl Top {
    /// What LightGBM's `dump_model()` says.
    fn of_lightgbm(&self) -> Result<Signature, Refusal> {
        let Some(last) = self.max_feature_idx else {
            return Err(Refusal::new("it does not say how many numbers it takes: `max_feature_idx`", again(true)));
        };
        let outputs = self.num_tree_per_iteration.unwrap_or(1);
        signature(last.saturating_add(1), &self.feature_names, "Column_", outputs)
    }
}

fn in_words(error: &serde_json::Error) -> Refusal {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    let reason = match error.classify() {
        Category::Eof => format!("it ends in the middle, at {place}"),
        Category::Data => format!("it is JSON, but not as LightGBM or XGBoost write it, at {place}"),
        Category::Syntax | Category::Io => format!("it is no JSON, at {place}"),
    };
    Refusal::new(reason, again(true))
}

/// What `count` inputs are called: the names, unless they were counted up: `Column_0`, `f0`.
pub(crate) fn signature(count: u64, names: &[String], counted: &str, outputs: u64) -> Result<Signature, Refusal> {
    let within = |count: u64| usize::try_from(count).ok().filter(|count| (1..=MOST_PORTS).contains(count));
    let (Some(count), Some(outputs)) = (within(count), within(outputs)) else {
        let reason = format!("it takes {count} numbers and gives {outputs}; between 1 and {MOST_PORTS} make sense");
        return Err(Refusal::new(reason, again(true)));
    };
    if !names.is_empty() && names.len() != count {
        let reason = format!("it takes {count} numbers and names {}", names.len());
        return Err(Refusal::new(reason, again(true)));
    }
    let named = |index: usize| names.get(index).filter(|name| **name != format!("{counted}{index}"));
    let input = |index| Port { name: named(index).map(|name| shown(name)), width: Some(1) };
    let output = Port { name: None, width: Some(outputs) };
    Ok(Signature { inputs: (0..count).map(input).collect(), outputs: vec![output] })
}
