//! The proof sheet of small programs: what it claims, and what it does not.

use gbc_driver::{Proof, Shared, proof};

use crate::corpus::{checked, codes, everything};

/// The sheet of a program of one market with five-minute bars `b`.
fn sheet(lines: &str) -> Proof {
    let checked = checked("sheet", &format!("strategy S\nmarket es\nlet b = es.bars(5m)\n{lines}\n"));
    assert!(checked.is_sound(), "{:?}", codes(&checked));
    proof(&checked)
}

/// What settles, and within how many steps.
fn settles(value: &str) -> Vec<(String, u64)> {
    let sheet = sheet(&format!("let a = {value}\ntarget es = if a > b.close {{ 1 }} else {{ 0 }}"));
    sheet.settles.into_iter().map(|settles| (settles.of, settles.steps)).collect()
}

#[test]
fn averages_settle_when_the_weight_of_their_start_is_below_a_billionth() {
    // 0.5^30 < 1e-9 < 0.5^29, and (39/41)^415 < 1e-9 < (39/41)^414.
    let half = [("a".to_owned(), 30)];
    assert_eq!(settles("(0.5 * b.close + 0.5 * prev) else b.close"), half);
    assert_eq!(settles("(prev + (b.close - prev) / 2) else b.close"), half);
    assert_eq!(settles("ema(b.close, 3)"), half);
    assert_eq!(settles("rma(b.close, 2)"), half);
    assert_eq!(settles("ema(b.close, 40) + 1 * es.tick"), [("ema(b.close, 40)".to_owned(), 415)]);
}

#[test]
fn nothing_is_claimed_of_other_recursions() {
    for value in [
        "max(prev else b.close, b.close)",
        "(prev else 0.0 * es.tick) + b.close",
        "(2 * prev - b.close) else b.close",
        "kama(b.close, 10)",
        "mean(b.close, 10)",
    ] {
        assert_eq!(settles(value), [], "{value}");
    }
    let inner = settles("ema(ema(b.close, 3), 3)");
    assert_eq!(inner, [("ema(b.close, 3)".to_owned(), 30)], "only the inner one is known");
}

#[test]
fn grids_are_counted_and_searched_for_what_is_required() {
    let grid = |params: &str, value: &str| {
        let sheet = sheet(&format!("{params}\ntarget es = if b.close > {value} * es.tick {{ 1 }} else {{ 0 }}"));
        sheet.sweep.map(|sweep| (sweep.combinations, sweep.allowed))
    };
    assert_eq!(grid("param n = 2", "n"), None);
    assert_eq!(grid("param n = 2 in 1..10 step 2", "n"), Some((Some(5), None)));
    assert_eq!(grid("param x = 0.1 in 0.1..0.3 step 0.1", "x"), Some((Some(3), None)));
    assert_eq!(grid("param x = 0.1 in 0.1..0.3", "x"), Some((None, None)), "no step, no count");
    let two = "param n = 1 in 1..4\nparam m = 2 in {2, 3}\nrequire n < m";
    assert_eq!(grid(two, "(n + m)"), Some((Some(8), Some(3))));
    let large = "param n = 1 in 1..1000\nparam m = 2 in 1..1000\nrequire n < m";
    assert_eq!(grid(large, "(n + m)"), Some((Some(1_000_000), None)));
}

#[test]
fn a_sweep_does_once_what_no_swept_parameter_reaches() {
    let sheet = sheet(
        "param n = 5 in 2..9\nparam size = 2\nlet m = mean(b.close, n)\nlet long = stdev(b.close, 50)\n\
         target es = if b.close > m + long { size } else { 0 }",
    );
    let sweep = sheet.sweep.expect("`n` has a range");
    let times: Vec<(&[String], Option<u64>)> =
        sweep.shared.iter().map(|Shared { params, times, .. }| (params.as_slice(), *times)).collect();
    assert_eq!(times, [(&[][..], Some(1)), (&["n".to_owned()][..], Some(8))]);
    let all: usize = sweep.shared.iter().map(|shared| shared.operations).sum();
    assert_eq!(sheet.operations, [("es.bars(5m)".to_owned(), all)]);
    assert_eq!(sheet.memory_of.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["long", "m"]);
}

#[test]
fn a_parameter_that_meets_our_position_is_told_apart() {
    let sheet = sheet(
        "param n = 5 in 2..9\nparam most = 3 in 1..4\nlet m = mean(b.close, n)\n\
         target es = if b.close > m { 1 } else { if es.position > most { 0 } else { 1 } }",
    );
    let [n, most] = &sheet.params[..] else { panic!("two parameters") };
    assert_eq!((n.lets.as_slice(), n.orders), (&["m".to_owned()][..], true));
    assert!(most.lets.is_empty() && most.orders && most.feedback);
}

#[test]
fn every_sound_strategy_has_a_sheet() {
    let mut sheets = 0;
    for case in everything() {
        let checked = checked(&case.name, &case.text);
        if !checked.is_sound() || checked.is_library() {
            continue;
        }
        let sheet = proof(&checked);
        let flow = checked.flow(None);
        if let Some(sweep) = &sheet.sweep {
            let all: usize = sweep.shared.iter().map(|shared| shared.operations).sum();
            let on_clocks = flow.nodes.iter().filter(|node| node.clocks.0 != 0).count();
            assert_eq!(all, on_clocks, "{}: each operation is in one group", case.name);
            assert!(sweep.allowed <= sweep.combinations, "{}", case.name);
        }
        assert!(sheet.memory_of.iter().all(|(_, bytes)| *bytes <= sheet.memory_bytes), "{}", case.name);
        sheets += 1;
    }
    assert!(sheets >= 100, "{sheets} sheets");
}

#[test]
fn prices_that_may_lie_between_two_ticks_are_told_with_where_they_go() {
    let snaps = |lines: &str| {
        let sheet = sheet(lines);
        let told = |snap: &gbc_driver::Snapped| format!("{} {} {} {}", snap.order, snap.price, snap.value, snap.rule);
        assert!(sheet.snaps.iter().all(|snap| snap.market == "es"), "{:?}", sheet.snaps);
        sheet.snaps.iter().map(told).collect::<Vec<_>>()
    };
    let rest = "risk { max position 9 }";
    let long = "let low = mean(b.low, 3)\ntrade es long {\n  enter limit at low while b.close > b.open\n  \
                stop at b.low - 0.3 * (b.high - b.low)\n  take 2 * R\n  exit when b.close < b.open\n}";
    assert_eq!(
        snaps(&format!("{long}\n{rest}")),
        [
            "trade long enter limit low down",
            "trade long stop b.low - 0.3 * (b.high - b.low) down",
            "trade long take 2 * R outward"
        ]
    );
    let short =
        "trade es short {\n  enter stop at mean(b.low, 3)\n  stop 4 ticks\n  take at snap(mean(b.low, 5), up)\n}";
    assert_eq!(
        snaps(&format!("{short}\n{rest}")),
        ["trade short enter stop mean(b.low, 3) down"],
        "the others are exact"
    );
    let quote =
        "quote es {\n  bid 1 at es.mid while es.position < 3\n  ask 1 at b.high + 1 tick while es.position > -3\n}";
    assert_eq!(snaps(&format!("{quote}\n{rest}")), ["quote bid es.mid down"]);
    let send = "when b.close > b.open { send sell 1 es limit at (b.high + b.low) / 2 as e }";
    assert_eq!(snaps(&format!("{send}\n{rest}")), ["send sell limit (b.high + b.low) / 2 up"]);
    assert_eq!(snaps("target es = if b.close > b.open { 1 } else { 0 }"), Vec::<String>::new());
}
