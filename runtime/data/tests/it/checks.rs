//! Every check has its message, with the place.

use gbc_core::{Instrument, Ratio};
use gbc_data::{ErrorKind, Options, Source, Stamp, open};

use super::{read, source_of};

fn options() -> Options {
    let instrument = Some(Instrument::generic("X", Ratio { num: 1, den: 4 }));
    Options { stamp: Some(Stamp::Open), instrument, ..Options::new(0, "X") }
}

#[track_caller]
fn refuses(text: &str, start: &str, part: &str) {
    let said = read(text.as_bytes(), &options()).unwrap_err().to_string();
    assert!(said.starts_with(start) && said.contains(part), "{said}");
}

/// The third row of bars is `row`.
#[track_caller]
fn refuses_bar(row: &str, start: &str, part: &str) {
    let good = "ts,open,high,low,close,volume\n1748871000,10,11,9,10,5\n1748871060,10,11,9,10,5\n";
    refuses(&format!("{good}{row}\n1748871300,10,11,9,10,5\n"), start, part);
}

/// The second row of quotes and trades is `row`.
#[track_caller]
fn refuses_row(row: &str, start: &str, part: &str) {
    let good = "ts,kind,bid_px,bid_sz,ask_px,ask_sz,px,sz,side\n1748871000,0,10,1,10.25,1,0,0,0\n";
    refuses(&format!("{good}{row}\n"), start, part);
}

#[test]
fn time_must_not_run_backwards() {
    refuses_bar(
        "1748871000,10,11,9,10,5",
        "a.csv: row 4, column `ts`: ",
        "2025-06-02T13:30:00Z comes after 2025-06-02T13:31:00Z: time runs backwards",
    );
    refuses_row("1748870999,0,10,1,10.25,1,0,0,0", "a.csv: row 3, column `ts`: ", "time runs backwards");
    let two = "date,symbol,open,high,low,close\n2025-06-02,A,1,1,1,1\n2025-06-03,A,1,1,1,1\n2025-06-02,B,1,1,1,1\n";
    refuses(two, "a.csv: row 4, column `date`: ", "column `symbol` suggests several markets");
}

#[test]
fn bars_neither_repeat_nor_overlap() {
    refuses_bar("1748871060,10,11,9,10,5", "a.csv: row 4, column `ts`: ", "a second bar stamped 2025-06-02T13:31:00Z");
    let header = "ts,open,high,low,close\n";
    let rows: String = (0..4100).map(|row| format!("{},1,1,1,1\n", 1_748_871_000 + 60 * row)).collect();
    let late = 1_748_871_000 + 60 * 4099 + 30;
    refuses(
        &format!("{header}{rows}{late},1,1,1,1\n"),
        "a.csv: row 4102, column `ts`: ",
        "comes 30s after the bar before, but bars are 1m long",
    );
}

#[test]
fn bars_have_a_possible_shape() {
    refuses_bar("1748871120,10,9,10,10,5", "a.csv: row 4, column `high`: ", "high lies below low");
    refuses_bar("1748871120,10,11,9,12,5", "a.csv: row 4, column `high`: ", "open or close lies above high");
    refuses_bar("1748871120,8,11,9,10,5", "a.csv: row 4, column `low`: ", "open or close lies below low");
}

#[test]
fn prices_are_finite_and_on_the_grid() {
    refuses_bar(
        "1748871120,10.1,11,9,10,5",
        "a.csv: row 4, column `open`: ",
        "10.1 is not a whole number of ticks of 0.25 (from the instrument); the nearest is 10",
    );
    refuses_bar("1748871120,,11,9,10,5", "a.csv: row 4, column `open`: ", "missing or not a number");
    for text in ["NaN", "inf", "1e400", "1_0", "0x1"] {
        refuses_bar(&format!("1748871120,{text},11,9,10,5"), "a.csv: row 4, column `open`: ", "is no number");
    }
    refuses_row(
        "1748871001,1,10,1,10.25,1,10.1,1,1",
        "a.csv: row 3, column `px`: ",
        "10.1 is not a whole number of ticks",
    );
    refuses_row(
        "1748871001,0,10.1,1,10.25,1,0,0,0",
        "a.csv: row 3, column `bid_px`: ",
        "10.1 is not a whole number of ticks",
    );
    refuses_row("1748871001,0,,1,10.25,1,0,0,0", "a.csv: row 3, column `bid_px`: ", "missing or not a number");
}

