//! What the analysis claims of a value holds in the interpreter: random expressions over random bars never leave their
//! interval, and never lack a value where they are proven to have one.

use gbc_analysis::operands;
use gbc_core::bars::Source as BarSource;
use gbc_core::time::MINUTE;
use gbc_core::{Block, Column, Event, Instrument, Ratio, Schema, Strategy, View, Wishes};
use gbc_driver::{Checked, Value};
use gbc_fuzz::chance::Chance;
use gbc_hir::ExprKind;

use crate::corpus::{checked, codes, shown};

const BARS: usize = 60;

/// A number; nothing in it remembers unless `memory`.
fn number(chance: &mut Chance, depth: usize, memory: bool) -> String {
    let part = |chance: &mut Chance| number(chance, depth.saturating_sub(1), memory);
    let leaves = [
        "b.volume",
        "body",
        "(b.high - b.low) / es.tick",
        "(b.low - b.close) / es.tick",
        "k",
        "j",
        "s",
        "0",
        "1",
        "-2",
        "0.5",
        "100",
    ];
    match if depth == 0 { 0 } else { chance.below(14) } {
        0 | 1 => format!("({})", chance.pick(&leaves)),
        2..=4 => {
            let op = chance.pick(&["+", "-", "*", "/", "div", "mod"]);
            format!("({} {op} {})", part(chance), part(chance))
        }
        5 => format!("{}({}, {})", chance.pick(&["min", "max"]), part(chance), part(chance)),
        6 | 7 => format!("{}({})", chance.pick(&["abs", "sqrt", "log", "floor", "ceil", "round"]), part(chance)),
        8 => match chance.below(3) {
            0 => format!("exp(clamp({}, -5, 5))", part(chance)),
            1 => format!("pow({}, 2)", part(chance)),
            _ => format!("pow(abs({}), 0.5)", part(chance)),
        },
        9 => format!("({} else {})", part(chance), part(chance)),
        10 if memory => {
            let kinds = [
                "mean",
                "sum",
                "highest",
                "lowest",
                "stdev",
                "median",
                "percentile_rank",
                "argmax",
                "wma",
                "rsi",
                "ema",
            ];
            format!("{}({}, {})", chance.pick(&kinds), part(chance), 1 + chance.below(5))
        }
        11 if memory => format!("({})[{}]", part(chance), 1 + chance.below(3)),
        _ => {
            let condition = truth(chance, depth - 1, memory);
            let [yes, no] = [(); 2].map(|()| number(chance, depth - 1, false));
            format!("(if {condition} {{ {yes} }} else {{ {no} }})")
        }
    }
}

fn truth(chance: &mut Chance, depth: usize, memory: bool) -> String {
    match if depth == 0 { 0 } else { chance.below(6) } {
        0..=2 => {
            let op = chance.pick(&["<", "<=", ">", ">=", "==", "!="]);
            let right = if chance.below(2) == 0 { "0".to_owned() } else { number(chance, depth / 2, memory) };
            format!("({} {op} {right})", number(chance, depth / 2, memory))
        }
        3 => format!("(not {})", truth(chance, depth - 1, memory)),
        _ => {
            let op = chance.pick(&["and", "or"]);
            format!("({} {op} {})", truth(chance, depth - 1, memory), truth(chance, depth - 1, memory))
        }
    }
}

fn program(chance: &mut Chance) -> String {
    let [condition, other] = [(); 2].map(|()| truth(chance, 2, false));
    let [assigned, kept] = [(); 2].map(|()| number(chance, 2, false));
    let value = number(chance, 4, true);
    format!(
        "strategy S\nmarket es\nparam k = 1.5 in -2.0..3.0\nparam j = 7 in 5..30\nlet b = es.bars(1m)\n\
         let body = (b.close - b.open) / es.tick\nstate s = 0.0\nwhen {condition} {{ s = {assigned} }}\n\
         let past = if {other} {{ {kept} }} else {{ (prev else 0) + 1 }}\nlet v = {value} + 0 * past\ntarget es = v\n"
    )
}

