//! What the account was worth, and beneath it how far it stood below its peak: one time for both.

use std::fmt::Write;

use gbc_core::{Money, Nanos, maths};
use gbc_portfolio::EquityPoint;

use super::axis::{Axis, decimal_text};
use super::picture::{Panel, Size, picture};
use crate::RunReport;
use crate::calendar::minute_text;
use crate::number_text::{money, percent};

/// The section; nothing if there is no curve.
pub(crate) fn equity_section(report: &RunReport) -> String {
    let equity = report.records.equity;
    if equity.len() < 2 {
        return "<section><h2>Equity</h2><p>No curve: nothing was played.</p></section>\n".to_owned();
    }
    let account = &report.summary.account;
    let start = report.execution.cash;
    let falls = Falls::of(start, equity);
    let words = format!(
        "The account went from {} to {}. {}",
        money(account.start_equity),
        money(account.final_equity),
        falls.words(equity)
    );
    let about = format!("Equity over time. {words}");
    format!(
        "<section><h2>Equity</h2><p>{words}</p>\n{}</section>\n",
        picture(&about, |size| draw(size, start, equity, &falls))
    )
}

/// How far below its peak the account stood at each point, as a share.
struct Falls {
    shares: Vec<f64>,
    /// Where it was deepest.
    deepest: usize,
}

impl Falls {
    fn of(start: Money, equity: &[EquityPoint]) -> Falls {
        let mut peak = start;
        let share = |point: &EquityPoint| {
            peak = peak.max(point.equity);
            // Of nothing there is no share; such an account has no second panel worth the name.
            if peak > Money::ZERO { (peak - point.equity).to_f64() / peak.to_f64() } else { 0.0 }
        };
        let shares: Vec<f64> = equity.iter().map(share).collect();
        let deepest = (0..shares.len()).fold(0, |best, at| if shares[at] > shares[best] { at } else { best });
        Falls { shares, deepest }
    }

    fn words(&self, equity: &[EquityPoint]) -> String {
        let depth = self.shares[self.deepest];
        if depth == 0.0 {
            return "It never stood below an earlier peak.".to_owned();
        }
        let when = minute_text(equity[self.deepest].time);
        format!("At its deepest, on {when}, it stood {} below its peak.", percent(Ok(depth)))
    }
}

fn draw(size: Size, start: Money, equity: &[EquityPoint], falls: &Falls) -> (f64, String) {
    let (upper, lower) = if size == Size::Wide { (270.0, 110.0) } else { (190.0, 84.0) };
    let worth = || equity.iter().map(|point| point.equity.to_f64()).chain([start.to_f64()]);
    let (low, high) = (worth().fold(f64::INFINITY, maths::min), worth().fold(f64::NEG_INFINITY, maths::max));
    let points = equity.len();
    let panel = Panel { size, top: 12.0, height: upper, axis: Axis::around(low, high, 5), points };
    let depth = falls.shares[falls.deepest];
    let below = Panel { top: upper + 30.0, height: lower, axis: Axis::down_to(depth, 3), ..panel };
    let mut out = panel.grid(|axis, value| axis.text(value));
    out += &below.grid(|axis, value| axis.percent_text(value));
    out += &started(&panel, start);
    let values = equity.iter().map(|point| point.equity.to_f64()).enumerate();
    let _ = writeln!(out, "<path class=\"equity\" d=\"{}\"/>", panel.curve(values));
    out += &ended(&panel, equity);
    out += &fallen(&below, falls);
    let times: Vec<Nanos> = equity.iter().map(|point| point.time).collect();
    out += &below.calendar(&times);
    (below.top + lower + 26.0, out)
}

/// Where it all began, across the picture.
fn started(panel: &Panel, start: Money) -> String {
    let (left, right, y) = (panel.left(), panel.right(), panel.y(start.to_f64()));
    format!("<path class=\"start\" d=\"M{left:.1} {y:.1}H{right:.1}\"/>\n")
}

/// The last value, beside the end of its curve.
fn ended(panel: &Panel, equity: &[EquityPoint]) -> String {
    let Some(last) = equity.last().filter(|_| panel.size == Size::Wide) else {
        return String::new();
    };
    let (x, y) = (panel.right(), panel.y(last.equity.to_f64()));
    let text = decimal_text(last.equity.to_f64(), 0);
    format!(
        "<circle class=\"equity-end\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>\n\
         <text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>\n",
        x + 8.0,
        y + 4.0
    )
}

fn fallen(panel: &Panel, falls: &Falls) -> String {
    let curve = panel.curve(falls.shares.iter().map(|share| -share).enumerate());
    let (left, right, zero) = (panel.left(), panel.right(), panel.y(0.0));
    let (x, y) = (panel.x(falls.deepest), panel.y(-falls.shares[falls.deepest]));
    let text = format!("−{}", percent(Ok(falls.shares[falls.deepest])));
    let place = maths::max(left + 24.0, maths::min(right - 24.0, x));
    let area = curve.strip_prefix('M').unwrap_or(&curve);
    let mut out = format!("<path class=\"fall-area\" d=\"M{left:.1} {zero:.1}L{area}V{zero:.1}Z\"/>\n");
    let _ = writeln!(out, "<path class=\"fall\" d=\"{curve}\"/>");
    let _ = writeln!(out, "<text class=\"panel\" x=\"{left:.1}\" y=\"{:.1}\">below the peak</text>", panel.top - 6.0);
    if falls.shares[falls.deepest] > 0.0 {
        let _ = writeln!(out, "<circle class=\"fall-dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
        let _ = writeln!(
            out,
            "<text class=\"end\" x=\"{place:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{text}</text>",
            y + 16.0
        );
    }
    out
}
