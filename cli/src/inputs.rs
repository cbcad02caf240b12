//! What `--data` names: a file, a folder, or a pattern; behind `#`, one of several instruments inside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gbc_data::{DataError, Dataset, Options, Part, Source};

use crate::exit::Exit;
use crate::files;

/// Endings of files that hold market data.
const ENDINGS: [&str; 7] = [".parquet", ".csv", ".csv.gz", ".csv.zst", ".dbn", ".dbn.zst", ".npz"];
/// Keys by which a folder of folders parts its instruments.
const MARKET_KEYS: [&str; 4] = ["symbol", "ticker", "instrument", "market"];
const MOST_DEPTH: usize = 32;

/// Data on the disk, before they are opened.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// As the user wrote it, without what is inside.
    pub(crate) path: PathBuf,
    /// One of several instruments in a file.
    pub(crate) inside: Option<String>,
    /// The files, in the order of their names.
    files: Vec<PathBuf>,
    is_set: bool,
}

/// Finds the files.
pub(crate) fn find(text: &Path, symbol: &str) -> Result<Place, Exit> {
    let (path, inside) = split_inside(text);
    let name = path.to_string_lossy().into_owned();
    if path.is_dir() {
        let mut found = Vec::new();
        below(&path, 0, &mut found)?;
        let found = of_market(&path, found, inside.as_deref().unwrap_or(symbol))?;
        return set(path, inside, found, "there is no file of market data in this folder");
    }
    if name.contains(['*', '?']) && !path.exists() {
        let found = matching(&path)?;
        let found = of_market(Path::new(""), found, inside.as_deref().unwrap_or(symbol))?;
        return set(path, inside, found, "no file of market data is called like this");
    }
    Ok(Place { files: vec![path.clone()], path, inside, is_set: false })
}

impl Place {
    /// Opens all of it as one.
    pub(crate) fn open(&self, options: &Options) -> Result<Dataset, DataFailure> {
        let options = &Options { inside: self.inside.clone().or(options.inside.clone()), ..options.clone() };
        let name = self.path.display().to_string();
        if !self.is_set {
            let file = files::open(&self.path).map_err(DataFailure::Exit)?;
            return gbc_data::open(Source { name, file }, options).map_err(DataFailure::Data);
        }
        let part = |path: &PathBuf| {
            let at = path.clone();
            Part { name: path.display().to_string(), open: Arc::new(move || std::fs::File::open(&at)) }
        };
        gbc_data::open_set(&name, self.files.iter().map(part).collect(), options).map_err(DataFailure::Data)
    }

    /// The files in the order in which `dataset` plays them.
    pub(crate) fn played(&self, dataset: &Dataset) -> Vec<PathBuf> {
        let by_name: BTreeMap<String, &PathBuf> =
            self.files.iter().map(|path| (path.display().to_string(), path)).collect();
        dataset.parts.iter().filter_map(|name| by_name.get(name).map(|path| (*path).clone())).collect()
    }
}

/// Why data could not be opened.
pub(crate) enum DataFailure {
    Exit(Exit),
    Data(DataError),
}

impl From<DataFailure> for Exit {
    fn from(failure: DataFailure) -> Exit {
        match failure {
            DataFailure::Exit(exit) => exit,
            DataFailure::Data(error) => Exit::files(error.to_string()),
        }
    }
}

fn set(path: PathBuf, inside: Option<String>, mut files: Vec<PathBuf>, none: &str) -> Result<Place, Exit> {
    if files.is_empty() {
        return Err(Exit::files(format!("{}: {none}; it ends in one of {}", path.display(), ENDINGS.join(" "))));
    }
    files.sort();
    Ok(Place { path, inside, files, is_set: true })
}

/// A file may have a `#` in its name: what exists has the first word.
fn split_inside(text: &Path) -> (PathBuf, Option<String>) {
    let whole = text.to_string_lossy();
    match whole.rsplit_once('#') {
        Some((path, inside)) if !text.exists() && !path.is_empty() && !inside.is_empty() => {
            (PathBuf::from(path), Some(inside.to_owned()))
        }
        _ => (text.to_owned(), None),
    }
}

