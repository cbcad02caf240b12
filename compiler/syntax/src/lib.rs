//! Text to items to a lossless tree, the typed view of it, and the formatter.
//!
//! Parsing does not fail: [`parse`] returns items and messages. A broken item costs only itself. [`tree`] is the text with
//! every byte, for whoever wants it whole; it prints back to the very same text.

#![forbid(unsafe_code)]

mod again;
pub mod ast;
mod build;
mod errors;
mod format;
mod grammar;
mod items;
mod lexer;
mod literal;
mod parse;
mod tree;

pub use again::{Before, parse_again};
pub use format::format;
pub use grammar::Rule;
pub use items::{ITEM_WORDS, RESERVED};
pub use lexer::{Token, TokenKind, tokens};
pub use parse::{Parsed, parse, tree};
pub use tree::{Kind, Node, NodeId, Tree};

/// No source may be longer than this many bytes.
pub const MAX_SOURCE_BYTES: usize = 1 << 20;

/// No brackets may nest deeper than this, on any thread.
pub const MAX_NESTING: usize = 64;

/// No expression may be deeper than this many operations.
pub const MAX_DEPTH: u16 = 200;

/// No name may have more characters.
pub const MAX_NAME: usize = 64;

/// No item may have more tokens, white space and comments counted too.
pub const MAX_ITEM_TOKENS: usize = 20_000;
