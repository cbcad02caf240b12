//! The page holds what it should, and nothing that it should not.

use gbc_core::{Nanos, Ratio};

use super::*;
use crate::run::sample;
use crate::{Message, Rows};

fn page(report: &RunReport) -> String {
    String::from_utf8(report_html(report)).expect("the page is UTF-8")
}

/// Every element that opens closes, in order; attributes are quoted.
fn well_formed(page: &str) {
    const EMPTY: [&str; 1] = ["meta"];
    let body = page.strip_prefix("<!doctype html>").expect("a page says what it is");
    let (mut open, mut rest) = (Vec::new(), body);
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, next) = after.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        let name =
            tag.trim_start_matches('/').split_whitespace().next().expect("a tag has a name").trim_end_matches('/');
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "</{closed}>"),
            None if tag.ends_with('/') || EMPTY.contains(&name) => {}
            None => open.push(name),
        }
        // What stands in a style is no markup.
        rest = if name == "style" && !tag.starts_with('/') {
            &next[next.find("</style").expect("it ends")..]
        } else {
            next
        };
    }
    assert_eq!(open, [""; 0]);
}

#[test]
fn a_page_is_whole_and_needs_nothing_else() {
    let owned = sample::Owned::new();
    let page = page(&owned.report());
    well_formed(&page);
    for outside in ["<script", "http://", "https://", "url(", "@import", "<img", "<link", "onload"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for inside in ["EmaCross on ES", "Equity", "Months", "Trades", "Costs", "Assumptions", "Notes", "Hashes", "+12.00"]
    {
        assert!(page.contains(inside), "{inside}");
    }
    assert!(page.contains(&owned.report().result_hash) && page.contains(&run_id(&owned.report())));
}

#[test]
fn what_users_write_stays_text() {
    let mut owned = sample::Owned::new();
    let evil = "</title><script>alert('x')</script>\"&";
    owned.instruments[0].symbol = evil.to_owned();
    owned.instruments[0].currency = evil.to_owned();
    owned.messages = vec![Message { time: Nanos(0), level: Severity::Error, text: evil.to_owned() }];
    let mut report = owned.report();
    report.strategy.name = evil.to_owned();
    report.strategy.params.insert(evil.to_owned(), evil.into());
    report.execution.name = evil.to_owned();
    report.execution.rules.insert(evil.to_owned(), evil.into());
    report.dataset.filename = evil.to_owned();
    report.dataset.interval = Some(evil.to_owned());
    report.provenance.compiler = evil.to_owned();
    report.provenance.libraries = vec![crate::Library { name: evil.to_owned(), sha256: evil.to_owned() }];
    report.strategy.sha256 = evil.to_owned();
    let page = page(&report);
    assert!(!page.contains("<script") && !page.contains("</title><"), "{page}");
    well_formed(&page);
}

#[test]
fn only_the_moment_of_writing_differs() {
    let owned = sample::Owned::new();
    let (mut early, mut late) = (owned.report(), owned.report());
    late.created_at = Nanos(early.created_at.0 + 86_400_000_000_000);
    assert_ne!(report_html(&early), report_html(&late));
    early.created_at = late.created_at;
    assert_eq!(report_html(&early), report_html(&late));
}

#[test]
fn a_run_in_which_nothing_happened_has_a_page_too() {
    let mut owned = sample::Owned::new();
    owned.orders.clear();
    owned.fills.clear();
    owned.trades.clear();
    owned.equity.clear();
    owned.closes.clear();
    owned.prices = vec![Vec::new()];
    owned.summary = Default::default();
    let mut report = owned.report();
    report.dataset.rows = Rows::Events(0);
    let page = page(&report);
    well_formed(&page);
    assert!(page.contains("nothing was played") && page.contains("No trade was opened"));
}

#[test]
fn a_million_points_make_no_larger_page() {
    let mut owned = sample::Owned::new();
    let (point, fill, trade) = (owned.equity[0], owned.fills[0], owned.trades[0]);
    let later = |count: i64| Nanos(point.time.0 + count * 60_000_000_000);
    owned.equity = (0..1_000_000)
        .map(|count| gbc_portfolio::EquityPoint {
            time: later(count),
            equity: gbc_core::Money(count as i128 % 977) + point.equity,
        })
        .collect();
    owned.fills = (0..100_000).map(|count| gbc_portfolio::Fill { time: later(count * 10 % 480), ..fill }).collect();
    owned.trades = (0..100_000).map(|id| gbc_portfolio::Trade { id, ..trade }).collect();
    owned.instruments.extend((0..40).map(|_| gbc_core::Instrument::generic("X", Ratio::ONE)));
    owned.prices = vec![owned.prices[0].clone(); 41];
    let page = page(&owned.report());
    well_formed(&page);
    assert!(page.len() < 1_000_000, "{}", page.len());
    assert!(page.contains("of 100,000 trades") && page.contains("35 more markets are not drawn"));
}
