//! Bars made from finer events, in a run of state slots, so that a strategy carries its bars with it.
//!
//! A bar holds events of `[start, end)` and exists only at its end. Spans without events make no bar.

use crate::session::Session;
use crate::time::{DAY, span_text};
use crate::{Due, Instrument, Nanos, Ratio};

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

/// When a bar ends, as it is written. Amounts count billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// After this many nanoseconds, counted from 1970.
    Time(i64),
    /// With the trade that makes it so many.
    Trades(i64),
    /// With the trade that brings its volume there.
    Lots(i64),
    /// With the trade that brings the money traded there.
    Money(i64),
    /// With the trade that takes high and low so many ticks apart.
    Range(i64),
}

impl Size {
    /// As it is written: `5m`, `1000 trades`, `range 8 ticks`.
    pub fn text(self) -> String {
        match self {
            Size::Time(ns) => span_text(ns),
            Size::Trades(count) => format!("{count} trades"),
            Size::Lots(nano) => format!("{} lots", amount(nano)),
            Size::Money(nano) => format!("{} usd", amount(nano)),
            Size::Range(ticks) => format!("range {ticks} ticks"),
        }
    }

    /// Whether it lasts a day or longer.
    pub fn is_daily(self) -> bool {
        matches!(self, Size::Time(ns) if ns >= DAY)
    }
}

/// Billionths as a decimal number.
fn amount(nano: i64) -> String {
    let (whole, part) = (nano / ONE, nano % ONE);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:09}").trim_end_matches('0').to_owned() }
}

const ONE: i64 = 1_000_000_000;

/// A bar series of one instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// When its bars end; amounts in the instrument's own steps.
    ends: Ends,
    /// What they are made of.
    pub source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    After(i64),
    Trades(i64),
    Steps(i64),
    /// Ticks times lot steps.
    Worth(i64),
    Range(i64),
}

impl Spec {
    /// Bars of a size, made of `source`; those that do not go by time are always made of trades.
    pub fn new(size: Size, source: Source, instrument: &Instrument) -> Spec {
        let (tick, lot, point) = (instrument.tick, instrument.lot, instrument.point);
        let ends = match size {
            Size::Time(ns) => return Spec { ends: Ends::After(ns), source },
            Size::Trades(count) => Ends::Trades(count),
            Size::Lots(nano) => Ends::Steps(steps(nano, &[lot])),
            Size::Money(nano) => Ends::Worth(steps(nano, &[tick, lot, point])),
            Size::Range(ticks) => Ends::Range(ticks),
        };
        Spec { ends, source: Source::Trades }
    }

    /// Whether bars of this length make whole bars of the series.
    pub fn is_made_of(self, span_ns: i64) -> bool {
        matches!(self.ends, Ends::After(own) if own % span_ns == 0)
    }

    /// Where a bar that takes in something of this moment ends at the latest.
    fn end(self, time: Nanos, session: Option<Session>) -> i64 {
        let own = match self.ends {
            Ends::After(span_ns) if session.is_none() || span_ns < DAY => {
                time.floor_to(span_ns).0.saturating_add(span_ns)
            }
            _ => i64::MAX,
        };
        session.map_or(own, |session| own.min(session.close.0))
    }

    fn is_full(self, slots: &[u64]) -> bool {
        let field = |field: BarField| slots[FORMING_FIELDS + field as usize] as i64;
        match self.ends {
            Ends::After(_) => false,
            Ends::Trades(most) | Ends::Worth(most) => slots[COUNT] as i64 >= most,
            Ends::Steps(most) => field(BarField::Volume) >= most,
            Ends::Range(most) => field(BarField::High).saturating_sub(field(BarField::Low)) >= most,
        }
    }

    /// What a trade adds to the count that ends the bar.
    fn counts(self, price: i64, size: i64) -> i64 {
        match self.ends {
            Ends::Trades(_) => 1,
            Ends::Worth(_) => price.saturating_mul(size),
            _ => 0,
        }
    }
}

