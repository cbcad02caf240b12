//! What we hear of our orders: booked, valued, and told as news.

use gbc_core::{Money, Nanos, News, NewsKind};
use gbc_exec::{Answer, Happened, Refusal};
use gbc_portfolio::{Fill, Overflow, Side};

use crate::desk::Desk;

/// So many answers at one moment are no trading any more.
const MOST_ANSWERS_AT_ONCE: u32 = 100_000;

impl Desk {
    /// When the next request arrives or the next answer is heard, whichever is first: nothing at or before that moment may
    /// be played beyond.
    pub fn next_message(&self) -> Option<Nanos> {
        [self.gateway.next_answer(), self.gateway.next_request()].into_iter().flatten().min()
    }

    /// When the next answer is heard.
    pub fn next_answer(&self) -> Option<Nanos> {
        self.gateway.next_answer()
    }

    /// Whether orders and answers chase each other without time passing.
    pub fn runs_in_circles(&self) -> bool {
        self.heard_at.1 > MOST_ANSWERS_AT_ONCE
    }

    /// The next answer is heard, booked, and returned as news.
    pub fn hear(&mut self) -> Result<Option<News>, Overflow> {
        let Some((heard, answer)) = self.gateway.take_answer() else { return Ok(None) };
        self.reach(heard);
        self.heard_at = if self.heard_at.0 == heard { (heard, self.heard_at.1 + 1) } else { (heard, 1) };
        let told = self.ledger.hear(heard, &answer);
        self.journal.heard(heard, &answer, told.as_ref().map(|told| told.order), &self.ledger);
        let rests = match answer.what {
            Happened::Accepted { kind, .. } => kind.trigger().is_none(),
            Happened::Filled { left, .. } => left > 0,
            Happened::Refused(refusal) => refusal == Refusal::TooLate,
            Happened::Cancelled | Happened::Expired => false,
        };
        if !rests {
            self.standings.forget(answer.market, answer.key);
        }
        self.with_planner(heard, |planner, scene, _| planner.hear(&answer, scene));
        let Some(told) = told else { return Ok(None) };
        let order = self.ledger.orders[told.order as usize - 1];
        let view = &mut self.view.markets[answer.market];
        match told.kind {
            NewsKind::Cancelled => view.cancels += 1,
            NewsKind::Rejected => view.rejects += 1,
            NewsKind::Accepted | NewsKind::Filled => {}
        }
        let tick = |price: i64| self.portfolio.points(answer.market, price);
        let mut news = News {
            at: heard,
            market: answer.market,
            kind: told.kind,
            buy: order.side == Side::Buy,
            price: order.kind.price().map_or(f64::NAN, tick),
            size: self.portfolio.lots(answer.market, order.size - order.filled),
            fee: 0.0,
        };
        if let Happened::Filled { price, size, .. } = answer.what {
            (news.price, news.size) = (tick(price), self.portfolio.lots(answer.market, size));
            news.fee = self.book_fill(heard, told.order, &answer)?.to_f64();
        }
        Ok(Some(news))
    }

    /// Books a fill; what it cost.
    fn book_fill(&mut self, heard: Nanos, order: u64, answer: &Answer) -> Result<Money, Overflow> {
        let Happened::Filled { side, price, slipped, size, reason, maker, .. } = answer.what else {
            return Ok(Money::ZERO);
        };
        let market = answer.market;
        let fee = self.portfolio.fee(market, size, price, maker)?;
        let id = self.fills.len() as u64 + 1;
        let fill = Fill { id, order, market, time: answer.at, side, price, slipped, size, fee, maker, reason };
        self.value_before(heard);
        self.curve.activity(heard);
        self.portfolio.apply(&fill)?;
        self.audit.book(&fill);
        let view = &mut self.view.markets[market];
        let held = std::mem::replace(&mut view.position, self.portfolio.positions[market].steps);
        view.opened += i64::from(view.position != 0 && held.signum() != view.position.signum());
        view.avg_price = self.portfolio.avg_price(market);
        view.fills += 1;
        self.fills.push(fill);
        let equity = self.value();
        self.curve.push(heard, equity);
        Ok(fee)
    }

    /// The data are over: what is on its way back is booked, what is at the exchange or on its way there expires.
    pub fn settle(&mut self, last: Nanos) {
        while let Some(request) = self.gateway.take_request() {
            self.journal.lost(last, &self.ledger);
            self.ledger.lose(&request.ask);
        }
        self.hear_all();
        // The end of the data takes back nothing that a strategy could have known of.
        let known = self.view.clone();
        self.exchange.end(last);
        self.collect(last);
        self.hear_all();
        self.view = known;
    }

    fn hear_all(&mut self) {
        while let Ok(heard) = self.hear() {
            if heard.is_none() && self.gateway.next_answer().is_none() {
                break;
            }
        }
    }
}
