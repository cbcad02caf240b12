//! The whole machine from the outside: the binary as people call it, and runs as they must come out.

mod commands;
mod corpus;
mod data_files;
mod editor;
mod failing_tests;
mod help;
mod hostile;
mod kernel;
mod laws;
mod libraries;
mod lock;
mod malformed;
mod models;
mod oracles;
mod profiles;
mod project;
mod results;
mod resume;
mod session_bars;
mod warm;
mod why;
mod why_rules;
mod world;
