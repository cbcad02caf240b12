//! Profile files: what they may say, what is said of their mistakes, and that the schema says the same.

use serde_json::Value;

use gbc_core::MakerFees;
use gbc_exec::{FeedDelay, Requirement, Slippage};

use super::*;

const SCHEMA: &str = include_str!("../../schema/profile.schema.json");

fn said(text: &str) -> String {
    read(text).expect_err(text)
}

fn profile_of(text: &str) -> Profile {
    read(text).expect(text).0
}

#[test]
fn a_file_says_what_differs_from_its_base() {
    let text = "base = \"strict\"\nqueue = \"power3(1.5)\"\ntaking = \"whole\"\n\
                [latency]\nfeed = \"5ms\"\nentry = \"2ms\"\namend = \"1000us\"\ncancel = \"3ns\"\nreply = \"1s\"\n\
                [jitter]\nfeed = \"1us\"\nentry = \"2us\"\namend = \"3us\"\ncancel = \"4us\"\nreply = \"5us\"\n\
                [bars]\nmarket_fill = \"close\"\nlimit_fill = \"through\"\nprefer = \"bars\"\n\
                [fees]\nper_lot = 0.62\nrate = 0.0002\nmaker_per_lot = -0.1\nmaker_rate = 0.0001\n\
                [slippage]\nticks = 1\nbps = 0.5\nimpact = \"square_root(10)\"\n\
                [margin]\ninitial = 0.5\nmaintenance = 0.25\ninitial_per_lot = 1000\nmaintenance_per_lot = 900.5\n";
    let profile = profile_of(text);
    let latency = &profile.latency;
    assert_eq!(latency.feed, FeedDelay::After(5_000_000));
    let jitter = latency.jitter;
    assert_eq!(
        [jitter.feed_ns, jitter.entry_ns, jitter.amend_ns, jitter.cancel_ns, jitter.reply_ns],
        [1_000, 2_000, 3_000, 4_000, 5_000]
    );
    assert_eq!(
        [latency.entry_ns, latency.amend_ns, latency.cancel_ns, latency.reply_ns],
        [2_000_000, 1_000_000, 3, 1_000_000_000]
    );
    assert_eq!((profile.queue, profile.takes_whole, profile.prefers_bars), (QueueModel::Power3(1.5), true, true));
    assert_eq!((profile.bars.market_at_close, profile.bars.limit_on_touch), (true, false));
    let maker = Some(MakerFees { per_lot: Money(-100_000_000), rate: 100_000 });
    assert_eq!(profile.fees, Some(Fees { per_lot: Money(620_000_000), rate: Ratio::parse("0.0002"), maker }));
    assert_eq!(profile.slippage, Slippage { ticks: 1, bps: 0.5, impact: Impact::SquareRoot(10.0) });
    let needs =
        |per_lot: i128, share| Requirement { per_lot: Money(per_lot * 100_000_000), share: Ratio::parse(share) };
    assert_eq!(profile.margin, Some(Margin { initial: needs(10_000, "0.5"), maintenance: needs(9_005, "0.25") }));
    assert_eq!(profile_of("base = \"touch\""), Profile::touch());
    assert_ne!(profile.rules(), Profile::strict().rules());
}

#[test]
fn fees_that_are_not_named_cost_nothing() {
    assert_eq!(profile_of("base = \"bars\"\n[fees]\nrate = 0").fees, Some(Fees::default()));
}

