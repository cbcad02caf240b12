//! From text to typed items and messages, or to a tree; item by item, so that one broken item costs only itself.

use gbc_diagnostics::{Diagnostic, Diagnostics, Span};
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::ast::{File, Item};
use crate::build::{Builder, add_to_tree};
use crate::grammar::{Grammar, Rule};
use crate::items::{Cut, cut};
use crate::lexer::{Token, TokenKind, tokens};
use crate::tree::{Kind, Tree};
use crate::{MAX_DEPTH, MAX_ITEM_TOKENS, MAX_NAME, MAX_NESTING, MAX_SOURCE_BYTES, errors};

/// What became of a text.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The items that could be read.
    pub file: File,
    /// What could not.
    pub diagnostics: Diagnostics,
    /// For each item, how many expressions there are up to its end.
    pub(crate) ends: Vec<usize>,
}

/// Reads a text. Never fails: what cannot be read is left out, with a message.
pub fn parse(text: &str) -> Parsed {
    parse_by(text, |tokens, cut, file| read_item(text, tokens, cut, file).map(drop))
}

/// The same, with a way to come by its items.
pub(crate) fn parse_by(
    text: &str,
    mut item: impl FnMut(&[Token], Cut, &mut File) -> Result<(), Box<Diagnostic>>,
) -> Parsed {
    let mut parsed = Parsed::default();
    if text.len() > MAX_SOURCE_BYTES {
        parsed.diagnostics.push(errors::too_long(text.len(), MAX_SOURCE_BYTES));
        return parsed;
    }
    let tokens = tokens(text);
    report_hidden(text, &mut parsed.diagnostics);
    for cut in cut(text, &tokens) {
        match item(&tokens, cut, &mut parsed.file) {
            Ok(()) => parsed.ends.push(parsed.file.exprs.len()),
            Err(diagnostic) => parsed.diagnostics.push(*diagnostic),
        }
    }
    parsed
}

/// Reads a text as a tree of every byte of it. Never fails: what cannot be read is in the tree as it stands.
pub fn tree(text: &str) -> Tree {
    let mut tree = Tree::new(text);
    let (root, mut file) = (tree.root(), File::default());
    if text.len() <= MAX_SOURCE_BYTES {
        let tokens = tokens(text);
        for cut in cut(text, &tokens) {
            match read_item(text, &tokens, cut, &mut file) {
                Ok(item) => {
                    item.into_inner().for_each(|part| add_to_tree(&mut tree, root, part, cut.span.start));
                }
                Err(_) => {
                    let id = tree.add(root, Kind::Broken, cut.span);
                    tree.finish(id);
                }
            }
        }
    }
    tree.finish(root);
    tree
}

/// Reads one item into the file; what the grammar matched.
pub(crate) fn read_item<'t>(
    text: &'t str,
    tokens: &[Token],
    cut: Cut,
    file: &mut File,
) -> Result<Pair<'t, Rule>, Box<Diagnostic>> {
    let inside = inside(tokens, cut.span);
    let first = inside.first().expect("a cut has a token");
    check_tokens(text, inside)?;
    if !cut.known {
        let diagnostic = errors::no_item(text, &text[first.span.range()], first.span);
        return Err(Box::new(if_it_parses(text, cut.span, diagnostic)));
    }
    check_brackets(text, inside, cut)?;
    let pair = Grammar::parse(Rule::item, &text[cut.span.range()])
        .map_err(|error| Box::new(syntax_error(text, cut.span, error)))?
        .next()
        .expect("a parse gives its rule");
    let exprs = file.exprs.len();
    let mut builder = Builder { file, base: cut.span.start, errors: Vec::new() };
    let kind = builder.item(pair.clone());
    if let Some(error) = builder.errors.into_iter().next() {
        file.exprs.truncate(exprs);
        return Err(Box::new(error));
    }
    file.items.push(Item { kind, span: cut.span, doc: doc(text, cut.span) });
    Ok(pair)
}

/// The tokens of an item, trivia left out.
fn inside(tokens: &[Token], span: Span) -> &[Token] {
    let first = tokens.partition_point(|token| token.span.start < span.start);
    let last = tokens.partition_point(|token| token.span.start < span.end);
    &tokens[first..last]
}

fn check_tokens(text: &str, inside: &[Token]) -> Result<(), Box<Diagnostic>> {
    let endless = |token: &&Token| token.kind == TokenKind::Word && token.span.range().len() > MAX_NAME;
    if let Some(token) = inside.iter().find(endless) {
        let start = Span { end: token.span.start + MAX_NAME as u32, ..token.span };
        return Err(Box::new(errors::endless("a name", "characters", MAX_NAME, start)));
    }
    if let Some(token) = inside.get(MAX_ITEM_TOKENS) {
        return Err(Box::new(errors::endless("an item", "words and signs", MAX_ITEM_TOKENS, token.span)));
    }
    let Some(token) = inside.iter().find(|token| token.kind == TokenKind::Unknown) else { return Ok(()) };
    let shown = &text[token.span.range()];
    let quote = shown.find('"').map(|at| token.span.start as usize + at);
    Err(Box::new(match quote {
        Some(at) => errors::open_text(Span::new(at, at + 1)),
        None => errors::unknown_text(shown, &text[..token.span.start as usize], token.span),
    }))
}

