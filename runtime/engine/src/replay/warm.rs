//! The rows before a run opens: they warm the strategy up, and whatever it wants then is held back.
//!
//! They pass the books and the exchange, so that the first order meets what is shown. Nothing is sent, no equity point is
//! left, and no row is counted. What is still wanted at the opening, a target or an order as long as a condition holds,
//! is asked for with the first event; what only happened before, a condition that came true, is over.

use gbc_core::{Event, Fallen, Guards, Nanos, Strategy};

use super::Replay;
use crate::Halt;
use crate::lanes::first_after;

impl Replay {
    /// Lets a run that has not begun open at this moment.
    pub fn open_at(&mut self, moment: Nanos) {
        self.desk.is_open = false;
        self.opens_at = moment;
    }

    /// A run that was laid down opens at this moment, or has opened then.
    pub(crate) fn opened_at(&mut self, moment: Nanos) {
        self.opens_at = moment;
    }

    /// How many rows warmed it up.
    pub(crate) fn warmed(&self) -> u64 {
        self.desk.warmed
    }

    /// Plays on before the opening, or opens; `false` once it is open.
    pub(super) fn warm_up(&mut self, strategy: &mut dyn Strategy, most_rows: usize) -> Result<bool, Halt> {
        if self.desk.is_open {
            return Ok(false);
        }
        let Some(head) = self.lanes.head().filter(|head| head.time < self.opens_at) else {
            self.open(strategy)?;
            return Ok(true);
        };
        let lane = &self.lanes.0[head.lane];
        let (block, from) = (lane.block(), lane.row());
        let end = self.lanes.run_end(head.lane).min(from.saturating_add(most_rows));
        let to = first_after(&block.time, from, end, self.opens_at.0 - 1);
        let played = strategy.play(block, from, to, &Guards::NONE, &self.desk.view, &mut self.desk.wishes);
        let next = match played {
            Ok(stop) => stop.next,
            Err(Fallen { fault, .. }) => return Err(Halt::Fault(fault)),
        };
        self.desk.pass_by(block, from, next);
        if next > from && self.opens[head.lane] {
            self.desk.closed(self.lanes.0[head.lane].block(), next - 1);
        }
        self.move_on(head.lane, next)?;
        Ok(true)
    }

    /// What is due before the opening still is, and is held back as well.
    fn open(&mut self, strategy: &mut dyn Strategy) -> Result<(), Halt> {
        while strategy.due().time < self.opens_at {
            let due = strategy.due().time;
            strategy.react(Event::Due(due), &self.desk.view, &mut self.desk.wishes).map_err(Halt::Fault)?;
            self.desk.hold_back();
        }
        self.desk.open_for_orders();
        Ok(())
    }
}