#[test]
fn each_mistake_names_its_line_and_its_key() {
    for (text, line, words) in [
        ("queue = \"log\"", 1, "no `base`"),
        ("base = \"strikt\"", 1, "did you mean `strict`"),
        ("base = 3", 1, "text in quotes"),
        ("base = \"strict\"\n\nqeue = \"log\"", 3, "no setting `qeue`; did you mean `queue`"),
        ("base = \"strict\"\nqueue = \"power\"", 2, "is no queue model"),
        ("base = \"strict\"\nqueue = \"power(-1)\"", 2, "is no queue model"),
        ("base = \"strict\"\ntaking = \"shwon\"", 2, "did you mean \"shown\""),
        ("base = \"strict\"\nlatency = \"2ms\"", 2, "is a section"),
        ("base = \"strict\"\n[latency]\nenrty = \"2ms\"", 3, "no setting `latency.enrty`; did you mean `entry`"),
        ("base = \"strict\"\n[latency]\nentry = 2", 3, "`latency.entry = 2` has to be text"),
        ("base = \"strict\"\n[latency]\nentry = \"2 bananas\"", 3, "is no span of time"),
        ("base = \"strict\"\n[latency]\nentry = \"-2ms\"", 3, "lies outside"),
        ("base = \"strict\"\n[latency]\nentry = \"2d\"", 3, "lies outside"),
        ("base = \"strict\"\n[latency]\nentry = \"\"", 3, "is no span of time"),
        ("base = \"strict\"\n[latency]\nentry = \"9223372036854775807s\"", 3, "is no span of time"),
        ("base = \"strict\"\n[latency]\nfeed = \"recrded\"", 3, "write \"recorded\", or a span"),
        ("base = \"strict\"\n[latency]\nfeed = \"2h\"", 3, "lies outside"),
        ("base = \"strict\"\n[latency]\ntable = \"lat.parquet\"", 3, "names no `.npz` or `.csv` file"),
        ("base = \"strict\"\n[jitter]\ntable = \"lat.csv\"", 3, "no setting `jitter.table`"),
        ("base = \"strict\"\n[bars]\nprefer = \"tick\"", 3, "did you mean \"ticks\""),
        ("base = \"strict\"\n[fees]\nmaker = 0.1", 3, "no setting `fees.maker`"),
        ("base = \"strict\"\n[fees]\nmaker_rate = -1", 3, "no share between -1 and 1"),
        ("base = \"strict\"\n[fees]\nmaker_per_lot = nan", 3, "is no amount"),
        ("base = \"strict\"\n[fees]\nmaker_per_lot = \"x\"", 3, "number without quotes"),
        ("base = \"strict\"\n[fees]\nper_lot = \"0.62\"", 3, "number without quotes"),
        ("base = \"strict\"\n[fees]\nper_lot = -1", 3, "no amount"),
        ("base = \"strict\"\n[fees]\nper_lot = nan", 3, "no amount"),
        ("base = \"strict\"\n[fees]\nrate = 1.5", 3, "no share"),
        ("base = \"strict\"\n[slippage]\nticks = 1.5", 3, "no whole number"),
        ("base = \"strict\"\n[slippage]\nticks = -1", 3, "no whole number"),
        ("base = \"strict\"\n[slippage]\nticks = 1001", 3, "no whole number"),
        ("base = \"strict\"\n[slippage]\nbps = -0.5", 3, "no number from 0"),
        ("base = \"strict\"\n[slippage]\nbps = nan", 3, "no number from 0"),
        ("base = \"strict\"\n[slippage]\nbps = inf", 3, "no number from 0"),
        ("base = \"strict\"\n[slippage]\nimpact = 3", 3, "text in quotes"),
        ("base = \"strict\"\n[slippage]\nimpact = \"linear\"", 3, "no model of impact"),
        ("base = \"strict\"\n[slippage]\nimpact = \"linear(nan)\"", 3, "no model of impact"),
        ("base = \"strict\"\n[slippage]\nimpact = \"square_root(0)\"", 3, "no model of impact"),
        ("base = \"strict\"\n[slippage]\ntick = 1", 3, "did you mean `ticks`"),
        ("base = \"strict\"\n[margin]\ninitial = 50%", 3, ""),
        ("base = \"strict\"\n[margin]\ninitial = 50", 3, "no share from 0 to below 10"),
        ("base = \"strict\"\n[margin]\ninitial = -0.5", 3, "no share from 0 to below 10"),
        ("base = \"strict\"\n[margin]\ninitial_per_lot = -1", 3, "no amount from 0"),
        ("base = \"strict\"\n[margin]\nmaintainance = 0.5", 3, "did you mean `maintenance`"),
        ("base = \"strict\"\n\n[margin]\nmaintenance = 0.5\ninitial = 0.25", 3, "less to open lots than to keep them"),
        ("base = \"strict\"\n[margin]\nmaintenance_per_lot = 1", 2, "less to open lots than to keep them"),
        ("base = \"strict\"\n\nqueue =", 3, ""),
    ] {
        let said = said(text);
        assert!(said.starts_with(&format!("{line}: ")) && said.contains(words), "{text:?}: {said}");
    }
}

/// The settings of a part of the schema: its key, and its rule with the place it refers to.
fn settings_of<'a>(schema: &'a Value, part: &'a Value) -> Vec<(&'a str, &'a Value)> {
    let properties = part["properties"].as_object().expect("properties");
    let behind =
        |rule: &'a Value| rule["$ref"].as_str().map_or(rule, |name| schema.pointer(&name[1..]).expect("defined"));
    properties.iter().map(|(key, rule)| (key.as_str(), behind(rule))).collect()
}

#[test]
fn the_schema_and_the_reader_know_the_same_settings() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let keys = |part: &Value| part["properties"].as_object().expect("properties").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&schema), KEYS);
    for (section, known) in SECTIONS {
        assert_eq!(keys(&schema["properties"][section]), known, "{section}");
    }
}

#[test]
fn the_reader_takes_all_values_that_the_schema_names_and_none_like_them() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let bases: Vec<String> = Profile::built_in().into_iter().map(|profile| profile.name).collect();
    assert_eq!(schema["properties"]["base"]["enum"], serde_json::json!(bases));
    let mut seen = 0;
    for (section, part) in
        std::iter::once(("", &schema)).chain(SECTIONS.map(|(name, _)| (name, &schema["properties"][name])))
    {
        for (key, rule) in settings_of(&schema, part).into_iter().filter(|(_, rule)| rule["type"] != "object") {
            let values = rule.get("enum").or(rule.get("examples")).and_then(Value::as_array).expect("values to try");
            for value in values {
                let text = |value: &Value| match (section, key) {
                    ("", "base") => format!("base = {value}"),
                    ("", _) => format!("base = \"strict\"\n{key} = {value}"),
                    // What keeps lots is never more than what opens them.
                    ("margin", "maintenance") => format!("base = \"strict\"\n[margin]\ninitial = 9\n{key} = {value}"),
                    ("margin", "maintenance_per_lot") => {
                        format!("base = \"strict\"\n[margin]\ninitial_per_lot = 1000000\n{key} = {value}")
                    }
                    _ => format!("base = \"strict\"\n[{section}]\n{key} = {value}"),
                };
                assert!(read(&text(value)).is_ok(), "{}", text(value));
                let unlike = Value::from(format!("{value}?"));
                assert!(read(&text(&unlike)).is_err(), "{}", text(&unlike));
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "{seen}");
}
