//! What trees take and give, in files as LightGBM 4.7 and XGBoost 3.2 wrote them, and what is refused.

use std::path::Path;

use gbc_models::{Signature, read_trees};

const NAMES: [&str; 5] = ["imb5", "ofi1", "trd1", "ret10", "vol1"];

pub fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trees").join(name);
    std::fs::read_to_string(path).expect("it is there")
}

fn read(name: &str) -> Signature {
    read_trees(file(name).as_bytes()).expect("a sound model")
}

#[track_caller]
fn refused(text: &str, reason: &str) {
    let refusal = read_trees(text.as_bytes()).expect_err("no sound model");
    assert!(refusal.reason.contains(reason), "{refusal:?}");
    assert!(!refusal.repair.is_empty());
}

#[test]
fn both_libraries_are_read() {
    for name in ["lightgbm.json", "xgboost.json"] {
        let signature = read(name);
        assert_eq!((signature.takes(), signature.gives()), (Some(5), Some(1)), "{name}");
        assert_eq!(signature.names_taken(), None, "{name}: nobody named them");
    }
    for name in ["lightgbm_three_classes.json", "xgboost_three_classes.json"] {
        let signature = read(name);
        assert_eq!((signature.takes(), signature.gives()), (Some(5), Some(3)), "{name}");
        assert_eq!(signature.names_taken().as_deref(), Some(&NAMES[..]), "{name}");
    }
}

#[test]
fn counts_that_make_no_sense_are_refused() {
    let xgboost = file("xgboost_three_classes.json");
    let with = |from: &str, to: &str| {
        assert!(xgboost.contains(from));
        xgboost.replace(from, to)
    };
    refused(&with("\"num_feature\":\"5\"", "\"num_feature\":\"0\""), "it takes 0 numbers");
    refused(&with("\"num_feature\":\"5\"", "\"num_feature\":\"4\""), "it takes 4 numbers and names 5");
    refused(&with("\"num_feature\":\"5\"", "\"num_feature\":\"-5\""), "no whole number");
    refused(&with("\"num_feature\":\"5\"", "\"num_feature\":5"), "not as LightGBM or XGBoost write it");
    refused(&with("\"num_class\":\"3\"", "\"num_class\":\"18446744073709551615\""), "gives 18446744073709551615");
    refused(&with("\"name\":\"gbtree\"", "\"name\":\"gblinear\""), "it has no trees");
    let lightgbm = file("lightgbm.json");
    refused(&lightgbm.replace("\"max_feature_idx\": 4", "\"max_feature_idx\": 18446744073709551615"), "it takes");
    refused(&lightgbm.replace("\"max_feature_idx\": 4,", ""), "`max_feature_idx`");
}

#[test]
fn what_is_something_else_is_told_apart() {
    refused("", "it is empty");
    refused("tree\nversion=v4\n", "LightGBM's own text");
    refused("{L\0\0\0", "XGBoost's binary form");
    refused("[{\"nodeid\": 0}]", "it is a list");
    refused("{}", "neither the `learner`");
    refused("{\"learner\": 1}", "not as LightGBM or XGBoost write it, at line 1, column 13");
    refused("up, down\n1, 2\n", "it is no JSON, at line 1");
    refused("{\"tree_info\": [", "it ends in the middle, at line 1");
}

#[test]
fn trees_of_any_depth_are_skipped() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let text = file("lightgbm.json").replace("\"tree_info\": [", &format!("\"tree_info\": [{deep}, "));
    assert_eq!(read_trees(text.as_bytes()).expect("a sound model").takes(), Some(5));
}
