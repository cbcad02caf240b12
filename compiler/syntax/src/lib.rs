//! gbc-syntax
