//! gbc-interp
