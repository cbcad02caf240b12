//! The server as an editor sees it: real messages through a pipe, and what comes back.

mod editor;

use std::path::PathBuf;

use editor::{Editor, MINE, conversation};
use gbc_lsp::Ending;
use serde_json::{Value, json};

fn examples() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let sources = paths.filter(|path| path.extension().is_some_and(|extension| extension == "gbs"));
    let named = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let all: Vec<_> = sources.map(|path| (named(&path), std::fs::read_to_string(path).unwrap())).collect();
    assert!(all.len() >= 3, "{all:?}");
    all
}

fn errors(diagnostics: &[Value]) -> Vec<&Value> {
    diagnostics.iter().filter(|diagnostic| diagnostic["severity"] == 1).collect()
}

const SOUND: &str = "strategy S\nmarket es\nlet b = es.bars(5m)\n\
    target es = if b.close > b.open { 1 } else { 0 } // \u{1f600}\n";

#[test]
fn examples_have_no_errors_and_are_formatted_as_by_the_formatter() {
    let ending = conversation(async |editor: &mut Editor| {
        editor.start(&["utf-16"]).await;
        for (name, text) in examples() {
            // Untidied, so that there is something to do.
            let text = text.replace(" = ", "  =").replace('\n', " \n\n\n");
            let diagnostics = editor.open(&name, &text).await;
            assert!(errors(&diagnostics).is_empty(), "{name}: {diagnostics:?}");
            let options = json!({ "options": { "tabSize": 2, "insertSpaces": true } });
            let edits = editor.ask("textDocument/formatting", options).await;
            assert_ne!(edits, json!([]));
            assert_eq!(editor.applied(&edits), gbc_syntax::format(&text), "{name}");
        }
        editor.stop().await;
    });
    assert_eq!(ending, Ending::Agreed);
}

#[test]
fn a_mistake_is_found_where_the_editor_counts_it() {
    let text = "// \u{e9}\u{1f600}\nstrategy S \"\u{e9}\u{1f600}\" oops\nmarket es\ntarget es = 1\n";
    for (offered, chosen, column) in [
        (vec!["utf-16"], "utf-16", "strategy S \"e--\" ".len()),
        (vec!["utf-16", "utf-8"], "utf-8", "strategy S \"ee----\" ".len()),
        (vec![], "utf-16", "strategy S \"e--\" ".len()),
    ] {
        conversation(async |editor: &mut Editor| {
            let abilities = editor.start(&offered).await;
            assert_eq!(abilities["positionEncoding"], chosen);
            assert!(errors(&editor.open("a.gbs", SOUND).await).is_empty());
            let diagnostics = editor.change(text).await;
            let start = json!({ "line": 1, "character": column });
            let end = json!({ "line": 1, "character": column + "oops".len() });
            assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
            assert_eq!(diagnostics[0]["range"], json!({ "start": start, "end": end }));
            assert_eq!((&diagnostics[0]["source"], &diagnostics[0]["code"]), (&json!("gbc"), &json!("E0001")));
            assert_eq!(editor.close().await, Vec::<Value>::new());
            editor.stop().await;
        });
    }
}

#[test]
fn a_repair_mends_the_text() {
    conversation(async |editor: &mut Editor| {
        editor.start(&[]).await;
        let diagnostics = editor.open("a.gbs", &SOUND.replace("b.open", "b.opne")).await;
        let found = errors(&diagnostics);
        assert_eq!(found.len(), 1, "{diagnostics:?}");
        let asked = json!({ "range": found[0]["range"], "context": { "diagnostics": found } });
        let actions = editor.ask("textDocument/codeAction", asked).await;
        assert_eq!((&actions[0]["kind"], &actions[0]["diagnostics"][0]), (&json!("quickfix"), found[0]));
        let mended = editor.applied(&actions[0]["edit"]["changes"][editor.uri()]);
        assert_eq!(mended, SOUND);
        assert!(errors(&editor.change(&mended).await).is_empty());
        let refactors = json!({ "range": found[0]["range"], "context": { "diagnostics": [], "only": ["refactor"] } });
        assert_eq!(editor.ask("textDocument/codeAction", refactors).await, json!([]));
        editor.stop().await;
    });
}

