//! A strategy that quotes, sends and cancels by chance, and mixes all it may know into that chance.

use gbc_core::orders::{Channel, InForce, Plan, Price, QuotePlan, QuoteSide, SendPlan, Snap};
use gbc_core::{Asked, Column, Due, Event, Fault, NA, Strategy, View, Wishes};

const BID: Channel = Channel(0);
const ASK: Channel = Channel(1);
const SIZE: Channel = Channel(2);

/// Whatever is out of place, in its events or in what it is told, changes everything after.
#[derive(Clone, Debug)]
pub struct NosyQuoter {
    pub state: u64,
    /// What it came to at each row.
    pub states: Vec<(i64, u64)>,
    plan: Plan,
}

impl NosyQuoter {
    /// In market 0. `looks`: whether it wants to know where its orders stand.
    pub fn new(looks: bool) -> NosyQuoter {
        let side = |at, snap| QuoteSide { size: SIZE, price: Price { at, snap }, condition: None, keep: None };
        let quote = QuotePlan {
            market: 0,
            sides: [Some(side(BID, Snap::Down)), Some(side(ASK, Snap::Up))],
            levels: None,
            post_only: true,
            rest: None,
            rate: None,
        };
        let send = SendPlan {
            market: 0,
            buy: true,
            limit: Some(Snap::Nearest),
            stop: None,
            in_force: InForce::Gtc,
            post_only: false,
        };
        let plan =
            Plan { channels: 3, quotes: vec![quote], sends: vec![send], listens: true, looks, ..Plan::default() };
        NosyQuoter { state: 1, states: Vec::new(), plan }
    }

    fn mix(&mut self, value: i64) {
        self.state = (self.state ^ value as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    }
}

impl Strategy for NosyQuoter {
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        let market = &view.markets[0];
        let mut seen = vec![market.position, market.orders, market.fills, market.cancels, market.rejects];
        if self.plan.looks {
            let mine = market.mine.iter().flat_map(|it| [it.price, it.size, it.queue]);
            let queues = view.quotes[0].iter().map(|side| side.queue);
            seen.extend(mine.chain(queues).map(|value| value.to_bits() as i64));
        }
        seen.into_iter().for_each(|value| self.mix(value));
        let (block, row) = match event {
            Event::Row(block, row) => (block, row),
            Event::News(news) => {
                self.mix(news.at.0 ^ news.price.to_bits() as i64 ^ news.kind as i64);
                return Ok(());
            }
            Event::Due(_) => return Ok(()),
        };
        let [bid, ask] = [Column::BidPx, Column::AskPx].map(|column| block.value(column, row));
        [block.time[row], bid, ask].into_iter().for_each(|value| self.mix(value));
        self.states.push((block.time[row], self.state));
        if bid == NA || ask == NA {
            return Ok(());
        }
        let points = |ticks: i64| ticks as f64 * 0.25;
        match self.state % 7 {
            0 => wishes.set(SIZE, (self.state / 7 % 4) as f64),
            1 => wishes.set(BID, points(bid - (self.state / 7 % 3) as i64)),
            2 => wishes.set(ASK, points(ask + (self.state / 7 % 3) as i64)),
            3 => wishes.ask(Asked::Send { send: 0, size: 2.0, limit: points(bid), stop: f64::NAN }),
            4 => wishes.ask(Asked::Cancel { send: 0 }),
            _ => {}
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due::NEVER
    }

    fn plan(&self) -> Option<&Plan> {
        Some(&self.plan)
    }

    fn snapshot(&self) -> Vec<u64> {
        vec![self.state]
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        self.state = snapshot[0];
        true
    }
}
