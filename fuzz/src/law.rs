//! A law, and how it is broken.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A law that a case breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The law, in words; a panic also names the place.
    pub law: String,
    /// What was seen.
    pub seen: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n{}", self.law, self.seen)
    }
}

/// Breaks a law.
pub fn broken<T>(law: &str, seen: impl Into<String>) -> Result<T, Broken> {
    Err(Broken { law: law.to_owned(), seen: seen.into() })
}

/// Holds two texts to be equal.
pub fn same(law: &str, one: &str, other: &str) -> Result<(), Broken> {
    if one == other {
        return Ok(());
    }
    let line = one.lines().zip(other.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or(one.lines().count().min(other.lines().count()));
    let shown = |text: &str| text.lines().nth(line).unwrap_or("the end").chars().take(400).collect::<String>();
    broken(law, format!("line {}\n  one:   {}\n  other: {}", line + 1, shown(one), shown(other)))
}

/// The laws, and the one above all: no case makes anything panic.
pub fn without_panic<T>(laws: impl FnOnce() -> Result<T, Broken>) -> Result<T, Broken> {
    catch_unwind(AssertUnwindSafe(laws)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("something else than a text");
        // Numbers in it differ from case to case; the words before them name the place well enough.
        let words: String = text.chars().take_while(|c| !c.is_ascii_digit()).collect();
        broken(&format!("nothing panics: {words}"), text)
    })
}
