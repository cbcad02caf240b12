//! One JSON object a line, as scripts and editors read it.

use serde_json::{Value, json};

use crate::source::Lines;
use crate::{Diagnostic, Severity, Source, Span};

/// The diagnostic as one line of JSON, without the line's end.
pub fn to_json(source: &Source, diagnostic: &Diagnostic) -> String {
    line(source, &Lines::of(&source.text), diagnostic)
}

/// The same, where the lines of the source are known.
pub(crate) fn line(source: &Source, lines: &Lines, diagnostic: &Diagnostic) -> String {
    let place = |span| place(source, lines, span);
    let mut object = place(diagnostic.span());
    let labels = diagnostic.labels.iter().map(|label| with(place(label.span), "text", &label.text));
    let fix = diagnostic.fix.iter().map(|edit| with(place(edit.span), "newText", &edit.new_text));
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut line = json!({
        "code": diagnostic.code, "severity": severity, "message": diagnostic.message, "file": source.name,
    });
    let members = line.as_object_mut().expect("an object was just made");
    members.append(object.as_object_mut().expect("a place is an object"));
    members.insert("labels".into(), labels.collect());
    members.insert("help".into(), json!(diagnostic.help));
    members.insert("fix".into(), fix.collect());
    line.to_string()
}

fn place(source: &Source, lines: &Lines, span: Span) -> Value {
    let [start, end] = [span.start, span.end].map(|offset| lines.place(&source.text, offset));
    json!({ "line": start.line, "column": start.column, "endLine": end.line, "endColumn": end.column })
}

fn with(mut object: Value, key: &str, text: &str) -> Value {
    object[key] = json!(text);
    object
}
