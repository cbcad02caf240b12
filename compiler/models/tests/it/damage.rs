//! Whatever happens to a file, reading it ends, and in words.

use gbc_models::{read_onnx, read_trees};

use crate::trees::file;
use crate::write_onnx::taker;

#[test]
fn a_file_cut_anywhere_is_refused() {
    let (model, trees) = (taker(), file("lightgbm.json"));
    // What stands behind the graph says nothing that is read.
    let graph_ends = model.len() - 4;
    for end in 0..graph_ends {
        assert!(read_onnx(&model[..end]).is_err(), "cut at {end}");
    }
    for end in 0..trees.len() {
        assert!(read_trees(&trees.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}

/// Numbers by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % below
    }
}

#[test]
fn damaged_files_are_read_or_refused_in_words() {
    let mut chance = Chance(7);
    let sound = [taker(), file("xgboost.json").into_bytes(), file("lightgbm.json").into_bytes()];
    let mut refusals = 0;
    for case in 0..6_000 {
        let mut bytes = sound[case % 3].clone();
        for _ in 0..=chance.next(6) {
            let at = chance.next(bytes.len());
            bytes[at] = chance.next(256) as u8;
        }
        for refusal in [read_onnx(&bytes).err(), read_trees(&bytes).err()].into_iter().flatten() {
            assert!(!refusal.reason.is_empty() && !refusal.repair.is_empty());
            refusals += 1;
        }
    }
    assert!(refusals > 6_000, "at least one of two readers refuses each file");
}

#[test]
fn no_bytes_stop_the_reader() {
    let mut chance = Chance(11);
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..chance.next(200)).map(|_| chance.next(256) as u8).collect();
        assert!(read_onnx(&bytes).is_err() && read_trees(&bytes).is_err(), "{bytes:?}");
    }
}
