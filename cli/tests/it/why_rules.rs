//! What rules saw: `gbc why` on bars of which each price is known.

use serde_json::Value;

use crate::world::{Folder, repository};

/// From the tenth bar on the mean is there.
const RULES: &str = "strategy Rules

market es
param floor = 110.0

let b    = es.bars(1m)
let slow = mean(b.close, 10)
let calm = b.close < 120
let away = b.close / (b.volume - b.volume)

state seen = 0
state side = 0
when b.close > slow and b.close > floor and calm { seen = seen + 1 }
when seen == 1 and b.close < 115 {
  side = 1
}
when away > 1 or not calm { side = -1 }

target es = if side == 1 { 2 } else { if calm { 0 } else { -1 } }
";

/// A bar a minute from 14:30, with these closes.
fn bars(here: &Folder, closes: impl Iterator<Item = u32>) {
    let mut text = "time,open,high,low,close,volume\n".to_owned();
    for (minute, close) in closes.enumerate() {
        let (hour, minute) = (14 + (30 + minute) / 60, (30 + minute) % 60);
        text += &format!("2025-06-02T{hour}:{minute:02}:00Z,{close},{close},{close},{close},5\n");
    }
    here.write("es.csv", &text);
}

fn run(name: &str, rules: &str) -> Folder {
    let here = Folder::new(name);
    here.write("rules.gbs", rules);
    bars(&here, 101..131);
    let args = ["run", "rules.gbs", "--data", "es.csv", "--stamp", "close", "--instrument", "ES", "--out", "run"];
    here.gbc(&args).ends(0);
    here
}

/// The questions of a moment.
fn at(here: &Folder, time: &str) -> Vec<Value> {
    let told = here.gbc(&["why", "run", "--at", time, "--format", "json"]).ends(0).out;
    let told: Value = serde_json::from_str(&told).expect("one JSON object");
    told["rules"].as_array().expect("rules").clone()
}

fn names(term: &Value) -> Vec<(String, String)> {
    let names = term["names"].as_array().expect("names").iter();
    names.map(|it| (it["name"].as_str().expect("a name").to_owned(), it["value"].to_string())).collect()
}

#[test]
fn the_first_term_that_does_not_hold_is_told_with_its_values() {
    let here = run("why-first", RULES);
    // The bar of 14:49 closes at 120: warm, above, and not calm.
    let rules = at(&here, "2025-06-02T14:49:10Z");
    assert_eq!(rules.len(), 4, "{rules:?}");
    let first = &rules[0];
    assert_eq!((&first["line"], &first["part"], &first["value"]), (&13.into(), &"when".into(), &false.into()));
    assert_eq!(first["source"], "when b.close > slow and b.close > floor and calm { seen = seen + 1 }");
    assert_eq!((&first["since"], &first["asked"]), (&"2025-06-02T14:49:00Z".into(), &"2025-06-02T14:49:00Z".into()));
    assert_eq!(first["acted"], "2025-06-02T14:40:00Z", "it became true once, with the eleventh bar");
    let [term] = &first["terms"].as_array().expect("terms")[..] else { panic!("{first}") };
    // `calm` is written elsewhere, and what stands there is told.
    assert_eq!((&term["text"], &term["line"], &term["value"]), (&"b.close < 120".into(), &8.into(), &false.into()));
    assert_eq!((&term["left"], &term["right"]), (&120.0.into(), &120.0.into()));
    assert_eq!(names(term), [("b.close".to_owned(), "120.0".to_owned())]);
    // The third was undefined before it was true, and that is no turn.
    let text = here.gbc(&["why", "run", "--at", "2025-06-02T14:49:10Z"]).ends(0).out;
    let turned = "    when: true, asked last at 2025-06-02T14:49:00Z, so since 2025-06-02T14:49:00Z, never acted: ";
    assert!(text.contains(&format!("{turned}it acts when it turns from false to true\n")), "{text}");
    // A minute before all three held, and all three are told.
    let before = &at(&here, "2025-06-02T14:48:59Z")[0];
    assert_eq!((&before["value"], before["terms"].as_array().map(Vec::len)), (&true.into(), Some(3)));
}

