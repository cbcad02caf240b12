//! `features`, `label` and `model`: what is learnt from, what is to be learnt, and what was.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind};

use super::Checker;
use super::scope::{Global, Operand, Scope};
use crate::{ExprId, ExprKind, Features, Label, Model, ModelCall, ModelFormat, Told, Ty, Value, errors};

/// A block of features on its way from text to values.
pub(super) struct Block<'a> {
    item: &'a ast::Item,
    found: Option<Operand>,
    /// Whether it is being checked: a second visit closes a circle.
    open: bool,
}

impl<'a> Checker<'a> {
    /// Makes features, labels and models known.
    pub(super) fn declare_learning(&mut self, item: &'a ast::Item) {
        match &item.kind {
            ItemKind::Features { name, .. } => {
                let index = self.feature_blocks.len();
                self.feature_blocks.push(Block { item, found: None, open: false });
                self.name(&name.text, name.span, Global::Features(index));
            }
            ItemKind::Label { name, .. } => {
                self.name(&name.text, name.span, Global::Label(self.labels_named.len()));
                self.labels_named.push(item);
            }
            ItemKind::Model(model) => self.model(item, model),
            _ => {}
        }
    }

    fn model(&mut self, item: &'a ast::Item, model: &'a ast::Model) {
        self.no_engine("model", Span { end: item.span.start + 5, ..item.span });
        let format = match model.format.text.as_str() {
            "onnx" => Some(ModelFormat::Onnx),
            "gbdt" => Some(ModelFormat::Gbdt),
            other => {
                self.report(errors::universes::model_format(other, model.format.span));
                None
            }
        };
        for (index, (name, ty)) in model.outputs.iter().enumerate() {
            if let Some((first, _)) = model.outputs[..index].iter().find(|(first, _)| first.text == name.text) {
                self.report(errors::twice(&name.text, name.span, first.span));
            }
            if let Some(ty) = ty.as_ref().filter(|ty| ty.text != "float") {
                self.report(errors::universes::model_gives_floats(&ty.text, ty.span));
            }
        }
        let index = self.program.models.len();
        self.name(&model.name.text, model.name.span, Global::Model(index));
        self.program.models.push(Model {
            name: model.name.text.clone(),
            format,
            file: model.file.0.clone(),
            file_span: model.file.1,
            outputs: model.outputs.iter().map(|(name, _)| name.text.clone()).collect(),
            call: None,
            trained_until: model.trained_until,
        });
    }

    /// Which blocks of features have been looked at.
    pub(super) fn blocks_checked(&self) -> Vec<bool> {
        self.feature_blocks.iter().map(|block| block.open).collect()
    }

    /// Forgets what was found of those that had not been looked at then.
    pub(super) fn forget_blocks(&mut self, checked: &[bool]) {
        for (block, _) in self.feature_blocks.iter_mut().zip(checked).filter(|(_, checked)| !**checked) {
            (block.open, block.found) = (false, None);
        }
    }

    /// What a block of features stands for; checked when first asked for.
    pub(super) fn features(&mut self, index: usize) -> Operand {
        let item = self.feature_blocks[index].item;
        if let Some(found) = self.feature_blocks[index].found {
            return found;
        }
        let ItemKind::Features { name, clock, fields } = &item.kind else { return Operand::Unknown };
        if std::mem::replace(&mut self.feature_blocks[index].open, true) {
            self.report(errors::circles::circle(&[name.text.clone(), name.text.clone()], &[name.span]));
            self.feature_blocks[index].found = Some(Operand::Unknown);
            return Operand::Unknown;
        }
        let at = self.clock_named(clock);
        let mut values: Vec<(String, ExprId)> = Vec::new();
        for (field, value) in fields {
            if values.iter().any(|(known, _)| *known == field.text) {
                let first =
                    fields.iter().find(|(first, _)| first.text == field.text).map_or(field.span, |it| it.0.span);
                self.report(errors::twice(&field.text, field.span, first));
            }
            let found = self.apart(|checker| checker.equation(item.span, Some(clock), *value));
            let scope = Scope::new(self.user, item.span);
            let id = self.as_value(&scope, *value, found);
            values.push((field.text.clone(), self.as_input(id, scope.span(*value))));
        }
        let bundle = values.iter().map(|(name, id)| (name.clone(), Operand::Value(*id))).collect();
        let found = Operand::Record(self.record(bundle));
        if let Some(clock) = at {
            self.program.features.push(Features { name: name.text.clone(), clock, fields: values, span: name.span });
        }
        *self.feature_blocks[index].found.get_or_insert(found)
    }

