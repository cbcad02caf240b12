//! The corpus and its runner: what the front of the compiler says of every text that this repository holds.

mod again;
mod check;
mod corpus;
mod design;
mod flow;
mod intervals;
mod ir;
mod laws;
mod optimize;
mod pages;
mod proof;
mod repairs;
