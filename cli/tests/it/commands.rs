//! Every command through the binary: what it prints, what it writes, how it ends.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::world::{Folder, repository};

const RISING: &str = "strategy Rising

market es
param span = 20 in 5..50

let b = es.bars(1m)

target es = if b.close > sma(b.close, span) { 1 } else { 0 }

test \"quiet at first\" {
  bars es 1m : 100 101
  expect es.orders == 0
}
";

const FILES: [&str; 10] = [
    "equity.parquet",
    "exports.parquet",
    "fills.parquet",
    "journal.parquet",
    "manifest.json",
    "messages.parquet",
    "orders.parquet",
    "report.html",
    "report.json",
    "trades.parquet",
];

/// A folder with a strategy and bars for it.
fn ready(name: &str) -> Folder {
    let here = Folder::new(name);
    here.write("rising.gbs", RISING);
    here.bars("bars.parquet", 2000);
    here
}

const RUN: [&str; 4] = ["run", "rising.gbs", "--data", "bars.parquet"];

/// `gbc run` with these arguments more.
fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    RUN.iter().chain(more).copied().collect()
}

#[test]
fn a_run_writes_the_files_of_the_contract() {
    let here = ready("files");
    let ran = here.gbc(&run(&["--out", "made"])).ends(0);
    assert!(ran.out.contains("Rising on SYN"), "{}", ran.out);
    assert!(ran.err.contains("bars of 1m"), "how data were understood is said aloud: {}", ran.err);
    assert_eq!(here.names("made"), FILES);
    assert_eq!(here.names("."), ["bars.parquet", "made", "rising.gbs"]);
    let report = here.json("made/report.json");
    let keys: Vec<&str> = report.as_object().expect("an object").keys().map(String::as_str).collect();
    let wanted = [
        "runId",
        "createdAt",
        "dataset",
        "strategy",
        "execution",
        "summary",
        "orders",
        "trades",
        "equityCurve",
        "resultHash",
    ];
    assert_eq!(keys, wanted);
    has_keys(&report["dataset"], &["filename", "interval", "bars", "startTs", "endTs", "sha256"]);
    has_keys(&report["strategy"], &["id", "name", "params", "sha256"]);
    has_keys(&report["execution"], &["name", "sha256"]);
    let summary = [
        "grossPnl",
        "netPnl",
        "winRate",
        "avgRR",
        "maxDrawdown",
        "tradeCount",
        "largestWin",
        "largestLoss",
        "avgHoldDurationSec",
        "fees",
        "sharpe",
        "sortino",
        "calmar",
        "cagr",
        "volatility",
        "skew",
        "kurtosis",
        "profitFactor",
        "exposure",
        "turnover",
    ];
    has_keys(&report["summary"], &summary);
    has_keys(&report["orders"][0], &["orderId", "parentId", "ts", "side", "type", "price", "size", "status"]);
    let trade = [
        "tradeId",
        "entryOrderId",
        "exitOrderId",
        "entryTs",
        "exitTs",
        "entryPrice",
        "exitPrice",
        "size",
        "pnl",
        "rr",
        "drawdown",
        "notes",
    ];
    has_keys(&report["trades"][0], &trade);
    has_keys(&report["equityCurve"][0], &["ts", "equity"]);
    assert_eq!(here.json("made/manifest.json")["resultHash"], report["resultHash"]);
}

#[track_caller]
fn has_keys(object: &Value, keys: &[&str]) {
    for key in keys {
        assert!(object.get(key).is_some(), "no {key} in {object}");
    }
}

#[test]
fn without_a_folder_a_run_finds_its_own_and_the_same_run_the_same() {
    let here = ready("runs");
    here.gbc(&RUN).ends(0);
    let first = here.names("runs");
    assert!(first.len() == 1 && first[0].starts_with("rising-"), "{first:?}");
    here.gbc(&RUN).ends(0);
    assert_eq!(here.names("runs"), first);
    here.gbc(&run(&["--set", "span=21"])).ends(0);
    assert_eq!(here.names("runs").len(), 2);
}

