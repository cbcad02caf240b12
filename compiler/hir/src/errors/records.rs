//! What can be wrong about records, and about inputs by name.

use gbc_diagnostics::{Diagnostic, Span};

use super::near;

pub(crate) fn field_twice(name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0613", format!("this record has two fields `{name}`"), at, "again here")
        .label(first, "first here")
        .help("give one of them another name, or leave it out")
}

pub(crate) fn not_given(callee: &str, inputs: &[&str], missing: &[&str], at: Span) -> Diagnostic {
    Diagnostic::error("E0614", format!("`{callee}` needs {} too", listed(missing)), at, "not given")
        .help(format!("write `{callee}({})`", sketch(inputs)))
}

pub(crate) fn no_such_input(callee: &str, name: &str, at: Span, inputs: &[&str]) -> Diagnostic {
    let message = format!("`{callee}` has no `{name}`");
    let diagnostic =
        near(Diagnostic::error("E0615", message, at, "no such name there"), name, at, inputs.iter().copied());
    match (&diagnostic.help, inputs) {
        (Some(_), _) => diagnostic,
        (None, []) => diagnostic.help(format!("it takes nothing: `{callee}()`")),
        (None, _) => diagnostic.help(format!("it has {}", listed(inputs))),
    }
}

/// A name before what is given, where nothing has names. `value` is what stands behind it.
pub(crate) fn by_place(name: &str, at: Span, value: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0615", format!("nothing here is called `{name}`"), at, "taken by its place");
    if value.is_empty() {
        return diagnostic.help("give it without a name");
    }
    diagnostic.help(format!("write `{value}`")).fix(at, value)
}

pub(crate) fn given_twice(callee: &str, name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0616", format!("`{name}` of `{callee}` is given twice"), at, "again here")
        .label(first, "first here")
        .help("leave one of them out")
}

/// `left`: the inputs that nothing else in the call is for.
pub(crate) fn place_behind_name(at: Span, left: &[&str]) -> Diagnostic {
    let error = Diagnostic::error(
        "E0617",
        "what is given by its place stands before what is given by name",
        at,
        "behind a name",
    );
    match left {
        [name] => {
            let start = Span { end: at.start, ..at };
            error.help(format!("give it a name too: `{name} = …`")).fix(start, format!("{name} = "))
        }
        _ => error.help("move it to its place, or give it a name too"),
    }
}

/// `places`: where each value stands; `all` if none has a name.
pub(crate) fn fields_by_name(kind: &str, names: &[&str], at: Span, places: &[Span], all: bool) -> Diagnostic {
    let message = format!("the fields of `{kind}` are given by name");
    let diagnostic = Diagnostic::error("E0618", message, at, "which field is this?")
        .help(format!("write `{kind}({})`", sketch(names)));
    if !all || places.len() != names.len() {
        return diagnostic;
    }
    let starts = places.iter().map(|place| Span { end: place.start, ..*place });
    starts.zip(names).fold(diagnostic, |diagnostic, (start, name)| diagnostic.fix(start, format!("{name} = ")))
}

/// Two records, or a record and a value, of which one is chosen.
pub(crate) fn differ(what: &str, sides: [(Span, &str); 2]) -> Diagnostic {
    let [(first, one), (second, other)] = sides;
    Diagnostic::error("E0619", format!("{what} are not alike: {one}, and {other}"), second, other)
        .label(first, one)
        .help("choose between records with the same fields, or read one field of each")
}

/// `prev.side`, where `prev` is no record.
pub(crate) fn past_of_a_value(name: &str, at: Span) -> Diagnostic {
    let message = format!("`prev` is the past of a value here, and has no `{name}`");
    Diagnostic::error("E0203", message, at, "it has no parts").help(
        "in a `let` of a function, `prev` is that of the `let`; for the past of the function's result\n\
         hand it to another function that takes it as an input: `fn f(x) = f_after(prev, x)`",
    )
}

/// A value where a record of a kind is promised.
pub(crate) fn no_record(what: &str, kind: &str, names: &[&str], got: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0619", format!("{what} must be a `{kind}`; this is {got}"), at, got)
        .help(format!("make one: `{kind}({})`", sketch(names)))
}

/// A record of one kind where another is promised.
pub(crate) fn another_kind(what: &str, kind: &str, other: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0619", format!("{what} must be a `{kind}`; this is a `{other}`"), at, format!("a `{other}`"))
        .help("records of two kinds are two things, whatever their fields are called")
}

/// A record without a kind where one of a kind is promised, if the fields are not the same.
pub(crate) fn not_its_fields(what: &str, kind: &str, wanted: &[&str], given: &[&str], at: Span) -> Option<Diagnostic> {
    let without = |these: &[&str], those: &[&str]| -> Vec<String> {
        these.iter().filter(|name| !those.contains(name)).map(|name| (*name).to_owned()).collect()
    };
    let (missing, odd) = (without(wanted, given), without(given, wanted));
    let remark = match (missing.as_slice(), odd.as_slice()) {
        ([], []) => return None,
        ([], odd) => format!("it has no {}", listed(odd)),
        (missing, _) => format!("without {}", listed(missing)),
    };
    let error = Diagnostic::error("E0619", format!("{what} must be a `{kind}`, with other fields"), at, remark);
    Some(error.help(format!("a `{kind}` has {}", listed(wanted))))
}

pub(crate) fn holds_itself(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0620", format!("a `{name}` would hold another `{name}`, without end"), at, "holds it again")
        .help("give the field another type; for the last one write `prev` or `x[1]` where it is used")
}

/// What a record without a kind is called.
pub(crate) fn of_fields(names: &[&str]) -> String {
    format!("a record of {}", listed(names))
}

/// `a`, `b` and `c`
fn listed(names: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// `up = …, down = …`
fn sketch(names: &[&str]) -> String {
    let named: Vec<String> = names.iter().map(|name| format!("{name} = …")).collect();
    named.join(", ")
}
