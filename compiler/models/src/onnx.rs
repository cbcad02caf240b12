//! ONNX: a graph of operations. Read of it are the names and shapes of what goes in and comes out.
//!
//! Numbers of fields are those of `onnx.proto`: of a model 1 is the version of the format and 7 the graph; of a graph 1
//! are its operations, 5 its constants, 11 its inputs, 12 its outputs; of these 1 is the name and 2 the type.

use std::collections::BTreeSet;

use crate::protobuf::{Broken, Fields, Value};
use crate::refusal::{Refusal, again, told_apart};
use crate::signature::{MOST_PORTS, Port, Signature, shown};

/// What a model in ONNX takes and gives.
pub fn read_onnx(bytes: &[u8]) -> Result<Signature, Refusal> {
    match told_apart(bytes, false) {
        Some(refusal) => Err(refusal),
        None => graph_of(bytes).map_err(in_words)?.signature(),
    }
}

fn in_words(broken: Broken) -> Refusal {
    match broken {
        Broken::Cut => Refusal::new("it ends in the middle, or is none", again(false)),
        Broken::Odd => Refusal::new("its bytes are not those of ONNX", again(false)),
    }
}

/// What is kept of a graph.
#[derive(Default)]
struct Graph<'a> {
    operations: usize,
    constants: BTreeSet<&'a [u8]>,
    inputs: Vec<Tensor<'a>>,
    outputs: Vec<Tensor<'a>>,
}

/// What goes in or comes out.
#[derive(Default)]
struct Tensor<'a> {
    name: &'a [u8],
    kind: Kind,
    /// `None` where the file gives no shape; a length is `None` where it is open.
    shape: Option<Vec<Option<u64>>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    Numbers,
    Texts,
    /// A list, a map, a sparse tensor, or nothing at all.
    #[default]
    Other,
}

fn graph_of(model: &[u8]) -> Result<Graph<'_>, Broken> {
    let (mut version, mut graph) = (None, None);
    for field in Fields::of(model) {
        match field? {
            (1, Value::Varint(number)) => version = Some(number),
            (7, Value::Bytes(bytes)) => graph = Some(bytes),
            _ => {}
        }
    }
    // Any short text could be a message of fields that nobody knows.
    let (Some(1..), Some(bytes)) = (version, graph) else { return Err(Broken::Odd) };
    let mut graph = Graph::default();
    for field in Fields::of(bytes) {
        match field? {
            (1, Value::Bytes(_)) => graph.operations += 1,
            (5, Value::Bytes(constant)) => graph.constants.extend(bytes_of(constant, 8)?),
            (11, Value::Bytes(input)) => graph.inputs.push(tensor(input)?),
            (12, Value::Bytes(output)) => graph.outputs.push(tensor(output)?),
            _ => {}
        }
    }
    Ok(graph)
}

fn tensor(bytes: &[u8]) -> Result<Tensor<'_>, Broken> {
    let mut found = Tensor { name: bytes_of(bytes, 1)?.unwrap_or_default(), ..Tensor::default() };
    let Some(dense) = bytes_of(bytes, 2)?.map(|kind| bytes_of(kind, 1)).transpose()?.flatten() else {
        return Ok(found);
    };
    for field in Fields::of(dense) {
        match field? {
            (1, Value::Varint(element)) => found.kind = kind_of(element),
            (2, Value::Bytes(shape)) => found.shape = Some(lengths(shape)?),
            _ => {}
        }
    }
    Ok(found)
}

/// Of the element types, 8 are texts, 9 truths, 14 and 15 complex numbers; 0 is none.
fn kind_of(element: u64) -> Kind {
    match element {
        8 => Kind::Texts,
        0 | 14 | 15 => Kind::Other,
        _ => Kind::Numbers,
    }
}

fn lengths(shape: &[u8]) -> Result<Vec<Option<u64>>, Broken> {
    let mut lengths = Vec::new();
    for field in Fields::of(shape) {
        if let (1, Value::Bytes(length)) = field? {
            let mut known = None;
            for field in Fields::of(length) {
                if let (1, Value::Varint(number)) = field? {
                    known = Some(number);
                }
            }
            lengths.push(known);
        }
    }
    Ok(lengths)
}

/// The last field of that number: a later one replaces an earlier one.
fn bytes_of(message: &[u8], wanted: u64) -> Result<Option<&[u8]>, Broken> {
    let mut found = None;
    for field in Fields::of(message) {
        if let (number, Value::Bytes(bytes)) = field?
            && number == wanted
        {
            found = Some(bytes);
        }
    }
    Ok(found)
}

impl Graph<'_> {
    fn signature(mut self) -> Result<Signature, Refusal> {
        // Older writers list constants among the inputs too.
        let constants = std::mem::take(&mut self.constants);
        self.inputs.retain(|input| !constants.contains(input.name));
        if self.operations == 0 || self.outputs.is_empty() {
            return Err(Refusal::new("its graph computes nothing", again(false)));
        }
        if self.inputs.is_empty() {
            return Err(Refusal::new("it takes nothing, so it always says the same", again(false)));
        }
        if self.inputs.len().max(self.outputs.len()) > MOST_PORTS {
            return Err(Refusal::new(format!("it has more than {MOST_PORTS} inputs or outputs"), again(false)));
        }
        let ports =
            |tensors: &[Tensor<'_>], takes| tensors.iter().map(|tensor| tensor.port(takes)).collect::<Result<_, _>>();
        Ok(Signature { inputs: ports(&self.inputs, true)?, outputs: ports(&self.outputs, false)? })
    }
}

impl Tensor<'_> {
    fn port(&self, takes: bool) -> Result<Port, Refusal> {
        let name = shown(&String::from_utf8_lossy(self.name));
        let verb = if takes { "takes" } else { "gives" };
        match self.kind {
            Kind::Numbers => {}
            Kind::Texts => {
                return Err(Refusal::new(format!("it {verb} `{name}` as texts"), "export it with numbers only"));
            }
            Kind::Other => {
                let repair =
                    "export it with tensors of numbers only; of scikit-learn with `options={\"zipmap\": False}`";
                return Err(Refusal::new(format!("it {verb} `{name}`, which is no tensor of numbers"), repair));
            }
        }
        if let Some([Some(rows @ 2..), _, ..]) = self.shape.as_deref() {
            let repair = "export it with an open number of rows, or with one";
            return Err(Refusal::new(format!("it {verb} {rows} rows of `{name}` at once"), repair));
        }
        Ok(Port { name: Some(name), width: self.width() })
    }

    /// How many numbers one row has. Where there are two lengths or more, the first counts rows.
    fn width(&self) -> Option<usize> {
        let row = match self.shape.as_deref()? {
            [_, row @ ..] if !row.is_empty() => row,
            single => single,
        };
        let size = row.iter().try_fold(1_u64, |size, length| size.checked_mul((*length)?))?;
        usize::try_from(size).ok().filter(|size| (1..=MOST_PORTS).contains(size))
    }
}
