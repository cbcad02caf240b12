//! The venue: takes orders, gives fills.
//!
//! An order rests here from the moment it is sent. Orders for a touch meet the book when all data of their moment are in;
//! orders for an open wait for the first bar that opens once they are there.

use gbc_book::{Book, Level};
use gbc_core::{MarketId, Nanos};
use gbc_portfolio::{Fill, FillReason, Overflow, Portfolio, Side};

use crate::{MarketFill, Order, OrderKind, OrderStatus};

/// A bar that has just become known, seen from its open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Whose bar.
    pub market: MarketId,
    /// First price, in ticks.
    pub price: i64,
    /// When it opened.
    pub time: Nanos,
    /// When the bar before it ended.
    pub bar_end: Option<Nanos>,
}

/// Orders of a run, and the fills they become.
#[derive(Clone, Debug, PartialEq)]
pub struct Venue {
    /// Everything sent so far, in order.
    pub orders: Vec<Order>,
    fills: u64,
    market_fills: Vec<MarketFill>,
    /// Places in `orders` of what is not done, in order.
    pending: Vec<usize>,
    pending_steps: Vec<i64>,
}

impl Venue {
    /// A venue that fills market orders like this, by market.
    pub fn new(market_fills: Vec<MarketFill>) -> Venue {
        let pending_steps = vec![0; market_fills.len()];
        Venue { orders: Vec::new(), fills: 0, market_fills, pending: Vec::new(), pending_steps }
    }

    /// Takes a market order for `steps` lot steps, negative to sell.
    pub fn send(&mut self, market: MarketId, time: Nanos, steps: i64) {
        let id = self.orders.len() as u64 + 1;
        let (side, size) = (Side::of(steps), steps.abs());
        let order = Order { id, market, time, side, kind: OrderKind::Market, size, status: OrderStatus::Pending };
        self.pending.push(self.orders.len());
        self.pending_steps[market] += steps;
        self.orders.push(order);
    }

    /// Steps on their way in a market.
    pub fn pending(&self, market: MarketId) -> i64 {
        self.pending_steps[market]
    }

    /// When the first order that goes for a touch was sent: it arrives after all data of that moment.
    pub fn arrival(&self) -> Option<Nanos> {
        let mut pending = self.pending.iter().map(|place| &self.orders[*place]);
        pending.find(|order| self.market_fills[order.market] == MarketFill::Touch).map(|order| order.time)
    }

    /// Whether an order of `market` waits for an open.
    pub fn waits_for_open(&self, market: MarketId) -> bool {
        self.market_fills[market] == MarketFill::NextOpen
            && self.pending.iter().any(|place| self.orders[*place].market == market)
    }

    /// Everything on its way to a touch arrives and meets the books.
    pub fn arrive(&mut self, books: &[Book], portfolio: &Portfolio) -> Result<Vec<Fill>, Overflow> {
        let market_fills = self.market_fills.clone();
        let arriving = self.take_pending(|order| market_fills[order.market] == MarketFill::Touch);
        let mut fills = Vec::new();
        for place in arriving {
            let order = self.orders[place];
            match opposite(&books[order.market], order.side) {
                Some(level) => fills.push(self.fill(place, level.price, order.time, FillReason::Touch, portfolio)?),
                None => self.orders[place].status = OrderStatus::Refused,
            }
        }
        Ok(fills)
    }

    /// A bar's open meets the orders that were there for it.
    ///
    /// A bar that was already open when an order was sent does not fill it: that price had passed. An order that answers
    /// the bar before was there, even where stamps overlap by an hour of summer time.
    pub fn open(&mut self, opening: Opening, portfolio: &Portfolio) -> Result<Vec<Fill>, Overflow> {
        let was_there =
            |order: &Order| order.time <= opening.time || opening.bar_end.is_some_and(|end| order.time <= end);
        let met = self.take_pending(|order| order.market == opening.market && was_there(order));
        let mut fills = Vec::new();
        for place in met {
            let time = opening.time.max(self.orders[place].time);
            fills.push(self.fill(place, opening.price, time, FillReason::NextOpen, portfolio)?);
        }
        Ok(fills)
    }

