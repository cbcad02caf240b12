//! Records become rows: a trade, a quote, or both, at the moment they were received.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dbn::decode::DbnRecordDecoder;
use dbn::{FlagSet, MboMsg, Mbp10Msg, OhlcvMsg, VersionUpgradePolicy};

use gbc_core::{DepthKind, NA};

use crate::DataError;
use crate::books::vendor_flags;
use crate::csv_file;
use crate::dbn_file::depth::{Change, Shown};
use crate::dbn_file::fence::Fence;
use crate::dbn_file::header::Header;
use crate::dbn_file::kinds::{Content, content_of};
use crate::dbn_file::record::{Best, Trade, Update, no_letter, price, side_of, time_of, trade_of, update, update_of};
use crate::dbn_file::symbols::Chosen;
use crate::field::Field;
use crate::layout::Pick;
use crate::rows::{RowReader, Rows};
use crate::unpack::Packing;

/// Receipts of one capture may run back so far, and no further.
const MOST_DOUBT_NS: i64 = gbc_core::time::SECOND;

/// What the first record of a file without a schema is.
pub(crate) fn first_content(file: &File, packing: Packing, header: &Header) -> Result<Content, DataError> {
    let mut fence = Fence::open(packing.open(file)?, header.length, header.metadata.ts_out)?;
    match fence.next()? {
        None => Err(DataError::new("the file holds no records that are read")),
        Some(record) => {
            content_of(record[1]).ok_or_else(|| DataError::new("its records are of a kind that is not read").at_row(1))
        }
    }
}

/// Rows of a DBN file.
pub(crate) struct DbnRows {
    /// `None` after a failure: nothing behind it can be trusted.
    decoder: Option<DbnRecordDecoder<Fence>>,
    chosen: Chosen,
    content: Content,
    wants: [bool; Field::COUNT],
    batch_rows: usize,
    /// When the record before was received.
    last: Option<i64>,
    /// The quote of an event that is not over: it counts once its last record is there.
    pending: Option<Quote>,
    last_quote: Option<Best>,
    last_event: Option<i64>,
    shown: Shown,
    changes: Vec<Change>,
    counts: Counts,
}

/// What was odd, and no error.
#[derive(Debug, Default)]
struct Counts {
    records: u64,
    others: u64,
    bad_times: u64,
    late: u64,
    within_events: u64,
    snapshots: u64,
    doubtful: u64,
}

#[derive(Clone, Copy, Debug)]
struct Quote {
    time: i64,
    number: u64,
    ts_event: u64,
    best: Best,
}

impl DbnRows {
    pub(crate) fn open(
        file: &File,
        packing: Packing,
        header: &Header,
        content: Content,
        chosen: Chosen,
        picks: &[Pick],
        batch_rows: usize,
    ) -> Result<DbnRows, DataError> {
        let fence = Fence::open(packing.open(file)?, header.length, header.metadata.ts_out)?;
        // The records that are read have looked the same since version 1.
        let decoder =
            DbnRecordDecoder::with_version(fence, header.version, VersionUpgradePolicy::AsIs, header.metadata.ts_out)
                .map_err(|error| DataError::new(format!("cannot be decoded: {error}")))?;
        let mut wants = [false; Field::COUNT];
        picks.iter().for_each(|pick| wants[pick.field as usize] = true);
        Ok(DbnRows {
            decoder: Some(decoder),
            chosen,
            content,
            wants,
            batch_rows,
            last: None,
            pending: None,
            last_quote: None,
            last_event: None,
            shown: Shown::default(),
            changes: Vec::new(),
            counts: Counts::default(),
        })
    }
}

impl RowReader for DbnRows {
    fn read(&mut self, rows: &mut Rows) -> Result<bool, DataError> {
        rows.clear();
        let Some(mut decoder) = self.decoder.take() else { return Ok(false) };
        let done = catch_unwind(AssertUnwindSafe(|| self.read_batch(&mut decoder, rows)));
        match done {
            Ok(Ok(is_over)) => {
                if !is_over {
                    self.decoder = Some(decoder);
                }
                Ok(!rows.lines.is_empty())
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(DataError::new("the record is damaged: its decoder gave up").at_row(decoder.get_ref().met)),
        }
    }

    fn report(&self) -> Vec<String> {
        let Counts { records, others, bad_times, late, within_events, snapshots, doubtful } = self.counts;
        let told = [
            (others, format!("{others} of {records} records are of other instruments, left out")),
            (
                bad_times,
                format!("{bad_times} records whose receipt the vendor marks as wrong, kept in the order of the file"),
            ),
            (late, format!("{late} records whose receipt lies before the one before, by less than a second; likewise")),
            (within_events, format!("{within_events} quotes in the middle of an event, left out")),
            (snapshots, format!("{snapshots} records of snapshots")),
            (doubtful, format!("{doubtful} records marked as of a doubtful book")),
        ];
        told.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect()
    }
}

impl DbnRows {
    /// `true` at the end of the file.
    fn read_batch(&mut self, decoder: &mut DbnRecordDecoder<Fence>, rows: &mut Rows) -> Result<bool, DataError> {
        while rows.lines.len() < self.batch_rows {
            let number = self.counts.records + 1;
            let at = |error: DataError| if error.row.is_none() { error.at_row(number) } else { error };
            let decoded = decoder.decode_ref();
            match decoded {
                Ok(Some(record)) => {
                    self.counts.records = number;
                    self.take(&record, number, rows).map_err(at)?;
                }
                Ok(None) => {
                    if let Some(error) = decoder.get_mut().stopped.take() {
                        return Err(error);
                    }
                    self.give_pending(rows);
                    return Ok(true);
                }
                Err(error) => return Err(at(DataError::new(format!("cannot be decoded: {error}")))),
            }
        }
        Ok(false)
    }

