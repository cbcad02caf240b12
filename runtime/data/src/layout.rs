//! Finds out what a file holds from the names of its columns.

use std::collections::BTreeMap;

use crate::error::{shown, shown_list};
use crate::field::{Field, better_time, plain, stamp_of_column};
use crate::{DataError, Stamp};

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Bars,
    L1 {
        quotes: bool,
        trades: bool,
    },
    /// Levels of a book, row by row.
    Depth,
    /// Single orders, row by row.
    Orders,
}

/// A column that is read, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub field: Field,
    pub index: usize,
    pub name: String,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Layout {
    pub shape: Shape,
    pub picks: Vec<Pick>,
    /// Which end of a bar the name of the time column speaks of.
    pub stamp: Option<Stamp>,
    pub notes: Vec<String>,
    /// A column that suggests several markets in one file, for a better word when stamps run backwards.
    pub markets: Option<String>,
}

/// Reads the meaning of `columns`; `map` has the last word.
pub(crate) fn find(columns: &[String], map: &BTreeMap<String, String>) -> Result<Layout, DataError> {
    let mut notes = Vec::new();
    let mapped = mapped_columns(columns, map)?;
    let mut picks = Vec::new();
    for (index, name) in columns.iter().enumerate() {
        let by_map = mapped.get(&index).copied();
        let by_name = Field::of_column(name).filter(|field| !mapped.values().any(|taken| taken == field));
        if let Some(field) = by_map.or(by_name) {
            add(&mut picks, Pick { field, index, name: name.clone() }, &mut notes)?;
        }
    }
    name_the_index(columns, &mut picks, &mut notes);
    let shape = shape_of(columns, &picks)?;
    refuse_book_changes(columns, shape)?;
    add_exchange_time(columns, shape, &mut picks);
    picks.retain(|pick| belongs(pick.field, shape));
    notes.push(describe(shape, &picks));
    let time = picks.iter().find(|pick| pick.field == Field::Time).expect("`shape_of` asks for a time");
    let stamp = stamp_of_column(map.get(&time.name).unwrap_or(&time.name));
    let markets =
        columns.iter().find(|name| matches!(plain(name).as_str(), "symbol" | "ticker" | "instrumentid")).cloned();
    Ok(Layout { shape, picks, stamp, notes, markets })
}

fn mapped_columns(columns: &[String], map: &BTreeMap<String, String>) -> Result<BTreeMap<usize, Field>, DataError> {
    let mut mapped = BTreeMap::new();
    for (column, field_name) in map {
        let found = columns.iter().position(|name| name == column);
        let index = found.or_else(|| columns.iter().position(|name| plain(name) == plain(column)));
        let index = index.ok_or_else(|| {
            DataError::new(format!(
                "`--map {}={}`: no such column; the file has {}",
                shown(column),
                shown(field_name),
                shown_list(names(columns))
            ))
        })?;
        let field = Field::of_column(field_name).ok_or_else(|| {
            DataError::new(format!(
                "`--map {}={}`: no such field; there are {}",
                shown(column),
                shown(field_name),
                shown_list(Field::all_names())
            ))
        })?;
        mapped.insert(index, field);
    }
    Ok(mapped)
}

fn add(picks: &mut Vec<Pick>, pick: Pick, notes: &mut Vec<String>) -> Result<(), DataError> {
    let Some(rival) = picks.iter_mut().find(|rival| rival.field == pick.field) else {
        picks.push(pick);
        return Ok(());
    };
    let (one, other) = (rival.name.clone(), pick.name.clone());
    let Some(better) = better_time(&one, &other) else { return Err(ambiguous(&one, &other, pick.field)) };
    notes.push(format!("time is column `{better}`, of `{one}` and `{other}`"));
    if better == other {
        *rival = pick;
    }
    Ok(())
}

fn ambiguous(one: &str, other: &str, field: Field) -> DataError {
    let (one, other, field) = (shown(one), shown(other), field.name());
    DataError::new(format!(
        "columns `{one}` and `{other}` could both be `{field}`; say which with `--map {other}={field}`"
    ))
    .in_column(&other)
}

