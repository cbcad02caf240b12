//! Writes small models in ONNX: so much of the format as a linear layer needs.

/// What goes in or comes out: a name, the element type, and the lengths; 0 is a length left open.
pub type Tensor<'a> = (&'a str, u64, &'a [u64]);

pub const FLOAT: u64 = 1;
pub const INT64: u64 = 7;
pub const TEXT: u64 = 8;

/// A model of one operation, by what it takes and gives.
pub fn model(inputs: &[Tensor<'_>], outputs: &[Tensor<'_>]) -> Vec<u8> {
    graph(&[node("Identity", &[inputs[0].0], outputs[0].0)], &[], inputs, outputs)
}

/// The scorer's model: from five features the chances of up and down, each `sigmoid(features × weights + bias)`.
pub fn taker() -> Vec<u8> {
    let weights: [f32; 10] = [0.8, -0.8, 0.5, -0.5, 0.0, 0.0, 0.25, -0.25, -0.125, -0.125];
    let constants = [floats("weights", &[5, 2], &weights), floats("bias", &[2], &[0.0, 0.0])];
    let nodes = [node("Gemm", &["features", "weights", "bias"], "score"), node("Sigmoid", &["score"], "chances")];
    graph(&nodes, &constants, &[("features", FLOAT, &[0, 5])], &[("chances", FLOAT, &[0, 2])])
}

pub fn graph(nodes: &[Vec<u8>], constants: &[Vec<u8>], inputs: &[Tensor<'_>], outputs: &[Tensor<'_>]) -> Vec<u8> {
    let mut graph = Vec::new();
    nodes.iter().for_each(|node| bytes(&mut graph, 1, node));
    bytes(&mut graph, 2, b"graph");
    constants.iter().for_each(|constant| bytes(&mut graph, 5, constant));
    inputs.iter().for_each(|input| bytes(&mut graph, 11, &value(input)));
    outputs.iter().for_each(|output| bytes(&mut graph, 12, &value(output)));
    let mut opset = Vec::new();
    number(&mut opset, 2, 13);
    let mut model = Vec::new();
    number(&mut model, 1, 8);
    bytes(&mut model, 2, b"gbc");
    bytes(&mut model, 7, &graph);
    bytes(&mut model, 8, &opset);
    model
}

pub fn node(operation: &str, inputs: &[&str], output: &str) -> Vec<u8> {
    let mut node = Vec::new();
    inputs.iter().for_each(|input| bytes(&mut node, 1, input.as_bytes()));
    bytes(&mut node, 2, output.as_bytes());
    bytes(&mut node, 4, operation.as_bytes());
    node
}

/// A constant of single floats.
pub fn floats(name: &str, lengths: &[u64], values: &[f32]) -> Vec<u8> {
    let mut tensor = Vec::new();
    lengths.iter().for_each(|length| number(&mut tensor, 1, *length));
    number(&mut tensor, 2, FLOAT);
    bytes(&mut tensor, 8, name.as_bytes());
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    bytes(&mut tensor, 9, &raw);
    tensor
}

fn value((name, element, lengths): &Tensor<'_>) -> Vec<u8> {
    let mut shape = Vec::new();
    for length in *lengths {
        let mut dimension = Vec::new();
        match length {
            0 => bytes(&mut dimension, 2, b"rows"),
            known => number(&mut dimension, 1, *known),
        }
        bytes(&mut shape, 1, &dimension);
    }
    let (mut dense, mut kind, mut value) = (Vec::new(), Vec::new(), Vec::new());
    number(&mut dense, 1, *element);
    bytes(&mut dense, 2, &shape);
    bytes(&mut kind, 1, &dense);
    bytes(&mut value, 1, name.as_bytes());
    bytes(&mut value, 2, &kind);
    value
}

pub fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

pub fn bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
