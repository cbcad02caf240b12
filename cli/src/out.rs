//! Standard output and error: colours only where a terminal reads, and no panic where nobody does.

use std::io::{ErrorKind, IsTerminal, Write};

use crate::exit::Exit;

/// Writes to standard output.
pub(crate) fn print(text: &str) -> Result<(), Exit> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Exit::unheard()),
        Err(error) => Err(Exit::files(format!("cannot write to standard output: {error}"))),
    }
}

/// Writes to standard error, as far as that is possible.
pub(crate) fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether standard output may be coloured.
pub(crate) fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether standard error may be coloured.
pub(crate) fn colour_of_errors() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether standard output shows more than ASCII: a terminal in a UTF-8 locale. Files and pipes get plain characters.
pub(crate) fn unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()).map(|value| value.to_lowercase()));
    let speaks = |locale: String| locale.contains("utf-8") || locale.contains("utf8");
    std::io::stdout().is_terminal() && (cfg!(windows) || locale.is_some_and(speaks))
}