#[test]
fn names_answer() {
    let (name, text) = examples().into_iter().find(|(name, _)| name == "ema_cross.gbs").unwrap();
    conversation(async |editor: &mut Editor| {
        editor.start(&[]).await;
        editor.open(&name, &text).await;
        let read = editor.place("if up", 3);
        let hover = editor.ask("textDocument/hover", json!({ "position": read })).await;
        let shown = hover["contents"]["value"].as_str().unwrap();
        assert!(shown.contains("- changes with every 5m bar of `es`\n"), "{shown}");
        assert!(shown.contains("- warm-up: 40 5m bars of `es`, with parameters as written\n"), "{shown}");
        assert_eq!(hover["range"]["start"], read);
        let definition = editor.ask("textDocument/definition", json!({ "position": read })).await;
        assert_eq!(definition["range"]["start"], editor.place("let up", 4));
        assert_eq!(definition["uri"], editor.uri());
        let symbols = editor.ask("textDocument/documentSymbol", json!({})).await;
        let names: Vec<_> = symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
        assert_eq!(names[..7], ["EmaCross", "es", "fast", "slow", "b", "up", "target es"]);
        let nothing = editor.ask("textDocument/hover", json!({ "position": { "line": 999, "character": 0 } })).await;
        assert_eq!(nothing, Value::Null);
        editor.stop().await;
    });
}

const USES: &str = "strategy S\nuse ./mine { half as f }\nmarket es\nlet b = es.bars(5m)\n\
    let m = ema(f(b.close), 3)\ntarget es = if m > b.close else false { 1 } else { 0 }\n";

#[test]
fn names_lead_into_libraries_and_into_the_standard_library() {
    conversation(async |editor: &mut Editor| {
        editor.start(&[]).await;
        assert_eq!(editor.open("s.gbs", USES).await, Vec::<Value>::new());
        let at = json!({ "position": editor.place("f(b", 0) });
        let definition = editor.ask("textDocument/definition", at.clone()).await;
        assert_eq!(definition["uri"], "file:///mine.gbs");
        assert_eq!(definition["range"]["start"], json!({ "line": 3, "character": 7 }));
        let hover = editor.ask("textDocument/hover", at).await;
        assert!(hover["contents"]["value"].as_str().unwrap().contains("Half of it."), "{hover}");
        let at = json!({ "position": editor.place("ema(f", 0) });
        let definition = editor.ask("textDocument/definition", at).await;
        assert_eq!(definition["uri"], "file:///cache/std/averages.gbs");
        let diagnostics = editor.change(&USES.replace("./mine", "./mien")).await;
        assert_eq!(errors(&diagnostics)[0]["code"], "E0601");
        assert!(errors(&diagnostics)[0]["message"].as_str().unwrap().contains("did you mean `./mine`?"));
        editor.stop().await;
    });
}

#[test]
fn an_open_library_counts_as_it_stands_in_the_editor() {
    conversation(async |editor: &mut Editor| {
        editor.start(&[]).await;
        let uses = USES.replace("./mine { half as f }", "./other { own as f }");
        assert_eq!(editor.open("s.gbs", &uses).await, Vec::<Value>::new());
        editor.open("mine.gbs", &MINE.replace("x / 2", "y / 2")).await;
        let news = editor.news().await;
        assert_eq!((&news["uri"], &news["diagnostics"][0]["code"]), (&json!("file:///s.gbs"), &json!("E0608")));
        editor.close().await;
        let news = editor.news().await;
        assert_eq!((&news["uri"], &news["diagnostics"]), (&json!("file:///s.gbs"), &json!([])));
        editor.stop().await;
    });
}

#[test]
fn the_last_of_many_quick_edits_has_the_last_word() {
    conversation(async |editor: &mut Editor| {
        editor.start(&[]).await;
        editor.open("a.gbs", SOUND).await;
        let texts: Vec<String> = (0..40).map(|n| SOUND.replace("1 }", &format!("{} }}", "x".repeat(n % 2)))).collect();
        for text in &texts {
            editor.send_change(text).await;
        }
        editor.send_change(SOUND).await;
        let mut last = 0;
        while last < editor.version() {
            let news = editor.news().await;
            let version = news["version"].as_i64().unwrap();
            assert!(version > last, "{version} after {last}");
            last = version;
            let broken = errors(news["diagnostics"].as_array().unwrap()).is_empty();
            assert_eq!(broken, last == editor.version(), "version {last}: {news}");
        }
        editor.stop().await;
    });
}

#[test]
fn an_editor_that_goes_away_or_babbles_does_no_harm() {
    let ending = conversation(async |editor: &mut Editor| {
        editor.start(&[]).await;
        let start = json!({ "position": { "line": 0, "character": 0 } });
        let nothing = editor.ask_about("file:///unknown.gbs", "textDocument/hover", start).await;
        assert_eq!(nothing["result"], Value::Null);
        let unknown = editor.ask_about("file:///unknown.gbs", "textDocument/dance", json!({})).await;
        assert_eq!(unknown["error"]["code"], -32601);
        assert!(errors(&editor.open("a.gbs", SOUND).await).is_empty());
    });
    assert_eq!(ending, Ending::Broken);
}
