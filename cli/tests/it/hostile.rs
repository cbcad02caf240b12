//! Sources that are sound or nearly so, and of one thing too many: checking them, and saying what is wrong, takes a second at
//! the most. What a parser alone has to bear is in `malformed.rs`.

use std::fmt::Write;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use gbc_diagnostics::{Printer, Source};

const MOST: Duration = Duration::from_secs(1);

/// A file of lines made of numbers, around what every strategy has.
fn file(count: usize, line: impl Fn(usize) -> String, target: &str) -> String {
    let mut text = "strategy S\nmarket es\nlet b = es.bars(1m)\n".to_owned();
    (0..count).for_each(|number| writeln!(text, "{}", line(number)).expect("a string takes anything"));
    text + &format!("target es = if {target} {{ 1 }} else {{ 0 }}\n")
}

fn joined(count: usize, between: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(between)
}

fn sources() -> Vec<(&'static str, String)> {
    let sound = "b.close > b.open";
    let next = |of: usize, count: usize| (of + 1) % count;
    vec![
        ("unknown names", file(5_000, |n| format!("let e{n} = zz{n} + qq{n}"), sound)),
        ("slips", file(6_000, |n| format!("let name_{n} = name_{}x", n / 2), sound)),
        ("names defined twice", file(4_000, |n| format!("let name_{} = {n}", n / 2), sound)),
        ("plain equations", file(5_000, |n| format!("let v{n} = b.close + {n} * es.tick"), sound)),
        ("functions", file(5_000, |n| format!("fn g{n}(x, n: int) = mean(x, n) + x[n]"), sound)),
        ("calls", file(3_000, |n| format!("let v{n} = ema(b.close, {})", n + 2), sound)),
        ("crossings", file(3_000, |n| format!("let k{n} = b.close crosses above b.open + {n} * es.tick"), sound)),
        ("filtered counts", file(2_000, |n| format!("let k{n} = count(es.trades where size > {n}, 1s)"), sound)),
        ("a function that doubles", {
            let double = |n| format!("fn f{}(x) = f{n}(x) + f{n}(x)", n + 1);
            file(30, double, "f30(b.close) > b.open").replace("let b =", "fn f0(x) = mean(x, 5)\nlet b =")
        }),
        ("a sum that doubles", {
            let double = |n| format!("let y{} = mean(y{n}, 3) + y{n}[1]", n + 1);
            file(2_500, double, "y2500 > 1").replace("fn", "").replace("1m)\n", "1m)\nlet y0 = b.close / b.open\n")
        }),
        ("a long circle", file(1_500, |n| format!("let c{n} = c{}[1] else 1", next(n, 1_500)), "c0 > 1")),
        ("a circle without a past", file(2_000, |n| format!("let c{n} = c{} + 1", next(n, 2_000)), "c0 > 1")),
        ("rules over states", {
            let rule = |n| format!("when b.close > {n} {{ s{} = s{} + 1 }}", n % 200, next(n % 200, 200));
            let states = joined(200, "\n", |n| format!("state s{n} = 0"));
            file(1_000, rule, "s0 > 1").replace("1m)\n", &format!("1m)\n{states}\n"))
        }),
        ("statements in statements", {
            let inner = joined(25, " ", |n| format!("if s > {n} {{ s = s + {n} }}"));
            let rule = |n| format!("when b.close > {n} {{ {inner} }}");
            file(50, rule, "s > 1").replace("1m)\n", "1m)\nstate s = 0\n")
        }),
        ("records in records", {
            let nest = |n| format!("let r{} = (a = r{n}, z = r{n})", n + 1);
            file(25, nest, sound).replace("1m)\n", "1m)\nlet r0 = (a = b.close, z = b.open)\n")
        }),
        ("parameters", file(1_000, |n| format!("param p{n} = 1 in 1..1000000\nrequire p{n} < 9"), sound)),
        ("an enum", file(1, |_| format!("enum E {{ {} }}", joined(9_000, ", ", |n| format!("A{n}"))), sound)),
        ("windows", file(300, |n| format!("let m{n} = stdev(b.close, 16_000_000 - {n})"), "m0 > m1")),
        ("tests", file(3_000, |n| format!("test \"t{n}\" {{ bars es 1m : 1 2 3 expect es.position == 0 }}"), sound)),
        ("timers", file(1_500, |n| format!("when since(b.close > {n}) > {n}s {{ }}"), sound)),
        ("braces", file(2_000, |n| format!("let v{n} = {{ {{ ("), sound)),
    ]
}

#[test]
fn too_much_of_anything_is_answered_in_a_second() {
    for (what, text) in sources() {
        // A machine may be slow once; a slow check is so each time.
        let took = (0..3).map(|_| answer(&text)).find(|took| *took <= MOST);
        assert!(took.is_some(), "{what}: {} kB take longer than {MOST:?}", text.len() / 1000);
    }
}

/// How much work it is to check a file and to say all that is wrong with it.
fn answer(text: &str) -> Duration {
    let before = worked();
    let checked = gbc_driver::check(Source::new("hostile.gbs", text));
    let printer = Printer::new(&checked.source);
    let said: usize = checked
        .diagnostics
        .in_order()
        .into_iter()
        .map(|diagnostic| printer.text(diagnostic, false).len() + printer.json(diagnostic).len())
        .sum();
    assert!(checked.is_sound() || said > 0, "what is wrong is said");
    worked() - before
}

/// The time that a processor has given to this thread: others on a busy machine do not count. Where the system does not
/// tell, the time that has passed.
#[expect(clippy::disallowed_methods, reason = "a test may say how long something took; it decides nothing")]
fn worked() -> Duration {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    let passed = STARTED.get_or_init(Instant::now).elapsed();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ns = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    ns.map_or(passed, Duration::from_nanos)
}
