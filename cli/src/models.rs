//! Models on the disk: the path counts from the strategy's folder, and never leads out of the project.

use std::fs;
use std::io::Read;
use std::path::Path;

use gbc_driver::LoadError;

use crate::exit::Exit;
use crate::files;
use crate::libraries::{reason, without_dots};

/// No model is read that is larger.
const MOST_BYTES: u64 = 256 << 20;

/// The bytes of a model, by the path that the source has.
pub(crate) fn find(folder: &Path, root: &Path, written: &str) -> Result<Vec<u8>, LoadError> {
    // Judged by the path alone first: outside the project not even what exists is told.
    let wanted = without_dots(&folder.join(written));
    if Path::new(written).is_absolute() || !wanted.starts_with(root) {
        return Err(LoadError::Outside);
    }
    let Ok(found) = fs::canonicalize(&wanted) else {
        return Err(LoadError::Missing { siblings: siblings(&wanted, written), pinned: false });
    };
    if !found.starts_with(root) {
        return Err(LoadError::Outside);
    }
    bytes(&found).map_err(|exit| LoadError::Unreadable(reason(&exit, &found)))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Exit> {
    let mut bytes = Vec::new();
    let wrong = |why: &str| Exit::files(format!("{}: {why}", path.display()));
    let read = files::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| wrong(&error.to_string()))?;
    if bytes.len() as u64 > MOST_BYTES { Err(wrong("larger than 256 MiB")) } else { Ok(bytes) }
}

/// The models beside the one that is missing, written as it was.
fn siblings(wanted: &Path, written: &str) -> Vec<String> {
    let before = written.rfind('/').map_or("", |end| &written[..=end]);
    let entries = wanted.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let models = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "onnx" || extension == "json"));
    let mut names: Vec<String> =
        models.filter_map(|path| Some(format!("{before}{}", path.file_name()?.to_str()?))).collect();
    names.sort();
    names
}
