//! `gbs.lock` and `gbc add`, through the binary: what is pinned, what is refused, and what comes along.

use std::fs;

use crate::world::Folder;

const CARRY: &str = "library Carry\nuse ./parts { half }\npub fn quarter(x) = half(half(x))\nfn own(x) = x\n";
const PARTS: &str = "library Parts\npub fn half(x) = x / 2\n";

/// A strategy that takes `quarter` from `acme/carry` in these versions.
fn using(versions: &[&str]) -> String {
    let uses =
        versions.iter().enumerate().map(|(n, version)| format!("use acme/carry@{version} {{ quarter as f{n} }}\n"));
    let calls: Vec<String> = (0..versions.len()).map(|n| format!("f{n}(b.close)")).collect();
    format!(
        "strategy Uses\n{}market es\nlet b = es.bars(1m)\ntarget es = if {} > 20 {{ 1 }} else {{ 0 }}\n",
        uses.collect::<String>(),
        calls.join(" + ")
    )
}

/// A project, and beside it a shelf with a library in two files.
fn ready(name: &str) -> Folder {
    let here = Folder::new(name);
    fs::create_dir_all(here.0.join("shelf/acme")).unwrap();
    fs::create_dir_all(here.0.join("project")).unwrap();
    here.write("shelf/acme/carry@1.3.gbs", CARRY);
    here.write("shelf/acme/parts.gbs", PARTS);
    here.write("project/gbs.toml", "");
    here.write("project/s.gbs", &using(&["1.3"]));
    here
}

fn project(here: &Folder) -> Folder {
    Folder(here.0.join("project"))
}

fn lock(here: &Folder) -> String {
    String::from_utf8(here.read("project/gbs.lock")).unwrap()
}

const BOTH: [&str; 2] = ["lib/acme/carry@1.3.gbs", "lib/acme/parts.gbs"];

#[test]
fn a_library_comes_with_what_it_uses_and_is_pinned() {
    let here = ready("lock-add");
    let project = project(&here);
    let ran = project.gbc(&["add", "../shelf/acme/carry@1.3"]).ends(0);
    assert!(
        ran.out.contains("added acme/carry@1.3") && ran.out.contains("use acme/carry@1.3 { quarter }"),
        "{}",
        ran.out
    );
    for file in BOTH {
        let text = project.read(file);
        assert_eq!(text, here.read(&file.replace("lib/", "shelf/")));
        let pinned =
            lock(&here).lines().find_map(|line| Some(line.split_once(&format!("{file}\" = \"sha256:"))?.1.to_owned()));
        assert_eq!(pinned.unwrap().trim_end_matches('"').len(), 64, "{}", lock(&here));
    }
    let before = lock(&here);
    let ran = project.gbc(&["check", "s.gbs"]).ends(0);
    assert!(!ran.err.contains("gbs.lock"), "nothing new to pin: {}", ran.err);
    project.gbc(&["add", "../shelf/acme/carry@1.3.gbs"]).ends(0);
    assert_eq!(lock(&here), before);
}

#[test]
fn the_first_sound_use_pins_and_a_broken_one_does_not() {
    let here = ready("lock-use");
    let project = project(&here);
    fs::create_dir_all(project.0.join("lib/acme")).unwrap();
    project.write("lib/acme/carry@1.3.gbs", CARRY);
    project.write("lib/acme/parts.gbs", PARTS);
    project.write("broken.gbs", &format!("{}let x = y\n", using(&["1.3"])));
    project.gbc(&["check", "broken.gbs"]).ends(1);
    assert!(!project.0.join("gbs.lock").exists());
    let ran = project.gbc(&["check", "s.gbs"]).ends(0);
    assert!(
        ran.err.contains("`gbs.lock` pins `lib/acme/carry@1.3.gbs`, `lib/acme/parts.gbs` from now on"),
        "{}",
        ran.err
    );
    assert_eq!(project.gbc(&["check", "s.gbs"]).ends(0).err, "");
    assert_eq!(BOTH.map(|file| lock(&here).matches(file).count()), [1, 1]);
}

#[test]
fn a_text_that_changed_is_refused_wherever_it_stands() {
    let here = ready("lock-changed");
    let project = project(&here);
    project.gbc(&["add", "../shelf/acme/carry@1.3"]).ends(0);
    let before = lock(&here);
    for (file, text) in [(BOTH[0], CARRY), (BOTH[1], PARTS)] {
        project.write(file, &format!("{text}// mended\n"));
        let ran = project.gbc(&["check", "s.gbs"]).ends(1);
        assert_eq!(ran.out.matches("error[").count(), 1, "one mistake, one message: {}", ran.out);
        for words in ["E0609", &format!("`{file}` has changed"), "pinned: sha256 ", "found:  sha256 "] {
            assert!(ran.out.contains(words), "{words}: {}", ran.out);
        }
        project.write(file, text);
    }
    assert_eq!(lock(&here), before, "a refusal pins nothing");
    project.gbc(&["check", "s.gbs"]).ends(0);
    fs::remove_file(project.0.join(BOTH[0])).unwrap();
    let ran = project.gbc(&["check", "s.gbs"]).ends(1);
    assert!(ran.out.contains("E0601") && ran.out.contains("`gbs.lock` pins one that was there"), "{}", ran.out);
}

