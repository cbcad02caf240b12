//! The `summary` of `report.json`: every figure under its name, and under `undefined` why some have no value.

use gbc_metrics::{Summary, Told};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

pub(crate) struct SummaryObject<'a>(pub(crate) &'a Summary);

impl Serialize for SummaryObject<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(None)?;
        for entry in self.0.entries() {
            match entry.told {
                Told::Count(count) => object.serialize_entry(entry.name, &count)?,
                Told::Figure(figure) => object.serialize_entry(entry.name, &figure.ok())?,
            }
        }
        object.serialize_entry("undefined", &undefined(self.0))?;
        object.end()
    }
}

/// The code of the reason for each figure that has no value.
fn undefined(summary: &Summary) -> Map<String, Value> {
    let reason = |entry: gbc_metrics::Entry| match entry.told {
        Told::Figure(Err(why)) => Some((entry.name.to_owned(), Value::from(why.code()))),
        _ => None,
    };
    summary.entries().filter_map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_null_has_a_reason_and_every_reason_a_null() {
        let summary = serde_json::to_value(SummaryObject(&Summary::default())).unwrap();
        let reasons = summary["undefined"].as_object().unwrap();
        assert_eq!((reasons["sharpe"].as_str(), reasons["winRate"].as_str()), (Some("few_days"), Some("no_trades")));
        for (name, value) in summary.as_object().unwrap().iter().filter(|(name, _)| *name != "undefined") {
            assert_eq!(value.is_null(), reasons.contains_key(name), "{name}");
        }
        assert_eq!((&summary["tradeCount"], &summary["netPnl"]), (&Value::from(0), &Value::from(0.0)));
    }
}
