//! Gathers `docs/diagnostics/*.md` into one table.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../docs/diagnostics");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("docs/diagnostics exists")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .filter(|name| name.len() == 5 && name[1..].bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    names.sort();
    let rows: Vec<String> = names
        .iter()
        .map(|name| format!("    ({name:?}, include_str!({:?})),\n", folder.join(format!("{name}.md"))))
        .collect();
    let table = format!("const PAGES: &[(&str, &str)] = &[\n{}];\n", rows.concat());
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("pages.rs");
    fs::write(out, table).expect("the build folder can be written");
}