#[test]
fn what_a_project_wrote_itself_is_free_to_change() {
    let here = ready("lock-own");
    let project = project(&here);
    project.write("mine.gbs", PARTS);
    project.write("s.gbs", &using(&["1.3"]).replace("acme/carry@1.3 { quarter", "./mine { half"));
    project.gbc(&["check", "s.gbs"]).ends(0);
    project.write("mine.gbs", &format!("{PARTS}// mended\n"));
    project.gbc(&["check", "s.gbs"]).ends(0);
    assert!(!project.0.join("gbs.lock").exists());
}

#[test]
fn two_versions_may_meet_and_that_is_said() {
    let here = ready("lock-versions");
    let project = project(&here);
    project.gbc(&["add", "../shelf/acme/carry@1.3"]).ends(0);
    here.write("shelf/acme/carry@1.4.gbs", CARRY);
    project.gbc(&["add", "../shelf/acme/carry@1.4"]).ends(0);
    project.write("s.gbs", &using(&["1.3", "1.4"]));
    let ran = project.gbc(&["check", "s.gbs"]).ends(0);
    assert!(ran.out.contains("two versions of `acme/carry`: `1.3` and `1.4`"), "{}", ran.out);
    assert_eq!(ran.out.matches("W0113").count(), 1, "{}", ran.out);
    here.write(
        "shelf/acme/trend@2.gbs",
        "library Trend\nuse acme/carry@1.4 { quarter }\npub fn eighth(x) = quarter(x) / 2\n",
    );
    project.gbc(&["add", "../shelf/acme/trend@2"]).ends(0);
    let through = using(&["1.3"])
        .replace("market es", "use acme/trend@2 { eighth }\nmarket es")
        .replace("> 20", "> eighth(b.close)");
    project.write("s.gbs", &through);
    let ran = project.gbc(&["check", "s.gbs"]).ends(0);
    assert!(ran.out.contains("W0113") && ran.out.contains("s.gbs:3:"), "{}", ran.out);
}

#[test]
fn nothing_is_taken_that_is_not_whole() {
    let here = ready("lock-refused");
    let project = project(&here);
    here.gbc(&["add", "shelf/acme/carry@1.3"]).complains(3, "there is no `gbs.toml`");
    project.gbc(&["add", "acme/carry"]).complains(2, "FOLDER/OWNER/NAME@VERSION");
    project.gbc(&["add", "../shelf/acme/carry@9"]).complains(3, "there is no such file");
    here.write("shelf/acme/carry@1.3.gbs", &CARRY.replace("half(half(x))", "hlaf(x)"));
    project.gbc(&["add", "../shelf/acme/carry@1.3"]).complains(1, "did you mean `half`?");
    here.write("shelf/acme/s@1.gbs", "strategy S\nmarket es\ntarget es = 1\n");
    project.gbc(&["add", "../shelf/acme/s@1"]).complains(2, "only libraries can be used");
    assert!(!project.0.join("lib").exists() && !project.0.join("gbs.lock").exists());
    here.write("shelf/acme/carry@1.3.gbs", CARRY);
    project.gbc(&["add", "../shelf/acme/carry@1.3"]).ends(0);
    // A version whose text changed on the shelf: the pin stands.
    here.write("shelf/acme/carry@1.3.gbs", &format!("{CARRY}// mended\n"));
    project.gbc(&["add", "../shelf/acme/carry@1.3"]).complains(3, "is pinned to");
    assert_eq!(project.read(BOTH[0]), CARRY.as_bytes());
    // Another text under a name that nothing pins: it is not overwritten.
    fs::remove_file(project.0.join("gbs.lock")).unwrap();
    project.gbc(&["add", "../shelf/acme/carry@1.3"]).complains(3, "another text lies here");
    assert!(!project.0.join("gbs.lock").exists());
}

#[test]
fn a_lock_that_cannot_be_read_is_named() {
    let here = ready("lock-broken");
    let project = project(&here);
    project.write("gbs.lock", "[libraries]\n\"lib/a.gbs\" = 1\n");
    project.gbc(&["check", "s.gbs"]).complains(3, "gbs.lock: `lib/a.gbs`: a hash is");
    project.gbc(&["add", "../shelf/acme/carry@1.3"]).complains(3, "gbs.lock: `lib/a.gbs`");
    project.write("gbs.lock", "[libraries]\n\"lib/a.gbs\" =");
    project.gbc(&["check", "s.gbs"]).complains(3, "gbs.lock: line 2: ");
}
