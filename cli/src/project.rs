//! A project: the folder that holds `gbs.toml`, and what that file says.

use std::path::{Path, PathBuf};

use gbc_diagnostics::nearest;

use crate::exit::Exit;
use crate::files;

/// The file that makes a folder a project.
const FILE: &str = "gbs.toml";

/// What it says; its paths as they are seen from the folder we are in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Project {
    /// Its folder; empty where we are in it.
    pub(crate) root: PathBuf,
    /// Where its sources lie.
    pub(crate) sources: Vec<PathBuf>,
    /// The data of each market.
    pub(crate) data: Vec<(String, PathBuf)>,
}

/// The project that this folder belongs to: its own, or that of the nearest folder above.
pub(crate) fn here() -> Result<Option<Project>, Exit> {
    let folder = std::env::current_dir().map_err(|error| Exit::files(format!("the current folder: {error}")))?;
    let Some(depth) = folder.ancestors().position(is_root) else { return Ok(None) };
    let root: PathBuf = std::iter::repeat_n("..", depth).collect();
    let file = root.join(FILE);
    let text = files::source(&file)?.text;
    read(&text, &root).map(Some).map_err(|reason| Exit::files(format!("{}: {reason}", file.display())))
}

/// Whether a folder is the top of a project.
pub(crate) fn is_root(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

/// All sources below these paths; without any, those of the project, else of this folder.
pub(crate) fn sources(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Exit> {
    if !paths.is_empty() {
        return files::sources_below(paths);
    }
    let Some(project) = here()? else { return files::sources_below(&[PathBuf::from(".")]) };
    let mut found = Vec::new();
    for path in &project.sources {
        if !path.exists() {
            let (file, path) = (project.root.join(FILE), path.display());
            return Err(Exit::files(format!(
                "{}: `sources` names `{path}`, and there is no such folder",
                file.display()
            )));
        }
        // One folder of several may well be empty: a project without a library, say.
        found.extend(files::sources_in(path)?);
    }
    if found.is_empty() {
        return Err(Exit::files(format!(
            "{}: there is no `.gbs` file where `sources` says",
            project.root.join(FILE).display()
        )));
    }
    Ok(found)
}

const KEYS: [&str; 2] = ["sources", "data"];

fn read(text: &str, root: &Path) -> Result<Project, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let before = &text[..text.floor_char_boundary(error.span().map_or(0, |span| span.start))];
        format!("line {}: {}", before.matches('\n').count() + 1, error.message())
    })?;
    if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(match nearest(unknown, KEYS) {
            Some(near) => format!("there is no setting `{unknown}`; did you mean `{near}`?"),
            None => format!("there is no setting `{unknown}`; there are {}", KEYS.join(", ")),
        });
    }
    Ok(Project { root: root.to_owned(), sources: folders(&table, root)?, data: data(&table, root)? })
}

fn folders(table: &toml::Table, root: &Path) -> Result<Vec<PathBuf>, String> {
    let wrong = || "`sources` is a list of folders; write `sources = [\"strategies\", \"lib\"]`".to_owned();
    let Some(value) = table.get("sources") else {
        return Ok(vec![if root.as_os_str().is_empty() { PathBuf::from(".") } else { root.to_owned() }]);
    };
    let list = value.as_array().filter(|list| !list.is_empty()).ok_or_else(wrong)?;
    list.iter().map(|folder| folder.as_str().map(|folder| root.join(folder)).ok_or_else(wrong)).collect()
}

fn data(table: &toml::Table, root: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let wrong = || "`[data]` names a file for each market; write `es = \"data/es.parquet\"` below it".to_owned();
    let Some(value) = table.get("data") else { return Ok(Vec::new()) };
    let markets = value.as_table().ok_or_else(wrong)?.iter();
    markets.map(|(market, file)| Ok((market.clone(), root.join(file.as_str().ok_or_else(wrong)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_where_we_are() {
        let text = "sources = [\"strategies\"]\n[data]\nes = \"data/es.csv\"";
        let above = read(text, Path::new("../..")).unwrap();
        assert_eq!(above.sources, [PathBuf::from("../../strategies")]);
        assert_eq!(above.data, [("es".to_owned(), PathBuf::from("../../data/es.csv"))]);
        assert_eq!(read("", Path::new("")).unwrap().sources, [PathBuf::from(".")]);
    }

    #[test]
    fn a_mistake_in_the_file_is_named() {
        let said = |text| read(text, Path::new("")).unwrap_err();
        assert!(said("source = []").contains("did you mean `sources`"));
        assert!(said("colour = 1").contains("there are sources, data"));
        assert!(said("sources = \"lib\"").contains("is a list of folders"));
        assert!(said("sources = [1]").contains("is a list of folders"));
        assert!(said("data = \"es.csv\"").contains("a file for each market"));
        assert!(said("[data]\nes = 1").contains("a file for each market"));
        assert!(said("sources = [\"lib\"]\n\ndata =").starts_with("line 3: "), "{}", said("\n\ndata ="));
    }
}
