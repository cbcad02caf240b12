//! The flow IR: one flat list of nodes that interpreter, native code and sweeps all read.
//!
//! `docs/decisions/0002-flow-ir.md` says why it looks as it does.

#![forbid(unsafe_code)]

mod as_of;
mod errors;
mod flow;
mod layout;
mod lower;
mod lower_orders;
mod lower_pasts;
mod lower_rules;
mod optimize;
mod order_words;
mod print;
mod questions;
mod read;
mod read_orders;
mod simplify;
mod verify;
mod verify_orders;
mod vocabulary;

pub use as_of::asked;
pub use flow::{Expect, Flow, Node, NodeId, OfAccount, Op, Orders, Param, Root, Side, State, Timer, Ty, Watch};
pub use gbc_analysis::{ClockSet, Time};
pub use gbc_hir::{Clock, ClockId, Mine, OfNews, Series, Session, SessionHours, Value, ViewField};
pub use layout::{Layout, TooLong};
pub use lower::{lower, lower_asked};
pub use optimize::optimize;
pub use print::{clock_text, print, print_with};
pub use questions::{Construct, Question};
pub use read::{ReadError, read};
pub use verify::{Broken, verify};
