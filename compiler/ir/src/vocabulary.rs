//! The words of the text form. Each operation, clock and type stands in one line here, for printing and reading both.

use gbc_analysis::Time;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::bars::BarField;
use gbc_core::orders::Channel;
use gbc_core::window::{PairKind, SpanKind, WindowKind};
use gbc_core::{Column, maths};
use gbc_hir::{Clock, ClockId, Mine, OfNews, ViewField};

use crate::flow::{NodeId, OfAccount, Op, Side, Ty};

/// `Const` has no line: how its value is written hangs on its type.
pub(crate) const CONST: &str = "const";

/// Writes and reads an enum as words: its own word, then what it holds, each kind of thing by its module in `kinds`.
macro_rules! vocabulary {
    ($of:ident: $write:ident, $read:ident; $($word:literal => $variant:ident $(($($kind:ident),+))?;)*
     named: $($family:ident($name:ident);)*) => {
        /// Its words; none where it has no line.
        pub(crate) fn $write(it: $of) -> Option<Vec<String>> {
            #[allow(unreachable_patterns)]
            match it {
                $($of::$variant $(($($kind),+))? => Some(vec![$word.to_owned() $($(, kinds::$kind::write($kind))+)?]),)*
                $($of::$family($name) => Some(vec![kinds::$name::write($name)]),)*
                _ => None,
            }
        }

        /// What the next words say.
        pub(crate) fn $read<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<$of> {
            let first = words.next()?;
            match first {
                $($word => Some($of::$variant $(($(kinds::$kind::read(words.next()?)?),+))?),)*
                _ => {
                    $(if let Some($name) = kinds::$name::read(first) { return Some($of::$family($name)); })*
                    None
                }
            }
        }
    };
}

vocabulary! {
    Op: op_words, read_op;
    "param" => Param(param);
    "point" => Point(market);
    "mark" => Mark(market);
    "row" => Row(clock, column);
    "bar" => Bar(clock, series, bar_field);
    "forming" => Forming(clock, series, bar_field);
    "view" => View(market, view_field);
    "life" => Life(market);
    "told" => Told(told);
    "account" => Account(account);
    "risked" => Risked(trade);
    "queue" => Queue(quote, side);
    "drift" => Drift(quote, side);
    "mine" => Mine(market, side, mine);
    "news" => News(clock, news);
    "state" => State(state);
    "ticks" => Ticks(clock);
    "is_open" => IsOpen(session);
    "since_open" => SinceOpen(session);
    "age" => Age(market);
    "last_true" => LastTrue;
    "last_event" => LastEvent;
    "since" => Since;
    "prev" => Prev(cell);
    "keep" => Keep(cell);
    "to_num" => ToNum;
    "points" => Points(market);
    "lots" => Lots(market);
    "select" => Select;
    "else" => Else;
    "history" => History;
    "take" => Take(span);
    "tell" => Tell(span);
    "take_panes" => TakePanes(span);
    "tell_panes" => TellPanes(span);
    "take_life" => TakeLife(span);
    "tell_life" => TellLife(span);
    "take_session" => TakeSession(span, session);
    "tell_session" => TellSession(span, session);
    "sample" => Sample;
    "edge" => Edge;
    "assign" => Assign;
    named: Unary(unary); Binary(binary); Window(window); PairWindow(pair_window);
}

vocabulary! {
    Clock: clock_words, read_clock;
    "quotes" => Quotes(market);
    "trades" => Trades(market);
    "any" => Any(market);
    "bars" => Bars(series);
    "forming" => Forming(series);
    "timer" => Timer(timer);
    "opens" => Opens(session);
    "closes" => Closes(session);
    "phase" => Phase(session);
    "news" => News;
    named:
}

vocabulary! {
    Ty: ty_words, read_ty;
    "bool" => Bool;
    "int" => Int;
    "num" => Num;
    "ticks" => Ticks(market);
    named:
}

/// What operations, clocks and types hold: a number behind its letter, or a name.
pub(crate) mod kinds {
    use super::*;

    macro_rules! numbered {
        ($($kind:ident: $letter:literal $make:expr, $number:expr => $of:ty;)*) => {$(
            pub(crate) mod $kind {
                use super::*;

                pub(crate) fn write(it: $of) -> String {
                    let number: fn($of) -> usize = $number;
                    format!("{}{}", $letter, number(it))
                }

                pub(crate) fn read(word: &str) -> Option<$of> {
                    let make: fn(u32) -> Option<$of> = $make;
                    number(word.strip_prefix($letter)?).and_then(make)
                }
            }
        )*};
    }

    macro_rules! named {
        ($($kind:ident: $of:ty, $all:expr;)*) => {$(
            pub(crate) mod $kind {
                use super::*;

                pub(crate) fn write(it: $of) -> String {
                    it.name().to_owned()
                }

                pub(crate) fn read(word: &str) -> Option<$of> {
                    $all.into_iter().find(|it: &$of| it.name() == word)
                }
            }
        )*};
    }

