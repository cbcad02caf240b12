//! Enums: `enum Phase { Watch, Armed }`. An arm is a name of the file, and `Phase.Watch` says which file's name is meant.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind, Name};

use super::Checker;
use super::scope::{Global, Operand};
use crate::{Enum, ExprKind, Ty, Value, errors};

impl<'a> Checker<'a> {
    /// Makes an enum and its arms known.
    pub(super) fn enum_item(&mut self, item: &'a ast::Item) {
        let ItemKind::Enum { name, arms, .. } = &item.kind else { return };
        let index = self.program.enums.len();
        if self.name(&name.text, name.span, Global::Enum(index)) {
            self.unused.insert(name.text.clone(), name.span);
        }
        let mut known: Vec<String> = Vec::new();
        for arm in arms {
            if known.contains(&arm.text) {
                self.report(errors::arm_twice(&arm.text, arm.span));
                continue;
            }
            self.arm(index, known.len(), arm);
            known.push(arm.text.clone());
        }
        self.program.enums.push(Enum { name: name.text.clone(), arms: known, span: name.span });
    }

    /// An arm's name, unless another enum has it too: then neither is meant by it alone.
    fn arm(&mut self, of: usize, index: usize, arm: &Name) {
        match self.globals.get(&arm.text).copied() {
            Some((Global::Arm(..) | Global::SharedArm, first)) => {
                self.globals.insert(arm.text.clone(), (Global::SharedArm, first));
            }
            _ => _ = self.name(&arm.text, arm.span, Global::Arm(of, index)),
        }
    }

    /// An arm as a value.
    pub(super) fn arm_value(&mut self, of: usize, index: usize, at: Span) -> Operand {
        let name = self.program.enums[of].name.clone();
        self.used(&name);
        Operand::Value(self.push(ExprKind::Const(Value::Int(index as i64)), Ty::Enum(of), at))
    }

    /// `Phase.Watch`
    pub(super) fn enum_member(&mut self, of: usize, name: &Name, wrong: Span, at: Span) -> Operand {
        match self.program.enums[of].arms.iter().position(|arm| *arm == name.text) {
            Some(index) => self.arm_value(of, index, at),
            None => {
                let Enum { name: of, arms, .. } = self.program.enums[of].clone();
                self.report(errors::no_arm(&of, &name.text, wrong, &arms));
                Operand::Unknown
            }
        }
    }

    /// A name that arms of several enums share.
    pub(super) fn shared_arm(&mut self, name: &str, at: Span) -> Operand {
        let here = |it: &&Enum| matches!(self.globals.get(&it.name), Some((Global::Enum(_), _)));
        let owners = self.program.enums.iter().filter(here).filter(|it| it.arms.iter().any(|arm| arm == name));
        let readings: Vec<String> = owners.map(|it| format!("{}.{name}", it.name)).collect();
        self.report(errors::shared_arm(name, at, &readings));
        Operand::Unknown
    }
}
