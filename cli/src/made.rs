//! How a run was made, as its folder says, and whether it would be the same run today. Whatever has changed since makes
//! another one, and is refused.

use std::path::{Path, PathBuf};

use gbc_core::Nanos;
use gbc_core::time::MILLISECOND;
use serde_json::Value as Json;

use crate::args::RunArgs;
use crate::exit::Exit;
use crate::files;
use crate::output::{self, Facts, UsedFile};
use crate::run::Prepared;

/// A run that was made before.
pub(crate) struct Made {
    folder: PathBuf,
    manifest: Json,
    /// What it was asked to do.
    pub(crate) args: RunArgs,
}

impl Made {
    /// The run in this folder. From here on we are in the folder in which it was made.
    pub(crate) fn of(folder: &Path) -> Result<Made, Exit> {
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let manifest = manifest(&folder)?;
        let cannot = |why: &str| Exit::files(format!("{}: {why}", folder.display()));
        let command = &manifest["command"];
        let words =
            command["arguments"].as_array().map(|words| words.iter().map(|word| Some(word.as_str()?.to_owned())));
        let args = words.and_then(|words| RunArgs::read(&words.collect::<Option<Vec<String>>>()?));
        let (Some(args), Some(from)) = (args, command["folder"].as_str()) else {
            return Err(cannot("its manifest.json does not say how the run was made; run it again"));
        };
        let place = folder.join(from);
        std::env::set_current_dir(&place)
            .map_err(|error| cannot(&format!("the folder in which it was made, {}: {error}", place.display())))?;
        Ok(Made { folder, manifest, args })
    }

    /// Where it stands, if it was paused or interrupted: the last millisecond that it played.
    pub(crate) fn stands_at(&self) -> Option<Nanos> {
        if !self.folder.join(files::CHECKPOINT).exists() {
            return None;
        }
        let report: Json = serde_json::from_slice(&std::fs::read(self.folder.join("report.json")).ok()?).ok()?;
        let ends = report["dataset"]["endTs"].as_i64()?;
        Some(Nanos(ends.saturating_add(1).saturating_mul(MILLISECOND).saturating_sub(1)))
    }

    /// Whether what was prepared is the run that this was; the files that it plays.
    pub(crate) fn is_same(&self, prepared: &Prepared) -> Result<Vec<UsedFile>, Exit> {
        let Prepared { checked, params, setup, .. } = prepared;
        let data = prepared.used_files()?;
        let facts = Facts { checked, params, setup, data, interval: None, seed: self.args.seed, warmed: 0 };
        match self.difference(&facts) {
            Some(what) => Err(Exit::files(format!("{}: {what} since; run it again", self.folder.display()))),
            None => Ok(facts.data),
        }
    }

    fn difference(&self, facts: &Facts<'_>) -> Option<String> {
        let now = output::provenance(facts);
        let was = |path: &str| self.manifest.pointer(path).and_then(Json::as_str).unwrap_or_default();
        if was("/compiler") != now.compiler {
            return Some(format!("gbc was {} then and has changed", was("/compiler")));
        }
        if was("/source/sha256") != output::strategy(facts).sha256 {
            return Some(format!("{} has changed", facts.checked.source.name));
        }
        if self.manifest["libraries"] != serde_json::to_value(&now.libraries).unwrap_or_default() {
            return Some("a library that it uses has changed".to_owned());
        }
        if was("/profile/sha256") != output::execution(facts).sha256 {
            return Some("the execution profile has changed".to_owned());
        }
        if was("/instruments") != now.instruments {
            return Some("an instrument has changed".to_owned());
        }
        if self.manifest["data"].as_array().map(Vec::len) != Some(now.data.len()) {
            return Some("the files of data have changed".to_owned());
        }
        let mut files = now.data.iter().enumerate();
        let other = files.find(|(index, file)| was(&format!("/data/{index}/sha256")) != file.sha256);
        other.map(|(_, file)| format!("the data in {} have changed", file.filename))
    }
}

fn manifest(folder: &Path) -> Result<Json, Exit> {
    let path = folder.join("manifest.json");
    let wrong = |error: &dyn std::fmt::Display| Exit::files(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|error| wrong(&error))?;
    serde_json::from_str(&text).map_err(|error| wrong(&error))
}