fn check_brackets(text: &str, inside: &[Token], cut: Cut) -> Result<(), Box<Diagnostic>> {
    if cut.nesting > MAX_NESTING {
        return Err(Box::new(errors::too_deep(cut.span, MAX_NESTING)));
    }
    let mut open: Vec<(char, Span)> = Vec::new();
    let mut prefixes = 0;
    let mut chains = Chains::default();
    for token in inside.iter().filter(|token| !token.kind.is_trivia()) {
        let shown = &text[token.span.range()];
        prefixes = if matches!(shown, "-" | "not") { prefixes + 1 } else { 0 };
        if prefixes > MAX_NESTING {
            return Err(Box::new(errors::too_deep(token.span, MAX_NESTING)));
        }
        if chains.links(shown, token.kind.nesting()) > MAX_DEPTH as usize {
            return Err(Box::new(errors::too_deep(token.span, MAX_DEPTH as usize)));
        }
        match token.kind.nesting() {
            1 => open.push((partner(shown), token.span)),
            -1 => match open.pop() {
                Some((wanted, _)) if shown.starts_with(wanted) => {}
                Some((_, at)) => return Err(Box::new(errors::unbalanced(&text[at.range()], at))),
                None => return Err(Box::new(errors::unbalanced(shown, token.span))),
            },
            _ => {}
        }
    }
    match open.pop() {
        Some((_, at)) => Err(Box::new(errors::unbalanced(&text[at.range()], at))),
        None => Ok(()),
    }
}

/// How long the chains of `else if` are that the current token stands in: the grammar follows them one inside the other.
#[derive(Default)]
struct Chains {
    /// For each open bracket, the innermost last, the links of the chain outside it.
    outer: Vec<usize>,
    current: usize,
    after_brace: bool,
}

impl Chains {
    /// Takes the next token; the links of all chains around it.
    fn links(&mut self, shown: &str, nesting: i32) -> usize {
        match nesting {
            1 => self.outer.push(std::mem::take(&mut self.current)),
            -1 => self.current = self.outer.pop().unwrap_or(0),
            // Elsewhere `else` is an operator.
            _ if self.after_brace && shown == "else" => self.current += 1,
            _ if self.after_brace => self.current = 0,
            _ => {}
        }
        self.after_brace = shown == "}";
        self.current + self.outer.iter().sum::<usize>()
    }
}

fn partner(open: &str) -> char {
    match open {
        "{" => '}',
        "(" => ')',
        _ => ']',
    }
}

fn syntax_error(text: &str, item: Span, error: pest::error::Error<Rule>) -> Diagnostic {
    let at = item.start as usize
        + match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    // pest stops before white space; the token after it is the one to blame.
    let rest = &text[at..item.end as usize];
    let token = tokens(rest).into_iter().find(|token| !token.kind.is_trivia());
    match token {
        Some(token) => {
            let span = Span::new(at + token.span.start as usize, at + token.span.end as usize);
            let habit = errors::habit(text, item, span, expected);
            match habit {
                Some(diagnostic) => if_it_parses(text, item, diagnostic),
                None => errors::unexpected(&text[span.range()], span, expected),
            }
        }
        None => errors::unexpected("", Span { start: item.end, end: item.end }, expected),
    }
}

/// A repair that leaves the item broken is no repair: then the words have to do.
fn if_it_parses(text: &str, item: Span, diagnostic: Diagnostic) -> Diagnostic {
    let mut mended = text[item.range()].to_owned();
    let mut edits = diagnostic.fix.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits.iter().filter(|edit| edit.span.start >= item.start && edit.span.end <= item.end) {
        let at = (edit.span.start - item.start) as usize..(edit.span.end - item.start) as usize;
        mended.replace_range(at, &edit.new_text);
    }
    let tokens = tokens(&mended);
    let parses = |cut: Cut| {
        let inside = inside(&tokens, cut.span);
        let flat = check_tokens(&mended, inside).and_then(|()| check_brackets(&mended, inside, cut)).is_ok();
        cut.known && flat && Grammar::parse(Rule::item, &mended[cut.span.range()]).is_ok()
    };
    if cut(&mended, &tokens).into_iter().all(parses) {
        diagnostic
    } else {
        Diagnostic { fix: Vec::new(), ..diagnostic }
    }
}

