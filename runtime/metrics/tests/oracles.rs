//! The numbers that empyrical, quantstats, scipy and backtesting.py gave for the same equity and trades, where they lie
//! beside the checkout. Every column of theirs is named here, with what of ours it is held against.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gbc_core::time::SECOND;
use gbc_core::{Money, Nanos, maths};
use gbc_metrics::activity::{exposure, years};
use gbc_metrics::benchmark::against;
use gbc_metrics::drawdown::{Falls, drawdowns, of_falls};
use gbc_metrics::moments::shape;
use gbc_metrics::returns::{downside, growth_rate, of_returns, sharpe};
use gbc_metrics::tail::{mean_of_worst, tails};
use gbc_metrics::{Figure, of_trades};
use gbc_portfolio::{EquityPoint, Exit, Side, Trade};
use serde_json::Value;

type Columns = BTreeMap<&'static str, Figure>;

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles/metrics");
    folder.is_dir().then_some(folder)
}

/// The named columns of a CSV file; rows with an empty field, open trades, are left out.
fn table(file: &Path, names: &[&str]) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(file).expect("the manifest names its files");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let places: Vec<usize> = names.iter().filter_map(|name| header.iter().position(|it| it == name)).collect();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        places.iter().map(|place| fields[*place].parse().ok()).collect::<Option<Vec<f64>>>()
    };
    lines.filter_map(row).collect()
}

fn changes(path: &[f64]) -> Vec<f64> {
    path.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect()
}

fn money(value: f64) -> Money {
    Money::nearest(value).expect("an amount")
}

fn of_equity(rows: &[Vec<f64>], a: f64, rf: f64) -> Columns {
    let path: Vec<f64> = rows.iter().map(|row| row[1]).collect();
    let time = |row: &Vec<f64>| Nanos(row[0] as i64);
    let closes: Vec<EquityPoint> =
        rows.iter().map(|row| EquityPoint { time: time(row), equity: money(row[1]) }).collect();
    let points: Vec<Money> = closes.iter().map(|close| close.equity).collect();
    let r = changes(&path);
    let n = r.len() as f64;
    let (stats, shape, tails) = (of_returns(&r, a), shape(&r), tails(&r));
    let net = points[points.len() - 1] - points[0];
    let falls = of_falls(&Falls { points: &points, closes: &closes, net, cagr: stats.cagr });
    let span = years(time(&rows[0]), time(&rows[rows.len() - 1]));
    let mut sorted = r.clone();
    sorted.sort_by(f64::total_cmp);
    let last = path.len() - 1;
    let rows_of = drawdowns(&path).into_iter().map(|it| it.recovery.unwrap_or(last) - it.peak);
    let yearly = maths::sqrt(a);
    BTreeMap::from([
        ("periods", Ok(stats.days as f64)),
        ("total_return", stats.total),
        ("cagr_periods", stats.cagr),
        ("cagr_calendar", growth_rate(stats.total.map(|total| 1.0 + total), span)),
        ("mean_return", stats.mean),
        ("volatility", stats.volatility),
        ("sharpe", stats.sharpe),
        ("sharpe_rf", sharpe(&r, rf).map(|ratio| ratio * yearly)),
        ("downside_risk", downside(&r).map(|risk| risk * yearly)),
        ("sortino", stats.sortino),
        ("max_drawdown", falls.deepest_daily.map(|fall| -fall)),
        ("max_drawdown_duration_bars", Ok(rows_of.max().unwrap_or(0) as f64)),
        ("max_drawdown_duration_days", falls.longest_days),
        ("calmar", falls.calmar),
        ("skew_population", shape.skew),
        ("skew_sample", shape.skew_sample),
        ("kurtosis_excess_population", shape.kurtosis.map(|kurtosis| kurtosis - 3.0)),
        ("kurtosis_excess_sample", shape.excess_kurtosis_sample),
        ("var95_historical", tails.var95),
        // Theirs counts whole days, ours the last one in part: the same sum, of another weight.
        ("cvar95_historical", mean_of_worst(&sorted, maths::floor((n - 1.0) * 0.05) + 1.0)),
        ("var95_normal", tails.var95_normal),
        ("omega", stats.omega),
        ("tail_ratio", tails.tail_ratio),
        // Theirs divides by one less than there are.
        ("ulcer_index", falls.ulcer.map(|ulcer| ulcer * maths::sqrt(n / (n - 1.0)))),
        ("best_period", stats.best),
        ("worst_period", stats.worst),
        ("positive_periods", stats.positive),
    ])
}

fn of_benchmark(rows: &[Vec<f64>], a: f64) -> Columns {
    let column = |place: usize| changes(&rows.iter().map(|row| row[place]).collect::<Vec<_>>());
    let stats = against(&column(1), &column(2), a);
    BTreeMap::from([("beta", stats.beta), ("alpha_annual", stats.alpha), ("correlation", stats.correlation)])
}

