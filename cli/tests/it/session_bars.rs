//! Bars of sessions, fed by bars that cannot be cut where a session opens and closes.

use crate::world::Folder;

/// Bars of so many minutes from midnight on, as text.
fn write_bars(here: &Folder, name: &str, minutes: usize, count: usize) {
    let row = |index: usize| {
        let minute = index * minutes;
        let (day, hour) = (4 + minute / 1440, minute / 60 % 24);
        format!("2024-03-{day:02}T{hour:02}:{:02}:00Z,{p},{p},{p},{p},10\n", minute % 60, p = 100 + index)
    };
    let rows: String = (0..count).map(row).collect();
    here.write(name, &format!("ts,open,high,low,close,volume\n{rows}"));
}

fn strategy(session: &str) -> String {
    let declared = "session day = 09:30..15:30 in \"UTC\"\n";
    let rule = "let d = es.bars(1d)";
    format!(
        "strategy S\nmarket es\n{declared}{rule} in {session}\ntarget es = if d.close > d.open {{ 1 }} else {{ 0 }}\n"
    )
}

#[test]
fn bars_that_no_session_can_be_cut_from_are_refused_before_the_run() {
    let here = Folder::new("coarse-sessions");
    here.write("s.gbs", &strategy("es.rth"));
    for (name, minutes, held) in [("day.csv", 1440, "1d"), ("hour.csv", 60, "1h")] {
        write_bars(&here, name, minutes, 20);
        let ran = here.gbc(&["run", "s.gbs", "--data", name, "--stamp", "open", "--instrument", "ES"]);
        let words = format!("`1d in es.rth` cannot be made of bars of {held}");
        let ran = ran.complains(1, &words);
        assert!(ran.err.contains("E0363") && ran.err.contains("s.gbs:5:16"), "{}", ran.err);
        assert!(!here.names(".").contains(&"runs".to_owned()), "nothing was run");
    }
}

#[test]
fn a_bar_that_lies_across_an_opening_stops_the_run() {
    let here = Folder::new("crossing-sessions");
    here.write("s.gbs", &strategy("day"));
    write_bars(&here, "hour.csv", 60, 30);
    let run = |data: &str| here.gbc(&["run", "s.gbs", "--data", data, "--stamp", "open", "--instrument", "ES"]);
    run("hour.csv").complains(4, "a bar of 1h lies across the opening or the close of `day`");
    run("hour.csv").complains(4, "2024-03-04T10:00:00Z");
    write_bars(&here, "half.csv", 30, 48);
    run("half.csv").ends(0);
}
