//! Numbers as people read them: digits in groups of three, a dash for what is undefined.

use gbc_metrics::Figure;

/// `12,345`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let group = |(place, digit): (usize, char)| {
        let comma = place > 0 && (digits.len() - place).is_multiple_of(3);
        comma.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(group).collect()
}

/// `-1,234.50`: two decimals.
pub(crate) fn money(value: f64) -> String {
    // Beyond 10^12 cents say nothing, and the column would burst.
    if !value.is_finite() || value.abs() >= 1e12 {
        return format!("{value:.4e}");
    }
    let text = format!("{:.2}", value.abs());
    let (whole, cents) = text.split_once('.').expect("two decimals were asked for");
    let sign = if value < 0.0 && text != "0.00" { "-" } else { "" };
    format!("{sign}{}.{cents}", grouped(whole.parse().expect("digits below 10^12")))
}

/// `+1,234.50`: a gain says that it is one.
pub(crate) fn signed_money(value: f64) -> String {
    let text = money(value);
    if value > 0.0 && text != "0.00" { format!("+{text}") } else { text }
}

/// `48.6 %`, or a dash for what is undefined.
pub(crate) fn percent(share: Figure) -> String {
    match share {
        Ok(share) if share.abs() < 1e6 => format!("{:.1} %", share * 100.0),
        Ok(share) => format!("{:.1e} %", share * 100.0),
        Err(_) => "–".to_owned(),
    }
}

/// `1.34`, or a dash for what is undefined.
pub(crate) fn ratio(value: Figure) -> String {
    match value {
        Ok(value) if value.abs() < 1e9 => format!("{value:.2}"),
        Ok(value) => format!("{value:.3e}"),
        Err(_) => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((money(-1_234_567.891), money(-0.001)), ("-1,234,567.89".into(), "0.00".into()));
        assert_eq!((grouped(1_000), grouped(999), grouped(0)), ("1,000".into(), "999".into(), "0".into()));
    }
}
