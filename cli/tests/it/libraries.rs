//! Libraries on the disk, through the binary: where a `use` leads, what stops it, and what a run keeps of them.

use std::fs;

use crate::world::{Folder, Ran, repository};

const MINE: &str = "library Mine\nuse ./deep/below { half }\npub fn quarter(x) = half(own(x))\n\
                    fn own(x) = half(x)\npub fn steps(x, n) = mean(x, n)\n";
const BELOW: &str = "library Below\npub fn half(x) = x / 2\nfn own(x) = x\n";

/// A strategy that takes `taken` from `path`.
fn using(path: &str, taken: &str) -> String {
    format!(
        "strategy Uses\nuse {path} {{ {taken} as f }}\nmarket es\nlet b = es.bars(1m)\n\
         target es = if f(b.close) > 20 {{ 1 }} else {{ 0 }}\n"
    )
}

fn ready(name: &str) -> Folder {
    let here = Folder::new(name);
    fs::create_dir_all(here.0.join("deep")).unwrap();
    here.write("mine.gbs", MINE);
    here.write("deep/below.gbs", BELOW);
    here
}

/// What `gbc check` says of a strategy that takes `taken` from `path`.
fn checked(here: &Folder, path: &str, taken: &str) -> Ran {
    here.write("s.gbs", &using(path, taken));
    here.gbc(&["check", "s.gbs"])
}

#[track_caller]
fn refused(ran: Ran, words: &[&str]) {
    let ran = ran.ends(1);
    words.iter().for_each(|word| assert!(ran.out.contains(word), "{word:?} is missing: {}", ran.out));
    assert_eq!(ran.out.matches("error[").count(), 1, "one mistake, one message: {}", ran.out);
}

#[test]
fn a_library_sees_its_own_names_and_those_it_takes() {
    let here = ready("libraries-names");
    checked(&here, "./mine", "quarter").ends(0);
    refused(checked(&here, "./mine", "own"), &["E0602", "`own` of `./mine` is private"]);
    refused(checked(&here, "./mine", "half"), &["E0602", "the library `./mine` has no `half`"]);
    refused(checked(&here, "./mine", "quartr"), &["E0602", "did you mean `quarter`?"]);
}

#[test]
fn a_library_offers_enums_and_records() {
    let here = Folder::new("libraries-kinds");
    here.write("below.gbs", "library Below\npub enum Phase { Watch, Armed }\nenum Own { Here }\n");
    here.write(
        "mine.gbs",
        "library Mine\nuse ./below { Phase as P }\npub record Band { phase: P, up: price, down: price }\n\
         pub fn band(x, by: price) -> Band = Band(phase = if x > prev.up { P.Armed } else { P.Watch } else P.Watch, up = x + by, down = x - by)\n\
         pub fn width(c: Band) = c.up - c.down\n",
    );
    let strategy = |taken: &str, phase: &str, band: &str| {
        let text = format!(
            "strategy S\nuse ./mine {{ {taken}, band, width }}\nuse ./below {{ {phase} }}\nmarket es\nlet b = es.bars(1m)\n\
             let c = {band}\ntarget es = if c.phase == Phase.Armed and width(c) > 1 {{ 1 }} else {{ 0 }}\n"
        );
        here.write("s.gbs", &text);
        here.gbc(&["check", "s.gbs"])
    };
    let made =
        "if b.close > b.open { Band(phase = Phase.Watch, up = b.high, down = b.low) } else { band(b.open, by = 1) }";
    refused(strategy("Band", "Phase", made), &["E0330"]);
    let made = "Band(phase = Phase.Watch, up = b.high, down = b.low) else Band(phase = Phase.Armed, up = 2, down = 1)";
    strategy("Band", "Phase", &format!("{made} else band(b.open, by = 1)")).ends(0);
    refused(
        strategy("Band", "Phase", "Band(phase = Watch, up = 2, down = 1)"),
        &["E0201", "`Watch` is not known here"],
    );
    refused(strategy("Bond", "Phase", "band(b.open, 1)"), &["E0602", "did you mean `Band`?"]);
    refused(
        strategy("Band", "Phase, Own", "Band(phase = Phase.Watch, up = 2, down = 1)"),
        &["E0602", "`Own` of `./below` is private"],
    );
    refused(
        strategy("Band as B", "Phase", "Band(phase = Phase.Watch, up = 2, down = 1)"),
        &["E0204", "no function `Band`"],
    );
}

#[test]
fn what_goes_wrong_inside_is_shown_at_the_call() {
    let here = ready("libraries-blame");
    here.write("s.gbs", "strategy S\nuse ./mine { steps }\nmarket es\nlet b = es.bars(1m)\nparam n = 3\ntarget es = if steps(b.close, b.close) > 2 { 1 } else { 0 }\n");
    let ran = here.gbc(&["check", "s.gbs"]).ends(1);
    assert!(ran.out.contains("s.gbs:6:"), "{}", ran.out);
}

