//! gbc-tests