    /// The data are over: what waits will not be filled any more.
    pub fn expire(&mut self) {
        for place in self.take_pending(|_| true) {
            self.orders[place].status = OrderStatus::Expired;
        }
    }

    /// Takes out of `pending` what `wanted` names.
    fn take_pending(&mut self, wanted: impl Fn(&Order) -> bool) -> Vec<usize> {
        let orders = &self.orders;
        let (taken, kept) = self.pending.iter().partition(|place| wanted(&orders[**place]));
        self.pending = kept;
        for place in &taken {
            let order: &Order = &self.orders[*place];
            self.pending_steps[order.market] -= order.side.sign() * order.size;
        }
        taken
    }

    fn fill(
        &mut self,
        place: usize,
        price: i64,
        time: Nanos,
        reason: FillReason,
        account: &Portfolio,
    ) -> Result<Fill, Overflow> {
        let Order { id: order, market, side, size, .. } = self.orders[place];
        let fee = account.fee(market, size)?;
        self.orders[place].status = OrderStatus::Filled;
        self.fills += 1;
        Ok(Fill { id: self.fills, order, market, time, side, price, size, fee, reason })
    }
}

/// The level that an order would take from.
fn opposite(book: &Book, side: Side) -> Option<Level> {
    match side {
        Side::Buy => book.ask,
        Side::Sell => book.bid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::{Instrument, Money, NA, Ratio};

    fn account() -> Portfolio {
        Portfolio::new(&[Instrument::generic("X", Ratio::ONE)], Money::ZERO).unwrap()
    }

    #[test]
    fn at_the_touch_a_buyer_pays_the_ask_and_an_empty_side_refuses() {
        let mut venue = Venue::new(vec![MarketFill::Touch]);
        let book = Book { ask: Some(Level { price: 101, size: NA, orders: NA }), ..Book::default() };
        venue.send(0, Nanos(5), 2);
        venue.send(0, Nanos(5), -1);
        assert_eq!((venue.arrival(), venue.pending(0)), (Some(Nanos(5)), 1));
        let fills = venue.arrive(&[book], &account()).unwrap();
        assert_eq!(fills.iter().map(|fill| (fill.order, fill.price, fill.size)).collect::<Vec<_>>(), [(1, 101, 2)]);
        let statuses: Vec<_> = venue.orders.iter().map(|order| order.status).collect();
        assert_eq!(statuses, [OrderStatus::Filled, OrderStatus::Refused]);
        assert_eq!((venue.arrival(), venue.pending(0)), (None, 0));
    }

    fn open_at(venue: &mut Venue, time: i64, bar_end: i64) -> Vec<Nanos> {
        let opening = Opening { market: 0, price: 7, time: Nanos(time), bar_end: Some(Nanos(bar_end)) };
        venue.open(opening, &account()).unwrap().iter().map(|fill| fill.time).collect()
    }

    #[test]
    fn a_bar_already_open_does_not_fill() {
        let mut venue = Venue::new(vec![MarketFill::NextOpen]);
        venue.send(0, Nanos(90), 1);
        assert_eq!(open_at(&mut venue, 60, 60), []);
        assert!(venue.waits_for_open(0));
        assert_eq!(open_at(&mut venue, 120, 120), [Nanos(120)]);
        assert!(!venue.waits_for_open(0));
    }

    #[test]
    fn the_bar_after_the_answered_one_fills_even_if_stamps_overlap() {
        let mut venue = Venue::new(vec![MarketFill::NextOpen]);
        venue.send(0, Nanos(60), 1);
        assert_eq!(open_at(&mut venue, 50, 60), [Nanos(60)]);
    }

    #[test]
    fn what_waits_at_the_end_expires() {
        let mut venue = Venue::new(vec![MarketFill::NextOpen]);
        venue.send(0, Nanos(60), 1);
        venue.expire();
        assert_eq!(venue.orders[0].status, OrderStatus::Expired);
    }
}
