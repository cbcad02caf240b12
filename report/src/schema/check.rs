//! Holds JSON against a schema: the part of JSON Schema that ours uses. A word of a schema that is not understood here is a
//! panic, so that nothing stands in the schema that is not checked.

use serde_json::{Map, Value};

/// Where `value` breaks `schema`, and how; empty if it does not.
pub fn complaints(schema: &Value, value: &Value) -> Vec<String> {
    let mut check = Check { root: schema, found: Vec::new() };
    check.value(schema, value, "report");
    check.found
}

struct Check<'a> {
    root: &'a Value,
    found: Vec<String>,
}

impl<'a> Check<'a> {
    fn value(&mut self, schema: &'a Value, value: &Value, place: &str) {
        for (word, rule) in schema.as_object().expect("a schema is an object") {
            match word.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" => {}
                "$ref" => self.value(self.defined(rule), value, place),
                "type" => self.expect(is_of(rule, value), place, &format!("{value} is not of type {rule}")),
                "enum" => self.expect(one_of(rule, value), place, &format!("{value} is none of {rule}")),
                "const" => self.expect(rule == value, place, &format!("{value} is not {rule}")),
                "pattern" => self.expect(is_hex(rule, value), place, &format!("{value} does not match {rule}")),
                "minimum" => {
                    let low = value.as_f64().is_some_and(|number| Some(number) < rule.as_f64());
                    self.expect(!low, place, &format!("{value} is below {rule}"));
                }
                "items" => self.items(rule, value, place),
                "required" => self.required(rule, value, place),
                "properties" => self.properties(rule, value, place),
                "additionalProperties" => self.others(schema, rule, value, place),
                "maxProperties" => {
                    let most = rule.as_u64().expect("a count") as usize;
                    let few = value.as_object().is_none_or(|object| object.len() <= most);
                    self.expect(few, place, &format!("more than {most} fields"));
                }
                other => panic!("`{other}` is not checked"),
            }
        }
    }

    fn expect(&mut self, holds: bool, place: &str, otherwise: &str) {
        if !holds {
            self.found.push(format!("{place}: {otherwise}"));
        }
    }

    fn defined(&self, name: &Value) -> &'a Value {
        let name = name.as_str().and_then(|name| name.strip_prefix("#")).expect("a place in the same file");
        self.root.pointer(name).unwrap_or_else(|| panic!("{name} is not defined"))
    }

    fn items(&mut self, rule: &'a Value, value: &Value, place: &str) {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.value(rule, item, &format!("{place}[{index}]"));
        }
    }

    fn required(&mut self, rule: &Value, value: &Value, place: &str) {
        for name in rule.as_array().expect("names").iter().filter_map(Value::as_str) {
            let there = value.as_object().is_none_or(|object| object.contains_key(name));
            self.expect(there, place, &format!("no `{name}`"));
        }
    }

    fn properties(&mut self, rules: &'a Value, value: &Value, place: &str) {
        for (name, rule) in rules.as_object().expect("properties are an object") {
            if let Some(value) = value.get(name) {
                self.value(rule, value, &format!("{place}.{name}"));
            }
        }
    }

    /// Fields that `properties` does not name.
    fn others(&mut self, schema: &'a Value, rule: &'a Value, value: &Value, place: &str) {
        let none = Map::new();
        let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        for (name, value) in value.as_object().into_iter().flatten().filter(|(name, _)| !known.contains_key(*name)) {
            match rule {
                Value::Bool(allowed) => self.expect(*allowed, place, &format!("`{name}` is not of the form")),
                rule => self.value(rule, value, &format!("{place}.{name}")),
            }
        }
    }
}

fn is_of(rule: &Value, value: &Value) -> bool {
    match rule {
        Value::Array(rules) => rules.iter().any(|rule| is_of(rule, value)),
        rule => match rule.as_str().expect("a type has a name") {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("`{other}` is no type"),
        },
    }
}

fn one_of(rule: &Value, value: &Value) -> bool {
    rule.as_array().expect("an enum lists values").contains(value)
}

/// The one kind of pattern in use: so many hex digits, `^[0-9a-f]{64}$`.
fn is_hex(rule: &Value, value: &Value) -> bool {
    let pattern = rule.as_str().expect("a pattern is text");
    let digits = pattern.strip_prefix("^[0-9a-f]{").and_then(|rest| rest.strip_suffix("}$"));
    let digits: usize = digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("{pattern}"));
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    value.as_str().is_none_or(|text| text.len() == digits && text.chars().all(hex))
}
