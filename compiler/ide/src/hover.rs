//! What to know of a name: its definition, what it is measured in, when it changes, what it waits for, its remarks.

use gbc_analysis::{Cause, Checked, Fact, Why, why};
use gbc_diagnostics::Span;
use gbc_hir::{Clock, ClockId, ExprId, ExprKind, Program, Ty, clock_text, clock_words};
use gbc_syntax::ast::{Item, ItemKind, Local};

use crate::names::{self, Meaning};

/// What to show for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The name.
    pub span: Span,
    /// What to show, as Markdown.
    pub text: String,
}

/// What to show for a meaning.
pub(crate) fn text(checked: &Checked, meaning: Meaning) -> Option<String> {
    let file = &checked.parsed.file;
    let name = names::definition(file, meaning)?;
    let (Meaning::Item(item) | Meaning::Input(item, _) | Meaning::Local(item, _)) = meaning else { return None };
    let item = &file.items[item];
    let (shown, remarks, doc) = match (meaning, &item.kind) {
        (Meaning::Item(_), _) => (item.span, about_item(checked, item, name.span), item.doc.as_str()),
        (Meaning::Input(_, index), ItemKind::Fn(function)) => {
            let (input, ty) = &function.inputs[index];
            let span = ty.as_ref().map_or(input.span, |ty| input.span.to(ty.span));
            (span, vec![format!("an input of `{}`", function.name.text)], "")
        }
        (Meaning::Local(_, index), ItemKind::Fn(function)) => {
            let Local { name: local, value, .. } = &function.locals[index];
            (local.span.to(file.expr(*value).span), vec![format!("an equation of `{}`", function.name.text)], "")
        }
        _ => return None,
    };
    let code = first_line(checked.program.text_at(shown));
    let remarks: String = remarks.iter().map(|remark| format!("- {remark}\n")).collect();
    let doc = if doc.is_empty() { String::new() } else { format!("\n{doc}\n") };
    Some(format!("```gbs\n{code}\n```\n\n{remarks}{doc}"))
}

fn first_line(text: &str) -> String {
    match text.split_once('\n') {
        Some((first, _)) => format!("{} …", first.trim_end()),
        None => text.to_owned(),
    }
}

fn about_item(checked: &Checked, item: &Item, name: Span) -> Vec<String> {
    let program = &checked.program;
    match &item.kind {
        ItemKind::Market { .. } => vec!["a market, bound to an instrument and its data at the run".to_owned()],
        ItemKind::Fn(_) => vec!["a function, expanded where it is called".to_owned()],
        ItemKind::Record { name, fields, .. } => {
            let fields: Vec<String> = fields.iter().map(|(field, _)| format!("{} = …", field.text)).collect();
            vec![format!("a kind of record, made by `{}({})`", name.text, fields.join(", "))]
        }
        ItemKind::Enum { .. } => vec!["an enum: a value is one of these arms".to_owned()],
        ItemKind::Param { .. } => {
            let ty = program.params.iter().find(|param| param.span == name).map(|param| param.ty);
            let mut remarks = type_of(program, ty);
            remarks.push("a parameter: the same throughout a run".to_owned());
            remarks
        }
        ItemKind::State { .. } => match program.states.iter().position(|state| state.span == name) {
            Some(index) => about_state(checked, index),
            None => Vec::new(),
        },
        ItemKind::Let { .. } => about_equation(checked, name),
        _ => Vec::new(),
    }
}

fn about_equation(checked: &Checked, name: Span) -> Vec<String> {
    let program = &checked.program;
    let fields: Vec<String> = fields_of(checked, name).collect();
    if !fields.is_empty() {
        return fields;
    }
    if let Some(equation) = program.equations.iter().find(|equation| equation.span == name) {
        let mut remarks = type_of(program, Some(program.expr(equation.value).ty));
        remarks.extend(about_value(checked, equation.value));
        return remarks;
    }
    let named = checked.parsed.file.items.iter().filter_map(|item| names::defined(&item.kind));
    let text = named.into_iter().find(|defined| defined.span == name).map(|defined| &defined.text);
    let clock = program.feeds.iter().find(|(feed, _)| Some(feed) == text);
    clock.map(|(_, clock)| format!("a clock: ticks {}", clock_words(program, *clock))).into_iter().collect()
}

