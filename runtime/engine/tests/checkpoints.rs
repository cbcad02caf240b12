//! A run laid down in bytes: whole, or refused.

mod stage;

use gbc_core::{Due, Event, Fault, Nanos, Strategy, View, Wishes};
use gbc_engine::checkpoint::CHECKPOINT_VERSION;
use gbc_engine::{Checkpoint, FeedInput, NoCheckpoint, Replay, Setup};
use gbc_exec::Profile;
use stage::{feed, market, setup};

/// Counts rows and turns its position with every fourth.
struct Counts(u64);

impl Strategy for Counts {
    fn react(&mut self, event: Event<'_>, _: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        if let Event::Row(..) = event {
            self.0 += 1;
            if self.0.is_multiple_of(4) {
                wishes.target(0, if self.0.is_multiple_of(8) { 1.0 } else { -1.0 });
            }
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due::NEVER
    }

    fn snapshot(&self) -> Vec<u64> {
        vec![self.0]
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        snapshot.first().is_some_and(|count| {
            self.0 = *count;
            snapshot.len() == 1
        })
    }
}

fn feeds() -> Vec<FeedInput> {
    vec![feed(0, &market::ticks(5, 60, 1_700_000_000_000_000_000), 60)]
}

fn strict() -> Setup {
    setup(1, Profile::strict())
}

fn laid_down() -> Vec<u8> {
    let mut strategy = Counts(0);
    let mut replay = Replay::new(feeds(), &strict()).expect("memory can be read");
    assert!(replay.advance(&mut strategy, 40).expect("nothing halts it"));
    replay.checkpoint(&strategy).to_bytes("mine")
}

#[test]
fn every_damaged_byte_and_every_cut_is_noticed() {
    let whole = laid_down();
    assert!(Checkpoint::from_bytes(&whole, "mine").is_ok());
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        assert!(Checkpoint::from_bytes(&bytes, "mine").is_err(), "byte {at}");
        assert!(Checkpoint::from_bytes(&whole[..at], "mine").is_err(), "cut at {at}");
    }
    let more = [&whole[..], &[0]].concat();
    assert_eq!(Checkpoint::from_bytes(&more, "mine").err(), Some(NoCheckpoint::Damaged));
}

#[test]
fn each_refusal_has_its_reason() {
    let whole = laid_down();
    let refused = |bytes: &[u8], identity: &str| Checkpoint::from_bytes(bytes, identity).err();
    assert_eq!(refused(&whole, "yours"), Some(NoCheckpoint::OfAnotherRun));
    assert_eq!(refused(b"", "mine"), Some(NoCheckpoint::Other));
    let mut next = whole.clone();
    next[15] += 1;
    assert_eq!(refused(&next, "mine"), Some(NoCheckpoint::Version(CHECKPOINT_VERSION + 1)));
    assert_eq!(NoCheckpoint::Damaged.to_string(), "this checkpoint is damaged");
}

#[test]
fn other_feeds_or_another_strategy_take_nothing_up() {
    let checkpoint = Checkpoint::from_bytes(&laid_down(), "mine").expect("it was just laid down");
    let two = || feeds().into_iter().chain(feeds()).collect::<Vec<_>>();
    let resumed = |feeds| Replay::resume(feeds, &strict(), &checkpoint, &mut Counts(0)).expect("memory can be read");
    assert!(resumed(feeds()).is_some());
    assert!(resumed(two()).is_none());
    let mut strategy = Counts(0);
    let mut replay = Replay::new(feeds(), &strict()).expect("memory can be read");
    replay.pause_at(Nanos(1));
    assert!(!replay.advance(&mut strategy, 40).expect("nothing halts it") && replay.is_paused());
    assert_eq!(strategy.0, 0, "nothing is played at the moment of the pause or later");
}