    /// A number, or a truth as 1 and 0: what models take.
    pub(super) fn as_input(&mut self, id: ExprId, span: Span) -> ExprId {
        self.stand([(id, span)]);
        match self.ty(id) {
            Ty::Unknown => id,
            Ty::Bool => {
                let [one, zero] = [1.0, 0.0].map(|x| self.constant(Value::Num(x), span));
                self.push(ExprKind::If(id, one, zero), Ty::NUM, span)
            }
            ty if ty.dim().is_some() => self.number(id),
            _ => self.wrong("what a model takes", "a number, true or false", id, span),
        }
    }

    /// `alpha(fx)`
    pub(super) fn infer(&mut self, scope: &Scope<'a>, model: usize, args: &[ast::ExprId], at: Span) -> Operand {
        let (mut inputs, mut names) = (Vec::new(), Vec::new());
        for arg in args {
            match self.operand(scope, *arg) {
                Operand::Unknown => return Operand::Unknown,
                record @ Operand::Record(_) => {
                    for (path, id) in self.paths("", record) {
                        names.push(Some(path.trim_start_matches('.').to_owned()));
                        inputs.push(self.as_input(id, scope.span(*arg)));
                    }
                }
                other => {
                    let id = self.as_value(scope, *arg, other);
                    names.push(None);
                    inputs.push(self.as_input(id, scope.span(*arg)));
                }
            }
        }
        let name = self.program.models[model].name.clone();
        let known = self.program.models[model].call.as_ref().map(|call| call.inputs.len());
        if inputs.is_empty() || known.is_some_and(|known| known != inputs.len()) {
            self.report(errors::universes::model_inputs(&name, at, inputs.len(), known));
            return Operand::Unknown;
        }
        self.program.models[model].call.get_or_insert(ModelCall { inputs: names, span: at });
        let outputs = self.program.models[model].outputs.clone();
        let output = |checker: &mut Self, index: usize| {
            let told = ExprKind::Told(Told::Model { model, output: index }, inputs.clone());
            Operand::Value(checker.push(told, Ty::NUM, at))
        };
        if outputs.is_empty() {
            return output(self, 0);
        }
        let fields: Vec<(String, Operand)> =
            outputs.into_iter().enumerate().map(|(index, name)| (name, output(self, index))).collect();
        Operand::Record(self.record(fields))
    }

    /// Checks the labels, which alone may read the future.
    pub(super) fn labels(&mut self) {
        for index in 0..self.labels_named.len() {
            self.label(index);
        }
    }

    fn label(&mut self, index: usize) {
        let item = self.labels_named[index];
        let ItemKind::Label { name, value } = &item.kind else { return };
        let mut scope = Scope::new(self.user, item.span);
        scope.in_label = true;
        let found = self.remembering(&scope, |checker, scope| Operand::Value(checker.value(scope, *value)));
        let id = self.as_value(&scope, *value, found);
        let id = self.as_input(id, scope.span(*value));
        self.program.labels.push(Label { name: name.text.clone(), value: id, span: name.span });
    }

    /// `future(x, 5s)`
    pub(super) fn future(&mut self, scope: &Scope<'a>, args: &[ast::ExprId], name_at: Span, at: Span) -> Operand {
        if !scope.in_label {
            let written = args.first().map_or("x", |arg| self.program.text_at(scope.span(*arg))).to_owned();
            let span = args.get(1).map_or("1d", |arg| self.program.text_at(scope.span(*arg))).to_owned();
            self.report(errors::universes::future_outside_label(name_at, &written, &span));
            return Operand::Unknown;
        }
        let [value, span] = args else {
            self.report(errors::wrong_count("future", "x, 5s", 2, args.len(), at));
            return Operand::Unknown;
        };
        let (id, span) = (self.value(scope, *value), self.duration(scope, "how far a label looks ahead", *span));
        let ty = self.ty(id);
        Operand::Value(self.push(ExprKind::Told(Told::Future, vec![id, span]), ty, at))
    }

    /// A label's name outside of `label`.
    pub(super) fn label_read(&mut self, scope: &Scope<'a>, index: usize, at: Span) -> Operand {
        let item = self.labels_named[index];
        let ItemKind::Label { name, .. } = &item.kind else { return Operand::Unknown };
        let above = self.program.labels.iter().find(|label| label.name == name.text).map(|label| label.value);
        match (scope.in_label, above) {
            (true, Some(value)) => Operand::Value(value),
            (true, None) => {
                self.report(errors::stands_below(&name.text, at));
                Operand::Unknown
            }
            (false, _) => {
                self.report(errors::universes::label_reaches_orders(&name.text, at, name.span));
                Operand::Unknown
            }
        }
    }
}
