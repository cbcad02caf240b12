//! The form of `report.json`, as a JSON schema that lies in the repository.

/// `report/schema/report.schema.json`.
pub const REPORT_SCHEMA: &str = include_str!("../schema/report.schema.json");

#[cfg(test)]
mod check;

#[cfg(test)]
mod tests {
    use gbc_core::{Instrument, Ratio};
    use gbc_metrics::{Summary, Told, Undefined};
    use serde_json::{Map, Value, json};

    use super::check::complaints;
    use super::*;
    use crate::run::sample;
    use crate::{Rows, report_json};

    fn schema() -> Value {
        serde_json::from_str(REPORT_SCHEMA).expect("the schema is JSON")
    }

    fn wrong(report: &Value) -> Vec<String> {
        complaints(&schema(), report)
    }

    fn small() -> Value {
        serde_json::from_slice(&report_json(&sample::Owned::new().report())).unwrap()
    }

    #[test]
    fn reports_have_the_form_of_the_schema() {
        assert_eq!(wrong(&small()), [""; 0]);
        let mut owned = sample::Owned::new();
        owned.instruments.push(Instrument::generic("NQ", Ratio::ONE));
        let mut report = owned.report();
        report.dataset.rows = Rows::Events(12);
        report.dataset.interval = None;
        let several: Value = serde_json::from_slice(&report_json(&report)).unwrap();
        assert_eq!(wrong(&several), [""; 0]);
        let thinned = serde_json::to_value(crate::report_file::ReportFile::new(&report, 2)).unwrap();
        assert_eq!(wrong(&thinned), [""; 0]);
        assert!(thinned.get("thinned").is_some());
    }

    #[test]
    fn what_is_not_of_that_form_is_noticed() {
        type Change = fn(&mut Value);
        let changes: [(Change, &str); 7] = [
            (|report| drop(report.as_object_mut().unwrap().remove("runId")), "runId"),
            (|report| report["summary"]["sharpe"] = json!("high"), "summary.sharpe"),
            (|report| report["summary"]["undefined"]["sharpe"] = json!("because"), "summary.undefined.sharpe"),
            (|report| report["orders"][0]["side"] = json!("short"), "orders[0].side"),
            (|report| report["trades"][1]["pnl"] = Value::Null, "trades[1].pnl"),
            (|report| report["equityCurve"][0]["more"] = json!(1), "equityCurve[0]"),
            (|report| report["resultHash"] = json!("0x12"), "resultHash"),
        ];
        for (change, place) in changes {
            let mut report = small();
            change(&mut report);
            let wrong = wrong(&report);
            assert!(wrong.len() == 1 && wrong[0].contains(place), "{place}: {wrong:?}");
        }
    }

    #[test]
    fn the_schema_names_every_figure_with_its_definition() {
        let mut schema = schema();
        schema["properties"]["summary"] = summary_schema();
        let wanted = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("GBC_BLESS").is_some_and(|bless| bless == "1") {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/report.schema.json");
            std::fs::write(path, &wanted).expect("the repository can be written to");
            return;
        }
        assert!(wanted == REPORT_SCHEMA, "report.schema.json is out of date: run this test once with GBC_BLESS=1");
    }

    fn summary_schema() -> Value {
        let entries: Vec<_> = Summary::default().entries().collect();
        let figure = |entry: &gbc_metrics::Entry| {
            let kind = match entry.told {
                Told::Count(_) => json!("integer"),
                Told::Figure(_) => json!(["number", "null"]),
            };
            (entry.name.to_owned(), json!({ "type": kind, "description": entry.definition }))
        };
        let mut properties: Map<String, Value> = entries.iter().map(figure).collect();
        let reasons: Vec<&str> = Undefined::ALL.iter().map(|why| why.code()).collect();
        let why = "For each figure that is null, the code of the reason";
        properties.insert(
            "undefined".to_owned(),
            json!({ "type": "object", "description": why, "additionalProperties": { "enum": reasons } }),
        );
        let required: Vec<&String> = properties.keys().collect();
        json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
    }
}
