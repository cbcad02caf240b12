//! Strategies written by hand against the contract.

use gbc_core::time::SECOND;
use gbc_core::{Block, Column, Due, Event, Fallen, Fault, Guards, NA, Nanos, Stop, Strategy, View, Why, Wishes};

/// The benchmark W1: long while the fast average of the mid is above the slow one, short while it is below.
#[derive(Clone, Debug, Default)]
pub struct EmaCross {
    fast: f64,
    slow: f64,
    quotes: u64,
    target: f64,
    /// Play with a loop of its own, as native code does.
    pub native: bool,
}

pub const FAST: f64 = 20.0;
pub const SLOW: f64 = 60.0;

impl EmaCross {
    pub fn native() -> EmaCross {
        EmaCross { native: true, ..EmaCross::default() }
    }

    /// The target after this row.
    fn row(&mut self, block: &Block, row: usize) -> Option<f64> {
        let (bid, ask) = (block.value(Column::BidPx, row), block.value(Column::AskPx, row));
        if block.is_trade(row) || bid == NA || ask == NA {
            return None;
        }
        let mid = (bid + ask) as f64 * 0.5;
        if self.quotes == 0 {
            (self.fast, self.slow) = (mid, mid);
        } else {
            self.fast += 2.0 / (FAST + 1.0) * (mid - self.fast);
            self.slow += 2.0 / (SLOW + 1.0) * (mid - self.slow);
        }
        self.quotes += 1;
        if self.quotes as f64 <= SLOW || self.fast == self.slow {
            return None;
        }
        self.target = if self.fast > self.slow { 1.0 } else { -1.0 };
        Some(self.target)
    }
}

impl Strategy for EmaCross {
    fn react(&mut self, event: Event<'_>, _: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        if let Event::Row(block, row) = event
            && let Some(target) = self.row(block, row)
        {
            wishes.target(0, target);
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due::NEVER
    }

    fn snapshot(&self) -> Vec<u64> {
        vec![self.fast.to_bits(), self.slow.to_bits(), self.quotes, self.target.to_bits()]
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        let [fast, slow, quotes, target] = *snapshot else { return false };
        (self.fast, self.slow, self.target) = (f64::from_bits(fast), f64::from_bits(slow), f64::from_bits(target));
        self.quotes = quotes;
        true
    }

    fn play(
        &mut self,
        block: &Block,
        from: usize,
        to: usize,
        guards: &Guards,
        view: &View,
        wishes: &mut Wishes,
    ) -> Result<Stop, Fallen> {
        let stop = |next: usize, why| Ok(Stop { next, at: block.time_of(next.max(from + 1) - 1), why });
        for row in from..to {
            if guards.each_row || block.time_of(row) >= guards.until {
                return stop(row, Why::Guard);
            }
            if self.native {
                let before = self.target;
                match self.row(block, row) {
                    Some(target) if target != before => wishes.target(0, target),
                    _ => continue,
                }
            } else {
                self.react(Event::Row(block, row), view, wishes).map_err(|fault| fault.before(row))?;
            }
            if wishes.changed {
                return stop(row + 1, Why::Wish);
            }
        }
        stop(to, Why::End)
    }
}

/// Long while the close is above its mean over `bars` bars, else short. Trades market 0.
#[derive(Clone, Debug)]
pub struct AboveMean {
    pub bars: usize,
    pub closes: Vec<i64>,
}

impl Strategy for AboveMean {
    fn react(&mut self, event: Event<'_>, _: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        if let Event::Row(block, row) = event {
            self.closes.push(block.value(Column::Close, row));
            if let Some(target) = above_mean(&self.closes, self.bars) {
                wishes.target(0, target);
            }
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due::NEVER
    }

    fn snapshot(&self) -> Vec<u64> {
        self.closes.iter().map(|close| *close as u64).collect()
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        self.closes = snapshot.iter().map(|close| *close as i64).collect();
        true
    }
}

/// 1 above the mean of the last `bars` closes, else -1.
pub fn above_mean(closes: &[i64], bars: usize) -> Option<f64> {
    let last = closes.len().checked_sub(bars).map(|from| &closes[from..])?;
    Some(if closes[closes.len() - 1] * bars as i64 > last.iter().sum() { 1.0 } else { -1.0 })
}

/// Mixes all it can see into one number and now and then wishes by it: any event out of place changes everything after.
#[derive(Clone, Debug)]
pub struct Nosy {
    pub markets: usize,
    pub state: u64,
    pub due: i64,
    /// Breaks its own rules once its timer reaches this.
    pub faults_at: i64,
}

impl Nosy {
    pub fn new(markets: usize, start: i64) -> Nosy {
        Nosy { markets, state: 1, due: start, faults_at: i64::MAX }
    }

    fn mix(&mut self, value: i64) {
        self.state = (self.state ^ value as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    }

    fn look(&mut self, event: Event<'_>, view: &View) {
        match event {
            Event::Row(block, row) => {
                self.mix(block.market as i64);
                self.mix(block.time[row]);
                let columns = [Column::BidPx, Column::AskPx, Column::Px, Column::Close];
                columns.into_iter().for_each(|column| self.mix(block.value(column, row)));
            }
            Event::Due(time) => {
                self.mix(time.0);
                self.due = time.0 + 37 * SECOND + (self.state % 3) as i64 * 100 * SECOND;
            }
            Event::News(news) => self.mix(news.at.0),
        }
        for market in &view.markets {
            let average = market.avg_price.to_bits() as i64;
            [market.position, market.orders, market.fills, average].into_iter().for_each(|value| self.mix(value));
        }
    }
}

impl Strategy for Nosy {
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        self.look(event, view);
        if let Event::Due(at) = event
            && at.0 >= self.faults_at
        {
            return Err(Fault { reason: "told to".to_owned(), start: 0, end: 0, at });
        }
        if self.state.is_multiple_of(11) {
            let market = self.state as usize / 11 % self.markets;
            wishes.target(market, (self.state / 1000 % 7) as f64 - 3.0);
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due { time: Nanos(self.due), after_data: self.state.is_multiple_of(2) }
    }

    fn snapshot(&self) -> Vec<u64> {
        vec![self.state, self.due as u64]
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        (self.state, self.due) = (snapshot[0], snapshot[1] as i64);
        true
    }
}
