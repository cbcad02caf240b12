//! The way to the venue and back: everything takes its time, and nothing overtakes its own kind.

use std::collections::VecDeque;

use gbc_core::{MarketId, Nanos};
use serde::{Deserialize, Serialize};

use crate::message::{Answer, Ask, Request};

/// How long things take, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// From a row of data to the strategy, beyond what the data's own stamps say.
    pub feed_ns: i64,
    /// From a new order to the venue.
    pub entry_ns: i64,
    /// From a change of an order to the venue.
    pub amend_ns: i64,
    /// From a cancel to the venue.
    pub cancel_ns: i64,
    /// From the venue's answer to us.
    pub reply_ns: i64,
}

/// What is on its way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gateway {
    latency: Latency,
    requests: VecDeque<Request>,
    /// With the moment at which each is heard.
    answers: VecDeque<(Nanos, Answer)>,
    last_request: Option<Nanos>,
    last_answer: Option<Nanos>,
}

impl Gateway {
    /// With these latencies.
    pub fn new(latency: Latency) -> Gateway {
        Gateway { latency, ..Gateway::default() }
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
        let takes = match ask {
            Ask::New(_) => self.latency.entry_ns,
            Ask::Amend { .. } | Ask::Protect { .. } => self.latency.amend_ns,
            Ask::Cancel(_) => self.latency.cancel_ns,
        };
        let at = Nanos(now.0.saturating_add(takes)).max(self.last_request.unwrap_or(Nanos::MIN));
        self.last_request = Some(at);
        self.requests.push_back(Request { at, market, ask });
        at
    }

    /// The venue said something; `now` is the moment the run has come to, before which nothing is heard any more.
    pub fn answer(&mut self, now: Nanos, answer: Answer) {
        let heard = Nanos(answer.at.0.saturating_add(self.latency.reply_ns)).max(now);
        let heard = heard.max(self.last_answer.unwrap_or(Nanos::MIN));
        self.last_answer = Some(heard);
        self.answers.push_back((heard, answer));
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
    use crate::message::Key;

    #[test]
    fn nothing_overtakes_its_own_kind() {
        let mut gateway = Gateway::new(Latency { amend_ns: 10, cancel_ns: 2, ..Latency::default() });
        gateway.ask(Nanos(100), 0, Ask::Protect { group: 1, part: crate::message::Part::Stop, price: None });
        gateway.ask(Nanos(101), 0, Ask::Cancel(Key::own(1)));
        let arrivals: Vec<_> = std::iter::from_fn(|| gateway.take_request()).map(|request| request.at.0).collect();
        assert_eq!(arrivals, [110, 110]);
    }
}
