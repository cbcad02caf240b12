//! The files of models: opened where files can be seen, and held against what the source says of them.

mod errors;

use gbc_diagnostics::Diagnostic;
use gbc_hir::{LoadError, Model, ModelFormat};
use gbc_models::{Refusal, Signature, read_onnx, read_trees};

use crate::Checked;

/// Finds the file of a model by the path that the source has, which counts from the source's folder.
pub type ModelFiles<'a> = dyn Fn(&str) -> Result<Vec<u8>, LoadError> + 'a;

impl Checked {
    /// Holds the files of the program's models against what it says of them.
    pub fn hold_models(&mut self, files: &ModelFiles<'_>) {
        let wrong: Vec<Diagnostic> = self.program.models.iter().filter_map(|model| wrong_with(model, files)).collect();
        wrong.into_iter().for_each(|diagnostic| self.diagnostics.push(diagnostic));
    }
}

/// The first thing that is wrong with a model's file. Where the source names no format, that has been said.
fn wrong_with(model: &Model, files: &ModelFiles<'_>) -> Option<Diagnostic> {
    let format = model.format?;
    match files(&model.file) {
        Err(why) => Some(errors::no_file(model, &why)),
        Ok(bytes) => match read(format, &bytes) {
            Err(refusal) => Some(errors::no_model(model, format, &refusal)),
            Ok(signature) => takes(model, &signature).or_else(|| gives(model, &signature)),
        },
    }
}

fn read(format: ModelFormat, bytes: &[u8]) -> Result<Signature, Refusal> {
    match format {
        ModelFormat::Onnx => read_onnx(bytes),
        ModelFormat::Gbdt => read_trees(bytes),
    }
}

/// What it takes, against what it is called with; a model that nobody calls is held against nothing.
fn takes(model: &Model, signature: &Signature) -> Option<Diagnostic> {
    let call = model.call.as_ref()?;
    let names = signature.names_taken();
    if let Some(count) = signature.takes()
        && count != call.inputs.len()
    {
        return Some(errors::takes_another_number(model, call, count, names.as_deref()));
    }
    // Fields are in the order in which they are written, and a file that names its inputs knows theirs.
    let same = |(given, taken): (&Option<String>, &&str)| given.as_ref().is_none_or(|given| given == taken);
    let names = names?;
    let differs = call.inputs.iter().zip(&names).position(|pair| !same(pair))?;
    Some(errors::takes_another_name(model, call, differs, &names))
}

/// What it gives, against what the source names.
fn gives(model: &Model, signature: &Signature) -> Option<Diagnostic> {
    let count = signature.gives()?;
    let named = model.outputs.len().max(1);
    if count != named {
        return Some(errors::gives_another_number(model, count, signature));
    }
    // Names are free, unless they are the file's in another order.
    let names = signature.names_given()?;
    let known = |name: &&String| names.contains(&name.as_str());
    let swapped =
        model.outputs.iter().all(|name| known(&name)) && model.outputs.iter().zip(&names).any(|(a, b)| a != b);
    swapped.then(|| errors::gives_in_another_order(model, &names))
}
