//! The help of every command ends with examples, and each example does what it says.

use std::fs;
use std::process::{Command, Stdio};

use crate::world::{Folder, repository};

/// Examples that need more than a clone, and why each is not run.
const NOT_RUN: [(&str, &str); 2] = [
    ("gbc lsp", "an editor talks to it; the rooms `lsp` and `ide` have tests of their own"),
    ("gbc add ../shelf/acme/carry@1.3", "it wants a project and a library of others; `libraries.rs` has both"),
];

/// Every command by its words, the whole of `gbc` first.
fn commands() -> Vec<(Vec<String>, clap::Command)> {
    let mut found = vec![(Vec::new(), gbc_cli::command())];
    let mut next = 0;
    while let Some((words, command)) = found.get(next).cloned() {
        for below in command.get_subcommands() {
            let words = words.iter().cloned().chain([below.get_name().to_owned()]);
            found.push((words.collect(), below.clone()));
        }
        next += 1;
    }
    found
}

/// The lines below `Examples:`, without their remarks.
fn examples(command: &clap::Command) -> Vec<String> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines = text.lines().skip_while(|line| *line != "Examples:").skip(1);
    lines.map(|line| line.split("    #").next().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn every_command_has_an_example_that_calls_it() {
    let silent: Vec<String> = commands()
        .iter()
        .map(|(words, command)| (format!("gbc {}", words.join(" ")), command))
        .filter(|(line, command)| {
            let calls = |example: &String| format!("{example} ").starts_with(&format!("{} ", line.trim_end()));
            let found = examples(command);
            found.is_empty() || !found.iter().all(calls)
        })
        .map(|(line, _)| line)
        .collect();
    assert!(silent.is_empty(), "without an example of their own: {silent:?}");
}

#[test]
fn help_shows_each_example_on_one_line() {
    let here = Folder::new("help");
    for (words, command) in commands() {
        for flag in ["-h", "--help"] {
            let args: Vec<&str> = words.iter().map(String::as_str).chain([flag]).collect();
            let shown = here.gbc(&args).ends(0).out;
            let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(shown.ends_with(&format!("{text}\n")), "gbc {words:?} {flag}: {shown}");
        }
    }
    assert!(here.gbc(&["--version"]).ends(0).out.starts_with("gbc 0."));
}

#[cfg(unix)]
#[test]
fn every_example_runs_in_a_clone() {
    let here = Folder::new("examples");
    for folder in ["examples", "examples/data"] {
        fs::create_dir_all(here.0.join(folder)).expect("the target folder can be written to");
        for entry in fs::read_dir(repository(folder)).expect("the repository has examples") {
            let path = entry.expect("it can be read").path();
            if path.is_file() {
                fs::copy(&path, here.0.join(folder).join(path.file_name().expect("a file"))).expect("it can be copied");
            }
        }
    }
    for (_, command) in commands() {
        for example in examples(&command) {
            if NOT_RUN.iter().any(|(line, _)| *line == example) {
                continue;
            }
            let gbc = format!("gbc() {{ {:?} \"$@\"; }}\n{example}", env!("CARGO_BIN_EXE_gbc"));
            let mut shell = Command::new("sh");
            here.ran(shell.args(["-c", &gbc]).stdin(Stdio::null()).current_dir(&here.0)).ends(0);
        }
    }
}

#[test]
fn each_shell_gets_completions_of_every_command() {
    let here = Folder::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = here.gbc(&["completions", shell]).ends(0).out;
        for (words, _) in commands() {
            assert!(words.iter().all(|word| script.contains(word.as_str())), "{shell} does not know {words:?}");
        }
        assert!(script.contains("instrument"), "{shell} does not know flags");
    }
    here.gbc(&["completions", "tcsh"]).complains(2, "tcsh");
}

/// What the script offers after these words, asked of a real bash.
fn offered(script: &str, words: &[&str]) -> Option<Vec<String>> {
    let last = words.len() - 1;
    let ask = format!(
        "{script}\nCOMP_WORDS=({}); COMP_CWORD={last}; _gbc gbc {:?} {:?}; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words[last],
        words[last - 1],
    );
    let output = Command::new("bash").args(["--norc", "-c", &ask]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_commands_and_flags() {
    let script = Folder::new("bash").gbc(&["completions", "bash"]).ends(0).out;
    let Some(commands) = offered(&script, &["gbc", "e"]) else {
        println!("skipped: no bash here");
        return;
    };
    assert_eq!(commands, ["emit", "explain"]);
    assert_eq!(offered(&script, &["gbc", "data", "sy"]), Some(vec!["synth".to_owned()]));
    assert_eq!(offered(&script, &["gbc", "run", "--inst"]), Some(vec!["--instrument".to_owned()]));
}
