//! The way to the venue and back: everything takes its time, and nothing overtakes its own kind.

use std::collections::VecDeque;

use gbc_core::{MarketId, Nanos};
use serde::{Deserialize, Serialize};

use crate::latency::{Latency, Odds, Purpose};
use crate::message::{Answer, Ask, Request};

/// What is on its way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gateway {
    /// Known from the profile, and so not laid down with the rest, as are the odds.
    #[serde(skip)]
    latency: Latency,
    #[serde(skip)]
    odds: Odds,
    requests: VecDeque<Request>,
    /// With the moment at which each is heard.
    answers: VecDeque<(Nanos, Answer)>,
    last_request: Option<Nanos>,
    last_answer: Option<Nanos>,
}

impl Gateway {
    /// With these latencies, and these odds for what of them is chance.
    pub fn new(latency: Latency, odds: Odds) -> Gateway {
        Gateway { latency, odds, ..Gateway::default() }
    }

    /// Goes on where another stood, at its own pace.
    pub fn take_up(self, other: Gateway) -> Gateway {
        Gateway { latency: self.latency, odds: self.odds, ..other }
    }

    /// Sends something that is there at once; when that is.
    pub fn ask_at_once(&mut self, now: Nanos, market: MarketId, ask: Ask) -> Nanos {
        let at = now.max(self.last_request.unwrap_or(Nanos::MIN));
        self.last_request = Some(at);
        self.requests.push_back(Request { at, market, ask });
        at
    }

    /// Hears something at once.
    pub fn answer_at_once(&mut self, now: Nanos, answer: Answer) {
        let heard = now.max(self.last_answer.unwrap_or(Nanos::MIN));
        self.last_answer = Some(heard);
        self.answers.push_back((heard, answer));
    }

    /// Sends something off; when it arrives.
    pub fn ask(&mut self, now: Nanos, market: MarketId, ask: Ask) -> Nanos {
        let purpose = match ask {
            Ask::New(_) => Purpose::Entry,
            Ask::Amend { .. } | Ask::Protect { .. } => Purpose::Amend,
            Ask::Cancel(_) => Purpose::Cancel,
        };
        let at = self.there(purpose, market, now).max(self.last_request.unwrap_or(Nanos::MIN));
        self.last_request = Some(at);
        self.requests.push_back(Request { at, market, ask });
        at
    }

    /// The venue said something; `now` is the moment the run has come to, before which nothing is heard any more. Returns when
    /// it will be heard.
    pub fn answer(&mut self, now: Nanos, answer: Answer) -> Nanos {
        let heard = self.there(Purpose::Reply, answer.market, answer.at).max(now);
        let heard = heard.max(self.last_answer.unwrap_or(Nanos::MIN));
        self.last_answer = Some(heard);
        self.answers.push_back((heard, answer));
        heard
    }

    /// When a message is there that sets out now, if it need not wait for another.
    fn there(&self, purpose: Purpose, market: MarketId, now: Nanos) -> Nanos {
        let chance = self.odds.draw(purpose, market, now, self.latency.most_ns(purpose));
        Nanos(now.0.saturating_add(self.latency.takes(purpose, now)).saturating_add(chance))
    }

    /// When the next request arrives at the venue.
    pub fn next_request(&self) -> Option<Nanos> {
        self.requests.front().map(|request| request.at)
    }

    /// When the next answer is heard.
    pub fn next_answer(&self) -> Option<Nanos> {
        self.answers.front().map(|(heard, _)| *heard)
    }

    /// The request that arrives next.
    pub fn take_request(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    /// The answer that is heard next, and when.
    pub fn take_answer(&mut self) -> Option<(Nanos, Answer)> {
        self.answers.pop_front()
    }

    /// All answers that nobody has heard yet.
    pub fn unheard(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().map(|(_, answer)| answer)
    }

    /// What never arrived.
    pub fn drain_requests(&mut self) -> Vec<Request> {
        self.requests.drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::Jitter;
    use crate::message::Key;

    #[test]
    fn nothing_overtakes_its_own_kind() {
        let mut gateway = Gateway::new(Latency { amend_ns: 10, cancel_ns: 2, ..Latency::default() }, Odds::default());
        gateway.ask(Nanos(100), 0, Ask::Protect { group: 1, part: crate::message::Part::Stop, price: None });
        gateway.ask(Nanos(101), 0, Ask::Cancel(Key::own(1)));
        let arrivals: Vec<_> = std::iter::from_fn(|| gateway.take_request()).map(|request| request.at.0).collect();
        assert_eq!(arrivals, [110, 110]);
    }

    #[test]
    fn chance_lets_nothing_overtake_either() {
        let jitter = Jitter { cancel_ns: 50, reply_ns: 50, ..Jitter::default() };
        let mut gateway = Gateway::new(Latency { cancel_ns: 7, jitter, ..Latency::default() }, Odds::default());
        let sent: Vec<i64> = (0..200).map(|step| 10 * step).collect();
        let arrivals: Vec<i64> = sent.iter().map(|at| gateway.ask(Nanos(*at), 0, Ask::Cancel(Key::own(1))).0).collect();
        assert!(arrivals.is_sorted());
        let takes: Vec<i64> = arrivals.iter().zip(&sent).map(|(there, sent)| there - sent).collect();
        assert!(takes.iter().all(|takes| (7..=57).contains(takes)), "{takes:?}");
        assert!(takes.iter().min() < Some(&15) && takes.iter().max() > Some(&50), "{takes:?}");
    }
}
