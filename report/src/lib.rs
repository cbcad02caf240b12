//! gbc-report
