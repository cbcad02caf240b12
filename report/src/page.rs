//! `report.html`: the run on one page that needs nothing else. No scripts, no fonts, no network: it opens anywhere, prints, and
//! will open in ten years.
//!
//! The same run gives the same bytes, but for the moment at which it was written. Everything from outside is escaped.

mod axis;
mod equity_chart;
mod markup;
mod picture;
mod price_chart;
mod tables;

use markup::{Align, Column, escaped, facts, table};
use serde_json::Value;

use crate::calendar::minute_text;
use crate::number_text::{grouped, money, percent, ratio, signed_money};
use crate::summary::{interval, period_text, plain, rows_text};
use crate::{RunReport, Severity, run_id};

const STYLE: &str = include_str!("page/style.css");

/// The bytes of `report.html`.
pub fn report_html(report: &RunReport) -> Vec<u8> {
    let title = escaped(&format!("{} on {}", report.strategy.name, symbols(report)));
    let sections = [
        warnings(report),
        headline(report),
        equity_chart::equity_section(report),
        tables::month_section(report),
        price_chart::price_sections(report),
        tables::trade_section(report),
        costs(report),
        assumptions(report),
        notes(report),
        tables::figure_section(report),
        hashes(report),
    ];
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n{}</header>\n<main>\n{}</main>\n</body>\n</html>\n",
        lead(report),
        sections.concat()
    );
    page.into_bytes()
}

fn symbols(report: &RunReport) -> String {
    let symbols: Vec<&str> = report.instruments.iter().map(|instrument| instrument.symbol.as_str()).collect();
    symbols.join(", ")
}

/// What was run on what, in two lines.
fn lead(report: &RunReport) -> String {
    let dataset = &report.dataset;
    let rows = escaped(&rows_text(dataset.rows, dataset.interval.as_deref()));
    let params = report.strategy.params.iter().map(|(name, value)| format!("{name} {}", plain(value)));
    let params = params.collect::<Vec<_>>().join(", ");
    let params = if params.is_empty() { "no parameters".to_owned() } else { params };
    format!(
        "<p>{}. {}, {rows}. {}; orders filled by profile <b>{}</b>.</p>\n",
        period_text(dataset.start, dataset.end),
        escaped(&dataset.filename),
        escaped(&params),
        escaped(&report.execution.name)
    )
}

/// What must be read before any number.
fn warnings(report: &RunReport) -> String {
    let bad = report.messages.iter().filter(|message| message.level >= Severity::Warning);
    let line = |text: &str| format!("<p class=\"warning\">{}</p>\n", escaped(text));
    bad.map(|message| line(&message.text)).collect()
}

fn headline(report: &RunReport) -> String {
    let summary = report.summary;
    let (account, trades) = (&summary.account, &summary.trades);
    let currency = report.instruments.first().map_or("", |instrument| instrument.currency.as_str());
    let open = match account.open_trades {
        0 => String::new(),
        open => format!(", {open} open"),
    };
    let interval = interval(&summary.returns).map_or("too few days".to_owned(), |it| format!("95 % interval {it}"));
    let net = format!("net result, {}", escaped(currency));
    let sign = if account.net_pnl < 0.0 { "down" } else { "up" };
    let tiles = [
        tile(
            &net,
            &format!("<span class=\"{sign}\">{}</span>", signed_money(account.net_pnl)),
            &percent(summary.returns.total),
        ),
        tile("largest fall", &money(account.max_drawdown), &percent(summary.drawdowns.deepest)),
        tile("Sharpe ratio", &ratio(summary.returns.sharpe), &interval),
        tile("trades", &grouped(trades.count as u64), &format!("{} won{open}", percent(trades.win_rate))),
        tile(
            "mean trade",
            &trades.expectancy.map_or("–".to_owned(), signed_money),
            &format!("profit factor {}", ratio(trades.profit_factor)),
        ),
        tile("best and worst", &ratio(summary.excursions.edge_ratio), "edge ratio, MFE to MAE"),
        tile(
            "in the market",
            &percent(summary.activity.exposure),
            &format!("{} × capital traded", ratio(summary.activity.turnover)),
        ),
        tile("fees", &money(account.fees), &format!("{} of gross result", percent(summary.activity.fees_of_gross))),
    ];
    format!("<section class=\"tiles\">\n{}</section>\n", tiles.concat())
}