/// The fewest whole steps that are worth so many billionths, a step being the product of these.
fn steps(nano: i64, of: &[Ratio]) -> i64 {
    let top = of.iter().fold(i128::from(nano), |top, ratio| top.saturating_mul(i128::from(ratio.den)));
    let bottom = of.iter().fold(i128::from(ONE), |bottom, ratio| bottom.saturating_mul(i128::from(ratio.num)));
    i64::try_from((top + bottom - 1) / bottom).unwrap_or(i64::MAX)
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
const COUNT: usize = 13;

/// How many slots a bar series takes.
pub const SLOTS: usize = 14;

/// When the forming bar is to be closed.
pub fn due(spec: Spec, slots: &[u64]) -> Due {
    if slots[FORMING] == 0 || slots[END] == i64::MAX as u64 {
        return Due::NEVER;
    }
    Due { time: Nanos(slots[END] as i64), after_data: spec.source != Source::Trades }
}

/// Closes the forming bar: its values become readable.
pub fn close(slots: &mut [u64]) {
    slots.copy_within(FORMING_FIELDS..DONE, DONE_FIELDS);
    slots[DONE] = 1;
    slots[FORMING] = 0;
    slots[COUNT] = 0;
}

/// A value of the last finished bar.
pub fn read(slots: &[u64], field: BarField) -> Option<i64> {
    (slots[DONE] != 0).then(|| slots[DONE_FIELDS + field as usize] as i64)
}

/// A value of the bar that is forming.
pub fn read_forming(slots: &[u64], field: BarField) -> Option<i64> {
    (slots[FORMING] != 0).then(|| slots[FORMING_FIELDS + field as usize] as i64)
}

/// Takes in a trade, of `session` if the series keeps to one; true if that ends the bar, which is then closed.
///
/// Whoever plays events has closed the bar that ended before it.
pub fn add_trade(spec: Spec, slots: &mut [u64], session: Option<Session>, time: Nanos, price: i64, size: i64) -> bool {
    let candle = Candle { open: price, high: price, low: price, close: price, volume: size };
    extend(slots, candle, spec.end(time, session));
    slots[COUNT] = (slots[COUNT] as i64).saturating_add(spec.counts(price, size)) as u64;
    let ends = spec.is_full(slots);
    if ends {
        close(slots);
    }
    ends
}

/// Takes in a finer bar that ended at `time`; true if that also ends a bar of this series, which is then closed.
pub fn add_bar(
    spec: Spec,
    slots: &mut [u64],
    session: Option<Session>,
    open_time: Nanos,
    time: Nanos,
    candle: Candle,
) -> bool {
    let as_they_come =
        matches!((spec.ends, spec.source), (Ends::After(own), Source::Bars { span_ns }) if own == span_ns);
    let end = if as_they_come { time.0 } else { spec.end(open_time, session) };
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

    fn spec(size: Size, source: Source) -> Spec {
        Spec::new(
            size,
            source,
            &Instrument { lot: Ratio { num: 1, den: 10 }, ..Instrument::generic("X", Ratio { num: 1, den: 4 }) },
        )
    }

    /// How many trades each bar takes.
    fn lengths(size: Size, trades: &[(i64, i64)]) -> Vec<usize> {
        let (spec, mut slots, mut lengths, mut length) = (spec(size, Source::Trades), [0; SLOTS], Vec::new(), 0);
        for (price, size) in trades {
            length += 1;
            if add_trade(spec, &mut slots, None, Nanos(length), *price, *size) {
                lengths.push(length as usize);
                length = 0;
            }
        }
        lengths
    }

    #[test]
    fn the_trade_that_fills_a_bar_belongs_to_it_whole() {
        let trades = [(400, 10), (400, 25), (404, 5), (408, 10), (400, 30), (400, 1)];
        assert_eq!(lengths(Size::Trades(2), &trades), [2, 2, 2]);
        // Two lots are twenty steps of a tenth; a tick of a step is worth a fortieth.
        assert_eq!(lengths(Size::Lots(2 * ONE), &trades), [2, 3]);
        assert_eq!(lengths(Size::Money(200 * ONE), &trades), [2, 3]);
        assert_eq!(lengths(Size::Range(8), &trades), [4]);
    }

    #[test]
    fn a_session_cuts_bars_at_its_close() {
        let session = Session { open: Nanos(90 * MINUTE), close: Nanos(100 * MINUTE) };
        let (hour, mut slots) = (spec(Size::Time(60 * MINUTE), Source::Trades), [0; SLOTS]);
        add_trade(hour, &mut slots, Some(session), Nanos(91 * MINUTE), 400, 1);
        assert_eq!(due(hour, &slots).time, session.close);
        let (day, mut slots) = (spec(Size::Time(DAY), Source::Bars { span_ns: MINUTE }), [0; SLOTS]);
        let minute = |i: i64| (Nanos(i * MINUTE), Nanos((i + 1) * MINUTE));
        let closed =
            (90..100).map(minute).map(|(open, end)| add_bar(day, &mut slots, Some(session), open, end, flat(400)));
        assert_eq!(closed.filter(|closed| *closed).count(), 1);
        assert_eq!(read_forming(&slots, BarField::High), None);
        let (count, mut slots) = (spec(Size::Trades(5), Source::Trades), [0; SLOTS]);
        add_trade(count, &mut slots, Some(session), Nanos(99 * MINUTE), 400, 1);
        assert_eq!((due(count, &slots).time, read_forming(&slots, BarField::Low)), (session.close, Some(400)));
    }

    #[test]
    fn sizes_read_as_they_are_written() {
        let sizes =
            [Size::Time(5 * MINUTE), Size::Trades(1000), Size::Lots(ONE / 2), Size::Money(7 * ONE), Size::Range(8)];
        assert_eq!(sizes.map(Size::text), ["5m", "1000 trades", "0.5 lots", "7 usd", "range 8 ticks"]);
    }

    #[test]
    fn five_minutes_close_with_the_fifth() {
        let spec = spec(Size::Time(5 * MINUTE), Source::Bars { span_ns: MINUTE });
        let mut slots = [0; SLOTS];
        let closed: Vec<_> = (0..5)
            .map(|i| add_bar(spec, &mut slots, None, Nanos(i * MINUTE), Nanos((i + 1) * MINUTE), flat(100 + i)))
            .collect();
        assert_eq!(closed, [false, false, false, false, true]);
        let told: Vec<_> = BarField::NAMES.iter().map(|(_, field)| read(&slots, *field).unwrap()).collect();
        assert_eq!(told, [100, 105, 99, 104, 5]);
        assert_eq!(due(spec, &slots), Due::NEVER);
    }

    #[test]
    fn a_bar_that_misses_its_last_minute_is_due_after_the_data_of_its_end() {
        let spec = spec(Size::Time(5 * MINUTE), Source::Bars { span_ns: MINUTE });
        let mut slots = [0; SLOTS];
        add_bar(spec, &mut slots, None, Nanos(0), Nanos(MINUTE), flat(100));
        let due = due(spec, &slots);
        assert!(!due.is_before(Nanos(5 * MINUTE)) && due.is_before(Nanos(5 * MINUTE + 1)));
    }

    #[test]
    fn a_bar_of_trades_is_due_before_the_trade_at_its_end() {
        let spec = spec(Size::Time(MINUTE), Source::Trades);
        let mut slots = [0; SLOTS];
        add_trade(spec, &mut slots, None, Nanos(7), 100, 2);
        assert_eq!(read(&slots, BarField::Close), None);
        assert!(due(spec, &slots).is_before(Nanos(MINUTE)));
        close(&mut slots);
        assert_eq!(read(&slots, BarField::Volume), Some(2));
    }
}