#[test]
fn an_earlier_run_makes_way_and_nothing_else_does() {
    let here = ready("again");
    here.gbc(&run(&["--out", "made"])).ends(0);
    let report = |here: &Folder| here.json("made/report.json")["resultHash"].clone();
    let first = report(&here);
    let same = here.gbc(&run(&["--out", "made"])).ends(0);
    assert!(!same.err.contains("took its place"), "{}", same.err);
    let other = here.gbc(&run(&["--out", "made", "--set", "span=5"])).ends(0);
    assert!(other.err.contains("made held run") && other.err.contains("took its place"), "{}", other.err);
    assert_ne!(report(&here), first);
    assert_eq!(here.names("made"), FILES);

    fs::create_dir(here.0.join("mine")).expect("the folder can be written to");
    here.write("mine/notes.txt", "years of work");
    here.write("mine/manifest.json", "{}");
    here.gbc(&run(&["--out", "mine"])).complains(3, "choose another `--out`");
    assert_eq!(here.names("mine"), ["manifest.json", "notes.txt"]);
    here.gbc(&run(&["--out", "rising.gbs"])).complains(3, "choose another `--out`");
    here.write("made/notes.txt", "what I think of it");
    here.gbc(&run(&["--out", "made"])).complains(3, "choose another `--out`");
    assert_eq!(here.read("made/notes.txt"), b"what I think of it");
}