fn tile(name: &str, value: &str, more: &str) -> String {
    let (value, more) = (tables::minus(value), tables::minus(more));
    format!("<div><p>{name}</p><b>{value}</b><p>{more}</p></div>\n")
}

fn costs(report: &RunReport) -> String {
    let summary = report.summary;
    let (account, activity) = (&summary.account, &summary.activity);
    let each = if account.fills == 0 { "–".to_owned() } else { money(account.fees / account.fills as f64) };
    let rows = [
        ("result before fees", signed_money(account.gross_pnl)),
        ("fees", money(account.fees)),
        ("slippage, within both results", money(account.slippage)),
        ("result", signed_money(account.net_pnl)),
        ("fills", grouped(account.fills as u64)),
        ("fees per fill", each),
        (
            "fees could be",
            activity.break_even_fees.map_or("–".to_owned(), |times| {
                format!("{times:.1} times as high before the same fills earn nothing")
            }),
        ),
    ];
    let rows = rows.map(|(name, value)| (name.to_owned(), tables::minus(&value)));
    format!("<section><h2>Costs</h2>\n{}</section>\n", facts(&rows))
}

/// By which rules orders were filled, and what was traded: a result means nothing without them.
fn assumptions(report: &RunReport) -> String {
    let rule = |(name, value): (&String, &Value)| (escaped(&name.replace('_', " ")), escaped(&plain(value)));
    let rules: Vec<(String, String)> = report.execution.rules.iter().map(rule).collect();
    let columns = [
        Column("market", Align::Text),
        Column("tick", Align::Number),
        Column("lot", Align::Number),
        Column("a point is", Align::Number),
        Column("fee per lot", Align::Number),
        Column("currency", Align::Text),
    ];
    let row = |it: &gbc_core::Instrument| {
        let number = |value: f64| value.to_string();
        vec![
            escaped(&it.symbol),
            number(it.tick.times(1)),
            number(it.lot.times(1)),
            number(it.point.times(1)),
            number(it.fee_per_lot.to_f64()),
            escaped(&it.currency),
        ]
    };
    let markets: Vec<Vec<String>> = report.instruments.iter().map(row).collect();
    format!(
        "<section><h2>Assumptions</h2>\n<p>Cash at the start {}. Profile <b>{}</b>:</p>\n{}{}</section>\n",
        money(report.execution.cash.to_f64()),
        escaped(&report.execution.name),
        facts(&rules),
        table("markets", &columns, &markets)
    )
}

fn notes(report: &RunReport) -> String {
    if report.messages.is_empty() {
        return String::new();
    }
    let line = |message: &crate::Message| {
        format!("<li>{}: {}, {}</li>\n", message.level.name(), escaped(&message.text), minute_text(message.time))
    };
    format!("<section><h2>Notes</h2>\n<ul>\n{}</ul></section>\n", report.messages.iter().map(line).collect::<String>())
}

fn hashes(report: &RunReport) -> String {
    let code = |hash: &str| format!("<code>{}</code>", escaped(hash));
    let mut rows = vec![
        ("run".to_owned(), code(&run_id(report))),
        ("result".to_owned(), code(&report.result_hash)),
        ("source".to_owned(), code(&report.strategy.sha256)),
        ("data".to_owned(), code(&report.dataset.sha256)),
        ("profile".to_owned(), code(&report.execution.sha256)),
    ];
    let libraries = report.provenance.libraries.iter();
    rows.extend(libraries.map(|library| (escaped(&library.name), code(&library.sha256))));
    rows.push(("seed".to_owned(), report.provenance.seed.to_string()));
    rows.push(("compiler".to_owned(), format!("gbc {}", escaped(&report.provenance.compiler))));
    rows.push(("written".to_owned(), format!("{} UTC", minute_text(report.created_at))));
    format!(
        "<section><h2>Hashes</h2>\n<p>The same source, data, settings and seed give the same result hash on any machine.</p>\n{}</section>\n",
        facts(&rows)
    )
}

#[cfg(test)]
mod tests;
