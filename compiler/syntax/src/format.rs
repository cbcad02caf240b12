//! The formatter: one style, no options.

/// The text in the one style.
pub fn format(text: &str) -> String {
    text.to_owned()
}
