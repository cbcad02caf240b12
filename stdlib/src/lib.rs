//! gbc-stdlib
