//! gbc-hir