/// Data frames write their index as a first column without a name.
fn name_the_index(columns: &[String], picks: &mut Vec<Pick>, notes: &mut Vec<String>) {
    let has_time = picks.iter().any(|pick| pick.field == Field::Time);
    if !has_time && columns.first().is_some_and(String::is_empty) {
        notes.push("the first column has no name; it is taken for the time".to_owned());
        picks.insert(0, Pick { field: Field::Time, index: 0, name: String::new() });
    }
}

fn shape_of(columns: &[String], picks: &[Pick]) -> Result<Shape, DataError> {
    use Field::*;
    let has = |field: Field| picks.iter().any(|pick| pick.field == field);
    let need = |fields: &[Field], what: &str| match fields.iter().find(|field| !has(**field)) {
        Some(missing) => Err(lacks(columns, *missing, what)),
        None => Ok(()),
    };
    let bar_prices = [Open, High, Low, Close].iter().filter(|field| has(**field)).count();
    let (quotes, trades) = (has(BidPx) || has(AskPx), has(Px));
    if bar_prices == 4 || (bar_prices > 0 && !quotes && !trades) {
        need(&[Time, Open, High, Low, Close], "bars need a time, `open`, `high`, `low` and `close`")?;
        return Ok(Shape::Bars);
    }
    // Levels beside each other are a book by price, whatever else is there.
    let has_levels = columns.iter().any(|name| plain(name) == "bidpx00");
    if has(Order) && (has(Kind) || has(Action)) && !has_levels {
        need(&[Time, Side, Px, Sz], "single orders need a time, `side`, `px` and `sz`")?;
        return Ok(Shape::Orders);
    }
    if has(Kind) && has(Flags) && !quotes {
        need(&[Time, Side, Px, Sz], "levels of a book need a time, `side`, `px` and `sz`")?;
        return Ok(Shape::Depth);
    }
    if quotes {
        need(&[Time, BidPx, AskPx], "quotes need a time, `bid_px` and `ask_px`")?;
    }
    if quotes && trades {
        need(&[Kind], "quotes and trades in one file need a column that says which a row is (0 quote, 1 trade)")?;
    }
    if !quotes && !trades {
        return Err(lacks(
            columns,
            Px,
            "a file holds bars (`open`, `high`, `low`, `close`), quotes (`bid_px`, `ask_px`) or trades (`px`)",
        ));
    }
    need(&[Time], "every row needs a time")?;
    Ok(Shape::L1 { quotes, trades })
}

fn lacks(columns: &[String], field: Field, why: &str) -> DataError {
    use Field::*;
    let unknown = || columns.iter().filter(|name| Field::of_column(name).is_none() && !name.is_empty());
    let guesses: Vec<(&String, Field)> = unknown().filter_map(|name| Some((name, guess(name, field)?))).collect();
    let known = if field == Time { " (known names: `ts`, `timestamp`, `time`, `date`, …)" } else { "" };
    let is = |name: &String, wanted: Field| {
        Field::of_column(name) == Some(wanted)
            || guesses.iter().any(|(guessed, field)| *guessed == name && *field == wanted)
    };
    let bars = [Open, High, Low, Close].iter().all(|wanted| columns.iter().any(|name| is(name, *wanted)));
    let times: Vec<&String> = columns.iter().filter(|name| is(name, Time)).collect();
    let mut pairs: Vec<String> = Vec::new();
    for (name, guessed) in guesses.iter().filter(|(_, guessed)| bars || *guessed == field) {
        let pair = format!("={}", guessed.name());
        if !pairs.iter().any(|other| other.ends_with(&pair)) && !name.contains(',') {
            pairs.push(shown(name) + &pair);
        }
    }
    let pairs = if pairs.is_empty() { vec![format!("COLUMN={}", field.name())] } else { pairs };
    let map = quoted(&pairs.join(","));
    let field = field.name();
    let has = shown_list(names(columns));
    DataError::new(match times.as_slice() {
        [date, time, ..] if bars => format!(
            "these look like bars, their date and time in two columns, `{}` and `{}`; a row needs both in one: join them in `{}`, then say what the columns hold: `--map {map}`; the file has {has}",
            shown(date),
            shown(time),
            shown(date)
        ),
        _ if bars => format!(
            "no column for `{field}`{known}, but these look like bars; the file has {has}. Say what they hold: `--map {map}`"
        ),
        _ => format!(
            "no column for `{field}`{known}: {why}; the file has {has}. If one of them is it, say so: `--map {map}`"
        ),
    })
}

