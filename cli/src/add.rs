//! `gbc add`: takes a library of others, and all that it uses, into the project, and pins it.

use std::fs;
use std::path::{Path, PathBuf};

use gbc_driver::Checked;

use crate::args::AddArgs;
use crate::exit::Exit;
use crate::lock::{self, Lock};
use crate::{check, files, libraries, out, project};

pub(crate) fn add(args: &AddArgs) -> Result<(), Exit> {
    let (shelf, name) = wanted(&args.library)?;
    let Some(project) = project::here()? else {
        return Err(Exit::files("there is no `gbs.toml` in this folder or above it; `gbc new NAME` makes a project"));
    };
    let (checked, taken) = libraries::checked_below(&shelf, Path::new(&format!("{name}.gbs")))?;
    sound_library(&checked)?;
    let root = if project.root.as_os_str().is_empty() { Path::new(".") } else { &project.root };
    let mut lock = Lock::of(root).map_err(Exit::files)?;
    let taken: Vec<Taken> = taken.into_iter().map(|(file, text)| Taken::new(&file, text)).collect();
    // Everything is looked at before anything is written.
    for file in &taken {
        file.fits(root, &lock)?;
    }
    for file in &taken {
        file.write(root)?;
    }
    lock.pin(taken.iter().map(|file| (file.key.clone(), file.hash.clone())));
    lock.write(root)?;
    out::print(&told(&name, &checked, &taken))
}

/// The folder that holds other people's libraries, and the name of the one that is wanted.
fn wanted(path: &Path) -> Result<(PathBuf, String), Exit> {
    let shape = || {
        let path = path.display();
        Exit::usage(format!(
            "`{path}` names no library; write FOLDER/OWNER/NAME@VERSION, say `../shelf/acme/carry@1.3`"
        ))
    };
    let part = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let file = part(path).ok_or_else(shape)?;
    let file = file.strip_suffix(".gbs").unwrap_or(&file);
    let owner = path.parent().and_then(part).ok_or_else(shape)?;
    let (name, version) = file.split_once('@').ok_or_else(shape)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_segment(&owner) || !is_segment(name) || !version.split('.').all(digits) {
        return Err(shape());
    }
    let shelf = path.parent().and_then(Path::parent).filter(|shelf| !shelf.as_os_str().is_empty());
    Ok((shelf.unwrap_or(Path::new(".")).to_owned(), format!("{owner}/{file}")))
}

/// What may stand between the `/` of a path in a `use`.
fn is_segment(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(inside)
}

/// Says what is wrong with it, if anything.
fn sound_library(checked: &Checked) -> Result<(), Exit> {
    if checked.is_sound() && !checked.is_library() {
        return Err(Exit::usage(format!("{} is a strategy, and only libraries can be used", checked.source.name)));
    }
    if checked.is_sound() {
        return Ok(());
    }
    check::complain(checked);
    Err(Exit::program())
}

/// A file on its way into the project.
struct Taken {
    /// Where it goes, as the lock calls it.
    key: String,
    text: String,
    hash: String,
}

impl Taken {
    fn new(file: &Path, text: String) -> Taken {
        let hash = files::sha256(text.as_bytes());
        Taken { key: format!("lib/{}", libraries::key(file)), text, hash }
    }

    /// Whether it is what the project has and pins, if it has it: the text of a version never changes.
    fn fits(&self, root: &Path, lock: &Lock) -> Result<(), Exit> {
        let Taken { key, hash, .. } = self;
        if let Some(pinned) = lock.get(key).filter(|pinned| pinned != hash) {
            let place = root.join(lock::FILE);
            return Err(Exit::files(format!(
                "{}: `{key}` is pinned to {pinned}, and this text is {hash}; the text of a version never changes: \
                 take another version, or delete that line if you mean to change it",
                place.display()
            )));
        }
        let place = root.join(key);
        if place.exists() && files::source(&place)?.text != self.text {
            let place = place.display();
            return Err(Exit::files(format!(
                "{place}: another text lies here; move it away if this one is to be taken"
            )));
        }
        Ok(())
    }

    fn write(&self, root: &Path) -> Result<(), Exit> {
        let place = root.join(&self.key);
        if place.exists() {
            return Ok(());
        }
        let wrong = |error: std::io::Error| Exit::files(format!("{}: {error}", place.display()));
        let folder = place.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).map_err(wrong)?;
        // A link may lead away from the project; nothing is written there.
        let home = fs::canonicalize(root).map_err(wrong)?;
        if !fs::canonicalize(folder).map_err(wrong)?.starts_with(&home) {
            return Err(Exit::files(format!("{}: this leads out of the project", place.display())));
        }
        let building = place.with_extension(format!("{}.part", std::process::id()));
        fs::write(&building, &self.text).and_then(|()| fs::rename(&building, &place)).map_err(|error| {
            let _ = fs::remove_file(&building);
            wrong(error)
        })
    }
}

fn told(name: &str, checked: &Checked, taken: &[Taken]) -> String {
    let files = taken.iter().map(|file| format!("  {}\n", file.key));
    let offered = checked.offered().join(", ");
    files.fold(format!("added {name}\n"), |text, line| text + &line) + &format!("\nuse {name} {{ {offered} }}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_named_by_folder_owner_name_and_version() {
        let found = |path: &str| wanted(Path::new(path)).ok().map(|(shelf, name)| (shelf.display().to_string(), name));
        let carry = |shelf: &str| Some((shelf.to_owned(), "acme/carry@1.3".to_owned()));
        assert_eq!(found("../shelf/acme/carry@1.3"), carry("../shelf"));
        assert_eq!(found("/shelf/acme/carry@1.3.gbs"), carry("/shelf"));
        assert_eq!(found("acme/carry@1.3"), carry("."));
        for wrong in [
            "carry@1.3",
            "shelf/acme/carry",
            "shelf/acme/carry@",
            "shelf/acme/carry@1.x",
            "shelf/../carry@1",
            "acme/ca rry@1",
            "",
        ] {
            assert_eq!(found(wrong), None, "{wrong:?}");
        }
    }
}
