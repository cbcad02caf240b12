//! Programs whose size is not in their lines: long chains, and parts that are read twice at each of many levels.

use gbc_diagnostics::Source;
use gbc_driver::{Checked, check};

const HEAD: &str = "strategy Deep\nmarket es\nlet b = es.bars(1m)\n";

fn checked(items: &[String], target: &str) -> Checked {
    let text = format!("{HEAD}{}\ntarget es = {target}\n", items.join("\n"));
    check(Source::new("deep", text))
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.diagnostics.in_order().iter().map(|diagnostic| diagnostic.code).collect()
}

/// `let v0 = …`, then each made of the one before.
fn chain(length: usize, first: &str, next: impl Fn(usize) -> String) -> Vec<String> {
    let first = std::iter::once(format!("let v0 = {first}"));
    first.chain((1..length).map(|index| format!("let v{index} = {}", next(index - 1)))).collect()
}

#[test]
fn equations_read_each_other_at_any_depth_on_a_small_stack() {
    let mut lets = chain(4_000, "b.close - b.open", |below| format!("v{below} + 1"));
    let target = "if v3999 > 0 { 1 } else { 0 }";
    assert_eq!(codes(&checked(&lets, target)), [""; 0]);
    lets.reverse();
    assert_eq!(codes(&checked(&lets, target)), [""; 0], "and in any order");
}

#[test]
fn a_circle_of_any_length_is_told_once() {
    for (length, code) in [(3, "E0102"), (60, "E0102"), (3_000, "E0902")] {
        let lets = chain(length, &format!("v{} + b.close", length - 1), |below| format!("v{below} + 1"));
        assert_eq!(codes(&checked(&lets, "if v0 > 0 { 1 } else { 0 }")), [code], "{length}");
    }
}

#[test]
fn what_is_read_twice_is_worked_out_once() {
    let lets = chain(500, "n", |below| format!("min(v{below} + v{below}, 9)"));
    let lets: Vec<String> = std::iter::once("param n = 2 in 1..3".to_owned()).chain(lets).collect();
    assert_eq!(codes(&checked(&lets, "if mean(b.close, v499) > b.close { 1 } else { 0 }")), [""; 0]);
}

/// `f0`, then each calling the one before twice.
fn functions(second: &str) -> Vec<String> {
    let first = std::iter::once("fn f0(x) = (x + 1) * (x - 1)".to_owned());
    let next = |index: usize| format!("fn f{index}(x) = f{}(x) + f{}({second})", index - 1, index - 1);
    first.chain((1..31).map(next)).collect()
}

#[test]
fn functions_that_double_at_each_level_share_or_stop() {
    let target = "if f30(b.volume) > 0 { 1 } else { 0 }";
    assert_eq!(codes(&checked(&functions("x"), target)), [""; 0], "one expansion for each function");
    assert_eq!(codes(&checked(&functions("x + 1"), target)), ["E0902"], "a thousand million of them");
}