#[test]
fn json_is_the_summary_alone_and_quiet_is_nothing() {
    let here = ready("prints");
    let ran = here.gbc(&run(&["--out", "a", "--format", "json"])).ends(0);
    let summary: Value = serde_json::from_str(&ran.out).expect("one JSON object");
    assert_eq!(summary, here.json("a/report.json")["summary"]);
    assert_eq!(ran.err, "");
    let ran = here.gbc(&run(&["--out", "b", "--quiet"])).ends(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    let mut plain = here.command(&run(&["--out", "c"]));
    here.ran(plain.env("NO_COLOR", "1")).ends(0);
}

#[test]
fn a_bad_source_ends_with_one() {
    let here = ready("bad");
    here.write("bad.gbs", &RISING.replace("b.close >", "b.closs >"));
    for args in [&["check", "bad.gbs"][..], &["test", "bad.gbs"]] {
        let ran = here.gbc(args).ends(1);
        assert!(ran.out.contains("E0203") && ran.out.contains("did you mean `close`"), "{}", ran.out);
    }
    for args in [&["run", "bad.gbs", "--data", "bars.parquet"][..], &["emit", "--stage", "flow", "bad.gbs"]] {
        here.gbc(args).complains(1, "did you mean `close`");
    }
    assert!(!here.0.join("runs").exists());
}

#[test]
fn a_failing_test_ends_with_one() {
    let here = ready("failing");
    let ran = here.gbc(&["test", "rising.gbs"]).ends(0);
    assert!(ran.out.ends_with("1 passed, 0 failed\n"), "{}", ran.out);
    here.write("failing.gbs", &RISING.replace("orders == 0", "orders == 7"));
    let ran = here.gbc(&["test"]).ends(1);
    assert!(ran.out.ends_with("1 passed, 1 failed\n"), "{}", ran.out);
    assert!(ran.out.contains("expected 7, got 0"), "{}", ran.out);
    let ran = here.gbc(&["test", "failing.gbs", "--format", "json"]).ends(1);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect();
    assert_eq!((&lines[0]["passed"], &lines[1]["code"]), (&Value::Bool(false), &Value::from("E0520")));
}

#[test]
fn a_wrong_command_line_ends_with_two() {
    let here = ready("usage");
    for (more, words) in [
        (&["--colour"][..], "--colour"),
        (&["--set", "spam=3"], "did you mean `span`"),
        (&["--set", "span"], "name=value"),
        (&["--set", "span=fast"], "is no value for `span`"),
        (&["--exec", "perfect"], "no execution profile `perfect`"),
        (&["--cash", "much"], "is no amount"),
        (&["--from", "soon"], "is no time"),
        (&["--instrument", "NOPE"], "no common instrument `NOPE`"),
        (&["--map", "close"], "column=field"),
        (&["--engine", "magic"], "magic"),
        (&["--stamp", "middle"], "middle"),
    ] {
        here.gbc(&run(more)).complains(2, words);
    }
    here.gbc(&["run", "rising.gbs"]).complains(2, "no data");
    here.gbc(&["fly"]).complains(2, "there is no command `fly`; there are new, add, check, run");
    here.gbc(&["cehck"]).complains(2, "did you mean `check`?");
    here.gbc(&["synth"]).complains(2, "did you mean `gbc data synth`?");
    here.gbc(&["data", "snyth"]).complains(2, "snyth");
    here.gbc(&[]).ends(2);
    here.gbc(&["explain", "E9999"]).complains(2, "there is no diagnostic `E9999`");
    here.gbc(&["explain", "E0399"]).complains(2, "E0312  ");
    here.gbc(&["data", "synth", "--kind", "bars", "--events", "0", "--out", "x.csv"]).complains(2, "at least 1");
    assert!(!here.0.join("runs").exists());
}

#[test]
fn a_parameter_out_of_step_with_a_requirement_is_refused() {
    let here = ready("require");
    let example = repository("examples/ema_cross.gbs").display().to_string();
    let args = ["run", &example, "--data", "bars.parquet", "--set", "fast=30", "--set", "slow=20"];
    here.gbc(&args).complains(2, "requires `fast < slow`");
}

#[test]
fn a_parameter_outside_its_range_is_refused() {
    let here = ready("range");
    here.gbc(&run(&["--set", "span=3"])).complains(2, "`span=3` lies outside 5..50 step 1");
}

#[test]
fn a_problem_with_a_file_ends_with_three() {
    let here = ready("files-missing");
    here.gbc(&["run", "rising.gbs", "--data", "none.parquet"]).complains(3, "none.parquet: there is no such file");
    here.gbc(&["run", "none.gbs", "--data", "bars.parquet"]).complains(3, "none.gbs: there is no such file");
    here.gbc(&["emit", "--stage", "hir", "."]).complains(3, "this is a folder");
    here.gbc(&["check", "bars.parquet"]).complains(3, "not UTF-8");
    here.gbc(&["test", "none.gbs"]).complains(3, "there is no such file");
    std::fs::create_dir(here.0.join("empty")).expect("the folder is ours");
    here.gbc(&["check", "empty"]).complains(3, "there is no `.gbs` file in this folder");
    here.gbc(&["run", "rising.gbs", "--data", "empty"]).complains(3, "there is no file of market data in this folder");
    here.gbc(&["run", "rising.gbs", "--data", "rising.gbs"]).ends(3);
    here.write("broken.csv", "time,open,high,low,close,volume\n2025-06-02T13:30:00Z,1,2,0.5,x,1\n");
    here.gbc(&["data", "check", "broken.csv"]).complains(3, "broken.csv");
    here.write("bad.toml", "tik = 0.25\n");
    here.gbc(&run(&["--instrument", "bad.toml"])).complains(3, "did you mean `tick`");
    here.gbc(&run(&["--instrument", "none.toml"])).complains(3, "there is no such file");
    here.gbc(&run(&["--out", "bars.parquet/below"])).ends(3);
    here.gbc(&["run", "rising.gbs", "--data", "bars.parquet", "--out", "/proc/none"]).ends(3);
    let ticks = repository("examples/tick_cross.gbs").display().to_string();
    here.gbc(&["run", &ticks, "--data", "bars.parquet"]).complains(3, "reads quotes of `mnq`");
    assert!(!here.0.join("runs").exists());
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_ends_with_three() {
    use std::os::unix::fs::PermissionsExt;
    let here = ready("permission");
    fs::set_permissions(here.0.join("bars.parquet"), fs::Permissions::from_mode(0o000)).expect("it is ours");
    if fs::File::open(here.0.join("bars.parquet")).is_ok() {
        println!("skipped: who may read everything cannot be refused");
        return;
    }
    here.gbc(&RUN).complains(3, "reading it is not allowed");
}

#[cfg(target_os = "linux")]
#[test]
fn a_checked_fault_ends_with_four_and_keeps_what_was_played() {
    let here = ready("fault");
    let grows = "strategy Grows\n\nmarket es\n\nlet b     = es.bars(1m)\nlet n @ b = prev * 1_000 else 1\n\ntarget es = if n > 0 { 1 } else { 0 }\n";
    here.write("grows.gbs", grows);
    let ran = here.gbc(&["run", "grows.gbs", "--data", "bars.parquet", "--out", "made"]).ends(4);
    assert!(ran.err.contains("grows.gbs:6:13: a whole number left the range of 64 bits, at 2025-"), "{}", ran.err);
    assert_eq!(here.names("made"), FILES);
    let fills = here.json("made/report.json")["summary"]["fills"].as_u64();
    assert_eq!(fills, Some(1), "the fill before the fault is kept");
}

#[test]
fn a_full_disk_is_said_plainly() {
    let here = ready("full");
    for args in [&["check", "rising.gbs"][..], &["test", "rising.gbs"], &RUN, &["explain", "E0520"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let mut command = here.command(args);
        let output = command.stdout(full).output().expect("gbc can be started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{args:?}: {said}");
        assert!(said.contains("cannot write to standard output"), "{args:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let here = ready("pipe");
    let ast = repository("examples/ema_cross.gbs").display().to_string();
    let mut command = here.command(&["emit", "--stage", "ast", &ast]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gbc can be started");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("gbc writes UTF-8");
    let status = child.wait().expect("it ends");
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));
}

#[test]
fn formatting_says_what_it_would_do_and_does_it_once() {
    let here = Folder::new("fmt");
    let untidy = RISING.replace("span = 20", "span   =   20");
    here.write("rising.gbs", &untidy);
    let ran = here.gbc(&["fmt", "--check", "."]).ends(1);
    assert!(ran.out.contains("not in the one style"), "{}", ran.out);
    assert_eq!(here.read("rising.gbs"), untidy.as_bytes());
    here.gbc(&["fmt"]).ends(0);
    assert_eq!(here.read("rising.gbs"), RISING.as_bytes());
    assert_eq!(here.gbc(&["fmt", "--check"]).ends(0).out, "");
    assert_eq!(here.names("."), ["rising.gbs"]);
}

#[test]
fn formatting_reads_standard_input() {
    let here = Folder::new("fmt-input");
    here.write("untidy.gbs", &RISING.replace("span = 20", "span   =   20"));
    let input = || fs::File::open(here.0.join("untidy.gbs")).expect("it was just written");
    let ran = here.ran(here.command(&["fmt", "-"]).stdin(input())).ends(0);
    assert_eq!(ran.out, RISING);
    let ran = here.ran(here.command(&["fmt", "--check", "-"]).stdin(input())).ends(1);
    assert_eq!(ran.out, "");
}

#[test]
fn a_page_is_explained() {
    let here = Folder::new("explain");
    let page = here.gbc(&["explain", "E0520"]).ends(0).out;
    assert!(page.starts_with("# E0520 "), "{page}");
    for asked in ["e0520", "520", "error[E0520]"] {
        assert_eq!(here.gbc(&["explain", asked]).ends(0).out, page, "{asked}");
    }
    let all = here.gbc(&["explain"]).ends(0).out;
    assert!(all.contains("E0520  an expectation does not hold\n"), "{all}");
    let some = here.gbc(&["explain", "expectation"]).ends(0).out;
    assert!(some.contains("E0520  ") && !some.contains("E0001"), "{some}");
}

#[test]
fn each_stage_can_be_seen() {
    let here = Folder::new("emit");
    here.write("rising.gbs", RISING);
    for (stage, word) in [("ast", "param"), ("hir", "span"), ("flow", "window")] {
        let ran = here.gbc(&["emit", "--stage", stage, "rising.gbs"]).ends(0);
        assert!(ran.out.contains(word) || ran.out.contains("mean"), "{stage}: {}", ran.out);
        assert_eq!(here.gbc(&["emit", "--stage", stage, "rising.gbs"]).out, ran.out);
    }
    here.gbc(&["emit", "--stage", "asm", "rising.gbs"]).ends(2);
    here.write("broken.gbs", "strategy A\nlet = 3\n");
    here.gbc(&["emit", "--stage", "ast", "broken.gbs"]).ends(0);
}

#[test]
fn a_sound_strategy_has_its_proof_sheet() {
    let here = Folder::new("proof");
    here.write("rising.gbs", RISING);
    let ran = here.gbc(&["check", "rising.gbs"]).ends(0);
    for words in ["no look-ahead", "20 × es.bars(1m)", "param span", "reaches orders"] {
        assert!(ran.out.contains(words), "{words:?} is missing: {}", ran.out);
    }
    let proof: Value = serde_json::from_str(&here.gbc(&["check", "rising.gbs", "--format", "json"]).ends(0).out)
        .expect("one JSON object");
    has_keys(
        &proof,
        &[
            "file",
            "sound",
            "reads",
            "warmUp",
            "settles",
            "memoryBytes",
            "memoryOf",
            "operations",
            "params",
            "sweep",
            "tests",
            "warnings",
            "cannotRun",
        ],
    );
    has_keys(&proof["params"][0], &["name", "value", "range", "reaches", "reachesOrders", "feedback"]);
    has_keys(&proof["sweep"], &["values", "combinations", "allowed", "shared"]);
    has_keys(&proof["sweep"]["shared"][0], &["params", "operations", "times"]);
    assert_eq!(proof["sweep"]["combinations"], 46);
}

#[test]
fn the_front_page_shows_the_proof_sheet_as_it_is() {
    let here = Folder::new("front-page");
    let mut command = here.command(&["check", "examples/ema_cross.gbs"]);
    let sheet = here.ran(command.current_dir(repository(""))).ends(0).out;
    let page = fs::read_to_string(repository("README.md")).expect("the front page is there");
    assert!(page.contains(&format!("```text\n{sheet}```")), "README.md does not show this:\n{sheet}");
}

#[test]
fn the_sheet_says_to_which_ticks_prices_go() {
    let here = Folder::new("snaps");
    let sheet = here.command(&["check", "examples/breakout.gbs"]).current_dir(repository("")).output();
    let sheet = String::from_utf8(sheet.expect("gbc can be started").stdout).expect("it is text");
    let row =
        "snaps         es trade long: enter stop `hi + 1 tick` up, stop `lo - 1 tick` down, take `reward * R` outward";
    assert!(sheet.contains(row), "{sheet}");
    assert!(sheet.contains("              es trade short: enter stop `lo - 1 tick` down"), "{sheet}");
}

#[test]
fn what_checks_and_cannot_run_is_refused_before_any_data_is_read() {
    let here = Folder::new("cannot-run");
    let source = "strategy S\nmarket es\nlet b = es.bars(5m)\ntrade es long {\n  enter when b.close > b.open\n  stop  8 ticks\n  \
                  via   twap(10m, every 30s)\n}\nrisk { max position 3 }\ntest \"t\" {\n  bars es 5m : 1 2\n  expect es.orders == 0\n}\n";
    here.write("s.gbs", source);
    let checked = here.gbc(&["check", "s.gbs"]);
    assert_eq!(checked.code, Some(0), "{}", checked.out);
    assert!(checked.out.contains("checks; this version cannot run: via"), "{}", checked.out);
    for command in [&["run", "s.gbs", "--data", "missing.parquet"][..], &["test", "s.gbs"]] {
        let ran = here.gbc(command);
        assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
        let said = ran.out + &ran.err;
        assert!(said.contains("E0903") && said.contains("`via` is checked") && said.contains("s.gbs:7:3"), "{said}");
    }
}

#[test]
fn a_target_that_is_worked_is_refused_at_the_word_that_no_engine_runs() {
    let here = Folder::new("worked-target");
    let target = "target es = if b.close > b.open { 1 } else { 0 } via twap(10m, every 30s)";
    here.write("s.gbs", &format!("strategy S\nmarket es\nlet b = es.bars(5m)\n{target}\n"));
    let checked = here.gbc(&["check", "s.gbs"]).ends(0);
    assert!(checked.out.contains("checks; this version cannot run: via"), "{}", checked.out);
    let ran = here.gbc(&["run", "s.gbs", "--data", "missing.parquet"]).ends(1);
    let said = ran.out + &ran.err;
    assert!(said.contains("E0903") && said.contains("`via` is checked") && said.contains("s.gbs:4:50"), "{said}");
    assert!(said.contains("leave `via` out"), "{said}");
}

#[test]
fn diagnostics_as_json_have_every_key_of_the_contract() {
    let here = Folder::new("json");
    here.write("bad.gbs", &RISING.replace("b.close >", "b.closs >").replace("span)", "spam)"));
    let ran = here.gbc(&["check", "bad.gbs", "--format", "json"]).ends(1);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect();
    assert_eq!(lines.len(), 2, "{}", ran.out);
    let place = ["line", "column", "endLine", "endColumn"];
    for line in &lines {
        has_keys(line, &["code", "severity", "message", "file", "labels", "help", "fix"]);
        has_keys(line, &place);
        for label in line["labels"].as_array().expect("a list") {
            has_keys(label, &place);
            has_keys(label, &["text"]);
        }
        for edit in line["fix"].as_array().expect("a list") {
            has_keys(edit, &place);
            has_keys(edit, &["newText"]);
        }
    }
    assert_eq!((&lines[0]["line"], &lines[0]["column"]), (&Value::from(8), &Value::from(18)));
    assert_eq!(lines[0]["fix"][0]["newText"], "close");
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let here = Folder::new("synth");
    for (kind, extension) in [("bars", "parquet"), ("bars", "csv"), ("l1", "parquet"), ("l1", "csv")] {
        let made = |seed: &str, name: &str| {
            let name = format!("{name}.{extension}");
            here.gbc(&["data", "synth", "--kind", kind, "--events", "500", "--seed", seed, "--out", &name]).ends(0);
            here.read(&name)
        };
        assert!(made("7", "a") == made("7", "b"), "{kind} as {extension}");
        assert!(made("7", "a") != made("8", "c"), "{kind} as {extension}");
        let name = format!("a.{extension}");
        let ran = here.gbc(&["data", "inspect", &name]).ends(0);
        assert!(ran.out.contains("500 rows, sound") && ran.out.contains("from 2025-06-02"), "{}", ran.out);
        assert!(here.gbc(&["data", "check", &name]).ends(0).out.contains("500 rows, sound"));
    }
    here.gbc(&["data", "synth", "--kind", "l1", "--events", "5", "--out", "a.txt"]).complains(3, "must end in");
    assert!(!here.names(".").iter().any(|name| name.contains(".part")));
}

#[test]
fn a_piece_of_the_data_is_that_piece() {
    let here = ready("piece");
    here.gbc(&run(&["--out", "made", "--from", "2025-06-03", "--to", "2025-06-04", "--quiet"])).ends(0);
    let dataset = here.json("made/report.json")["dataset"].clone();
    let day = 1_748_908_800_000_i64;
    let [start, end] = ["startTs", "endTs"].map(|key| dataset[key].as_i64().expect("a time"));
    assert!(day <= start && end <= day + 86_400_000, "{dataset}");
    assert!(dataset["bars"].as_i64().expect("a count") < 500);
}

#[test]
fn several_markets_are_bound_by_name() {
    let here = ready("several");
    let two =
        RISING.replace("market es\n", "market es\nmarket zn\n").replace("target es", "target zn = 0\n\ntarget es");
    here.write("two.gbs", &two);
    here.gbc(&["run", "two.gbs", "--data", "bars.parquet"]).complains(2, "for which market?");
    here.gbc(&["run", "two.gbs", "--data", "es=bars.parquet"]).complains(2, "no data for market `zn`");
    let args = ["run", "two.gbs", "--data", "es=bars.parquet", "--data", "zn=bars.parquet", "--out", "a", "--quiet"];
    here.gbc(&args).ends(0);
    let turned = ["run", "two.gbs", "--data", "zn=bars.parquet", "--data", "es=bars.parquet", "--out", "b", "--quiet"];
    here.gbc(&turned).ends(0);
    let hash = |run: &str| here.json(&format!("{run}/report.json"))["resultHash"].clone();
    assert_eq!(hash("a"), hash("b"));
}
