//! gbc-diagnostics
