//! gbc-ir
