//! Parameters from the outside: `fast=12` on a command line means what it would mean in the source.

use gbc_diagnostics::nearest;
use gbc_hir::{Ty, Value, fold};

use crate::Checked;

impl Checked {
    /// The parameters with these settings, or what is wrong with one of them.
    pub fn settings(&self, settings: &[(String, String)]) -> Result<Vec<Value>, String> {
        let mut values = self.defaults();
        for (name, text) in settings {
            let index = self.param_named(name)?;
            values[index] = self.parse(index, text)?;
            self.in_range(index, values[index])?;
        }
        self.requirements_hold(&values)?;
        Ok(values)
    }

    /// What is proven of a program is proven for the ranges of its parameters, and no further.
    fn in_range(&self, index: usize, value: Value) -> Result<(), String> {
        let param = &self.program.params[index];
        if param.range.as_ref().is_none_or(|range| range.contains(value)) {
            return Ok(());
        }
        let (value, range) = (self.program.value_text(param.ty, value), self.program.range_text(param));
        Err(format!("`{}={value}` lies outside {range}; widen the range in the source", param.name))
    }

    fn param_named(&self, name: &str) -> Result<usize, String> {
        let params = &self.program.params;
        params.iter().position(|param| param.name == name).ok_or_else(|| {
            let names: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
            match nearest(name, names.iter().copied()) {
                Some(near) => format!("there is no parameter `{name}`; did you mean `{near}`?"),
                None if names.is_empty() => format!("there is no parameter `{name}`; the strategy has none"),
                None => format!("there is no parameter `{name}`; there is {}", names.join(", ")),
            }
        })
    }

    /// The value that the text would give the parameter in the source.
    fn parse(&self, index: usize, text: &str) -> Result<Value, String> {
        let param = &self.program.params[index];
        if let Ty::Enum(index) = param.ty {
            let arms = &self.program.enums[index].arms;
            let found = arms.iter().position(|arm| arm == text).map(|arm| Value::Int(arm as i64));
            return found
                .ok_or_else(|| format!("`{text}` is no value for `{}`: it is {}", param.name, arms.join(" or ")));
        }
        let wrong = || format!("`{text}` is no value for `{}`, which is {}", param.name, param.ty);
        let source = format!("strategy S\nmarket m\nparam value = {text}\ntarget m = 0");
        let parsed = gbc_syntax::parse(&source);
        let (program, _) = gbc_hir::check(&source, &parsed.file);
        let found = program.params.first().filter(|_| parsed.diagnostics.is_empty()).ok_or_else(wrong)?;
        match (param.ty, found.ty) {
            (wanted, found_ty) if wanted == found_ty => Ok(found.default),
            (Ty::Num(dim), found_ty) if found_ty.dim() == Some(dim) => Ok(Value::Num(found.default.to_f64())),
            (Ty::Exact(_), Ty::Exact(_)) => Ok(found.default),
            _ => Err(wrong()),
        }
    }

    fn requirements_hold(&self, values: &[Value]) -> Result<(), String> {
        for id in &self.program.requires {
            if fold(&self.program, *id, values) == Some(Value::Bool(false)) {
                let text = self.source.slice(self.program.expr(*id).span);
                let values: Vec<String> = self
                    .program
                    .params
                    .iter()
                    .zip(values)
                    .map(|(param, value)| format!("{}={}", param.name, self.program.value_text(param.ty, *value)))
                    .collect();
                return Err(format!("the strategy requires `{text}`, which is false for {}", values.join(", ")));
            }
        }
        Ok(())
    }
}
