//! Runs that pause, are interrupted, and go on: what comes out is what comes out without a pause.

use std::time::Duration;

use gbc_core::Nanos;

use crate::world::{Folder, Ran, repository};

/// Strategies that remember, trade, quote and limit themselves, each with data on which it trades.
fn cases() -> Vec<(&'static str, String, &'static str)> {
    let example = |name: &str| std::fs::read_to_string(repository(name)).expect("the example is there");
    let brackets = "strategy Brackets

market es
let b = es.bars(1m)

trade es long {
  enter stop at b.high while b.close > b.open
  size 2
  stop at b.low - 4
  take 3 * R
  at most 3 per day
}
risk { max loss 900 usd per day then halt for day }
";
    vec![
        ("ticks", example("examples/tick_cross.gbs"), "examples/data/mnq_l1.parquet"),
        ("quotes", example("examples/queue_maker.gbs"), "examples/data/mnq_l1.parquet"),
        ("flow", example("examples/order_flow.gbs"), "examples/data/mnq_l1.parquet"),
        ("brackets", brackets.to_owned(), "examples/data/es_1m.parquet"),
    ]
}

fn folder(name: &str, text: &str) -> Folder {
    let here = Folder::new(name);
    here.write("s.gbs", text);
    // Orders, cancels, answers and rows on their way when it pauses, by chance too, where the data tell anything shorter than
    // a bar.
    let slow = "base = \"strict\"\n[latency]\nfeed = \"3ms\"\nentry = \"40ms\"\ncancel = \"30ms\"\nreply = \"20ms\"\n";
    here.write("slow.toml", &format!("{slow}[jitter]\nfeed = \"2ms\"\nentry = \"9ms\"\n[slippage]\nticks = 1\n"));
    here
}

fn run(here: &Folder, data: &str, more: &[&str]) -> Ran {
    let data = repository(data).display().to_string();
    here.gbc(&[&["run", "s.gbs", "--data", &data, "--exec", "slow.toml", "--quiet"], more].concat())
}

/// Everything that a run leaves, but when it was made.
fn left(here: &Folder, folder: &str) -> Vec<(String, Vec<u8>)> {
    let names = here.names(folder);
    let told = names.into_iter().filter(|name| name.ends_with(".parquet") || name == "report.json");
    told.map(|name| {
        let bytes = here.read(&format!("{folder}/{name}"));
        if name != "report.json" {
            return (name, bytes);
        }
        let mut report: serde_json::Value = serde_json::from_slice(&bytes).expect("a report");
        report["createdAt"] = 0.into();
        (name, report.to_string().into_bytes())
    })
    .collect()
}

/// Ten moments within the run, drawn from a seed.
fn moments(here: &Folder, seed: u64) -> Vec<String> {
    let report = here.json("whole/report.json");
    let [from, to] = ["startTs", "endTs"].map(|end| report["dataset"][end].as_i64().expect("a time") * 1_000_000);
    let mut dice = seed;
    let mut times: Vec<i64> = (0..10)
        .map(|_| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            from + ((u128::from(dice) * (to - from) as u128) >> 64) as i64
        })
        .collect();
    times.sort_unstable();
    times.into_iter().map(text).collect()
}

fn text(time: i64) -> String {
    let (seconds, nanos) = (time.div_euclid(1_000_000_000), time.rem_euclid(1_000_000_000));
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let day = seconds.div_euclid(86_400);
    let first = gbc_core::Nanos(1_748_736_000_000_000_000).0 / 86_400_000_000_000;
    assert!((0..30).contains(&(day - first)), "the data are of June 2025");
    format!("2025-06-{:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}Z", day - first + 1)
}

#[test]
fn ten_pauses_leave_no_trace() {
    assert_eq!(text(Nanos(1_748_871_000_000_000_005).0), "2025-06-02T13:30:00.000000005Z");
    for (name, source, data) in cases() {
        let here = folder(&format!("pauses-{name}"), &source);
        // One of them opens later, warm.
        let from: &[&str] = if name == "flow" { &["--from", "2025-06-02T13:32:00Z"] } else { &[] };
        run(&here, data, &[from, &["--out", "whole"]].concat()).ends(0);
        assert!(here.json("whole/report.json")["orders"].as_array().map_or(0, Vec::len) > 10, "{name} trades");
        let moments = moments(&here, 7);
        run(&here, data, &[from, &["--out", "paused", "--pause-at", &moments[0]]].concat()).ends(0);
        for moment in &moments[1..] {
            here.gbc(&["run", "--resume", "paused", "--pause-at", moment, "--quiet"]).ends(0);
        }
        assert!(here.names("paused").contains(&"checkpoint.bin".to_owned()), "{name} is still on its way");
        here.gbc(&["run", "--resume", "paused", "--quiet"]).ends(0);
        let (whole, paused) = (left(&here, "whole"), left(&here, "paused"));
        for ((file, one), (_, other)) in whole.iter().zip(&paused) {
            assert!(one == other, "{name}: {file} differs");
        }
        assert_eq!(whole.len(), paused.len());
        assert!(!here.names("paused").contains(&"checkpoint.bin".to_owned()), "{name} came to its end");
    }
}

