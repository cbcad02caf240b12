//! gbc-driver
