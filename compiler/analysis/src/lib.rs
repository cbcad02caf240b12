//! gbc-analysis
