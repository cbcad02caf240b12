//! gbc-data
