//! Moving what was read: an item whose text stayed stands elsewhere after an edit, and its expressions lie elsewhere.
//!
//! Every field is named here, so that a new one cannot be forgotten.

mod orders;

use gbc_diagnostics::Span;

use super::*;

/// How far to move; both count around the end of their numbers, so that they lead back as well as forth.
#[derive(Clone, Copy)]
pub(crate) struct Shift {
    /// Places in the text.
    pub(crate) bytes: u32,
    /// Indices of expressions.
    pub(crate) exprs: u32,
}

impl Shift {
    fn span(self, span: &mut Span) {
        span.start = span.start.wrapping_add(self.bytes);
        span.end = span.end.wrapping_add(self.bytes);
    }

    fn id(self, ExprId(id): &mut ExprId) {
        *id = id.wrapping_add(self.exprs);
    }

    fn ids<'a>(self, ids: impl IntoIterator<Item = &'a mut ExprId>) {
        ids.into_iter().for_each(|id| self.id(id));
    }

    fn name(self, Name { text: _, span }: &mut Name) {
        self.span(span);
    }

    fn names<'a>(self, names: impl IntoIterator<Item = &'a mut Name>) {
        names.into_iter().for_each(|name| self.name(name));
    }

    pub(crate) fn expr(self, Expr { kind, span, depth: _ }: &mut Expr) {
        self.span(span);
        match kind {
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Bool(_)
            | ExprKind::Text(_)
            | ExprKind::Duration(_)
            | ExprKind::Moment(_)
            | ExprKind::Percent(_)
            | ExprKind::Measure { value: _, unit: _ }
            | ExprKind::Name(_)
            | ExprKind::Prev => {}
            ExprKind::Unary { op: _, value } | ExprKind::BarRange(value) => self.id(value),
            ExprKind::Binary { op: _, left, right } => self.ids([left, right]),
            ExprKind::If { condition, then, otherwise } => self.ids([condition, then, otherwise]),
            ExprKind::Call { callee, args } => self.ids(args.iter_mut().chain([callee])),
            ExprKind::Index { base, index } => self.ids([base, index]),
            ExprKind::Member { base: value, name } | ExprKind::Named { name, value } => {
                self.id(value);
                self.name(name);
            }
            ExprKind::Record(fields) => self.fields(fields),
            ExprKind::In { value, place } => self.ids(value.iter_mut().chain([place])),
            ExprKind::Where { value, condition } => self.ids([value, condition]),
            ExprKind::By { span, pane } => self.ids([span, pane]),
        }
    }

    fn fields(self, fields: &mut [(Name, ExprId)]) {
        for (name, value) in fields {
            self.name(name);
            self.id(value);
        }
    }

    pub(crate) fn item(self, Item { kind, span, doc: _ }: &mut Item) {
        self.span(span);
        match kind {
            ItemKind::Strategy { name, title: _ } | ItemKind::Library { name, title: _ } => self.name(name),
            ItemKind::Use { path, imports } => {
                self.name(path);
                for Import { name, alias } in imports {
                    self.names(alias.iter_mut().chain([name]));
                }
            }
            ItemKind::Market { name, symbol: _ } => self.name(name),
            ItemKind::Universe { name, max } => {
                self.name(name);
                self.ids(max);
            }
            ItemKind::Roll { universe, by, count, adjust } => {
                self.names(adjust.iter_mut().chain([universe, by]));
                self.ids(count);
            }
            ItemKind::Session { name, open_ns: _, close_ns: _, zone } => {
                self.name(name);
                zone.iter_mut().for_each(|(_, span)| self.span(span));
            }
            ItemKind::Clock { name, timing } => {
                self.name(name);
                self.timing(timing);
            }
            ItemKind::Param { name, default, range, label: _ } => {
                self.name(name);
                self.id(default);
                range.iter_mut().for_each(|range| self.range(range));
            }
            ItemKind::Require { condition } => self.id(condition),
            ItemKind::Let { name, clock, value } => self.equation(name, clock, value),
            ItemKind::State { name, value, reset } => {
                self.name(name);
                self.ids(reset.iter_mut().chain([value]));
            }
            ItemKind::Enum { public: _, name, arms } => self.names(arms.iter_mut().chain([name])),
            ItemKind::Record { public: _, name, fields } => {
                self.name(name);
                self.inputs(fields);
            }
            ItemKind::Fn(function) => self.function(function),
            ItemKind::Features { name, clock, fields } => {
                self.name(name);
                self.on_clock(clock);
                self.fields(fields);
            }
            ItemKind::Label { name, value } => {
                self.name(name);
                self.id(value);
            }
            ItemKind::Model(Model { name, format, file, outputs, trained_until: _ }) => {
                self.names([name, format]);
                self.span(&mut file.1);
                self.inputs(outputs);
            }
            ItemKind::Target { market, clock, value, via } => {
                self.equation(market, clock, value);
                via.iter_mut().for_each(|via| self.via(via));
            }
            ItemKind::Weight { market, clock, value } => self.equation(market, clock, value),
            ItemKind::Trade(trade) => self.trade(trade),
            ItemKind::Quote(quote) => self.quote(quote),
            ItemKind::Risk { limits } => self.limits(limits),
            ItemKind::Each { name, universe, items } => {
                self.names([name, universe]);
                items.iter_mut().for_each(|item| self.item(item));
            }
            ItemKind::When { condition, body } => {
                self.id(condition);
                self.statements(body);
            }
            ItemKind::On { event, name, condition, body } => {
                match event {
                    Event::Rejected(span) => self.span(span),
                    Event::Of(value) => self.id(value),
                }
                self.names(name);
                self.ids(condition);
                self.statements(body);
            }
            ItemKind::Timer { timing, body } => {
                self.timing(timing);
                self.statements(body);
            }
            ItemKind::Plot { value, label: _ } => self.id(value),
            ItemKind::Export { value, label: _ } => self.id(value),
            ItemKind::Test(test) => self.test(test),
        }
    }

    fn equation(self, name: &mut Name, clock: &mut Option<OnClock>, value: &mut ExprId) {
        self.name(name);
        clock.iter_mut().for_each(|clock| self.on_clock(clock));
        self.id(value);
    }

    fn on_clock(self, clock: &mut OnClock) {
        match clock {
            OnClock::Named(name) => self.name(name),
            OnClock::Timing(timing) => self.timing(timing),
        }
    }

    fn timing(self, Timing { kind, span }: &mut Timing) {
        self.span(span);
        match kind {
            TimingKind::Every(value) => self.id(value),
            TimingKind::At { moment, session, on } => self.ids(session.iter_mut().chain(on).chain([moment])),
        }
    }

    fn range(self, range: &mut Range) {
        match range {
            Range::Span { from, to, step } => self.ids(step.iter_mut().chain([from, to])),
            Range::List(values) => self.ids(values),
        }
    }

    fn inputs(self, inputs: &mut [(Name, Option<Name>)]) {
        inputs.iter_mut().for_each(|(name, ty)| self.names(ty.iter_mut().chain([name])));
    }

    fn function(self, function: &mut Function) {
        let Function { name, public: _, inputs, gives, locals, result } = function;
        self.names(gives.iter_mut().chain([name]));
        self.inputs(inputs);
        for Local { name, clock, value } in locals {
            self.equation(name, clock, value);
        }
        self.id(result);
    }

    fn test(self, Test { name: _, steps }: &mut Test) {
        for step in steps {
            match step {
                TestStep::With(name, value) => {
                    self.name(name);
                    self.id(value);
                }
                TestStep::Bars { market, span_ns: _, closes } => {
                    self.name(market);
                    closes.iter_mut().for_each(|close| self.decimal(close));
                }
                TestStep::Feed { market, rows } => {
                    self.name(market);
                    rows.iter_mut().for_each(|row| self.feed_row(row));
                }
                TestStep::Expect(value) => self.id(value),
            }
        }
    }

    fn feed_row(self, FeedRow { time_ns: _, span, event }: &mut FeedRow) {
        self.span(span);
        match event {
            FeedEvent::Quote { bid, ask } => {
                for decimal in [&mut bid.0, &mut bid.1, &mut ask.0, &mut ask.1] {
                    self.decimal(decimal);
                }
            }
            FeedEvent::Trade { price, size } => {
                self.decimal(price);
                self.decimal(size);
            }
        }
    }

    fn decimal(self, Decimal { value: _, span }: &mut Decimal) {
        self.span(span);
    }
}