#[test]
fn sizes_are_whole_and_not_negative() {
    refuses_bar("1748871120,10,11,9,10,-5", "a.csv: row 4, column `volume`: ", "a size of -5 is less than nothing");
    refuses_bar(
        "1748871120,10,11,9,10,5.5",
        "a.csv: row 4, column `volume`: ",
        "5.5 is not a whole number of lot steps of 1",
    );
    refuses_bar("1748871120,10,11,9,10,", "a.csv: row 4, column `volume`: ", "missing");
    refuses_row("1748871001,0,10,-1,10.25,1,0,0,0", "a.csv: row 3, column `bid_sz`: ", "less than nothing");
    refuses_row("1748871001,1,10,1,10.25,1,10,-1,0", "a.csv: row 3, column `sz`: ", "less than nothing");
    refuses_row("1748871001,0,10,,10.25,1,0,0,0", "a.csv: row 3, column `bid_sz`: ", "missing");
}

#[test]
fn sides_and_kinds_are_known() {
    refuses_row("1748871001,1,10,1,10.25,1,10,1,up", "a.csv: row 3, column `side`: ", "`up` is no side");
    refuses_row("1748871001,7,10,1,10.25,1,10,1,1", "a.csv: row 3, column `kind`: ", "`7` is no kind of row");
}

#[test]
fn one_file_has_one_unit_of_time() {
    refuses_bar(
        "1748871120000,10,11,9,10,5",
        "a.csv: row 4, column `ts`: ",
        "looks like milliseconds, but the file began with seconds",
    );
    refuses_bar("5,10,11,9,10,5", "a.csv: row 4, column `ts`: ", "5 is no moment between 1973 and 2100");
    refuses_bar(",10,11,9,10,5", "a.csv: row 4, column `ts`: ", "the time is missing");
}

#[test]
fn rows_are_as_wide_as_the_header() {
    refuses_bar("1748871120,10,11", "a.csv: row 4, column `low`: ", "3 fields, but the header names 6");
    refuses_bar("1748871120,10,11,9,10,5,6", "a.csv: row 4: ", "7 fields, but the header names 6");
    refuses_bar("1748871120,10,11,9,10,\"5", "a.csv: row 4: ", "a quote opens on this line");
    refuses_bar("1748871120,10,11,9,10,5\0", "a.csv: row 4: ", "NUL");
}

#[test]
fn what_is_no_plain_table_is_named() {
    refuses("", "a.csv: ", "the file is empty");
    refuses("1,2,3\n4,5,6\n", "a.csv: row 1: ", "the first line holds numbers");
    refuses("ts,px\n", "a.csv: ", "holds no rows");
    refuses("\u{1f}", "a.csv: ", "no column for");
    let said = |bytes: &[u8]| read(bytes, &options()).unwrap_err().to_string();
    assert!(said(&[0x1f, 0x8b, 8, 0]).contains("its gzip stream is damaged"));
    assert!(said(&[0x28, 0xb5, 0x2f, 0xfd]).contains("its zstd stream is damaged"));
    refuses("ts;px\n1748871000;1\n", "a.csv: row 1: ", "the columns are parted by `;`");
    assert!(said(b"PK\x03\x04").contains("zip"));
    assert!(said(b"PAR1").contains("the file is cut"));
    let misnamed = Source { name: "a.parquet".to_owned(), ..source_of(b"ts,px\n1748871000,1\n") };
    assert!(open(misnamed, &options()).err().unwrap().to_string().contains("does not begin like Parquet"));
}

#[test]
fn the_stamp_is_a_choice_when_nothing_shows_it() {
    let text = "ts,open,high,low,close\n1748871000,1,1,1,1\n1748871060,1,1,1,1\n";
    let error = read(text.as_bytes(), &Options::new(0, "X")).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Choose);
}
