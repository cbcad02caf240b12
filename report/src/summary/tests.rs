//! The screen fits any terminal and any run.

use super::*;
use crate::run::sample;

const UNICODE: Look = Look { colour: false, unicode: true };
const ASCII: Look = Look { colour: false, unicode: false };

fn fits(text: &str) {
    assert!(text.lines().count() <= 24, "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= WIDTH, "{} columns: {line}", line.chars().count());
    }
}

fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = after.split_once('m').expect("every colour ends").1;
    }
    plain + rest
}

#[test]
fn a_small_run_reads_well() {
    let text = summary_text(&sample::Owned::new().report(), "runs/ema-cross-0a1b2c", UNICODE);
    fits(&text);
    if std::env::var_os("GBC_BLESS").is_some_and(|bless| bless == "1") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/summary/small.txt");
        std::fs::write(path, &text).expect("the repository can be written to");
        return;
    }
    assert_eq!(text, include_str!("small.txt"));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let owned = sample::Owned::new();
    let text = summary_text(&owned.report(), "runs/x", Look { colour: true, unicode: true });
    assert!(text.contains("\x1b[32m"));
    assert_eq!(without_colour(&text), summary_text(&owned.report(), "runs/x", UNICODE));
}

#[test]
fn a_plain_terminal_gets_plain_characters() {
    let owned = sample::Owned::new();
    let text = summary_text(&owned.report(), "runs/x", ASCII);
    assert!(text.is_ascii() && text.contains("#"), "{text}");
    assert_eq!(text.lines().count(), summary_text(&owned.report(), "runs/x", UNICODE).lines().count());
}

#[test]
fn the_largest_run_still_fits() {
    let mut owned = sample::Owned::new();
    owned.summary.account.net_pnl = -999_999_999_999.99;
    owned.summary.account.gross_pnl = 1.0e18;
    owned.summary.account.final_equity = f64::MAX;
    owned.summary.trades.count = 123_456_789;
    owned.summary.account.open_trades = 1_234;
    owned.summary.returns.sharpe = Ok(-1.0e300);
    owned.summary.returns.cagr = Ok(f64::MAX);
    owned.instruments[0].symbol = "A-VERY-LONG-SYMBOL-INDEED".repeat(5);
    owned.instruments[0].currency = "DOGECOINS".to_owned();
    let mut report = owned.report();
    report.dataset.filename = "data".repeat(40);
    report.dataset.rows = Rows::Events(u64::MAX);
    for number in 0..40 {
        report.strategy.params.insert(format!("parameter_{number}"), number.into());
    }
    fits(&summary_text(&report, &"folder/".repeat(30), UNICODE));
}

#[test]
fn a_run_without_a_fill_says_so() {
    let mut owned = sample::Owned::new();
    owned.equity.clear();
    owned.summary = Default::default();
    let text = summary_text(&owned.report(), "runs/x", UNICODE);
    fits(&text);
    assert!(text.contains("no fills, no curve"));
}