/// What a column of an unknown name most likely holds, where `missing` is looked for.
fn guess(name: &str, missing: Field) -> Option<Field> {
    use Field::*;
    let bare: String = name.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ' ')).collect();
    let has = |words: &[&str]| words.iter().any(|word| bare.to_lowercase().contains(word));
    let fits = match missing {
        Time => has(&["time", "date", "when", "stamp"]),
        Open | High | Low => has(&[missing.name()]),
        Close => has(&["close", "last", "settle"]),
        Px => has(&["price", "last", "px"]),
        BidPx => has(&["bid"]),
        AskPx => has(&["ask", "offer"]),
        _ => false,
    };
    Field::of_column(&bare).or(fits.then_some(missing))
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = word.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '=' | ',' | '.' | '-'));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// Changes of a book have prices too, but they are not trades.
fn refuse_book_changes(columns: &[String], shape: Shape) -> Result<(), DataError> {
    let telling = columns.iter().find(|name| matches!(plain(name).as_str(), "orderid" | "action"));
    match (telling, shape) {
        (Some(name), Shape::L1 { .. }) => {
            let reason = "this looks like a file of book changes, which are read from DBN files only; keep trades or best quotes and drop this column";
            Err(DataError::new(reason).in_column(name))
        }
        _ => Ok(()),
    }
}

/// Of two times in a file of a book, the one that is not the receipt is the exchange's.
fn add_exchange_time(columns: &[String], shape: Shape, picks: &mut Vec<Pick>) {
    let is_told = picks.iter().any(|pick| pick.field == Field::ExchTime);
    let other = columns.iter().position(|name| plain(name) == "tsevent");
    if let Some(index) = other.filter(|index| {
        matches!(shape, Shape::Depth | Shape::Orders) && !is_told && !picks.iter().any(|pick| pick.index == *index)
    }) {
        picks.push(Pick { field: Field::ExchTime, index, name: columns[index].clone() });
    }
}

fn belongs(field: Field, shape: Shape) -> bool {
    use Field::*;
    match (field, shape) {
        (Time, _) => true,
        (Open | High | Low | Close | Volume, shape) => shape == Shape::Bars,
        (BidPx | BidSz | AskPx | AskSz, Shape::L1 { quotes, .. }) => quotes,
        (Px | Sz | Side, Shape::L1 { trades, .. }) => trades,
        (Kind, Shape::L1 { quotes, trades }) => quotes && trades,
        (Px | Sz | Side | Kind | Flags | ExchTime, Shape::Depth | Shape::Orders) => true,
        (Count, shape) => shape == Shape::Depth,
        (Order | Action, shape) => shape == Shape::Orders,
        _ => false,
    }
}

fn describe(shape: Shape, picks: &[Pick]) -> String {
    let what = match shape {
        Shape::Bars => "bars",
        Shape::L1 { quotes: true, trades: true } => "quotes and trades",
        Shape::L1 { quotes: true, .. } => "quotes",
        Shape::L1 { .. } => "trades",
        Shape::Depth => "levels of a book",
        Shape::Orders => "single orders",
    };
    let word = |pick: &Pick| match pick.name == pick.field.name() {
        true => format!("`{}`", pick.name),
        false => format!("`{}` as {}", shown(&pick.name), pick.field.name()),
    };
    format!("{what}, from columns {}", picks.iter().map(word).collect::<Vec<_>>().join(", "))
}

