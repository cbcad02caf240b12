//! Exit codes, and the last words before them.

use std::process::ExitCode;
use std::sync::Mutex;

/// Why a command ends other than well.
#[derive(Debug)]
pub(crate) struct Exit {
    code: u8,
    /// For people; empty where everything has been said.
    message: String,
}

impl Exit {
    /// 1: the program has errors, or a test failed; all has been said.
    pub(crate) fn program() -> Exit {
        Exit { code: 1, message: String::new() }
    }

    /// 2: the command line is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Exit {
        Exit { code: 2, message: message.into() }
    }

    /// 3: a problem with data, a profile or a file.
    pub(crate) fn files(message: impl Into<String>) -> Exit {
        Exit { code: 3, message: message.into() }
    }

    /// 4: a limit or a checked fault stopped the run.
    pub(crate) fn fault(message: impl Into<String>) -> Exit {
        Exit { code: 4, message: message.into() }
    }

    /// 130: interrupted.
    pub(crate) fn interrupted(message: impl Into<String>) -> Exit {
        Exit { code: 130, message: message.into() }
    }

    /// What is said in the end.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Nobody reads what we write: there is nothing left to do, and nothing to say.
    pub(crate) fn unheard() -> Exit {
        Exit { code: 0, message: String::new() }
    }
}

/// Says the last words and gives the code.
pub(crate) fn finish(result: Result<(), Exit>) -> ExitCode {
    let Err(exit) = result else { return ExitCode::SUCCESS };
    if !exit.message.is_empty() {
        crate::out::complain(&format!("error: {}\n", exit.message));
    }
    ExitCode::from(exit.code)
}

static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Readers of hostile files catch panics of their libraries; nobody needs to see those.
pub(crate) fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = info.to_string();
        }
    }));
}

/// A promise of ours is broken.
pub(crate) fn internal_error() -> Exit {
    let last = LAST_PANIC.lock().map(|last| last.clone()).unwrap_or_default();
    Exit { code: 70, message: format!("this is a mistake in gbc, not in your files; please report it\n{last}") }
}