#[test]
fn paths_lead_where_the_page_says() {
    let here = ready("libraries-paths");
    fs::create_dir_all(here.0.join("lib/acme")).unwrap();
    here.write("lib/acme/carry@1.3.gbs", BELOW);
    checked(&here, "acme/carry@1.3", "half").ends(0);
    refused(checked(&here, "acme/carry@1.2", "half"), &["E0601", "did you mean `acme/carry@1.3`?"]);
    refused(checked(&here, "./mien", "quarter"), &["E0601", "there is no library `./mien`"]);
    fs::create_dir_all(here.0.join("mine2.gbs")).unwrap();
    refused(checked(&here, "./mine2", "quarter"), &["E0601", "this is a folder, not a file"]);
}

#[test]
fn nothing_outside_the_project_is_read() {
    let here = ready("libraries-outside");
    here.write("deep/s.gbs", &using("../mine", "quarter"));
    refused(here.gbc(&["check", "deep/s.gbs"]), &["E0605", "`../mine` leads out of the project"]);
    here.write("gbs.toml", "");
    here.gbc(&["check", "deep/s.gbs"]).ends(0);
    refused(checked(&here, "../mine", "quarter"), &["E0605"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_refused() {
    let here = ready("libraries-links");
    std::os::unix::fs::symlink(here.0.join("mine.gbs"), here.0.join("deep/link.gbs")).unwrap();
    here.write("deep/s.gbs", &using("./link", "quarter"));
    refused(here.gbc(&["check", "deep/s.gbs"]), &["E0605"]);
}

#[test]
fn circles_strategies_and_broken_libraries_are_named() {
    let here = ready("libraries-wrong");
    here.write("a.gbs", "library A\nuse ./b { g }\npub fn f(x) = g(x)\n");
    here.write("b.gbs", "library B\nuse ./a { f }\npub fn g(x) = f(x)\n");
    refused(checked(&here, "./a", "f"), &["E0604", "`./a` → `./b` → `./a`"]);
    here.write("other.gbs", "strategy Other\nmarket es\ntarget es = 1\n");
    refused(checked(&here, "./other", "f"), &["E0607", "`./other` is a strategy"]);
    here.write("deep/below.gbs", "library Below\n\npub fn half(x) = y / 2\n");
    refused(checked(&here, "./mine", "quarter"), &["E0608", "below.gbs, line 3: `y` is not known here"]);
}

#[test]
fn libraries_are_bounded_in_number_and_depth() {
    let here = Folder::new("libraries-bounds");
    for n in 0..40 {
        here.write(&format!("l{n}.gbs"), &format!("library L\nuse ./l{} {{ f }}\npub fn f(x) = x\n", n + 1));
    }
    here.write("l40.gbs", "library L\npub fn f(x) = x\n");
    refused(checked(&here, "./l0", "f"), &["E0606"]);
    let uses: String = (0..70).map(|n| format!("use ./m{n} {{ f as f{n} }}\n")).collect();
    for n in 0..70 {
        here.write(&format!("m{n}.gbs"), "library M\npub fn f(x) = x\n");
    }
    here.write("s.gbs", &format!("strategy S\n{uses}market es\ntarget es = 1\n"));
    let ran = here.gbc(&["check", "s.gbs"]).ends(1);
    assert!(ran.out.contains("E0606"), "{}", ran.out);
}

#[test]
fn a_run_keeps_the_hashes_and_its_name_hangs_on_them() {
    let here = ready("libraries-run");
    here.write("s.gbs", &using("./mine", "quarter"));
    here.bars("bars.parquet", 500);
    let run = |out: &str| {
        here.gbc(&["run", "s.gbs", "--data", "bars.parquet", "--out", out]).ends(0);
        here.json(&format!("{out}/manifest.json"))
    };
    let first = run("first");
    let names: Vec<&str> =
        first["libraries"].as_array().unwrap().iter().map(|library| library["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["deep/below.gbs", "mine.gbs"]);
    assert_eq!(run("again")["runId"], first["runId"]);
    here.write("deep/below.gbs", &format!("// the same functions\n{BELOW}"));
    assert_ne!(run("other")["runId"], first["runId"]);
}

#[test]
fn the_momentum_of_the_design_checks_with_its_library() {
    let here = Folder::new("libraries-design");
    let path = repository("tests/design/momentum.gbs");
    let ran = here.gbc(&["check", path.to_str().unwrap()]).ends(0);
    assert!(ran.out.contains("sound"), "{}", ran.out);
}