/// A line for each field of a record: `.up`: price; changes with every 5m bar of `es`
fn fields_of(checked: &Checked, name: Span) -> impl Iterator<Item = String> {
    let program = &checked.program;
    let fields = program.equations.iter().filter(move |equation| equation.span == name && equation.is_field());
    fields.map(|field| {
        let mut remarks = type_of(program, Some(program.expr(field.value).ty));
        remarks.extend(about_value(checked, field.value));
        format!("`{}`: {}", field.name, remarks.join("; "))
    })
}

/// A state is read through expressions; any of them knows when rules may change it.
fn about_state(checked: &Checked, index: usize) -> Vec<String> {
    let program = &checked.program;
    let mut remarks = type_of(program, Some(program.states[index].ty));
    remarks.push("a state: what rules assign, read as it stood before the event".to_owned());
    let reads = |id: &&ExprId| program.expr(**id).kind == ExprKind::State(index);
    let read = checked.facts.needed.iter().find(reads).filter(|_| checked.facts.whole);
    remarks.extend(read.map(|id| changes(program, checked.facts.get(*id))));
    remarks
}

/// Its type, unless something was wrong with it.
fn type_of(program: &Program, ty: Option<Ty>) -> Vec<String> {
    let text = match ty {
        None | Some(Ty::Unknown) => return Vec::new(),
        Some(Ty::Exact(market)) => format!("price, in whole ticks of `{}`", program.markets[market].name),
        Some(ty) => ty.to_string(),
    };
    vec![text]
}

/// What analysis found, if it came that far.
fn about_value(checked: &Checked, id: ExprId) -> Vec<String> {
    if !checked.facts.whole {
        return Vec::new();
    }
    let (program, fact) = (&checked.program, checked.facts.get(id));
    let mut remarks = vec![changes(program, fact)];
    remarks.extend(warm_up(program, fact));
    remarks.push(definedness(program, fact));
    remarks
}

fn changes(program: &Program, fact: &Fact) -> String {
    let times: Vec<String> = fact.clocks.iter().map(|id| clock_words(program, clock(program, id))).collect();
    if times.is_empty() { "the same throughout a run".to_owned() } else { format!("changes {}", times.join(" and ")) }
}

fn warm_up(program: &Program, fact: &Fact) -> Option<String> {
    let ticks = fact.warm_up.0.as_ref().filter(|ticks| !ticks.is_empty())?;
    let waits: Vec<String> = ticks.iter().map(|(id, count)| count_of(program, clock(program, *id), *count)).collect();
    let given = if fact.params == 0 { "" } else { ", with parameters as written" };
    Some(format!("warm-up: {}{given}", waits.join(" and ")))
}

fn definedness(program: &Program, fact: &Fact) -> String {
    match (&fact.undefined, &fact.warm_up.0) {
        (Some(cause @ Cause { why: Why::Divides(_), .. }), _) => format!("may be undefined: {}", why(program, *cause)),
        (Some(cause), _) => {
            format!("may be undefined: `{}` {}", first_line(program.text_at(cause.span)), why(program, *cause))
        }
        (None, None) => "may never be defined: it has no first value to start from".to_owned(),
        (None, Some(ticks)) if ticks.is_empty() => "always defined".to_owned(),
        (None, Some(_)) => "always defined after its warm-up".to_owned(),
    }
}

fn clock(program: &Program, id: ClockId) -> Clock {
    program.clocks[id.0 as usize]
}

fn count_of(program: &Program, clock: Clock, count: u64) -> String {
    let Some((what, market)) = ticks(program, clock) else {
        let plural = if count == 1 { "" } else { "s" };
        return format!("{count} tick{plural} of `{}`", clock_text(program, clock));
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural} of `{market}`")
}

