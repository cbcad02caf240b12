//! An editor with one open document, as far as tests need one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gbc_lsp::{Ending, LibraryPath, LoadError, Shelf, Source, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};

/// Whatever hangs longer than this hangs for good.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plays a conversation with a fresh server; the pipe closes after its last word.
pub fn conversation(script: impl AsyncFnOnce(&mut Editor)) -> Ending {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let (input, output) = tokio::io::split(theirs);
    let (reading, writing) = tokio::io::split(ours);
    let mut editor = Editor {
        reading: BufReader::new(reading),
        writing,
        asked: 0,
        version: 0,
        uri: String::new(),
        text: String::new(),
        unread: Vec::new(),
    };
    let talk = async move {
        script(&mut editor).await;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let both = async { tokio::join!(serve(Two, input, output), talk).0 };
    runtime.block_on(async { tokio::time::timeout(PATIENCE, both).await.expect("an end of the conversation") })
}

/// A disk with two libraries, `/mine.gbs` and one that uses it, and a place for the standard library.
struct Two;

impl Shelf for Two {
    fn name(&self, file: &Path) -> PathBuf {
        file.to_owned()
    }

    fn find(&self, _: &Path, asked: &LibraryPath<'_>) -> Result<Source, LoadError> {
        match asked.written {
            "./mine" => Ok(Source::new("/mine.gbs", MINE)),
            "./other" => Ok(Source::new("/other.gbs", "library Other\nuse ./mine { half }\npub fn own(x) = half(x)\n")),
            _ => Err(LoadError::Missing { siblings: vec!["./mine".to_owned()], pinned: false }),
        }
    }

    fn standard(&self, part: &Source) -> Option<PathBuf> {
        Some(Path::new("/cache").join(&part.name).with_extension("gbs"))
    }
}

/// What the disk holds of `/mine.gbs`.
pub const MINE: &str = "library Mine\n\n/// Half of it.\npub fn half(x) = x / 2\n";

pub struct Editor {
    reading: BufReader<ReadHalf<DuplexStream>>,
    writing: WriteHalf<DuplexStream>,
    asked: i64,
    version: i64,
    uri: String,
    text: String,
    /// Diagnostics that came while an answer was awaited.
    unread: Vec<Value>,
}

impl Editor {
    pub fn uri(&self) -> &str {
        &self.uri
    }

    pub fn version(&self) -> i64 {
        self.version
    }

    /// Says hello; what the server can do.
    pub async fn start(&mut self, encodings: &[&str]) -> Value {
        let general = json!({ "positionEncodings": encodings });
        let general = if encodings.is_empty() { json!({}) } else { general };
        let capabilities = json!({ "capabilities": { "general": general }, "processId": null, "rootUri": null });
        let answer = self.request("initialize", capabilities).await;
        self.notify("initialized", json!({})).await;
        answer["result"]["capabilities"].clone()
    }

    /// Says goodbye.
    pub async fn stop(&mut self) {
        assert_eq!(self.request("shutdown", Value::Null).await["result"], Value::Null);
        self.notify("exit", Value::Null).await;
    }

    /// Opens a document; what is wrong with it.
    pub async fn open(&mut self, name: &str, text: &str) -> Vec<Value> {
        self.version += 1;
        (self.uri, self.text) = (format!("file:///{name}"), text.to_owned());
        let document = json!({ "uri": self.uri, "languageId": "gbs", "version": self.version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document })).await;
        self.verdict().await
    }

    /// Replaces the text; what is wrong with it now.
    pub async fn change(&mut self, text: &str) -> Vec<Value> {
        self.send_change(text).await;
        self.verdict().await
    }

    /// Replaces the text without listening.
    pub async fn send_change(&mut self, text: &str) {
        self.version += 1;
        text.clone_into(&mut self.text);
        let document = json!({ "uri": self.uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.notify("textDocument/didChange", params).await;
    }

    /// Closes the document; the diagnostics that are left.
    pub async fn close(&mut self) -> Vec<Value> {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": self.uri } })).await;
        self.news().await["diagnostics"].as_array().unwrap().clone()
    }

    /// Asks something about the open document.
    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.ask_about(&self.uri.clone(), method, params).await;
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// Asks something about any document.
    pub async fn ask_about(&mut self, uri: &str, method: &str, mut params: Value) -> Value {
        params["textDocument"] = json!({ "uri": uri });
        self.request(method, params).await
    }

    /// The next diagnostics.
    pub async fn news(&mut self) -> Value {
        if !self.unread.is_empty() {
            return self.unread.remove(0);
        }
        let message = self.read().await;
        assert_eq!(message["method"], "textDocument/publishDiagnostics", "{message}");
        message["params"].clone()
    }

    async fn verdict(&mut self) -> Vec<Value> {
        let news = self.news().await;
        assert_eq!((&news["uri"], &news["version"]), (&json!(self.uri), &json!(self.version)));
        news["diagnostics"].as_array().unwrap().clone()
    }

    /// The position so many characters after the first `needle`; for lines of ASCII.
    pub fn place(&self, needle: &str, more: usize) -> Value {
        let before = &self.text[..self.text.find(needle).expect("the needle") + more];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        json!({ "line": before.matches('\n').count(), "character": before.len() - line_start })
    }

    /// The text with these edits; for edits on lines of ASCII.
    pub fn applied(&self, edits: &Value) -> String {
        let starts: Vec<usize> =
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let offset = |place: &Value| {
            let start = starts[place["line"].as_u64().unwrap() as usize];
            start + place["character"].as_u64().unwrap() as usize
        };
        let mut edits: Vec<&Value> = edits.as_array().unwrap().iter().collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(offset(&edit["range"]["start"])));
        let mut text = self.text.clone();
        for edit in edits {
            let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
            text.replace_range(range, edit["newText"].as_str().unwrap());
        }
        text
    }

    async fn request(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": self.asked, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.write(&message).await;
        loop {
            let message = self.read().await;
            if message["method"] == "textDocument/publishDiagnostics" {
                self.unread.push(message["params"].clone());
                continue;
            }
            assert_eq!(message["id"], self.asked, "{message}");
            return message;
        }
    }

    async fn notify(&mut self, method: &str, params: Value) {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.write(&message).await;
    }

    async fn write(&mut self, message: &Value) {
        let body = message.to_string();
        let bytes = format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
        self.writing.write_all(&bytes).await.expect("the server listens");
    }

    async fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.reading.read_line(&mut line).await.unwrap() > 0, "the server hung up");
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.reading.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}
