//! Instruments: files of users, and the common ones.

use std::path::Path;

use gbc_core::session::{Calendar, Hours};
use gbc_core::time::moment_from;
use gbc_core::{Instrument, MakerFees, Money, Ratio};
use gbc_diagnostics::nearest;

use crate::exit::Exit;
use crate::files;

/// Symbol, tick, and money for one point of one contract, all in US dollars.
const COMMON: [(&str, &str, &str); 16] = [
    ("ES", "0.25", "50"),
    ("MES", "0.25", "5"),
    ("NQ", "0.25", "20"),
    ("MNQ", "0.25", "2"),
    ("RTY", "0.1", "50"),
    ("M2K", "0.1", "5"),
    ("YM", "1", "5"),
    ("MYM", "1", "0.5"),
    ("CL", "0.01", "1000"),
    ("MCL", "0.01", "100"),
    ("GC", "0.1", "100"),
    ("MGC", "0.1", "10"),
    ("ZN", "0.015625", "1000"),
    ("ZB", "0.03125", "1000"),
    ("EQUITY", "0.01", "1"),
    ("CRYPTO", "0.01", "1"),
];

/// When they trade by day, in New York: what people call regular trading hours. Indices and shares go by the stock exchange.
const BY_DAY: [(&str, &str, &str); 6] = [
    ("CL", "09:00", "14:30"),
    ("MCL", "09:00", "14:30"),
    ("GC", "08:20", "13:30"),
    ("MGC", "08:20", "13:30"),
    ("ZN", "08:20", "15:00"),
    ("ZB", "08:20", "15:00"),
];

fn common_hours(name: &str) -> Option<Hours> {
    if name.eq_ignore_ascii_case("CRYPTO") {
        return Some(Hours { weekends: true, ..Hours::weekdays(0, 0, "UTC") });
    }
    let own = BY_DAY.iter().find(|(symbol, ..)| symbol.eq_ignore_ascii_case(name));
    let (open, close) = own.map_or(("09:30", "16:00"), |(_, open, close)| (*open, *close));
    Some(Hours::weekdays(moment_from(open)?, moment_from(close)?, "America/New_York"))
}

/// The common instrument of that name, in any case; without fees.
pub(crate) fn common(name: &str) -> Option<Instrument> {
    let (_, tick, point) = COMMON.iter().find(|(symbol, ..)| symbol.eq_ignore_ascii_case(name))?;
    let mut instrument = Instrument::generic(&name.to_uppercase(), Ratio::parse(tick)?);
    instrument.point = Ratio::parse(point)?;
    instrument.hours = common_hours(name);
    if name.eq_ignore_ascii_case("CRYPTO") {
        instrument.lot = Ratio::parse("0.00000001")?;
    }
    Some(instrument)
}

/// An instrument by the name of a file or of a common one.
pub(crate) fn named(text: &str, symbol: &str) -> Result<Instrument, Exit> {
    if let Some(mut instrument) = common(text) {
        if matches!(instrument.symbol.as_str(), "EQUITY" | "CRYPTO") {
            symbol.clone_into(&mut instrument.symbol);
        }
        return Ok(instrument);
    }
    if !text.ends_with(".toml") {
        let names: Vec<&str> = COMMON.iter().map(|(name, ..)| *name).collect();
        return Err(Exit::usage(format!(
            "there is no common instrument `{text}`; name a `.toml` file or one of {}",
            names.join(" ")
        )));
    }
    let source = files::source(Path::new(text))?;
    read(&source.text, symbol).map_err(|reason| Exit::files(format!("{text}: {reason}")))
}

const KEYS: [&str; 10] = [
    "symbol",
    "tick",
    "lot",
    "point",
    "currency",
    "fee_per_lot",
    "fee_rate",
    "maker_fee_per_lot",
    "maker_fee_rate",
    "hours",
];

/// `tick = 0.25`, `point = 2`, `fee_per_lot = 0.62`, …
fn read(text: &str, symbol: &str) -> Result<Instrument, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(match nearest(unknown, KEYS) {
            Some(near) => format!("there is no setting `{unknown}`; did you mean `{near}`?"),
            None => format!("there is no setting `{unknown}`; there are {}", KEYS.join(", ")),
        });
    }
    let number = |key: &str| table.get(key).map(as_text);
    let scale = |key: &str| match number(key) {
        None => Ok(None),
        Some(text) => {
            Ratio::parse(&text).map(Some).ok_or_else(|| format!("`{key} = {text}` is no positive decimal number"))
        }
    };
    let tick = scale("tick")?.ok_or("the instrument has no `tick`; write `tick = 0.25`")?;
    let symbol = table.get("symbol").map_or(symbol.to_owned(), as_text);
    let mut instrument = Instrument::generic(&symbol, tick);
    instrument.lot = scale("lot")?.unwrap_or(Ratio::ONE);
    instrument.point = scale("point")?.unwrap_or(Ratio::ONE);
    if let Some(currency) = table.get("currency") {
        instrument.currency = as_text(currency);
    }
    if let Some(text) = number("fee_per_lot") {
        let fee = text.parse().ok().and_then(Money::nearest);
        instrument.fee_per_lot = fee.ok_or_else(|| format!("`fee_per_lot = {text}` is no amount"))?;
    }
    instrument.fee_rate = scale("fee_rate")?;
    instrument.maker = maker(number("maker_fee_per_lot"), number("maker_fee_rate"))?;
    instrument.hours = table.get("hours").map(hours).transpose()?;
    Ok(instrument)
}

