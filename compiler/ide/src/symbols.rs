//! The outline of a file: its items by name.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{Item, ItemKind};

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What people look for: its name, or what it is about.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// What to put the cursor on; within `span`.
    pub name_span: Span,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// The name of the file.
    Header,
    /// A market.
    Market,
    /// A parameter.
    Param,
    /// An equation.
    Equation,
    /// A state.
    State,
    /// A function.
    Function,
    /// A rule.
    Rule,
    /// A wanted position.
    Target,
    /// A test.
    Test,
}

/// What stands for an item in an outline; requirements are left out.
pub(crate) fn symbol(text: &str, file: &gbc_syntax::ast::File, item: &Item) -> Option<Symbol> {
    let named = |kind, name: &gbc_syntax::ast::Name| (kind, name.text.clone(), name.span);
    let (kind, name, name_span) = match &item.kind {
        ItemKind::Strategy { name, .. } | ItemKind::Library { name, .. } => named(SymbolKind::Header, name),
        ItemKind::Market { name, .. } => named(SymbolKind::Market, name),
        ItemKind::Param { name, .. } => named(SymbolKind::Param, name),
        ItemKind::Let { name, .. } => named(SymbolKind::Equation, name),
        ItemKind::State { name, .. } => named(SymbolKind::State, name),
        ItemKind::Fn(function) => named(SymbolKind::Function, &function.name),
        ItemKind::Target { market, .. } => (SymbolKind::Target, format!("target {}", market.text), market.span),
        ItemKind::When { condition, .. } => {
            let span = file.expr(*condition).span;
            let first_line = text[span.range()].lines().next().unwrap_or("");
            (SymbolKind::Rule, format!("when {first_line}"), span)
        }
        ItemKind::Test(test) => (SymbolKind::Test, format!("test {}", test.name), item.span),
        _ => return None,
    };
    Some(Symbol { name, kind, span: item.span, name_span })
}