fn bars(chance: &mut Chance) -> Block {
    let mut block = Block::new(0, Schema::Bars { span_ns: MINUTE });
    let mut price = 100;
    for bar in 0..BARS as i64 {
        let open = price;
        price += chance.below(9) as i64 - 4;
        let high = open.max(price) + chance.below(3) as i64;
        let low = open.min(price) - chance.below(3) as i64;
        let volume = chance.below(4) as i64;
        block.time.push((bar + 1) * MINUTE);
        for (column, value) in [
            (Column::OpenTime, bar * MINUTE),
            (Column::Open, open),
            (Column::High, high),
            (Column::Low, low),
            (Column::Close, price),
            (Column::Volume, volume),
        ] {
            block.column_mut(column).push(value);
        }
    }
    block
}

/// Whether every memory is fed at each step: one that skips steps fills later than its warm-up says.
fn feeds_its_memories(checked: &Checked) -> bool {
    let remembers = |kind: &ExprKind| {
        use ExprKind::{History, Keep, PairWindow, Sample, Window};
        matches!(kind, History { .. } | Keep { .. } | PairWindow { .. } | Sample(..) | Window { .. })
    };
    let memories = checked.facts.needed.iter().map(|id| &checked.program.expr(*id).kind).filter(|kind| remembers(kind));
    memories.flat_map(operands).all(|input| checked.facts.get(input).undefined.is_none())
}

/// Plays a program; how often its value was seen, or what it did that was ruled out.
fn play(checked: &Checked, chance: &mut Chance) -> Result<usize, String> {
    let params = [Value::Num(-2.0 + chance.below(21) as f64 / 4.0), Value::Int(5 + chance.below(26) as i64)];
    let instrument = Instrument::generic("ES", Ratio::new(1, 4).expect("a quarter"));
    let Ok(bound) = checked.bind(&params, vec![instrument], &[BarSource::Bars { span_ns: MINUTE }], None) else {
        return Ok(0);
    };
    let fact = checked.facts.get(checked.program.targets[0].value);
    let wait = fact.warm_up.0.as_ref().map_or(usize::MAX, |ticks| ticks.values().sum::<u64>() as usize);
    let (mut machine, block) = (bound.machine, bars(chance));
    let view = View::empty(1);
    let claims = fact.undefined.is_none() && fact.clocks != Default::default() && feeds_its_memories(checked);
    let mut seen = 0;
    for row in 0..block.len() {
        let mut wishes = Wishes::none(1);
        if machine.react(Event::Row(&block, row), &view, &mut wishes).is_err() {
            return Ok(seen);
        }
        match wishes.targets[0] {
            Some(value) if !fact.interval.holds(value) => {
                return Err(format!("bar {row}: {value:?} is outside {:?}, {params:?}", fact.interval));
            }
            Some(_) => seen += 1,
            None if claims && row + 1 >= wait => {
                return Err(format!("bar {row}: no value, though proven, {params:?}"));
            }
            None => {}
        }
    }
    Ok(seen)
}

#[test]
fn values_keep_to_what_is_proven_of_them() {
    let (mut seen, mut proven, mut narrow) = (0, 0, 0);
    for seed in 0..1_500 {
        let mut chance = Chance::new(seed * 7_919);
        chance.below(1);
        let text = program(&mut chance);
        let mut checked = checked("random", &text);
        // What would be refused is played all the same: the claims are what is tested.
        if codes(&checked)
            .iter()
            .any(|code| !matches!(*code, "E0207" | "E0220" | "E0221" | "E0314" | "W0101" | "W0110" | "W0111"))
        {
            continue;
        }
        if !checked.facts.whole {
            continue;
        }
        checked.diagnostics = Default::default();
        for _ in 0..2 {
            match play(&checked, &mut chance) {
                Ok(count) => seen += count,
                Err(wrong) => panic!("seed {seed}: {wrong}\n{text}{}", shown(&checked)),
            }
        }
        let fact = checked.facts.get(checked.program.targets[0].value);
        proven += usize::from(fact.undefined.is_none());
        narrow += usize::from(fact.interval.low.is_finite() || fact.interval.high.is_finite());
    }
    assert!(seen > 20_000 && proven > 300 && narrow > 300, "it says something: {seen}, {proven}, {narrow}");
}
