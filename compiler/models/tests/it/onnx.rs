//! What models in ONNX take and give, and what is refused.

use std::path::Path;

use gbc_models::{Signature, read_onnx};

use crate::write_onnx::{FLOAT, INT64, TEXT, Tensor, bytes, floats, graph, model, node, number, taker};

fn read(inputs: &[Tensor<'_>], outputs: &[Tensor<'_>]) -> Signature {
    read_onnx(&model(inputs, outputs)).expect("a sound model")
}

#[track_caller]
fn refused(bytes: &[u8], reason: &str) {
    let refusal = read_onnx(bytes).expect_err("no sound model");
    assert!(refusal.reason.contains(reason), "{refusal:?}");
    assert!(!refusal.repair.is_empty());
}

#[test]
fn the_file_of_the_scorer_is_the_one_written_here() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/design/models/taker.onnx");
    if std::env::var_os("GBC_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&file, taker()).expect("it can be written");
    }
    assert_eq!(std::fs::read(&file).expect("it is there"), taker(), "write it with GBC_BLESS=1");
    let signature = read_onnx(&taker()).expect("a sound model");
    assert_eq!((signature.takes(), signature.gives()), (Some(5), Some(2)));
    assert_eq!(signature.names_taken(), None, "five numbers share one name");
}

#[test]
fn numbers_are_counted_over_all_inputs_without_the_rows() {
    let one = [("x", FLOAT, &[0, 3][..])];
    for (shape, width) in
        [(&[0, 5][..], Some(5)), (&[1, 5], Some(5)), (&[5], Some(5)), (&[0, 4, 5], Some(20)), (&[], Some(1))]
    {
        assert_eq!(read(&[("x", FLOAT, shape)], &one).takes(), width, "{shape:?}");
    }
    let columns: [Tensor<'_>; 2] = [("rise", FLOAT, &[0, 1]), ("vol", INT64, &[0, 1])];
    let signature = read(&columns, &one);
    assert_eq!((signature.takes(), signature.names_taken()), (Some(2), Some(vec!["rise", "vol"])));
    assert_eq!(read(&one, &columns).names_given(), Some(vec!["rise", "vol"]));
}

#[test]
fn what_a_file_leaves_open_is_not_known() {
    let one = [("x", FLOAT, &[0, 3][..])];
    assert_eq!(read(&[("x", FLOAT, &[0, 0])], &one).takes(), None);
    assert_eq!(read(&[("x", FLOAT, &[0])], &one).takes(), None);
    assert_eq!(read(&[("x", FLOAT, &[1, u64::MAX, u64::MAX])], &one).takes(), None);
    assert_eq!(read(&[("x", FLOAT, &[0, 1 << 40])], &one).takes(), None);
}

#[test]
fn constants_among_the_inputs_are_no_inputs() {
    let nodes = [node("Gemm", &["x", "w"], "y")];
    let inputs: [Tensor<'_>; 2] = [("x", FLOAT, &[0, 5]), ("w", FLOAT, &[5, 2])];
    let old = graph(&nodes, &[floats("w", &[5, 2], &[0.0; 10])], &inputs, &[("y", FLOAT, &[0, 2])]);
    assert_eq!(read_onnx(&old).expect("a sound model").takes(), Some(5));
    refused(&graph(&nodes, &[floats("x", &[1], &[0.0])], &inputs[..1], &inputs[1..]), "it takes nothing");
}

#[test]
fn what_is_no_number_is_refused_by_name() {
    let one: [Tensor<'_>; 1] = [("x", FLOAT, &[0, 3])];
    refused(&model(&[("name", TEXT, &[0, 1])], &one), "it takes `name` as texts");
    refused(&model(&one, &[("odds", 0, &[])]), "it gives `odds`, which is no tensor of numbers");
    refused(&model(&[("x", FLOAT, &[32, 5])], &one), "it takes 32 rows of `x` at once");
    refused(&model(&[("a`b\n\u{202e}", TEXT, &[])], &one), "it takes `a?b??` as texts");
    refused(&graph(&[], &[], &one, &one), "its graph computes nothing");
}

#[test]
fn what_is_something_else_is_told_apart() {
    refused(b"", "it is empty");
    refused(b"{\"learner\":{}}", "it is JSON");
    refused(b"PK\x03\x04rest", "it is an archive");
    refused(b"\x80\x04\x95rest", "it is a pickle");
    refused(b"version https://git-lfs.github.com/spec/v1\n", "the pointer of a large file");
    refused(b"strategy S\n", "not those of ONNX");
    let mut without_version = Vec::new();
    bytes(&mut without_version, 7, b"");
    refused(&without_version, "not those of ONNX");
    number(&mut without_version, 1, 8);
    refused(&without_version, "its graph computes nothing");
}