/// Hidden files and those that begin with `_` are notes of other programs.
fn is_data(path: &Path) -> bool {
    let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().to_ascii_lowercase());
    !name.starts_with(['.', '_']) && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Exit> {
    for path in entries(folder)? {
        let is_hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with(['.', '_']));
        // A link may lead back up.
        if path.is_dir() && !path.is_symlink() && !is_hidden && depth < MOST_DEPTH {
            below(&path, depth + 1, found)?;
        } else if is_data(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Exit> {
    let wrong = |error: std::io::Error| Exit::files(format!("{}: {error}", folder.display()));
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder).map_err(wrong)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(wrong)?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// Of folders like `symbol=ES`, those of this market.
fn of_market(root: &Path, files: Vec<PathBuf>, symbol: &str) -> Result<Vec<PathBuf>, Exit> {
    let market = |path: &Path| {
        let below = path.strip_prefix(root).unwrap_or(path);
        below.components().find_map(|part| {
            let text = part.as_os_str().to_string_lossy().into_owned();
            let (key, value) = text.split_once('=')?;
            MARKET_KEYS.contains(&key.to_ascii_lowercase().as_str()).then(|| value.to_owned())
        })
    };
    let markets: BTreeSet<String> = files.iter().filter_map(|path| market(path)).collect();
    if markets.len() < 2 {
        return Ok(files);
    }
    if !markets.iter().any(|name| name.eq_ignore_ascii_case(symbol)) {
        let names: Vec<&str> = markets.iter().map(String::as_str).take(20).collect();
        return Err(Exit::files(format!(
            "{}: holds several markets, {}, and none is `{symbol}`; say which with `{}#{}`",
            root.display(),
            names.join(", "),
            root.display(),
            names[0]
        )));
    }
    Ok(files.into_iter().filter(|path| market(path).is_some_and(|name| name.eq_ignore_ascii_case(symbol))).collect())
}

/// Files whose path is like the pattern: `*` and `?` within a name, `**` for any folders.
fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Exit> {
    let parts: Vec<String> = pattern.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let plain = parts.iter().take_while(|part| !part.contains(['*', '?'])).count();
    let start: PathBuf = parts[..plain].iter().collect();
    let mut found = Vec::new();
    walk(&start, &parts[plain..], 0, &mut found)?;
    found.retain(|path| is_data(path));
    found.sort();
    found.dedup();
    Ok(found)
}

fn walk(folder: &Path, parts: &[String], depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Exit> {
    let Some((part, rest)) = parts.split_first() else { return Ok(()) };
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !here.is_dir() || depth > MOST_DEPTH {
        return Ok(());
    }
    if part == "**" {
        walk(folder, rest, depth, found)?;
    }
    for path in entries(here)? {
        let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        let path = folder.join(&name);
        match part.as_str() {
            "**" if path.is_dir() && !path.is_symlink() && !name.starts_with('.') => {
                walk(&path, parts, depth + 1, found)?
            }
            "**" => {}
            part if !is_like(&name, part) => {}
            _ if rest.is_empty() && path.is_file() => found.push(path),
            _ if !rest.is_empty() => walk(&path, rest, depth + 1, found)?,
            _ => {}
        }
    }
    Ok(())
}

/// Goes back to the last `*` where a letter does not fit: never slower than one length times the other.
fn is_like(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<char>, Vec<char>) = (name.chars().collect(), pattern.chars().collect());
    let (mut at, mut in_pattern, mut back) = (0, 0, None);
    while at < name.len() {
        match pattern.get(in_pattern) {
            Some('*') => {
                back = Some((in_pattern + 1, at));
                in_pattern += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[at] => (at, in_pattern) = (at + 1, in_pattern + 1),
            _ => match back {
                Some((behind, from)) => {
                    (at, in_pattern) = (from + 1, behind);
                    back = Some((behind, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[in_pattern..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        assert!(is_like("es_2024.csv", "*.csv") && is_like("es_2024.csv", "es_????.csv") && is_like("a", "*"));
        assert!(!is_like("es.csv.gz", "*.csv") && !is_like("es.csv", "?.csv") && !is_like("", "?"));
        assert!(!is_like(&"a".repeat(200), &("a*".repeat(60) + "b")));
    }

    #[test]
    fn only_files_of_market_data_count() {
        for name in ["a.csv", "A.CSV.GZ", "x/b.dbn.zst", "c.parquet"] {
            assert!(is_data(Path::new(name)), "{name}");
        }
        for name in ["_SUCCESS.csv", ".a.csv", "a.txt", "store.json", "csv"] {
            assert!(!is_data(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_folder_of_several_markets_gives_one() {
        let files: Vec<PathBuf> =
            ["r/symbol=ES/a.csv", "r/symbol=NQ/a.csv", "r/symbol=NQ/b.csv"].iter().map(PathBuf::from).collect();
        let of = |symbol: &str| of_market(Path::new("r"), files.clone(), symbol).map(|found| found.len());
        assert_eq!((of("ES").ok(), of("nq").ok()), (Some(1), Some(2)));
        assert!(of("CL").is_err());
        assert_eq!(of_market(Path::new("r"), files[..1].to_vec(), "CL").map(|found| found.len()).ok(), Some(1));
    }
}
