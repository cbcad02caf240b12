//! Two versions of one library in one program: sound, and seldom meant.

use std::collections::BTreeMap;

use gbc_diagnostics::Diagnostic;
use gbc_syntax::ast::{File, ItemKind};

use crate::errors::libraries as errors;
use crate::libraries::{Library, Used};

/// A warning for each version that meets another one, at the `use` that brings it in.
pub(crate) fn meeting(file: &File, uses: &[Used], read: &[Library]) -> Vec<Diagnostic> {
    let (mut known, mut met) = (BTreeMap::new(), Vec::new());
    let paths = file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Use { path, .. } => Some(path),
        _ => None,
    });
    for (path, used) in paths.zip(uses) {
        for (base, version) in brought_in(*used, read).into_iter().filter_map(|library| versioned(&read[library])) {
            let versions: &mut Vec<&str> = known.entry(base).or_default();
            if versions.contains(&version) {
                continue;
            }
            if let Some(other) = versions.first() {
                met.push(errors::two_versions(last_two(base), other, version, path.span));
            }
            versions.push(version);
        }
    }
    met
}

/// A library and all that it uses, each once, in the order in which they were read.
fn brought_in(used: Used, read: &[Library]) -> Vec<usize> {
    let Used::Library(first) = used else { return Vec::new() };
    let mut wanted = vec![false; read.len()];
    wanted[first] = true;
    mark(first, read, &mut wanted);
    (0..read.len()).filter(|index| wanted[*index]).collect()
}

fn mark(index: usize, read: &[Library], wanted: &mut [bool]) {
    for used in &read[index].uses {
        if let Used::Library(below) = used
            && !wanted[*below]
        {
            wanted[*below] = true;
            mark(*below, read, wanted);
        }
    }
}

/// `lib/acme/carry` and `1.3`
fn versioned(library: &Library) -> Option<(&str, &str)> {
    library.source.name.strip_suffix(".gbs")?.rsplit_once('@')
}

/// `acme/carry` of `../lib/acme/carry`
fn last_two(base: &str) -> &str {
    let slashes: Vec<usize> = base.rmatch_indices(['/', '\\']).map(|(at, _)| at).collect();
    slashes.get(1).map_or(base, |at| &base[at + 1..])
}
