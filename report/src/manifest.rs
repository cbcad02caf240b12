//! `manifest.json`: what a run was made of, so that anybody can make it again and compare.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{DataFile, Library, RESULT_HASH_VERSION, RunCommand, RunReport, json_lines, run_id};

/// The bytes of `manifest.json`.
pub fn manifest_json(report: &RunReport) -> Vec<u8> {
    let from = &report.provenance;
    json_lines::to_bytes(&ManifestFile {
        run_id: run_id(report),
        created_at: report.created_at.millis(),
        compiler: &from.compiler,
        source: Hashed { name: &report.strategy.name, sha256: &report.strategy.sha256 },
        libraries: &from.libraries,
        data: &from.data,
        profile: Hashed { name: &report.execution.name, sha256: &report.execution.sha256 },
        instruments: &from.instruments,
        warm_up_rows: from.warm_up_rows,
        seed: from.seed,
        host: &from.host,
        command: &from.command,
        result_hash_version: RESULT_HASH_VERSION,
        result_hash: &report.result_hash,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ManifestFile<'a> {
    run_id: String,
    created_at: i64,
    compiler: &'a str,
    source: Hashed<'a>,
    libraries: &'a [Library],
    data: &'a [DataFile],
    profile: Hashed<'a>,
    instruments: &'a str,
    warm_up_rows: u64,
    seed: u64,
    host: &'a BTreeMap<String, String>,
    command: &'a RunCommand,
    result_hash_version: &'a str,
    result_hash: &'a str,
}

#[derive(Serialize)]
struct Hashed<'a> {
    name: &'a str,
    sha256: &'a str,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::run::sample;

    #[test]
    fn a_manifest_names_all_that_went_in() {
        let owned = sample::Owned::new();
        let report = owned.report();
        let file: Value = serde_json::from_slice(&manifest_json(&report)).unwrap();
        let keys: Vec<&str> = file.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys.join(" "),
            "runId createdAt compiler source libraries data profile instruments warmUpRows seed host command resultHashVersion resultHash"
        );
        assert_eq!(file["source"], json!({"name": "EmaCross", "sha256": report.strategy.sha256}));
        assert_eq!(file["data"][0]["market"], "ES");
        assert_eq!(file["host"]["os"], "linux");
        assert_eq!(file["resultHash"], report.result_hash.as_str());
    }
}
