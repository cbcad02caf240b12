//! What can be wrong with libraries and what is taken from them, in words.

use gbc_diagnostics::{Diagnostic, Span, nearest};

use super::near;
use crate::LoadError;

/// The code of a library that does not check.
pub(crate) const BROKEN: &str = "E0608";

/// The codes of what no single file has done wrong.
pub(crate) const BETWEEN: [&str; 3] = ["E0604", "E0606", "E0609"];

pub(crate) fn missing(path: &str, at: Span, why: &LoadError) -> Diagnostic {
    let error = |remark: &str| Diagnostic::error("E0601", format!("there is no library `{path}`"), at, remark);
    match why {
        LoadError::Missing { pinned: true, .. } => {
            error("`gbs.lock` pins one that was there").help(format!("bring it back, or `gbc add FOLDER/{path}` again"))
        }
        LoadError::Missing { siblings, pinned: false } => {
            let place = match path.split_once('/') {
                Some(("." | "..", _)) => {
                    "the path counts from the folder of the file that uses it: `./mine` is `mine.gbs` beside it"
                }
                Some(("std", _)) => "the standard library has `std/averages`, `std/flow`, `std/momentum` and others",
                _ => {
                    "`acme/carry@1.3` is `lib/acme/carry@1.3.gbs` in the project; `gbc add` brings it there from another folder"
                }
            };
            near(error("no such file").help(place), path, at, siblings.iter().map(String::as_str))
        }
        LoadError::NoFiles => error("no files can be seen from here").help("check the file where it lies: `gbc check`"),
        LoadError::Unreadable(why) => {
            error(why).help("a library is a text in UTF-8 of at most 1 MiB, in a regular file")
        }
        LoadError::Outside => outside(path, at),
        LoadError::Changed { file, pinned, found } => changed(path, at, file, pinned, found),
    }
}

fn outside(path: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0605", format!("`{path}` leads out of the project"), at, "above the project's folder")
        .help("a project begins at the nearest `gbs.toml` above the file, or at the file's own folder; move the library into it")
}

fn changed(path: &str, at: Span, file: &str, pinned: &str, found: &str) -> Diagnostic {
    let remark = format!("`{file}` has changed");
    Diagnostic::error("E0609", format!("`{path}` is not the text that `gbs.lock` pins"), at, remark).help(format!(
        "bring that text back, or take the new one under a version of its own\npinned: sha256 {pinned}\nfound:  sha256 {found}"
    ))
}

pub(crate) fn two_versions(name: &str, first: &str, second: &str, at: Span) -> Diagnostic {
    let message = format!("this program is made of two versions of `{name}`: `{first}` and `{second}`");
    Diagnostic::warning("W0113", message, at, format!("brings in `{second}`"))
        .help("take the same version everywhere, unless both are meant")
}

/// A name that a library does not offer; `renamed` where the file calls it something else.
pub(crate) fn not_in_it<'a>(
    name: &str,
    path: &str,
    at: Span,
    (private, renamed): (bool, bool),
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    if private {
        return Diagnostic::error("E0602", format!("`{name}` of `{path}` is private"), at, "not `pub` there")
            .help(format!("write `pub` before `{name}` in the library"));
    }
    let error = Diagnostic::error("E0602", format!("the library `{path}` has no `{name}`"), at, "no such name there");
    if let Some(near) = nearest(name, known.clone()) {
        // The calls in the file keep the name that they have.
        let taken = if renamed { near.to_owned() } else { format!("{near} as {name}") };
        return error.help(format!("did you mean `{near}`?")).fix(at, taken);
    }
    let list: Vec<String> = known.into_iter().take(8).map(|name| format!("`{name}`")).collect();
    error.help(match list.is_empty() {
        true => "it offers nothing: there is no `pub` in it".to_owned(),
        false => format!("it offers {}", list.join(", ")),
    })
}

pub(crate) fn clash(name: &str, import: Span, other: Span) -> Diagnostic {
    Diagnostic::error("E0603", format!("`{name}` is taken from a library and defined here too"), other, "defined here")
        .label(import, "taken from a library here")
        .help(format!("take it under another name: `{name} as {name}_1`"))
}

/// `names` in the order in which they use each other, the first once more at the end.
pub(crate) fn circle(names: &[&str], at: Span) -> Diagnostic {
    let path: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::error("E0604", format!("libraries use each other in a circle: {}", path.join(" → ")), at, "closes it")
        .help("move what both need into a library of its own")
}

pub(crate) fn too_many(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0606", format!("this program is made of {what}"), at, "one too many")
        .help("put functions that belong together into one library")
}

pub(crate) fn a_strategy(path: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0607", format!("`{path}` is a strategy, and only libraries can be used"), at, "a strategy")
        .help("move what both need into a `library` file and use that")
}

pub(crate) fn broken(path: &str, at: Span, file: &str, line: usize, message: &str) -> Diagnostic {
    Diagnostic::error(
        BROKEN,
        format!("the library `{path}` has an error"),
        at,
        format!("{file}, line {line}: {message}"),
    )
    .help(format!("`gbc check {file}` shows all of it"))
}

pub(crate) fn unused(name: &str, at: Span) -> Diagnostic {
    Diagnostic::warning("W0101", format!("`{name}` is taken from a library and never used"), at, "not needed")
        .help("call it, or delete it from the list")
}