    numbered! {
        node: 'n' |n| Some(NodeId(n)), |id| id.0 as usize => NodeId;
        clock: 'c' |n| u8::try_from(n).ok().filter(|n| *n < 64).map(ClockId), |id| id.0.into() => ClockId;
        cell: 'k' Some, |n| n as usize => u32;
        told: 'x' Some, |n| n as usize => u32;
        export: 'e' |n| Some(n as usize), |n| n => usize;
        market: 'm' |n| Some(n as usize), |n| n => usize;
        param: 'p' |n| Some(n as usize), |n| n => usize;
        series: 'b' |n| Some(n as usize), |n| n => usize;
        session: 'h' |n| Some(n as usize), |n| n => usize;
        timer: 't' |n| Some(n as usize), |n| n => usize;
        trade: 'd' |n| Some(n as usize), |n| n => usize;
        quote: 'q' |n| Some(n as usize), |n| n => usize;
        send: 'o' |n| Some(n as usize), |n| n => usize;
        channel: 'w' |n| Some(Channel(n)), |channel| channel.0 as usize => Channel;
        state: 's' |n| Some(n as usize), |n| n => usize;
    }

    named! {
        column: Column, Column::ALL;
        bar_field: BarField, BarField::NAMES.map(|(_, it)| it);
        view_field: ViewField, ViewField::ALL.map(|(_, it, ..)| it);
        account: OfAccount, OfAccount::NAMES.map(|(_, it)| it);
        side: Side, Side::NAMES.map(|(_, it)| it);
        mine: Mine, Mine::NAMES.map(|(_, it)| it);
        news: OfNews, OfNews::NAMES.map(|(_, it)| it);
        unary: UnaryOp, UnaryOp::NAMES.map(|(_, it)| it);
        binary: BinaryOp, BinaryOp::NAMES.map(|(_, it)| it);
        window: WindowKind, WindowKind::NAMES.map(|(_, it)| it);
        pair_window: PairKind, PairKind::NAMES.map(|(_, it, _)| it);
        span: SpanKind, SpanKind::all();
        time: Time, Time::NAMES.map(|(_, it)| it);
    }

    /// Only as it is written: `7`, not `07` or `+7`.
    fn number(digits: &str) -> Option<u32> {
        let number: u32 = digits.parse().ok()?;
        (number.to_string() == digits).then_some(number)
    }
}

/// A constant as it is written for its type.
pub(crate) fn value_text(bits: u64, ty: Ty) -> String {
    match ty {
        _ if bits == ty.undefined() => "undefined".to_owned(),
        Ty::Bool => (bits == 1).to_string(),
        Ty::Num => format!("{:?}", f64::from_bits(bits)),
        _ => (bits as i64).to_string(),
    }
}

/// The bits of a constant of this type.
pub(crate) fn read_value(word: &str, ty: Ty) -> Option<u64> {
    let bits = match (ty, word) {
        (_, "undefined") => ty.undefined(),
        (Ty::Bool, "false") => 0,
        (Ty::Bool, "true") => 1,
        (Ty::Bool, _) => return None,
        (Ty::Num, _) => maths::canonical(word.parse().ok()?).to_bits(),
        _ => word.parse::<i64>().ok()? as u64,
    };
    (value_text(bits, ty) == word).then_some(bits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_operations_share_a_word() {
        let fixed = "param point row bar forming view life told account risked queue drift mine news state ticks is_open since_open age last_true last_event since prev keep to_num points lots select else history sample edge assign take tell take_panes tell_panes take_life tell_life take_session tell_session";
        let unary = UnaryOp::NAMES.map(|(name, _)| name);
        let binary = BinaryOp::NAMES.map(|(name, _)| name);
        let windows = WindowKind::NAMES.map(|(name, _)| name);
        let pairs = PairKind::NAMES.map(|(name, ..)| name);
        let all: Vec<&str> =
            fixed.split(' ').chain(unary).chain(binary).chain(windows).chain(pairs).chain([CONST]).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        for word in all.into_iter().filter(|word| *word != CONST) {
            // Enough of everything that an operation may hold.
            for held in [
                &[][..],
                &["h0"],
                &["c0"],
                &["m0"],
                &["p0"],
                &["s0"],
                &["k0"],
                &["x0"],
                &["d0"],
                &["equity"],
                &["q0", "bid"],
                &["m0", "ask", "price"],
                &["c0", "is_fill"],
                &["c0", "px"],
                &["c0", "b0", "low"],
                &["m0", "position"],
                &["count"],
                &["count", "d0"],
            ] {
                let mut words = std::iter::once(word).chain(held.iter().copied());
                if let Some(op) = read_op(&mut words).filter(|_| words.next().is_none()) {
                    let written = op_words(op).expect("only a constant has no line");
                    assert_eq!(written.join(" "), [&[word], held].concat().join(" "));
                }
            }
        }
    }

    #[test]
    fn constants_are_read_as_they_are_written() {
        for number in [0.0, -0.0, 1.0, 0.1, 1e300, -5e-324, f64::NAN] {
            let bits = maths::canonical(number).to_bits();
            assert_eq!(read_value(&value_text(bits, Ty::Num), Ty::Num), Some(bits));
        }
        for number in [0, -1, i64::MAX, i64::MIN] {
            assert_eq!(read_value(&value_text(number as u64, Ty::Int), Ty::Int), Some(number as u64));
        }
        assert_eq!([read_value("2", Ty::Bool), read_value("01", Ty::Int), read_value("NaN", Ty::Num)], [None; 3]);
    }
}