#[test]
fn a_rule_is_told_with_the_states_that_it_read() {
    let here = run("why-states", RULES);
    // With the eleventh bar the first rule counts to one; the second, below it, saw that at once. Then one stayed one.
    let rules = at(&here, "2025-06-02T14:40:00Z");
    assert_eq!((&rules[1]["line"], &rules[1]["value"]), (&14.into(), &true.into()));
    let [seen, below] = &rules[1]["terms"].as_array().expect("terms")[..] else { panic!("{rules:?}") };
    assert_eq!((names(seen)[0].clone(), &below["left"]), (("seen".to_owned(), "1".to_owned()), &111.0.into()));
    assert_eq!(rules[1]["acted"], "2025-06-02T14:40:00Z");
    // What it wants hangs on the state as the rules left it.
    let target = &rules[3];
    assert_eq!((&target["part"], &target["value"]), (&"target".into(), &2.0.into()));
    assert_eq!((&target["terms"][0]["text"], &target["terms"][0]["value"]), (&"side == 1".into(), &true.into()));
    let before = &at(&here, "2025-06-02T14:39:59Z")[1];
    assert_eq!((&before["value"], names(&before["terms"][0])[0].1.as_str()), (&false.into(), "0"));
}

#[test]
fn what_is_undefined_says_what_it_waits_for() {
    let here = run("why-undefined", &RULES.replace("110.0", "100.0"));
    let rules = at(&here, "2025-06-02T14:36:30Z");
    let term = &rules[0]["terms"][0];
    assert_eq!(
        (&rules[0]["value"], &term["value"], &term["text"]),
        (&Value::Null, &Value::Null, &"b.close > slow".into())
    );
    let waits = "`slow` is warming up: it needs 10 of es.bars(1m), 7 came, 3 are missing";
    assert_eq!(term["missing"], waits);
    let term = &rules[2]["terms"][0];
    assert_eq!(term["missing"], "`away` has no value: it divides by zero");
    let text = here.gbc(&["why", "run", "--at", "2025-06-02T14:36:30Z"]).ends(0).out;
    let said = format!(
        "  rules.gbs:13: when b.close > slow and b.close > floor and calm {{ seen = seen + 1 }}\n    when: undefined, asked last at 2025-06-02T14:36:00Z\n      `b.close > slow` is undefined, {waits} (b.close 107, slow undefined)\n"
    );
    assert!(text.contains(&said), "{text}");
    // What is false makes the whole false, whatever waits beside it.
    let here = run("why-false", RULES);
    let rules = at(&here, "2025-06-02T14:36:30Z");
    assert_eq!((&rules[0]["value"], &rules[0]["terms"][0]["text"]), (&false.into(), &"b.close > floor".into()));
    let none = at(&here, "2025-06-02T14:00:00Z");
    assert_eq!(
        none[0]["terms"][0]["missing"],
        "`b.close` waits for the first of es.bars(1m), which has not closed yet"
    );
}

#[test]
fn an_order_names_the_line_that_wanted_it_and_what_that_saw() {
    let here = run("why-line", RULES);
    let told = here.gbc(&["why", "run", "--order", "1", "--format", "json"]).ends(0).out;
    let told: Value = serde_json::from_str(&told).expect("one JSON object");
    let source = "target es = if side == 1 { 2 } else { if calm { 0 } else { -1 } }";
    assert_eq!((&told["line"], &told["source"], &told["origin"]), (&19.into(), &source.into(), &"target".into()));
    assert_eq!((&told["rules"][0]["line"], told["rules"].as_array().map(Vec::len)), (&19.into(), Some(1)));
    let text = here.gbc(&["why", "run", "--order", "1"]).ends(0).out;
    assert!(text.contains(&format!("wanted by line 19: {source}\n")), "{text}");
    assert!(text.contains("    target: 2, asked last at 2025-06-02T14:40:00Z"), "{text}");
    assert!(text.contains("      `side == 1` is true (side 1)\n"), "{text}");
}

/// A bracket whose stop, take and exit stand on lines of their own; and an order by hand.
const TRADE: &str = "strategy Clauses

market es
let b = es.bars(1m)

trade es long {
  enter when b.close > 104
  size 1
  stop at 90
  take at 112
  exit when b.close == 108
}
";

#[test]
fn each_order_of_a_trade_names_its_clause() {
    for (rules, lines) in [
        (TRADE.to_owned(), [(1, "enter", 7), (2, "stop", 9), (3, "take", 10), (4, "exit", 11)].as_slice()),
        (TRADE.replace("exit when b.close == 108\n", ""), [(3, "take", 10)].as_slice()),
    ] {
        let here = run("why-clauses", &rules);
        for (order, part, line) in lines {
            let told = here.gbc(&["why", "run", "--order", &order.to_string(), "--format", "json"]).ends(0).out;
            let told: Value = serde_json::from_str(&told).expect("one JSON object");
            assert_eq!((&told["part"], &told["line"]), (&(*part).into(), &(*line).into()), "{told}");
            let parts: Vec<&Value> = told["rules"].as_array().expect("rules").iter().map(|it| &it["part"]).collect();
            assert!(parts.contains(&&"enter when".into()), "{told}");
        }
    }
}

