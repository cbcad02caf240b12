//! Reads what the rules need from a `Cargo.toml`, line by line: line numbers and comments are what a parser throws away.

/// One line of a manifest that names a dependency.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package: what `package = ".."` says, else the key.
    pub package: String,
    /// Where it stands, from 1.
    pub line: usize,
    /// Whether a comment stands on the line.
    pub has_reason: bool,
    /// Whether it is for tests alone.
    pub dev: bool,
}

/// All dependencies of a manifest, `[workspace.dependencies]` left out.
pub fn dependencies(text: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut section = Section::Other;
    for (index, line) in text.lines().enumerate() {
        let (code, comment) = split_comment(line);
        let has_reason = comment.is_some_and(|comment| comment.chars().any(char::is_alphabetic));
        if let Some(header) = header_of(code) {
            section = Section::of(&header);
            if let Section::One { name, dev } = &section {
                found.push(Dependency { package: name.clone(), line: index + 1, has_reason, dev: *dev });
            }
            continue;
        }
        let Some((key, value)) = key_and_value(code) else {
            continue;
        };
        match &section {
            Section::Many { dev } => {
                let name = key.split('.').next().unwrap_or(key).trim_matches('"');
                let package = package_of(value).unwrap_or(name).to_owned();
                found.push(Dependency { package, line: index + 1, has_reason, dev: *dev });
            }
            Section::One { .. } if key == "package" => {
                found.last_mut().expect("the header was found").package = value.trim_matches('"').to_owned();
            }
            _ => {}
        }
    }
    found
}

/// The strings of `members` of a workspace, with their lines.
pub fn members(text: &str) -> Vec<(String, usize)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let (code, _) = split_comment(line);
        inside |= key_and_value(code).is_some_and(|(key, _)| key == "members");
        if inside {
            found.extend(code.split('"').skip(1).step_by(2).map(|member| (member.to_owned(), index + 1)));
            inside = !code.contains(']');
        }
    }
    found
}

/// The package's own name, with its line.
pub fn package_name(text: &str) -> Option<(&str, usize)> {
    let mut in_package = false;
    for (index, line) in text.lines().enumerate() {
        let (code, _) = split_comment(line);
        if let Some(header) = header_of(code) {
            in_package = header == "package";
        }
        match key_and_value(code) {
            Some(("name", value)) if in_package => {
                return Some((value.trim_matches('"'), index + 1));
            }
            _ => {}
        }
    }
    None
}

enum Section {
    /// `[dependencies]`: a dependency a line.
    Many {
        dev: bool,
    },
    /// `[dependencies.name]`: one dependency.
    One {
        name: String,
        dev: bool,
    },
    Other,
}

impl Section {
    /// Knows `dependencies`, `dev-` and `build-dependencies`, also behind `target.'..'.`, but not those of the workspace.
    fn of(header: &str) -> Section {
        if header.starts_with("workspace") {
            return Section::Other;
        }
        let Some(start) = header.find("dependencies") else {
            return Section::Other;
        };
        let dev = header[..start].ends_with("dev-");
        match header[start + "dependencies".len()..].strip_prefix('.') {
            Some(name) => Section::One { name: name.trim_matches('"').to_owned(), dev },
            None => Section::Many { dev },
        }
    }
}

fn header_of(code: &str) -> Option<String> {
    let inner = code.trim().strip_prefix('[')?.strip_suffix(']')?;
    // A line of a longer array may look like a header, `["a"]`; headers are not quoted as a whole.
    (!inner.starts_with(['"', '{'])).then(|| inner.trim_matches(['[', ']']).trim().to_owned())
}

fn key_and_value(code: &str) -> Option<(&str, &str)> {
    let (key, value) = code.split_once('=')?;
    let key = key.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.\"".contains(&byte);
    // An odd quote: a string of a longer list, `"zstd=1",`.
    let whole = key.matches('"').count() % 2 == 0;
    (!key.is_empty() && whole && key.bytes().all(plain)).then(|| (key, value.trim()))
}

fn package_of(value: &str) -> Option<&str> {
    let (_, after) = value.split_once("package")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
    after.split('"').next()
}

/// The line without its comment, and the comment.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let mut quote = None;
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') => return (&line[..at], Some(&line[at + 1..])),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    (line, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_dependency_is_seen() {
        let text = r##"
[package]
name = "gbc-x" # not this
[dependencies]
a.workspace = true # why
b = "1"
c = { package = "gbc-core", path = "x" } #
"d" = { version = "1", features = [
  "e=f", # inside a list
] }
[dependencies.g] # why not
version = "1"
package = "h"
[target.'cfg(unix)'.dependencies]
i = "#"
[dev-dependencies]
j = "1"
[build-dependencies]
k = "1"
[workspace.dependencies]
l = "1"
"##;
        let seen: Vec<_> = dependencies(text);
        let short: Vec<_> = seen.iter().map(|one| (one.package.as_str(), one.line, one.has_reason, one.dev)).collect();
        assert_eq!(
            short,
            [
                ("a", 5, true, false),
                ("b", 6, false, false),
                ("gbc-core", 7, false, false),
                ("d", 8, false, false),
                ("h", 11, true, false),
                ("i", 15, false, false),
                ("j", 17, false, true),
                ("k", 19, false, false),
            ]
        );
        assert_eq!(package_name(text), Some(("gbc-x", 3)));
    }

    #[test]
    fn members_are_read_from_one_line_or_many() {
        assert_eq!(members("members = [\"a\", \"b/*\"]\nx = [\"c\"]"), [("a".into(), 1), ("b/*".into(), 1)]);
        assert_eq!(members("members = [\n  \"a\", # \"no\"\n  \"b\",\n]\n"), [("a".into(), 2), ("b".into(), 3)]);
    }
}
