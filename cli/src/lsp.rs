//! `gbc lsp`: the compiler as an editor asks it.

use std::io::IsTerminal;

use gbc_lsp::Ending;

use crate::exit::Exit;
use crate::out;

pub(crate) fn lsp() -> Result<(), Exit> {
    if std::io::stdin().is_terminal() {
        out::complain("note: this is for editors, which start it themselves; Ctrl-D ends it\n");
    }
    match gbc_lsp::stdio() {
        Ok(Ending::Agreed) => Ok(()),
        // The protocol asks for exit code 1.
        Ok(Ending::Broken) => Err(Exit::program()),
        Err(error) => Err(Exit::files(format!("cannot talk to the editor: {error}"))),
    }
}
