//! Texts that nobody would write, and programs that nobody did: what must hold for every one of them.
//!
//! ```text
//! corpus ─► damage ─► front: parse, print, format, check, lower, play           never a panic, never another meaning
//! chance ─► grow ───► runs:  cut, pause, blocks, rows one by one, each engine   always the same run
//!                       └──► bone: what fails, cut as small as it goes
//! ```

#![forbid(unsafe_code)]

pub mod bone;
pub mod cases;
pub mod chance;
pub mod corpus;
pub mod damage;
pub mod engine;
pub mod front;
pub mod grow;
pub mod law;
pub mod runs;
pub mod world;