fn names(columns: &[String]) -> impl Iterator<Item = &str> {
    columns.iter().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_in(header: &str, map: &[(&str, &str)]) -> Result<Layout, DataError> {
        let columns: Vec<String> = header.split(',').map(str::to_owned).collect();
        find(&columns, &map.iter().map(|(column, field)| (column.to_string(), field.to_string())).collect())
    }

    fn reason(header: &str) -> String {
        find_in(header, &[]).unwrap_err().reason
    }

    #[test]
    fn bars_quotes_and_trades_are_told_apart() {
        let shape = |header| find_in(header, &[]).unwrap().shape;
        assert_eq!(shape("Date,Open,High,Low,Close,Adj Close,Volume"), Shape::Bars);
        assert_eq!(shape(",Open,High,Low,Close"), Shape::Bars);
        assert_eq!(shape("timestamp,symbol,ask_size,ask,bid_size,bid"), Shape::L1 { quotes: true, trades: false });
        assert_eq!(shape("ts,price,size,exchange"), Shape::L1 { quotes: false, trades: true });
        assert_eq!(shape("ts,kind,bid_px,bid_sz,ask_px,ask_sz,px,sz,side"), Shape::L1 { quotes: true, trades: true });
    }

    #[test]
    fn what_is_missing_is_named_with_a_way_out() {
        let text = reason("ts,open,high,low,Last Price Paid");
        assert!(text.contains("no column for `close`") && text.contains("`--map 'Last Price Paid=close'`"), "{text}");
        assert!(reason("when,open,high,low,close").contains("no column for `time`"));
        assert!(reason("ts,bid,ask,price").contains("no column for `kind`"));
        assert!(reason("ts,bid").contains("no column for `ask_px`"));
        assert!(reason("a,b").contains("the file has `a`, `b`"));
    }

    #[test]
    fn bars_under_other_names_are_seen() {
        let text = reason("<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>");
        assert!(text.contains("date and time in two columns, `<DATE>` and `<TIME>`"), "{text}");
        assert!(text.contains("`--map '<DATE>=time,<OPEN>=open,<HIGH>=high,<LOW>=low,<CLOSE>=close'`"), "{text}");
        assert!(reason("a,b").contains("`--map COLUMN=px`"));
    }

    #[test]
    fn two_columns_of_one_meaning_are_a_question() {
        let error = find_in("date,time,open,high,low,close", &[]).unwrap_err();
        assert_eq!(error.reason, "columns `date` and `time` could both be `time`; say which with `--map time=time`");
        let layout = find_in("date,time,open,high,low,close", &[("date", "time")]).unwrap();
        assert_eq!(layout.picks[0].name, "date");
        assert!(reason("ts,px,px").contains("columns `px` and `px`"));
    }

    #[test]
    fn receipt_goes_before_the_event_and_open_before_close() {
        let layout = find_in("ts_event,ts_recv,price", &[]).unwrap();
        assert_eq!(layout.picks[0].name, "ts_recv");
        let layout = find_in("open_time,open,high,low,close,volume,close_time", &[]).unwrap();
        assert_eq!((layout.picks[0].name.as_str(), layout.stamp), ("open_time", Some(Stamp::Open)));
    }

    #[test]
    fn a_map_names_columns_and_fields_that_exist() {
        assert!(
            find_in("ts,px", &[("x", "time")]).unwrap_err().reason.contains("no such column; the file has `ts`, `px`")
        );
        assert!(find_in("ts,px", &[("px", "prize")]).unwrap_err().reason.contains("no such field"));
    }

    #[test]
    fn single_orders_are_not_trades() {
        let layout = find_in("ts_recv,ts_event,action,side,price,size,order_id,flags", &[]).unwrap();
        assert_eq!(layout.shape, Shape::Orders);
        let name = |field| layout.picks.iter().find(|pick| pick.field == field).map(|pick| pick.name.as_str());
        assert_eq!((name(Field::Time), name(Field::ExchTime)), (Some("ts_recv"), Some("ts_event")));
        assert!(reason("ts_event,action,side,price,size").contains("book changes"));
    }
}
