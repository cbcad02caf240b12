//! A value as people write it, and as scripts read it.

use gbc_core::time::span_text;
use gbc_driver::{ExprId, Program, Ty};
use serde_json::{Value as Json, json};

#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) json: Json,
}

/// A value of this expression's type.
pub(crate) fn shown(program: &Program, id: ExprId, value: Option<f64>) -> Shown {
    let Some(value) = value else { return Shown { text: "undefined".to_owned(), json: Json::Null } };
    match program.expr(id).ty {
        Ty::Bool => Shown { text: (value != 0.0).to_string(), json: json!(value != 0.0) },
        Ty::Enum(index) => {
            let arm = program.enums[index].arms.get(value as usize);
            let arm = arm.cloned().unwrap_or_else(|| value.to_string());
            Shown { json: json!(arm), text: arm }
        }
        Ty::Duration => Shown { text: span_text(value as i64), json: json!(span_text(value as i64)) },
        Ty::Int => Shown { text: value.to_string(), json: json!(value as i64) },
        _ => Shown { text: value.to_string(), json: json!(value) },
    }
}
