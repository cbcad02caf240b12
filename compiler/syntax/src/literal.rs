//! Literals: text to values. Whatever is too large for its type is refused, never rounded to infinity.

use crate::ast::{ExprKind, Unit};
use crate::grammar::Rule;

/// The value of a literal; `None` if it is out of range.
pub(crate) fn literal(rule: Rule, text: &str) -> Option<ExprKind> {
    Some(match rule {
        Rule::number => whole_or_float(text)?,
        Rule::duration => ExprKind::Duration(duration(text)?),
        Rule::moment => ExprKind::Moment(moment(text)?),
        Rule::percent => ExprKind::Percent(decimal(text.strip_suffix('%')?)? / 100.0),
        Rule::boolean => ExprKind::Bool(text == "true"),
        Rule::string => ExprKind::Text(text.trim_matches('"').to_owned()),
        _ => return None,
    })
}

fn whole_or_float(text: &str) -> Option<ExprKind> {
    if text.contains('.') {
        return decimal(text).map(ExprKind::Float);
    }
    text.replace('_', "").parse().ok().map(ExprKind::Int)
}

/// A finite number.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let value: f64 = text.replace('_', "").parse().ok()?;
    value.is_finite().then_some(value)
}

/// `15m`, `500ms`, `1.5h` in nanoseconds.
pub(crate) fn duration(text: &str) -> Option<i64> {
    let digits = text.find(|c: char| c.is_ascii_alphabetic())?;
    let unit = match &text[digits..] {
        "ns" => 1,
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000_i64,
        _ => return None,
    };
    let (whole, fraction) = text[..digits].split_once('.').unwrap_or((&text[..digits], ""));
    let whole: i64 = whole.replace('_', "").parse().ok()?;
    let fraction = fraction.replace('_', "");
    if fraction.len() > 9 {
        return None;
    }
    let scale = 10_i64.pow(fraction.len() as u32);
    let part = if fraction.is_empty() { 0 } else { fraction.parse::<i64>().ok()? };
    whole.checked_mul(unit)?.checked_add(part.checked_mul(unit)? / scale)
}

/// `09:30:00.000` in nanoseconds since midnight; `None` from 24:00 on.
pub(crate) fn moment(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(rest) => {
            let (seconds, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
            let padded = format!("{fraction:0<9}");
            (seconds.parse::<i64>().ok()?, padded.get(..9).filter(|_| padded.len() == 9)?.parse::<i64>().ok()?)
        }
    };
    let sound = hours < 24 && minutes < 60 && seconds < 60;
    sound.then_some(((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000 + fraction)
}

/// `2024-06-30` as year, month and day; `None` if there is no such day.
pub(crate) fn date(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some((year, month, day))
}

/// The unit a word names.
pub(crate) fn unit(text: &str) -> Unit {
    match text {
        "tick" | "ticks" => Unit::Ticks,
        "lot" | "lots" => Unit::Lots,
        "trades" => Unit::Trades,
        "bps" => Unit::Bps,
        _ => Unit::Money,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_moments_are_whole_nanoseconds() {
        assert_eq!(duration("15m"), Some(900_000_000_000));
        assert_eq!(duration("1.5s"), Some(1_500_000_000));
        assert_eq!(duration("99999999999d"), None);
        assert_eq!(moment("09:30:00.250"), Some(34_200_250_000_000));
        assert_eq!(moment("24:00"), None);
        assert_eq!(moment("09:30:00.1234567891"), None);
    }

    #[test]
    fn numbers_too_large_are_refused() {
        assert!(literal(Rule::number, "9223372036854775808").is_none());
        assert!(decimal(&format!("1{}.0", "0".repeat(400))).is_none());
        assert!(matches!(literal(Rule::number, "1_000"), Some(ExprKind::Int(1000))));
    }
}