    fn take(&mut self, record: &dbn::v3::RecordRef<'_>, number: u64, rows: &mut Rows) -> Result<(), DataError> {
        if let Some(bar) = record.get::<OhlcvMsg>() {
            return self.take_bar(bar, number, rows);
        }
        if let Some(order) = record.get::<MboMsg>() {
            return self.take_order(order, number, rows);
        }
        if let Some(levels) = record.get::<Mbp10Msg>() {
            return self.take_levels(levels, number, rows);
        }
        let Some(mut update) = update_of(record)? else {
            let content = self.content.name();
            return Err(DataError::new(format!("a record of another kind in a file of {content}")));
        };
        update.number = number;
        let Some(time) = self.time(&update)? else { return Ok(()) };
        match self.content {
            Content::BestQuotes => self.take_change(time, &update, rows),
            Content::TradesWithQuotes => self.take_trade_with_quote(time, &update, rows),
            _ => self.give(rows, (time, number), update.best, update.trade),
        }
        Ok(())
    }

    fn take_bar(&mut self, bar: &OhlcvMsg, number: u64, rows: &mut Rows) -> Result<(), DataError> {
        let time = time_of(bar.hd.ts_event, "ts_event")?;
        if content_of(bar.hd.rtype) != Some(self.content) {
            return Err(DataError::new("bars of another length than the file began with"));
        }
        if !self.chosen.takes(bar.hd.instrument_id, time) {
            self.counts.others += 1;
            return Ok(());
        }
        rows.time.push(time);
        rows.lines.push(number);
        let parts =
            [(Field::Open, bar.open), (Field::High, bar.high), (Field::Low, bar.low), (Field::Close, bar.close)];
        for (field, count) in parts {
            self.push(rows, field, price(count));
        }
        self.push(rows, Field::Volume, bar.volume as f64);
        Ok(())
    }

    fn take_order(&mut self, m: &MboMsg, number: u64, rows: &mut Rows) -> Result<(), DataError> {
        let action = csv_file::action(char::from(m.action as u8).encode_utf8(&mut [0; 4]))
            .ok_or_else(|| no_letter(m.action, "action", "A, C, M, R, T, F or N"))?;
        let side = side_of(m.side)?;
        let Some(time) = self.time(&Update { number, ..update(&m.hd, m.ts_recv, m.flags, None, None) })? else {
            return Ok(());
        };
        self.begin(rows, time, number, m.hd.ts_event, m.flags)?;
        self.push(rows, Field::Kind, action);
        self.push(rows, Field::Side, side);
        self.push(rows, Field::Px, price(m.price));
        self.push(rows, Field::Sz, f64::from(m.size));
        self.push_whole(rows, Field::Order, m.order_id.cast_signed());
        Ok(())
    }

    fn take_levels(&mut self, m: &Mbp10Msg, number: u64, rows: &mut Rows) -> Result<(), DataError> {
        let trade = trade_of(m.price, m.size, m.action, m.side)?;
        let Some(time) = self.time(&Update { number, ..update(&m.hd, m.ts_recv, m.flags, None, trade) })? else {
            return Ok(());
        };
        let mut changes = std::mem::take(&mut self.changes);
        let kind = if m.flags.is_snapshot() { DepthKind::Snapshot } else { DepthKind::Change };
        self.shown.update(&m.levels, m.flags.is_snapshot(), &mut changes);
        let mut lines: Vec<([f64; 4], i64)> = Vec::new();
        lines.extend(trade.map(|[px, sz, side]| ([DepthKind::Trade as i64 as f64, side, px, sz], NA)));
        lines.extend(changes.iter().map(|change| {
            let count = i64::from(change.count);
            ([kind as i64 as f64, change.side as f64, price(change.px), f64::from(change.sz)], count)
        }));
        self.changes = changes;
        if lines.is_empty() && m.flags.is_last() {
            // What happened is over, and no level shows it: a size of 0 at no price changes nothing.
            lines.push(([DepthKind::Change as i64 as f64, 0.0, f64::NAN, 0.0], NA));
        }
        let last = lines.len();
        for (index, (values, count)) in lines.into_iter().enumerate() {
            let is_over = index + 1 == last && m.flags.is_last();
            let flags = FlagSet::new(if is_over { m.flags.raw() } else { m.flags.raw() & !dbn::flags::LAST });
            self.begin(rows, time, number, m.hd.ts_event, flags)?;
            for (field, value) in [Field::Kind, Field::Side, Field::Px, Field::Sz].into_iter().zip(values) {
                self.push(rows, field, value);
            }
            self.push_whole(rows, Field::Count, count);
        }
        Ok(())
    }

