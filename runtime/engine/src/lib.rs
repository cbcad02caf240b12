//! gbc-engine