/// What orders that rested pay; nothing if neither is there. Below zero it is paid to us.
fn maker(per_lot: Option<String>, rate: Option<String>) -> Result<Option<MakerFees>, String> {
    if per_lot.is_none() && rate.is_none() {
        return Ok(None);
    }
    let read = |key: &str, text: Option<String>, most: f64| {
        let text = text.unwrap_or("0".to_owned());
        let number = text.parse().ok().filter(|number: &f64| number.abs() <= most).and_then(Money::nearest);
        number.ok_or_else(|| format!("`{key} = {text}` is no number from -{most} to {most}"))
    };
    let rate = read("maker_fee_rate", rate, 0.999)?.0;
    Ok(Some(MakerFees {
        per_lot: read("maker_fee_per_lot", per_lot, 1e6)?,
        rate: i64::try_from(rate).expect("it is below a billion"),
    }))
}

/// `{ open = "09:30", close = "16:00", zone = "America/New_York" }`, with `weekends = true` or `days_off = ["2024-12-25"]`.
fn hours(value: &toml::Value) -> Result<Hours, String> {
    let shape = "`hours` has an opening, a close and a zone: `{ open = \"09:30\", close = \"16:00\", zone = \"America/New_York\" }`";
    let table = value.as_table().ok_or(shape)?;
    let known = ["open", "close", "zone", "weekends", "days_off"];
    if let Some(unknown) = table.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("`hours` has no `{unknown}`; it has {}", known.join(", ")));
    }
    let text = |key: &str| table.get(key).and_then(toml::Value::as_str).ok_or(shape);
    let time = |key: &str| {
        let text = text(key)?;
        moment_from(text).ok_or_else(|| format!("`{key} = \"{text}\"` is no time of day like \"09:30\""))
    };
    let days_off = table.get("days_off").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let hours = Hours {
        weekends: table.get("weekends").and_then(toml::Value::as_bool).unwrap_or(false),
        days_off: days_off.iter().map(as_text).collect(),
        ..Hours::weekdays(time("open")?, time("close")?, text("zone")?)
    };
    Calendar::new(&hours).map(|_| hours)
}

/// A value as its owner wrote it, quotes aside.
fn as_text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_instrument_makes_sense() {
        for (name, ..) in COMMON {
            assert!(common(name).is_some(), "{name}");
        }
        let es = common("es").and_then(|es| es.hours).unwrap();
        assert_eq!((es.zone.as_str(), es.weekends), ("America/New_York", false));
        let zn = common("zn").unwrap();
        assert_eq!(zn.value_of_ticks(1, 1), Money(15_625_000_000));
    }

    #[test]
    fn an_instrument_file_is_checked_like_a_source() {
        let mnq = read("tick = 0.25\npoint = 2\nfee_per_lot = 0.62", "MNQ").unwrap();
        assert_eq!((mnq.symbol.as_str(), mnq.fee(1)), ("MNQ", Money(620_000_000)));
        let perp = read("tick = 1\nfee_rate = 0.0005\nmaker_fee_rate = -0.0001", "X").unwrap();
        assert_eq!(perp.maker, Some(MakerFees { per_lot: Money::ZERO, rate: -100_000 }));
        assert!(read("tick = 1\nmaker_fee_rate = -2", "X").unwrap_err().contains("from -0.999"));
        assert!(read("tik = 0.25", "X").unwrap_err().contains("did you mean `tick`"));
        assert!(read("tick = -1", "X").unwrap_err().contains("no positive"));
        assert!(read("point = 1", "X").unwrap_err().contains("no `tick`"));
        let hours = |text: &str| read(&format!("tick = 1\nhours = {{ {text} }}"), "X").map(|read| read.hours);
        let city = "open = \"08:00\", close = \"16:30\", zone = \"Europe/London\"";
        assert_eq!(hours(city).unwrap().map(|hours| hours.close_ns), moment_from("16:30"));
        assert!(hours(&city.replace("London", "Lndon")).unwrap_err().contains("no time zone"));
        assert!(hours(&city.replace("08:00", "8 am")).unwrap_err().contains("no time of day"));
        assert!(hours(&format!("{city}, holidays = []")).unwrap_err().contains("no `holidays`"));
        assert!(hours("open = \"08:00\"").unwrap_err().contains("a zone"));
        assert!(read("tick = ", "X").is_err());
    }
}