/// What makes a clock tick, and of which market; none of one that ticks by itself.
fn ticks(program: &Program, clock: Clock) -> Option<(String, &str)> {
    let (what, market) = match clock {
        Clock::Quotes(market) => ("quote".to_owned(), market),
        Clock::Trades(market) => ("trade".to_owned(), market),
        Clock::Bars(series) => {
            let series = program.series[series];
            (format!("{} bar", series.size.text()), series.market)
        }
        Clock::Any(_)
        | Clock::Forming(_)
        | Clock::Timer(_)
        | Clock::Opens(_)
        | Clock::Closes(_)
        | Clock::Phase(_)
        | Clock::News => return None,
    };
    Some((what, &program.markets[market].name))
}

#[cfg(test)]
mod tests {
    use crate::Document;

    fn hover(text: &str, needle: &str) -> String {
        let at = text.find(needle).unwrap_or_else(|| panic!("{needle} in the text")) as u32;
        Document::new(text).hover(at).map_or(String::new(), |hover| hover.text)
    }

    const TEXT: &str = "strategy S\nmarket es\nparam n = 3\nlet b = es.bars(5m)\nlet q = es.quotes\n\
        let m = mean(b.close, n) /// the middle\nlet r = q.bid / (q.ask - b.close)\nstate s = 0\n\
        when m > 4 * m { s = 1 }\ntarget es = s\n";

    #[test]
    fn an_equation_tells_its_unit_clock_warm_up_and_remark() {
        assert_eq!(
            hover(TEXT, "m = mean"),
            "```gbs\nlet m = mean(b.close, n)\n```\n\n- price\n- changes with every 5m bar of `es`\n\
             - warm-up: 3 5m bars of `es`, with parameters as written\n- always defined after its warm-up\n\nthe middle\n"
        );
    }

    #[test]
    fn what_may_be_undefined_says_why() {
        let text = hover(TEXT, "r = q");
        assert!(text.contains("- may be undefined: `q.bid` a side of the book may be empty\n"), "{text}");
        assert!(text.contains("on every quote of `es`") && text.contains("with every 5m bar of `es`"), "{text}");
    }

    #[test]
    fn clocks_states_parameters_and_markets_answer() {
        assert!(hover(TEXT, "b = es").contains("a clock: ticks with every 5m bar of `es`"));
        assert!(hover(TEXT, "s = 0").contains("a whole number\n- a state"));
        assert!(hover(TEXT, "s = 0").contains("changes with every 5m bar of `es`"));
        assert!(hover(TEXT, "n = 3").contains("a whole number\n- a parameter"));
        assert!(hover(TEXT, "es\nparam").contains("a market"));
    }

    const RECORDS: &str = "strategy S\nmarket es\nlet b = es.bars(5m)\nenum Side { Up, Down }\n\
        record Band { up: price, side: Side }\nfn band(x, n: int) -> Band = Band(side = Up, up = mean(x, n))\n\
        let c = band(b.close, n = 3)\ntarget es = if b.close > c.up { 1 } else { 0 }\n";

    #[test]
    fn a_record_tells_what_its_fields_are() {
        let text = hover(RECORDS, "c = band");
        assert!(text.contains("- `c.up`: price; changes with every 5m bar of `es`; warm-up: 3 5m bars"), "{text}");
        assert!(text.contains("- `c.side`: an arm of an enum"), "{text}");
        assert!(hover(RECORDS, "Band = Band").contains("made by `Band(up = …, side = …)`"));
        assert!(hover(RECORDS, "Band(side").contains("a kind of record"));
        assert!(hover(RECORDS, "Side }\nfn").contains("one of these arms"));
        assert!(hover(RECORDS, "n = 3").contains("an input of `band`"));
    }

    #[test]
    fn a_broken_neighbour_leaves_the_type() {
        let text = format!("{TEXT}let broken = \n");
        assert_eq!(hover(&text, "m = mean"), "```gbs\nlet m = mean(b.close, n)\n```\n\n- price\n\nthe middle\n");
    }
}
