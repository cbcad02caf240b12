//! `gbc lsp` on a real disk: where names lead, and what is found there.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::world::Folder;

/// What the server answers to one question about `s.gbs`.
fn answer(here: &Folder, text: &str, method: &str, position: (u32, u32)) -> Value {
    let file = fs::canonicalize(&here.0).unwrap().join("s.gbs");
    fs::write(&file, text).unwrap();
    let uri = format!("file://{}", file.display());
    let document = json!({ "uri": uri, "languageId": "gbs", "version": 1, "text": text });
    let position = json!({ "line": position.0, "character": position.1 });
    let mut command = here.command(&["lsp"]);
    command.env("XDG_CACHE_HOME", here.0.join("cache"));
    let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = server.stdin.take().unwrap();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    let mut say = |mut message: Value| {
        message["jsonrpc"] = json!("2.0");
        let body = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    };
    say(json!({ "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
    heard(&mut output, 1);
    say(json!({ "method": "initialized", "params": {} }));
    say(json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    say(json!({ "id": 2, "method": method, "params": { "textDocument": { "uri": uri }, "position": position } }));
    let answer = heard(&mut output, 2);
    say(json!({ "id": 3, "method": "shutdown" }));
    heard(&mut output, 3);
    say(json!({ "method": "exit" }));
    assert!(server.wait().unwrap().success());
    answer
}

/// The answer of that number; what else is said is passed over.
fn heard(output: &mut impl BufRead, id: u32) -> Value {
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(output.read_line(&mut head).unwrap() > 0, "the server hung up: {head}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).expect("a length");
        let mut body = vec![0; length.parse().unwrap()];
        output.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        if message["id"] == id {
            return message["result"].clone();
        }
    }
}

const TEXT: &str = "strategy S\nuse acme/carry@1.3 { half }\nmarket es\nlet b = es.bars(1m)\n\
    target es = if ema(half(b.close), 3) > 2 else false { 1 } else { 0 }\n";

fn ready(name: &str) -> Folder {
    let here = Folder::new(name);
    fs::create_dir_all(here.0.join("lib/acme")).unwrap();
    here.write("lib/acme/carry@1.3.gbs", "library Carry\n/// Half of it.\npub fn half(x) = x / 2\n");
    here
}

#[test]
fn a_name_leads_into_the_library_on_the_disk() {
    let here = ready("editor-library");
    let location = answer(&here, TEXT, "textDocument/definition", (4, 20));
    let uri = location["uri"].as_str().unwrap();
    assert!(uri.contains("lib/acme/carry") && uri.ends_with("1.3.gbs"), "{uri}");
    assert_eq!(location["range"]["start"], json!({ "line": 2, "character": 7 }));
    let hover = answer(&here, TEXT, "textDocument/hover", (4, 20));
    assert!(hover["contents"]["value"].as_str().unwrap().ends_with("Half of it.\n"), "{hover}");
}

#[test]
fn a_name_leads_into_a_copy_of_the_standard_library() {
    let here = ready("editor-standard");
    let place = |here: &Folder| {
        let location = answer(here, TEXT, "textDocument/definition", (4, 16));
        location["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned()
    };
    let file = place(&here);
    assert!(file.ends_with("std/averages.gbs") && file.contains("cache"), "{file}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("pub fn ema(x, n: int)"), "{text}");
    fs::write(&file, "// edited").unwrap();
    assert_eq!(place(&here), file);
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "what is shown is what the compiler holds");
}
