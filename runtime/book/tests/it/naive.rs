//! A book as a plain list of orders in the order in which they count, searched from the front each time.

use gbc_book::BookSide;
use gbc_core::OrderAction;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: i64,
    pub side: BookSide,
    pub price: i64,
    pub size: i64,
}

/// What one row says.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub action: OrderAction,
    pub id: i64,
    pub side: Option<BookSide>,
    pub price: i64,
    pub size: i64,
}

/// Earlier in the list is earlier in line.
#[derive(Default)]
pub struct NaiveBook(pub Vec<Order>);

impl NaiveBook {
    pub fn apply(&mut self, said: Said) {
        let at = self.0.iter().position(|order| order.id == said.id);
        match said.action {
            OrderAction::Trade | OrderAction::Fill => {}
            OrderAction::Clear => self.0.retain(|order| said.side.is_some_and(|side| side != order.side)),
            OrderAction::Add => {
                let Some(side) = said.side else { return };
                at.map(|at| self.0.remove(at));
                self.push(said, side);
            }
            OrderAction::Remove => _ = at.map(|at| self.0.remove(at)),
            OrderAction::Cancel => {
                if let Some(at) = at {
                    self.0[at].size -= said.size;
                    self.0.retain(|order| order.size > 0);
                }
            }
            OrderAction::Modify => match at {
                Some(at) => self.modify(at, said),
                None => _ = said.side.map(|side| self.push(said, side)),
            },
        }
    }

    fn modify(&mut self, at: usize, said: Said) {
        let side = said.side.unwrap_or(self.0[at].side);
        let order = &mut self.0[at];
        if (order.side, order.price) == (side, said.price) && said.size <= order.size {
            order.size = said.size;
            self.0.retain(|order| order.size > 0);
        } else {
            self.0.remove(at);
            self.push(said, side);
        }
    }

    fn push(&mut self, said: Said, side: BookSide) {
        if said.size > 0 {
            self.0.push(Order { id: said.id, side, price: said.price, size: said.size });
        }
    }

    /// Price, size and orders of the levels of a side, best first.
    pub fn levels(&self, side: BookSide) -> Vec<(i64, i64, i64)> {
        let mut prices: Vec<i64> = self.0.iter().filter(|order| order.side == side).map(|order| order.price).collect();
        prices.sort_unstable();
        prices.dedup();
        if side == BookSide::Bid {
            prices.reverse();
        }
        let at = |price: i64| self.queue(side, price);
        prices.iter().map(|price| (*price, at(*price).map(|it| it.size).sum(), at(*price).count() as i64)).collect()
    }

    pub fn queue(&self, side: BookSide, price: i64) -> impl Iterator<Item = &Order> {
        self.0.iter().filter(move |order| (order.side, order.price) == (side, price))
    }

    pub fn ahead_of(&self, id: i64) -> Option<i64> {
        let order = self.0.iter().find(|order| order.id == id)?;
        Some(self.queue(order.side, order.price).take_while(|other| other.id != id).map(|other| other.size).sum())
    }
}
