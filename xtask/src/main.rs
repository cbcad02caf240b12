//! Chores: `cargo xtask tidy` holds the house rules.

mod tidy;

mod codes;
mod floors;
mod links;
mod machine_paths;
mod names;
mod reasons;
mod sources;
mod unsafe_code;

mod manifest;
mod rust_text;
mod tree;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => tidy::run(),
        _ => {
            eprintln!("usage: cargo xtask tidy    holds the house rules; see docs/architecture.md");
            ExitCode::from(2)
        }
    }
}