#[test]
fn an_order_of_a_quote_names_its_side_and_so_do_its_fills() {
    let here = Folder::new("why-sides");
    let [source, data] = ["examples/queue_maker.gbs", "examples/data/mnq_l1.parquet"].map(repository);
    let [source, data] = [source, data].map(|path| path.display().to_string());
    here.gbc(&["run", &source, "--data", &data, "--to", "2025-06-02T13:32:00Z", "--out", "run", "--quiet"]).ends(0);
    let mut sides = std::collections::BTreeSet::new();
    for order in 1..5 {
        let told = here.gbc(&["why", "run", "--order", &order.to_string(), "--format", "json"]).ends(0).out;
        let told: Value = serde_json::from_str(&told).expect("one JSON object");
        let side = if told["side"] == "buy" { ("bid", 16) } else { ("ask", 17) };
        assert_eq!((&told["part"], &told["line"]), (&side.0.into(), &side.1.into()), "{told}");
        assert!(told["messages"].as_array().expect("messages").iter().all(|it| it["line"] == side.1), "{told}");
        sides.insert(side);
    }
    assert_eq!(sides.len(), 2, "it quotes both");
}

#[test]
fn a_false_or_tells_both_of_its_sides() {
    let here = run(
        "why-or",
        "strategy Or\n\nmarket es\nlet b = es.bars(1m)\nlet slow = mean(b.close, 50)\nstate s = 0\n\nwhen b.close > 900 or b.close < 50 { s = 1 }\nwhen b.close > 900 or slow < 50 { s = 2 }\ntarget es = s\n",
    );
    let rules = at(&here, "2025-06-02T14:36:30Z");
    let texts = |rule: &Value| {
        let terms = rule["terms"].as_array().expect("terms").iter();
        terms.map(|term| term["text"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (&rules[0]["value"], texts(&rules[0])),
        (&false.into(), vec!["b.close > 900".into(), "b.close < 50".into()])
    );
    assert_eq!((&rules[1]["value"], texts(&rules[1])), (&Value::Null, vec!["slow < 50".to_owned()]));
}

#[test]
fn a_run_whose_source_or_data_changed_is_not_asked_again() {
    let here = run("why-changed", RULES);
    let asks = ["why", "run", "--at", "2025-06-02T14:36:30Z"];
    here.write("rules.gbs", &RULES.replace("calm { 0 }", "calm { 1 }"));
    let refused = here.gbc(&asks).complains(3, "rules.gbs has changed since; run it again");
    assert!(refused.out.contains("position: ") && !refused.out.contains("rules, "), "{}", refused.out);
    // The journal still knows the order, and the line as it was.
    let told = here.gbc(&["why", "run", "--order", "1"]).ends(0);
    assert!(told.out.contains("wanted by line 19: ") && told.err.contains("has changed since"), "{told:?}");
    here.write("rules.gbs", RULES);
    here.gbc(&asks).ends(0);
    bars(&here, 102..132);
    here.gbc(&asks).complains(3, "the data in es.csv have changed since; run it again");
    std::fs::remove_file(here.0.join("es.csv")).expect("it is there");
    here.gbc(&asks).complains(3, "es.csv: there is no such file");
    here.write("run/manifest.json", "{}");
    here.gbc(&asks).complains(3, "does not say how the run was made");
    here.write("run/manifest.json", "{");
    here.gbc(&asks).complains(3, "manifest.json: ");
}

#[test]
fn a_run_is_asked_from_anywhere_and_moves_with_its_folder() {
    let here = run("why-moved", RULES);
    let elsewhere = here.0.join("elsewhere");
    std::fs::create_dir_all(&elsewhere).expect("the folder can be written to");
    let mut command = here.command(&["why", "../run", "--at", "2025-06-02T14:49:10Z"]);
    let text = here.ran(command.current_dir(&elsewhere)).ends(0).out;
    assert!(text.contains("`b.close < 120` is false"), "{text}");
    let moved = here.0.with_extension("moved");
    let _ = std::fs::remove_dir_all(&moved);
    std::fs::rename(&here.0, &moved).expect("it can be moved");
    let moved = Folder(moved);
    assert!(
        moved.gbc(&["why", "run", "--at", "2025-06-02T14:49:10Z"]).ends(0).out.contains("`b.close < 120` is false")
    );
}
