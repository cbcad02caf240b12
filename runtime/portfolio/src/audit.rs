//! The second books: what the account must come to, told from fills alone.
//!
//! The account keeps cash, lots and trades, and each can go wrong by itself. The audit knows nothing of them. Where the two
//! differ by a billionth, one of them is wrong, and no number of the run can be believed.

use std::fmt;

use gbc_core::{Instrument, MarketId, Money};
use serde::{Deserialize, Serialize};

use crate::{Fill, Overflow, Trade, Worth};

/// Amounts below this are counted exactly whatever they are added to.
const COUNTABLE: Money = Money(1 << 98);

/// Cash and quantities as fills alone tell them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    start: Money,
    /// Spent on what was bought, less what was received for what was sold.
    spent: Money,
    fees: Money,
    /// Worth of everything traded, both ways added up.
    traded: Money,
    fills: i128,
    steps: Vec<i64>,
    worths: Vec<Worth>,
}

/// The books do not add up: a mistake in the machine, never in a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// What does not.
    pub what: &'static str,
    /// What the account says.
    pub account: Money,
    /// What fills come to.
    pub fills: Money,
}

impl fmt::Display for Discrepancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Discrepancy { what, account, fills } = self;
        write!(f, "the books do not add up: {what} is {} by the account and {} by its fills", account.0, fills.0)?;
        f.write_str(", in billionths; this is a mistake in gbc, please report it")
    }
}

impl std::error::Error for Discrepancy {}

impl Audit {
    /// Books that begin with `start`.
    pub fn new(instruments: &[Instrument], start: Money) -> Result<Audit, Overflow> {
        let worth =
            |(market, instrument)| Worth::of(instrument).ok_or(Overflow { market, what: "scale of the instrument" });
        Ok(Audit {
            start,
            spent: Money::ZERO,
            fees: Money::ZERO,
            traded: Money::ZERO,
            fills: 0,
            steps: vec![0; instruments.len()],
            worths: instruments.iter().enumerate().map(worth).collect::<Result<_, _>>()?,
        })
    }

    /// Writes a fill down. Fills that the account refused as beyond counting do not come here.
    pub fn book(&mut self, fill: &Fill) {
        let signed = fill.side.sign() * fill.size;
        let price = self.worths[fill.market].at_mark(2 * i128::from(fill.price), signed);
        self.spent += price;
        self.traded += Money(price.0.abs());
        self.fees += fill.fee;
        self.fills += 1;
        self.steps[fill.market] = self.steps[fill.market].saturating_add(signed);
    }

    /// Holds equity against start, fills and open quantities, valued at these marks, in half ticks.
    pub fn agrees(&self, equity: Money, mark: impl Fn(MarketId) -> i128) -> Result<(), Discrepancy> {
        let fills = self.equity(mark);
        if fills == equity { Ok(()) } else { Err(Discrepancy { what: "equity", account: equity, fills }) }
    }

    /// Holds the trades of the run against its fills: fees exactly, results up to one rounding for each part.
    pub fn agrees_with_trades(&self, trades: &[Trade], equity: Money) -> Result<(), Discrepancy> {
        let (fees, results): (Money, Money) =
            (trades.iter().map(|trade| trade.fees).sum(), trades.iter().map(|trade| trade.pnl).sum());
        if fees != self.fees {
            return Err(Discrepancy { what: "the sum of fees", account: fees, fills: self.fees });
        }
        let net = equity - self.start;
        let roundings = trades.len() as i128 + self.fills + self.steps.len() as i128;
        // Prices beyond counting are held at a limit, each by itself: sums of them mean nothing.
        let countable = self.traded < COUNTABLE && Money(equity.0.abs()) < COUNTABLE;
        if countable && (net - results).0.abs() > roundings {
            return Err(Discrepancy { what: "the sum of results", account: results, fills: net });
        }
        Ok(())
    }

    fn equity(&self, mark: impl Fn(MarketId) -> i128) -> Money {
        let open = |(market, steps): (MarketId, &i64)| match steps {
            0 => Money::ZERO,
            steps => self.worths[market].at_mark(mark(market), *steps),
        };
        self.start - self.spent - self.fees + self.steps.iter().enumerate().map(open).sum()
    }
}

#[cfg(test)]
mod tests {
    use gbc_core::{Nanos, Ratio};

    use super::*;
    use crate::{FillReason, Portfolio, Side};

    const START: Money = Money(1_000_000_000_000);

    fn books() -> (Portfolio, Audit) {
        let mut coin = Instrument::generic("BTC", Ratio { num: 1, den: 100 });
        coin.lot = Ratio { num: 1, den: 100_000_000 };
        coin.fee_per_lot = Money(1_234_567);
        (Portfolio::new(&[coin.clone()], START).unwrap(), Audit::new(&[coin], START).unwrap())
    }

    fn fill(account: &Portfolio, id: u64, steps: i64, price: i64) -> Fill {
        let fee = account.fee(0, steps.abs(), price, false).unwrap();
        let (time, side, reason) = (Nanos(id as i64), Side::of(steps), FillReason::Touch);
        Fill { id, order: id, market: 0, time, side, price, slipped: 0, size: steps.abs(), fee, maker: false, reason }
    }

    /// Fills whose worth is no whole number of billionths, closed in other parts than they were opened in.
    const FILLS: [(i64, i64); 6] = [(3, 400), (7, 401), (-5, 410), (-9, 390), (1, 377), (3, 377)];

    #[test]
    fn both_books_say_the_same_after_every_fill() {
        let (mut account, mut audit) = books();
        for (id, (steps, price)) in FILLS.into_iter().enumerate() {
            let fill = fill(&account, id as u64 + 1, steps, price);
            account.apply(&fill).unwrap();
            audit.book(&fill);
            let mark = Some(2 * price + 1);
            let equity = account.equity(&[mark]);
            assert_eq!(audit.agrees(equity, |market| account.mark(market, mark)), Ok(()));
            assert_eq!(audit.agrees_with_trades(&account.all_trades(&[mark]), equity), Ok(()));
        }
    }

    #[test]
    fn a_billionth_that_is_missing_is_missed() {
        let (mut account, mut audit) = books();
        let fill = fill(&account, 1, 5, 400);
        account.apply(&fill).unwrap();
        audit.book(&fill);
        let equity = account.equity(&[Some(800)]);
        let short = Discrepancy { what: "equity", account: equity - Money(1), fills: equity };
        assert_eq!(audit.agrees(equity - Money(1), |_| 800), Err(short));
        let mut trades = account.all_trades(&[Some(800)]);
        trades[0].fees += Money(1);
        assert!(audit.agrees_with_trades(&trades, equity).is_err_and(|it| it.what == "the sum of fees"));
        trades[0].fees -= Money(1);
        trades[0].pnl += Money(4);
        assert!(audit.agrees_with_trades(&trades, equity).is_err_and(|it| it.what == "the sum of results"));
    }

    #[test]
    fn a_fill_that_only_one_book_knows_is_noticed() {
        let (account, mut audit) = books();
        audit.book(&fill(&account, 1, 100_000, 400));
        assert!(audit.agrees(account.equity(&[Some(790)]), |_| 790).is_err());
    }
}
