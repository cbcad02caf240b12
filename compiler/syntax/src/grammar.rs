//! The parser that pest makes of `grammar/gbs.pest`.

// The derive writes no docs for its rules; the grammar file is their page.
#![allow(missing_docs)]

#[derive(pest_derive::Parser)]
#[grammar = "../../grammar/gbs.pest"]
pub(crate) struct Grammar;
