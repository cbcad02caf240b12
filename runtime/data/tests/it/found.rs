//! What a file shows by itself: tick, lot, stamp, meaning of its columns.

use gbc_core::time::{DAY, MINUTE, SECOND};
use gbc_core::{Column, NA, Ratio, Schema};
use gbc_data::{Options, Stamp, open};

use super::{drain, read, source_of};

const NOON: i64 = 1_748_871_000 * SECOND;

fn minutes() -> Options {
    Options { stamp: Some(Stamp::Close), ..Options::new(0, "X") }
}

#[test]
fn tick_and_lot_are_the_finest_decimals() {
    let text = "ts,open,high,low,close,volume\n1748871000,1.5,1.5,1.5,1.5,3\n1748871060,1.25,1.25,1.25,1.25,0.001\n";
    let data = open(source_of(text.as_bytes()), &minutes()).unwrap();
    assert_eq!((data.instrument.tick, data.instrument.lot), (Ratio { num: 1, den: 100 }, Ratio { num: 1, den: 1000 }));
    assert!(
        data.notes.iter().any(|note| note == "X: tick 0.01, lot 0.001 (the finest decimals in the file)"),
        "{:?}",
        data.notes
    );
    assert_eq!(drain(data).unwrap().column(Column::Volume), [3000, 1]);
    let fine = text.replace("1.25", "1.0000000001");
    let said = read(fine.as_bytes(), &minutes()).unwrap_err().to_string();
    assert!(said.starts_with("a.csv: row 3, column `open`: 1.0000000001 needs more than 9 decimals"), "{said}");
}

#[test]
fn bars_are_known_at_their_close() {
    let text = "Open time\tOpen\tHigh\tLow\tClose\n1748871000000\t-1\t2\t-3\t0\n1748871060000\t1\t2\t1\t2\n";
    let block = read(text.as_bytes(), &Options::new(0, "X")).unwrap();
    assert_eq!(block.schema, Schema::Bars { span_ns: MINUTE });
    assert_eq!(block.time, [NOON + MINUTE, NOON + 2 * MINUTE]);
    assert_eq!(block.column(Column::OpenTime), [NOON, NOON + MINUTE]);
    assert_eq!((block.column(Column::Low), block.column(Column::Volume)), (&[-3, 1][..], &[0, 0][..]));
}

#[test]
fn daily_bars_of_weekdays_are_stamped_at_their_open() {
    let days = ["2025-06-02", "2025-06-03", "2025-06-04", "2025-06-05", "2025-06-06"];
    let text: String = days.iter().map(|day| format!("{day},1,1,1,1\n")).collect();
    let block = read(format!("date,open,high,low,close\n{text}").as_bytes(), &Options::new(0, "X")).unwrap();
    assert_eq!(block.time[0], 20_242 * DAY);
}

#[test]
fn an_empty_side_has_no_price() {
    let text = "ts,bid,bid_size,ask,ask_size\n1748871000,0,0,10,1\n1748871000,9,1,,\n1748871001,11,1,10,1\n";
    let mut data = open(source_of(text.as_bytes()), &Options::new(0, "X")).unwrap();
    let mut block = gbc_core::Block::new(0, data.schema);
    assert!(data.next_block(&mut block).unwrap());
    assert_eq!(block.column(Column::BidPx), [NA, 9, 11]);
    assert_eq!(block.column(Column::AskPx), [10, NA, 10]);
    assert_eq!(block.column(Column::AskSz), [1, 0, 1]);
    assert_eq!(block.column(Column::Kind), [0, 0, 0]);
    assert_eq!(
        data.report(),
        ["1 crossed quotes (bid above ask), the first in row 4", "2 empty sides (no bid or no ask)"]
    );
}

#[test]
fn trades_alone_need_no_kind() {
    let text = "\u{feff}ts,price,qty,side,venue\r\n1748871000,10.5,2,B,\"x,y\"\r\n\r\n1748871000,10.25,1,sell,z";
    let block = read(text.as_bytes(), &Options::new(0, "X")).unwrap();
    assert_eq!(block.column(Column::Px), [1050, 1025]);
    assert_eq!(block.column(Column::Side), [1, -1]);
    assert_eq!(block.column(Column::Kind), [1, 1]);
    assert!(block.column(Column::BidPx).is_empty());
}

#[test]
fn a_quote_row_carries_no_trade() {
    let text = "ts,kind,bid,ask,px,sz,side\n1748871000,Q,1,2,0,0,\n1748871001,T,1,2,2,3,1\n";
    let block = read(text.as_bytes(), &Options::new(0, "X")).unwrap();
    assert_eq!((block.column(Column::Px), block.column(Column::Sz)), (&[NA, 2][..], &[0, 3][..]));
}

#[test]
fn a_map_has_the_last_word() {
    let text = "when,paid,size\n2025-06-02T13:30:00+00:00,5,1\n";
    let map = [("when", "time"), ("paid", "px")].map(|(column, field)| (column.to_owned(), field.to_owned()));
    let options = Options { map: map.into(), ..Options::new(0, "X") };
    assert_eq!(read(text.as_bytes(), &options).unwrap().time, [NOON]);
}