fn report_hidden(text: &str, diagnostics: &mut Diagnostics) {
    // All of them start with one of these bytes, and hardly any text has one.
    if !text.bytes().any(|byte| matches!(byte, 0 | 0xe2)) {
        return;
    }
    let hides = |c: char| matches!(c, '\0' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for (at, c) in text.char_indices().filter(|(_, c)| hides(*c)) {
        diagnostics.push(errors::hidden_text(Span::new(at, at + c.len_utf8())));
    }
}

/// The `///` lines just above the item, or the one after it on its own line.
pub(crate) fn doc(text: &str, span: Span) -> String {
    let above = text[..span.start as usize].lines().rev();
    let mut lines: Vec<&str> = above.map_while(|line| line.trim_start().strip_prefix("///")).map(str::trim).collect();
    lines.reverse();
    let after = text[span.end as usize..].lines().next().unwrap_or("");
    lines.extend(after.trim_start().strip_prefix("///").map(str::trim));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        parse(text).diagnostics.in_order().iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn each_construct_parses_and_prints_back() {
        let text = "strategy S \"title\" // remark\n\nmarket es = \"ES\"\nparam n = 10 in 5..30 step 1 \"label\" /// doc\n\
            param k = 2% in {1%, 2%}\nrequire n < 30\nlet q = es.quotes\n/// above\nlet v @ q = (q.bid + q.ask) / 2 else prev\n\
            fn f(x, n: int) {\n  let a = 2 / (n + 1)\n  (a * x + (1 - a) * prev) else x\n}\nstate s = 0\n\
            when v crosses above q.bid[1] and not (s == 1) { s = 1 }\n\
            target es = if s > 0 { 1 } else if v < -4 ticks { -1 lots } else { 0 }\n\
            test \"t\" {\n  with n = 5, k = 1%\n  bars es 1m : 100 101.5 -1\n  feed es { 09:30:00.000 quote 100.00x5 / 100.25x5\n    09:30:01 trade 100.00x5 }\n  expect es.orders == 0\n}\n";
        let parsed = parse(text);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        assert_eq!(parsed.file.items.len(), 12);
        assert_eq!(tree(text).print(), text);
        let docs: Vec<_> =
            parsed.file.items.iter().map(|item| item.doc.as_str()).filter(|doc| !doc.is_empty()).collect();
        assert_eq!(docs, ["doc", "above"]);
    }

    #[test]
    fn a_parenthesis_on_a_new_line_calls_nothing() {
        let parsed = parse("fn f(x) {\n  let s = mean(x, 3)\n  (s + 1) else x\n}\n");
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    }

    #[test]
    fn each_broken_item_has_one_message_and_spares_the_others() {
        let text = "let a = \nlet b = 1\nlte c = 2\nlet d = (1\nlet e = \"x\nlet f = 1 $ 2\nrisk { max position 3 }\nlet g = 99999999999999999999\nlet h = 2\n";
        let parsed = parse(text);
        assert_eq!(codes(text), ["E0001", "E0002", "E0004", "E0006", "E0007", "E0005"]);
        assert_eq!(parsed.file.items.len(), 3);
        assert_eq!(tree(text).print(), text);
    }

    #[test]
    fn many_branches_one_after_the_other_are_not_deep() {
        let text = format!("when a {{ {} }}", "if b { b = 1 else 2 } else { b = 2 }\n".repeat(500));
        assert_eq!(codes(&text), [""; 0]);
    }

    #[test]
    fn the_deepest_text_fits_on_a_small_stack() {
        let value = format!("{}1{}", "(-".repeat(MAX_NESTING - 2), ")".repeat(MAX_NESTING - 2));
        let chain = "if b { b = 1 } else ".repeat(MAX_DEPTH as usize - 1);
        let text = format!("when a {{ {chain}if b {{ b = {value} }} }}\nlet c = ({value})\n");
        let thread = std::thread::Builder::new().stack_size(1 << 20);
        let read = thread.spawn(move || (parse(&text).diagnostics.len(), tree(&text).print() == text));
        assert_eq!(read.expect("a thread").join().expect("no panic"), (0, true));
    }

    #[test]
    fn depth_is_bounded_whatever_makes_it() {
        let deep = [
            format!("let a = {}1{}", "(".repeat(5_000), ")".repeat(5_000)),
            format!("let a = {}1", "-".repeat(10_000)),
            format!("let a = 1{}", " + 1".repeat(4_000)),
            format!("let a = b{}", ".c".repeat(5_000)),
            format!("let a = {}{{ 0 }}", "if b { 1 } else ".repeat(1_000)),
            format!("when a {{ {}{{ b = 0 }} }}", "if b { b = 1 } else ".repeat(1_000)),
        ];
        for text in deep {
            assert_eq!(codes(&text), ["E0003"], "{}", &text[..20]);
        }
    }
}