#[test]
fn a_paused_run_says_so_and_is_whole_up_to_there() {
    let (_, source, data) = cases().swap_remove(0);
    let here = folder("pause-says", &source);
    let data = repository(data).display().to_string();
    let at = "2025-06-02T13:45:00Z";
    let paused = here.gbc(&["run", "s.gbs", "--data", &data, "--pause-at", at, "--out", "half"]).ends(0);
    assert!(paused.err.contains(&format!("paused before {at}; `gbc run --resume half` goes on")), "{}", paused.err);
    let report = here.json("half/report.json");
    assert!(report["dataset"]["endTs"].as_i64() < Some(1_748_871_900_000), "{}", report["dataset"]);
    here.gbc(&["run", "s.gbs", "--data", &data, "--to", at, "--out", "short", "--quiet"]).ends(0);
    assert_eq!(report["resultHash"], here.json("short/report.json")["resultHash"]);
    // Whoever asks it of later hears what it had seen when it stood still.
    let asked = |run: &str, at: &str| {
        let told = here.gbc(&["why", run, "--at", at, "--format", "json"]).ends(0).out;
        let told: serde_json::Value = serde_json::from_str(&told).expect("one JSON object");
        told["rules"].clone()
    };
    assert_eq!(asked("half", "2025-06-02T13:50:00Z"), asked("short", "2025-06-02T13:50:00Z"));
    // It goes on into another folder, and the first one stays.
    here.gbc(&["run", "--resume", "half", "--out", "rest", "--quiet"]).ends(0);
    here.gbc(&["run", "s.gbs", "--data", &data, "--out", "whole", "--quiet"]).ends(0);
    let hash = |folder: &str| here.json(&format!("{folder}/report.json"))["resultHash"].clone();
    assert_eq!(hash("rest"), hash("whole"));
    here.gbc(&["run", "--resume", "half", "--quiet"]).ends(0);
    assert_eq!(hash("half"), hash("whole"));
    here.gbc(&["run", "--resume", "half"])
        .complains(3, "there is nothing to go on with: the run in it came to its end");
    here.gbc(&["run", "--resume", "nowhere"]).complains(3, "it is no run");
}

#[test]
fn nothing_goes_on_that_would_be_another_run() {
    let (_, source, _) = cases().swap_remove(3);
    let here = folder("resume-refused", &source);
    here.bars("bars.parquet", 3000);
    let start =
        ["run", "s.gbs", "--data", "bars.parquet", "--out", "half", "--pause-at", "2025-06-03T15:00:00Z", "--quiet"];
    here.gbc(&start).ends(0);
    let resume = ["run", "--resume", "half", "--quiet"];
    here.gbc(&[&resume[..], &["--cash", "5"]].concat()).complains(2, "cannot be used with");
    here.gbc(&["run"]).complains(2, "FILE");
    here.write("s.gbs", &source.replace("size 2", "size 3"));
    here.gbc(&resume).complains(3, "s.gbs has changed since; run it again");
    here.write("s.gbs", &source);
    let (bars, checkpoint) = (here.read("bars.parquet"), here.read("half/checkpoint.bin"));
    here.bars("bars.parquet", 3100);
    here.gbc(&resume).complains(3, "the data in bars.parquet have changed since");
    std::fs::write(here.0.join("bars.parquet"), &bars).expect("it can be written");
    // Of the same program and data, with another parameter: the manifest was meddled with.
    let manifest = String::from_utf8(here.read("half/manifest.json")).expect("it is text");
    here.write("half/manifest.json", &manifest.replace("--cash=100000", "--cash=200000"));
    here.gbc(&resume).complains(3, "checkpoint.bin: this checkpoint is of another run");
    here.write("half/manifest.json", &manifest);
    let keep = |bytes: &[u8]| std::fs::write(here.0.join("half/checkpoint.bin"), bytes).expect("it can be written");
    let mut other = checkpoint.clone();
    other[15] += 1;
    keep(&other);
    here.gbc(&resume).complains(3, "this checkpoint has form 5, and this gbc reads form 4");
    keep(b"not one");
    here.gbc(&resume).complains(3, "this is no checkpoint of a run");
    for cut in [16, 20, 90, checkpoint.len() / 2, checkpoint.len() - 1] {
        keep(&checkpoint[..cut]);
        here.gbc(&resume).complains(3, "this checkpoint is damaged");
    }
    keep(&checkpoint);
    here.gbc(&resume).ends(0);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_it_did_and_goes_on() {
    let (_, source, _) = cases().swap_remove(0);
    let here = folder("interrupted", &source);
    here.gbc(&["data", "synth", "--kind", "l1", "--events", "1500000", "--seed", "5", "--out", "l1.parquet"]).ends(0);
    let args = ["run", "s.gbs", "--data", "l1.parquet", "--quiet", "--out"];
    here.gbc(&[&args[..], &["whole"]].concat()).ends(0);
    let mut command = here.command(&[&args[..], &["stopped"]].concat());
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().expect("gbc can be started");
    std::thread::sleep(Duration::from_millis(400));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let code = child.wait().expect("it ends").code();
    if code == Some(0) {
        println!("skipped: the machine was too fast to interrupt");
        return;
    }
    assert_eq!(code, Some(130));
    assert!(here.json("stopped/report.json")["resultHash"].is_string());
    here.gbc(&["run", "--resume", "stopped", "--quiet"]).ends(0);
    for ((file, one), (_, other)) in left(&here, "whole").iter().zip(&left(&here, "stopped")) {
        assert!(one == other, "{file} differs");
    }
}
