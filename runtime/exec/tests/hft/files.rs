//! The files of those runs: feeds as packed NumPy arrays, logs as Parquet, fills as CSV.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
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

/// The rows of the one array in an `.npz` file, each of `N` words of eight bytes.
pub fn array<const N: usize>(path: &Path) -> Vec<[u64; N]> {
    let bytes = std::fs::read(path).expect("the manifest names its files");
    let (half, word) = (
        |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]])),
        |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize,
    );
    // The directory at the end of an archive says where its parts lie.
    let end = (0..bytes.len() - 3).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06")).expect("an archive");
    let entry = word(end + 16);
    let (packed, at) = (word(entry + 20), word(entry + 42));
    let start = at + 30 + half(at + 26) + half(at + 28);
    let mut plain = Vec::new();
    let part = &bytes[start..start + packed];
    flate2::read::DeflateDecoder::new(part).read_to_end(&mut plain).expect("a sound archive");
    let head = 10 + usize::from(u16::from_le_bytes([plain[8], plain[9]]));
    let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    plain[head..].chunks_exact(8 * N).map(|row| std::array::from_fn(|at| word(&row[8 * at..8 * at + 8]))).collect()
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
