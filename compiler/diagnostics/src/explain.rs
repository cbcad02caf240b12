//! The pages of the codes, compiled in so that `gbc explain` works anywhere.

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page of a code; codes are found in any case.
pub fn explain(code: &str) -> Option<&'static str> {
    let code = code.to_uppercase();
    PAGES.iter().find(|(name, _)| *name == code).map(|(_, page)| *page)
}

/// All codes that have a page.
pub fn codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(name, _)| *name)
}
