//! Values of parameters as the source would write them: an arm by its name, a duration with its unit.

use gbc_core::time::span_text;

use crate::{Param, ParamRange, Program, Ty, Value};

impl Program {
    /// A value of this type, as it is written.
    pub fn value_text(&self, ty: Ty, value: Value) -> String {
        match (ty, value) {
            (Ty::Duration, Value::Int(ns)) => span_text(ns),
            (Ty::Enum(of), Value::Int(arm)) => {
                let arms = &self.enums[of].arms;
                usize::try_from(arm).ok().and_then(|arm| arms.get(arm)).map_or(arm.to_string(), String::clone)
            }
            (_, value) => value.to_string(),
        }
    }

    /// The values that a sweep tries of a parameter, as they are written; nothing where it has no range.
    pub fn range_text(&self, param: &Param) -> String {
        param.range.as_ref().map_or(String::new(), |range| self.values_text(param.ty, range))
    }

    /// A range of this type, as it is written.
    pub(crate) fn values_text(&self, ty: Ty, range: &ParamRange) -> String {
        let text = |value: &Value| self.value_text(ty, *value);
        match range {
            ParamRange::Span { from, to, step: Some(step) } => {
                format!("{}..{} step {}", text(from), text(to), text(step))
            }
            ParamRange::Span { from, to, step: None } => format!("{}..{}", text(from), text(to)),
            ParamRange::List(values) => format!("{{{}}}", values.iter().map(text).collect::<Vec<_>>().join(", ")),
        }
    }
}
