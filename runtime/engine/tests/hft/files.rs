//! The files of those runs: logs as Parquet, fills as CSV.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};

/// A folder or file beside the checkout, where there is one.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if !path.exists() {
        eprintln!("skipped: no {}", path.display());
    }
    path.exists().then_some(path)
}

/// The rows of a log, each with its cells by name, as text.
pub fn log(path: &Path) -> Vec<BTreeMap<String, String>> {
    let file = File::open(path).expect("the manifest names its files");
    let reader = SerializedFileReader::new(file).expect("sound");
    let rows = reader.get_row_iter(None).expect("sound");
    let cells = |row: parquet::record::Row| {
        let text = |(name, field): (&String, &parquet::record::Field)| {
            let text = match field {
                // Their digits, not those of a spreadsheet.
                parquet::record::Field::Double(number) => number.to_string(),
                other => other.to_string().trim_matches('"').to_owned(),
            };
            (name.clone(), text)
        };
        row.get_column_iter().map(text).collect()
    };
    rows.map(|row| cells(row.expect("sound"))).collect()
}

/// Lines of a CSV file without its header.
pub fn lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("the manifest names its files");
    text.lines().skip(1).map(str::to_owned).collect()
}
