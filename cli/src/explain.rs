//! `gbc explain`: the page of a code.

use gbc_diagnostics::{codes, explain as page};

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::out;

pub(crate) fn explain(args: &ExplainArgs) -> Result<(), Exit> {
    match page(&args.code) {
        Some(page) => out::print(page),
        None => {
            let code: String = args.code.chars().filter(|c| c.is_ascii_alphanumeric()).take(12).collect();
            let all: Vec<&str> = codes().collect();
            Err(Exit::usage(format!("there is no diagnostic `{code}`; there are {}", all.join(" "))))
        }
    }
}
