//! Files: sources in, hashes, and results out in one piece.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use gbc_diagnostics::Source;
use sha2::{Digest, Sha256};

use crate::exit::Exit;

/// A little more than any source may have: enough to say that it has too much.
const MOST_SOURCE_BYTES: u64 = (1 << 20) + 1;

/// Reads a source.
pub(crate) fn source(path: &Path) -> Result<Source, Exit> {
    let mut bytes = Vec::new();
    open(path)?
        .take(MOST_SOURCE_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|error| Exit::files(format!("{}: {error}", path.display())))?;
    if bytes.len() as u64 == MOST_SOURCE_BYTES {
        return Err(Exit::files(format!("{}: larger than 1 MiB; no source may be", path.display())));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(path.display().to_string(), text)),
        Err(error) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(Exit::files(format!("{}: line {line}: the file is not UTF-8 text; save it as UTF-8", path.display())))
        }
    }
}

/// Opens a regular file; pipes and devices may never end.
pub(crate) fn open(path: &Path) -> Result<File, Exit> {
    let wrong = |reason: &str| Exit::files(format!("{}: {reason}", path.display()));
    let about = fs::metadata(path).map_err(|error| wrong(&in_words(&error)))?;
    if about.is_dir() {
        return Err(wrong("this is a folder, not a file"));
    }
    if !about.is_file() {
        return Err(wrong("this is no regular file"));
    }
    File::open(path).map_err(|error| wrong(&in_words(&error)))
}

fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "reading it is not allowed".to_owned(),
        _ => error.to_string(),
    }
}

/// All sources below these paths, in order. None may be empty.
pub(crate) fn sources_below(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Exit> {
    let mut found = Vec::new();
    for path in paths {
        let here = sources_in(path)?;
        if here.is_empty() {
            return Err(Exit::files(format!("{}: there is no `.gbs` file in this folder", path.display())));
        }
        found.extend(here);
    }
    Ok(found)
}

/// A source itself, or all sources below a folder, in order.
pub(crate) fn sources_in(path: &Path) -> Result<Vec<PathBuf>, Exit> {
    let mut found = Vec::new();
    if path.is_dir() {
        below(path, 0, &mut found)?
    } else {
        found.push(path.to_owned())
    }
    Ok(found)
}

fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Exit> {
    let wrong = |error: std::io::Error| Exit::files(format!("{}: {error}", folder.display()));
    let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(wrong)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(wrong)?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        // A link may lead back up; a folder reached through one is not ours to walk.
        if path.is_dir() && !path.is_symlink() && !hidden && depth < 32 && !path.ends_with("target") {
            below(&path, depth + 1, found)?;
        } else if path.extension().is_some_and(|extension| extension == "gbs") && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// The hash of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The hash of a file's bytes.
pub(crate) fn sha256_of(path: &Path) -> Result<String, Exit> {
    let mut file = open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Exit::files(format!("{}: {error}", path.display()))),
        }
    }
}

/// The way from a folder that need not be there yet to the one that we are in. Both may move together.
pub(crate) fn from_folder_to_here(folder: &Path) -> String {
    let whole = |path: &Path| fs::canonicalize(path).ok();
    let (Some(here), Some(name)) = (whole(Path::new(".")), folder.file_name()) else { return ".".to_owned() };
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let parent = parent.ancestors().find_map(|above| {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        let rest = parent.strip_prefix(above).unwrap_or(parent);
        Some(whole(above)?.join(rest))
    });
    let from = parent.unwrap_or_else(|| here.clone()).join(name);
    let shared = from.components().zip(here.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Path::new(".."));
    let down: PathBuf = here.components().skip(shared).collect();
    up.chain([down.as_path()]).collect::<PathBuf>().display().to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a whole folder beside its place and moves it there, so that nobody ever sees half of it.
pub(crate) struct NewFolder {
    place: PathBuf,
    building: PathBuf,
}

impl NewFolder {
    pub(crate) fn begin(place: &Path) -> Result<NewFolder, Exit> {
        let name = place.file_name().ok_or_else(|| Exit::usage(format!("`{}` names no folder", place.display())))?;
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let building = parent.join(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let wrong = |error: std::io::Error| Exit::files(format!("{}: {error}", building.display()));
        if place.exists() && !is_ours(place) {
            return Err(Exit::files(format!(
                "{}: exists and is no earlier run; choose another `--out`",
                place.display()
            )));
        }
        if building.exists() {
            fs::remove_dir_all(&building).map_err(wrong)?;
        }
        fs::create_dir_all(&building).map_err(wrong)?;
        Ok(NewFolder { place: place.to_owned(), building })
    }

    /// Makes one file of it, to be written bit by bit.
    pub(crate) fn make(&self, name: &str) -> std::io::Result<File> {
        let path = self.building.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        File::create(path)
    }

    /// Writes one file of it and waits until it is on the disk.
    pub(crate) fn file(&self, name: &str, write: impl FnOnce(&mut File) -> Result<(), String>) -> Result<(), Exit> {
        let wrong = |error: String| Exit::files(format!("{}: {error}", self.place.join(name).display()));
        let path = self.building.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| wrong(error.to_string()))?;
        let mut file = File::create(path).map_err(|error| wrong(error.to_string()))?;
        write(&mut file).map_err(wrong)?;
        file.flush().and_then(|()| file.sync_all()).map_err(|error| wrong(error.to_string()))
    }

    /// Moves it to its place; an earlier run there makes way.
    pub(crate) fn finish(self) -> Result<(), Exit> {
        let wrong = |error: std::io::Error| Exit::files(format!("{}: {error}", self.place.display()));
        let old = self.building.with_extension("old");
        if self.place.exists() {
            fs::rename(&self.place, &old).map_err(wrong)?;
        }
        fs::rename(&self.building, &self.place).map_err(wrong)?;
        if old.exists() {
            fs::remove_dir_all(&old).map_err(wrong)?;
        }
        Ok(())
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.building);
    }
}

/// What a run goes on from that was paused or interrupted.
pub(crate) const CHECKPOINT: &str = "checkpoint.bin";

/// What an earlier run may have left, now or in a version before.
const RUN_FILES: [&str; 11] = [
    "report.json",
    "report.html",
    "manifest.json",
    "orders.parquet",
    "fills.parquet",
    "trades.parquet",
    "equity.parquet",
    "exports.parquet",
    "messages.parquet",
    "journal.parquet",
    CHECKPOINT,
];

/// Whether a run left this folder and nobody has put anything beside: only then may it be taken away.
fn is_ours(folder: &Path) -> bool {
    let ours = |entry: std::io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| RUN_FILES.iter().any(|name| entry.file_name() == *name))
    };
    let is_run = folder.join("manifest.json").is_file() && folder.join("report.json").is_file();
    fs::read_dir(folder).is_ok_and(|mut entries| if is_run { entries.all(ours) } else { entries.next().is_none() })
}
