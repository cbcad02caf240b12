//! `gbs.lock`: which texts of others a project is made of, each by its hash.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::exit::Exit;
use crate::files;

/// The file, beside `gbs.toml`.
pub(crate) const FILE: &str = "gbs.lock";

const HEAD: &str = "\
# The texts of others that this project is made of. `gbc` writes this file; keep it with the project.

[libraries]
";

const KIND: &str = "sha256:";

/// Hashes by file; files as seen from the project's folder, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    pins: BTreeMap<String, String>,
}

impl Lock {
    /// That of a project; empty where it has none yet. What is wrong with it names the file and, where it can, the line.
    pub(crate) fn of(root: &Path) -> Result<Lock, String> {
        let file = root.join(FILE);
        if !file.exists() {
            return Ok(Lock::default());
        }
        let text = files::source(&file).map_err(|exit| exit.message().to_owned())?.text;
        Lock::read(&text).map_err(|reason| format!("{}: {reason}", file.display()))
    }

    fn read(text: &str) -> Result<Lock, String> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = &text[..text.floor_char_boundary(error.span().map_or(0, |span| span.start))];
            format!("line {}: {}", before.matches('\n').count() + 1, error.message())
        })?;
        if let Some(unknown) = table.keys().find(|key| *key != "libraries") {
            return Err(format!("`{unknown}` is nothing that this version knows; there is `[libraries]` alone"));
        }
        let Some(libraries) = table.get("libraries") else { return Ok(Lock::default()) };
        let wrong = || "`[libraries]` names files, each with its hash: `\"lib/a/b@1.gbs\" = \"sha256:…\"`".to_owned();
        let pins = libraries.as_table().ok_or_else(wrong)?.iter().map(|(file, hash)| {
            let hash = hash.as_str().and_then(|hash| hash.strip_prefix(KIND)).filter(|hash| is_hash(hash));
            let hash = hash.ok_or_else(|| format!("`{file}`: a hash is `sha256:` and 64 digits from `0` to `f`"))?;
            Ok((file.clone(), hash.to_owned()))
        });
        Ok(Lock { pins: pins.collect::<Result<_, String>>()? })
    }

    /// The hash that a file must have.
    pub(crate) fn get(&self, file: &str) -> Option<&str> {
        self.pins.get(file).map(String::as_str)
    }

    /// Pins files that are not pinned yet, and gives their names.
    pub(crate) fn pin(&mut self, pins: impl IntoIterator<Item = (String, String)>) -> Vec<String> {
        let mut new = Vec::new();
        for (file, hash) in pins {
            if !self.pins.contains_key(&file) {
                self.pins.insert(file.clone(), hash);
                new.push(file);
            }
        }
        new
    }

    /// Writes it beside its place and moves it there: nobody ever reads half of it.
    pub(crate) fn write(&self, root: &Path) -> Result<(), Exit> {
        let building = root.join(format!(".{FILE}.{}.part", std::process::id()));
        let done = fs::write(&building, self.text()).and_then(|()| fs::rename(&building, root.join(FILE)));
        done.map_err(|error| {
            let _ = fs::remove_file(&building);
            Exit::files(format!("{}: {error}", root.join(FILE).display()))
        })
    }

    fn text(&self) -> String {
        let lines = self.pins.iter().map(|(file, hash)| {
            let file = toml::Value::String(file.clone());
            format!("{file} = \"{KIND}{hash}\"\n")
        });
        lines.fold(HEAD.to_owned(), |text, line| text + &line)
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut lock = Lock::default();
        let pins = [("lib/b/c@2.gbs", "ab"), ("lib/a/b@1.3.gbs", "0f"), ("lib/b/c@2.gbs", "cd")];
        let new = lock.pin(pins.map(|(file, hash)| (file.to_owned(), hash.repeat(32))));
        assert_eq!(new, ["lib/b/c@2.gbs", "lib/a/b@1.3.gbs"], "each once, and what is pinned stays");
        assert_eq!(lock.get("lib/b/c@2.gbs"), Some("ab".repeat(32).as_str()));
        let text = lock.text();
        assert!(text.find("lib/a").unwrap() < text.find("lib/b").unwrap(), "{text}");
        assert_eq!(Lock::read(&text), Ok(lock));
        assert_eq!(Lock::read(""), Ok(Lock::default()));
    }

    #[test]
    fn a_mistake_in_it_is_named() {
        let said = |text| Lock::read(text).unwrap_err();
        assert!(said("[libraries]\n\"a\" =").starts_with("line 2: "), "{}", said("[libraries]\n\"a\" ="));
        assert!(said("packages = 1").starts_with("`packages` is nothing"));
        assert!(said("libraries = 1").contains("names files"));
        assert!(said("[libraries]\n\"lib/a.gbs\" = \"sha256:ab\"").starts_with("`lib/a.gbs`: a hash is"));
        assert!(said("[libraries]\n\"lib/a.gbs\" = 1").starts_with("`lib/a.gbs`: a hash is"));
    }
}