    /// What all rows of a book begin with.
    fn begin(
        &mut self,
        rows: &mut Rows,
        time: i64,
        number: u64,
        ts_event: u64,
        flags: FlagSet,
    ) -> Result<(), DataError> {
        // Orders of a snapshot bear the day they were sent; the exchange's clock runs on.
        let exchange = time_of(ts_event, "ts_event")?.max(self.last_event.unwrap_or(0));
        self.last_event = Some(exchange);
        rows.time.push(time);
        rows.lines.push(number);
        self.push_whole(rows, Field::ExchTime, exchange);
        self.push_whole(rows, Field::Flags, vendor_flags(i64::from(flags.raw())).0);
        Ok(())
    }

    fn push_whole(&self, rows: &mut Rows, field: Field, value: i64) {
        if self.wants[field as usize] {
            rows.whole_mut(field).push(value);
        }
    }

    /// The quote before a trade is news only where it differs from the one before the last.
    fn take_trade_with_quote(&mut self, time: i64, update: &Update, rows: &mut Rows) {
        let is_same = |one: Best, other: Best| one.map(f64::to_bits) == other.map(f64::to_bits);
        if let Some(best) = update.best.filter(|best| !self.last_quote.is_some_and(|last| is_same(last, *best))) {
            self.give(rows, (time, update.number), Some(best), None);
            self.last_quote = Some(best);
        }
        self.give(rows, (time, update.number), update.best, update.trade);
    }

    /// A change of the best quote counts once the last record of its event is there; a trade counts at once.
    fn take_change(&mut self, time: i64, update: &Update, rows: &mut Rows) {
        if self.pending.is_some_and(|quote| quote.ts_event != update.ts_event) {
            self.give_pending(rows);
        }
        let Some(best) = update.best else { return };
        let was_pending = self.pending.is_some();
        if update.trade.is_some() {
            self.give(rows, (time, update.number), Some(best), update.trade);
        }
        if update.trade.is_none() || was_pending {
            self.counts.within_events += u64::from(was_pending && update.trade.is_none());
            self.pending = Some(Quote { time, number: update.number, ts_event: update.ts_event, best });
        }
        if update.flags.is_last() {
            self.give_pending(rows);
        }
    }

    fn give_pending(&mut self, rows: &mut Rows) {
        if let Some(Quote { time, number, best, .. }) = self.pending.take() {
            self.give(rows, (time, number), Some(best), None);
        }
    }

    /// When the record was received; `None` if it is of another instrument.
    fn time(&mut self, update: &Update) -> Result<Option<i64>, DataError> {
        let told = time_of(update.ts_recv, "ts_recv")?;
        if !self.chosen.takes(update.instrument, told) {
            self.counts.others += 1;
            return Ok(None);
        }
        self.counts.snapshots += u64::from(update.flags.is_snapshot());
        self.counts.doubtful += u64::from(update.flags.is_maybe_bad_book());
        let last = self.last.unwrap_or(told);
        let is_bad = update.flags.is_bad_ts_recv();
        self.counts.bad_times += u64::from(is_bad);
        if told < last && (is_bad || last - told <= MOST_DOUBT_NS) {
            // The file's order is that of capture: this record is no earlier than the one before.
            self.counts.late += u64::from(!is_bad);
        } else {
            self.last = Some(told);
        }
        Ok(self.last)
    }

    fn give(&self, rows: &mut Rows, (time, number): (i64, u64), best: Option<Best>, trade: Option<Trade>) {
        rows.time.push(time);
        rows.lines.push(number);
        self.push(rows, Field::Kind, f64::from(u8::from(trade.is_some())));
        let fields = [Field::BidPx, Field::BidSz, Field::AskPx, Field::AskSz];
        for (field, value) in fields.into_iter().zip(best.unwrap_or([f64::NAN; 4])) {
            self.push(rows, field, value);
        }
        let fields = [Field::Px, Field::Sz, Field::Side];
        for (field, value) in fields.into_iter().zip(trade.unwrap_or([f64::NAN; 3])) {
            self.push(rows, field, value);
        }
    }

    fn push(&self, rows: &mut Rows, field: Field, value: f64) {
        if self.wants[field as usize] {
            rows.values_mut(field).push(value);
        }
    }
}
