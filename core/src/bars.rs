//! Bars made from finer events, in a run of state slots, so that a strategy carries its bars with it.
//!
//! A bar holds events of `[start, end)` and exists only at its end. Spans without events make no bar.

use crate::{Due, Nanos};

/// What a bar series is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Trades.
    Trades,
    /// Bars of this length.
    Bars {
        /// Their length.
        span_ns: i64,
    },
}

/// A bar series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The length of its bars.
    pub span_ns: i64,
    /// What they are made of.
    pub source: Source,
}

/// One value of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum BarField {
    /// First price.
    Open,
    /// Highest price.
    High,
    /// Lowest price.
    Low,
    /// Last price.
    Close,
    /// Quantity traded.
    Volume,
}

impl BarField {
    /// Every field with its name in the language.
    pub const NAMES: [(&'static str, BarField); 5] = [
        ("open", BarField::Open),
        ("high", BarField::High),
        ("low", BarField::Low),
        ("close", BarField::Close),
        ("volume", BarField::Volume),
    ];

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        BarField::NAMES[self as usize].0
    }
}

/// Five numbers that make or extend a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candle {
    /// First price, in ticks.
    pub open: i64,
    /// Highest price, in ticks.
    pub high: i64,
    /// Lowest price, in ticks.
    pub low: i64,
    /// Last price, in ticks.
    pub close: i64,
    /// Quantity, in lot steps.
    pub volume: i64,
}

const FORMING: usize = 0;
const END: usize = 1;
const FORMING_FIELDS: usize = 2;
const DONE: usize = 7;
const DONE_FIELDS: usize = 8;

/// How many slots a bar series takes.
pub const SLOTS: usize = 13;

/// When the forming bar is to be closed.
pub fn due(spec: Spec, slots: &[u64]) -> Due {
    if slots[FORMING] == 0 {
        return Due::NEVER;
    }
    Due { time: Nanos(slots[END] as i64), after_data: spec.source != Source::Trades }
}

/// Closes the forming bar: its values become readable.
pub fn close(slots: &mut [u64]) {
    slots.copy_within(FORMING_FIELDS..DONE, DONE_FIELDS);
    slots[DONE] = 1;
    slots[FORMING] = 0;
}

/// A value of the last finished bar.
pub fn read(slots: &[u64], field: BarField) -> Option<i64> {
    (slots[DONE] != 0).then(|| slots[DONE_FIELDS + field as usize] as i64)
}

/// Takes in a trade. Whoever plays events has closed the bar that ended before it.
pub fn add_trade(spec: Spec, slots: &mut [u64], time: Nanos, price: i64, size: i64) {
    let candle = Candle { open: price, high: price, low: price, close: price, volume: size };
    extend(slots, candle, time.floor_to(spec.span_ns).0 + spec.span_ns);
}

/// Takes in a finer bar that ended at `time`; true if that also ends a bar of this series, which is then closed.
pub fn add_bar(spec: Spec, slots: &mut [u64], open_time: Nanos, time: Nanos, candle: Candle) -> bool {
    let as_they_come = spec.source == Source::Bars { span_ns: spec.span_ns };
    let end = if as_they_come { time.0 } else { open_time.floor_to(spec.span_ns).0 + spec.span_ns };
    extend(slots, candle, end);
    let ends = time.0 >= end;
    if ends {
        close(slots);
    }
    ends
}

fn extend(slots: &mut [u64], candle: Candle, end: i64) {
    let fields = |slots: &[u64], field: BarField| slots[FORMING_FIELDS + field as usize] as i64;
    let merged = if slots[FORMING] == 0 {
        slots[END] = end as u64;
        candle
    } else {
        Candle {
            open: fields(slots, BarField::Open),
            high: fields(slots, BarField::High).max(candle.high),
            low: fields(slots, BarField::Low).min(candle.low),
            close: candle.close,
            volume: fields(slots, BarField::Volume).saturating_add(candle.volume),
        }
    };
    slots[FORMING] = 1;
    let values = [merged.open, merged.high, merged.low, merged.close, merged.volume];
    for (slot, value) in slots[FORMING_FIELDS..DONE].iter_mut().zip(values) {
        *slot = value as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::MINUTE;

    fn flat(price: i64) -> Candle {
        Candle { open: price, high: price + 1, low: price - 1, close: price, volume: 1 }
    }

    #[test]
    fn five_minutes_close_with_the_fifth() {
        let spec = Spec { span_ns: 5 * MINUTE, source: Source::Bars { span_ns: MINUTE } };
        let mut slots = [0; SLOTS];
        let closed: Vec<_> = (0..5)
            .map(|i| add_bar(spec, &mut slots, Nanos(i * MINUTE), Nanos((i + 1) * MINUTE), flat(100 + i)))
            .collect();
        assert_eq!(closed, [false, false, false, false, true]);
        let told: Vec<_> = BarField::NAMES.iter().map(|(_, field)| read(&slots, *field).unwrap()).collect();
        assert_eq!(told, [100, 105, 99, 104, 5]);
        assert_eq!(due(spec, &slots), Due::NEVER);
    }

    #[test]
    fn a_bar_that_misses_its_last_minute_is_due_after_the_data_of_its_end() {
        let spec = Spec { span_ns: 5 * MINUTE, source: Source::Bars { span_ns: MINUTE } };
        let mut slots = [0; SLOTS];
        add_bar(spec, &mut slots, Nanos(0), Nanos(MINUTE), flat(100));
        let due = due(spec, &slots);
        assert!(!due.is_before(Nanos(5 * MINUTE)) && due.is_before(Nanos(5 * MINUTE + 1)));
    }

    #[test]
    fn a_bar_of_trades_is_due_before_the_trade_at_its_end() {
        let spec = Spec { span_ns: MINUTE, source: Source::Trades };
        let mut slots = [0; SLOTS];
        add_trade(spec, &mut slots, Nanos(7), 100, 2);
        assert_eq!(read(&slots, BarField::Close), None);
        assert!(due(spec, &slots).is_before(Nanos(MINUTE)));
        close(&mut slots);
        assert_eq!(read(&slots, BarField::Volume), Some(2));
    }
}