/// A trade from bar to bar, a second standing for a bar.
fn trade(row: &[f64], longer: f64) -> Trade {
    let at = |bar: f64| Nanos(bar as i64 * SECOND);
    Trade {
        id: 0,
        market: 0,
        side: Side::Buy,
        size: 1,
        entry_order: 0,
        entry_time: at(row[0]),
        entry_price: 0,
        exit: Some(Exit { order: 0, time: at(row[1] + longer), price: 0 }),
        fees: Money::ZERO,
        pnl: money(row[2]),
        drawdown: Money::ZERO,
        runup: Money::ZERO,
    }
}

fn of_closed(mut rows: Vec<Vec<f64>>, bars: f64) -> Columns {
    rows.sort_by(|a, b| (a[1], a[0]).partial_cmp(&(b[1], b[0])).expect("bars are numbers"));
    let trades: Vec<Trade> = rows.iter().map(|row| trade(row, 0.0)).collect();
    // Theirs counts the bar of the exit as one in the market.
    let inclusive: Vec<Trade> = rows.iter().map(|row| trade(row, 1.0)).collect();
    let stats = of_trades(&trades);
    let sum = |sign: i128| trades.iter().map(|trade| trade.pnl).filter(|pnl| pnl.0.signum() == sign).sum::<Money>();
    BTreeMap::from([
        ("trades", Ok(stats.count as f64)),
        ("net_profit", Ok(stats.long_pnl + stats.short_pnl)),
        ("gross_profit", stats.average_win.map(|win| win * stats.wins as f64)),
        ("gross_loss", Ok(sum(-1).to_f64())),
        ("win_rate", stats.win_rate),
        ("profit_factor", stats.profit_factor),
        ("average_win", stats.average_win),
        ("average_loss", stats.average_loss),
        ("payoff_ratio", stats.payoff),
        ("expectancy", stats.expectancy),
        // Theirs has no bound of a hundred trades.
        ("sqn", stats.t),
        ("kelly", stats.kelly),
        ("largest_win", stats.largest_win),
        ("largest_loss", stats.largest_loss),
        ("max_consecutive_wins", Ok(stats.win_streak as f64)),
        ("max_consecutive_losses", Ok(stats.loss_streak as f64)),
        ("average_bars_held", stats.average_hold_sec),
        ("exposure_bars", exposure(inclusive.iter(), Nanos(0), Nanos(bars as i64 * SECOND))),
    ])
}

/// Every column of theirs has one of ours, and the two agree.
fn agree(case: &str, theirs: &Value, ours: &Columns) {
    let theirs = theirs.as_object().expect("columns by name");
    let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(names(theirs.keys().map(String::as_str).collect()), names(ours.keys().copied().collect()), "{case}");
    for (name, told) in ours {
        let wanted = theirs[*name].as_f64().expect("the oracle has this number");
        let told = told.unwrap_or_else(|why| panic!("{case} {name}: {why}"));
        assert!((told - wanted).abs() <= 1e-10 + 1e-8 * wanted.abs(), "{case} {name}: {told} is not {wanted}");
    }
}

fn check(case: &Value, folder: &Path) {
    let text = |key: &str| case[key].as_str().unwrap_or_else(|| panic!("no {key}"));
    let number = |key: &str| case[key].as_f64().unwrap_or_else(|| panic!("no {key}"));
    let name = text("case");
    let (a, rf) = (number("periods_per_year"), number("risk_free_per_period_for_sharpe_rf"));
    let rows = table(&folder.join(text("input")), &["timestamp_ns", "equity", "benchmark"]);
    let mut ours = of_equity(&rows, a, rf);
    if case["returns"].get("beta").is_some() {
        ours.extend(of_benchmark(&rows, a));
    }
    agree(name, &case["returns"], &ours);
    if case.get("trades").is_some() {
        let trades = table(&folder.join(text("trades_input")), &["entry_bar", "exit_bar", "pnl"]);
        agree(name, &case["trades"], &of_closed(trades, number("bars")));
    }
}

#[test]
fn the_libraries_agree_in_every_column() {
    let Some(folder) = folder() else {
        println!("skipped: no ../shared/oracles/metrics beside the checkout");
        return;
    };
    let text = std::fs::read_to_string(folder.join("manifest.json")).expect("a manifest lies there");
    let manifest: Value = serde_json::from_str(&text).expect("it is JSON");
    let cases = manifest["cases"].as_array().expect("it lists cases");
    cases.iter().for_each(|case| check(case, &folder));
    assert!(!cases.is_empty());
}
