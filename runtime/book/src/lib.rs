//! gbc-book
