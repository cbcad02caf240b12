//! `gbc completions`: what a shell needs to complete `gbc`.

use crate::args::CompletionsArgs;
use crate::exit::Exit;
use crate::out;

pub(crate) fn completions(args: &CompletionsArgs) -> Result<(), Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::command(), "gbc", &mut script);
    out::print(&String::from_utf8_lossy(&script))
}
