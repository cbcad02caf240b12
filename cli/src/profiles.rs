//! Execution profiles: the built-in ones, and files that say what differs from one of them.
//!
//! Every mistake names file, line and key. `cli/schema/profile.schema.json` says the same to editors.

use std::path::Path;

use gbc_core::{Money, Ratio};
use gbc_diagnostics::nearest;
use gbc_exec::{Fees, Impact, Margin, Profile, QueueModel};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::exit::Exit;
use crate::files;

/// A section, and its keys.
const SECTIONS: [(&str, &[&str]); 6] = [
    ("latency", &["feed", "entry", "amend", "cancel", "reply", "table"]),
    ("jitter", &["feed", "entry", "amend", "cancel", "reply"]),
    ("bars", &["market_fill", "limit_fill", "prefer"]),
    ("fees", &["per_lot", "rate", "maker_per_lot", "maker_rate"]),
    ("slippage", &["ticks", "bps", "impact"]),
    ("margin", &["initial", "maintenance", "initial_per_lot", "maintenance_per_lot"]),
];

/// What stands above all sections, and the sections.
const KEYS: [&str; 9] = ["base", "queue", "taking", "latency", "jitter", "bars", "fees", "slippage", "margin"];

const IMPACTS: &str = "\"none\", \"linear(2)\" or \"square_root(10)\", each in basis points for a million traded";

const QUEUES: &str = "\"risk_averse\", \"power(2)\", \"power3(3)\", \"log\", \"log2\" or \"through\"";

/// A profile by the name of a built-in one, or of a file.
pub(crate) fn named(name: &str) -> Result<Profile, Exit> {
    if name.ends_with(".toml") {
        let source = files::source(Path::new(name))?;
        let (mut profile, table) = read(&source.text).map_err(|wrong| Exit::files(format!("{name}:{wrong}")))?;
        if let Some(table) = table {
            profile.latency.table = Some(delays::table(Path::new(name), &table)?);
        }
        profile.name = Path::new(name).file_name().map_or(String::new(), |file| file.to_string_lossy().into_owned());
        return Ok(profile);
    }
    built_in(name).map_err(|offer| {
        Exit::usage(format!("there is no execution profile `{name}`; {offer}, or name a `.toml` file"))
    })
}

fn built_in(name: &str) -> Result<Profile, String> {
    let known: Vec<String> = Profile::built_in().into_iter().map(|profile| profile.name).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Profile::by_name(name).ok_or_else(|| offer(name, &known, "did you mean"))
}

/// The near miss, else all that there is.
fn offer(word: &str, known: &[&str], otherwise: &str) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("{otherwise} `{near}`?"),
        None => format!("there are {}", known.join(", ")),
    }
}

/// What is wrong, behind the line on which it stands: `3: `latency.entry` …`.
type Wrong = String;

/// One setting of the file.
struct Setting<'a> {
    text: &'a str,
    /// `entry`, or `latency.entry`.
    key: String,
    value: &'a Spanned<DeValue<'a>>,
}

fn line(text: &str, at: usize) -> usize {
    text[..text.floor_char_boundary(at)].matches('\n').count() + 1
}

/// The profile, and the file of latencies that it names.
fn read(text: &str) -> Result<(Profile, Option<String>), Wrong> {
    let table = DeTable::parse(text)
        .map_err(|error| format!("{}: {}", line(text, error.span().map_or(0, |span| span.start)), error.message()))?;
    let table = table.get_ref();
    let settings = settings(text, table, "", &KEYS)?;
    let Some(base) = settings.iter().find(|setting| setting.key == "base") else {
        return Err("1: the profile has no `base`; write `base = \"strict\"`, and below it what differs".to_owned());
    };
    let name = base.word("the name of a built-in profile: `base = \"strict\"`")?;
    let mut profile = built_in(name).map_err(|offer| base.wrong(&format!("is no built-in profile; {offer}")))?;
    let mut named = None;
    for setting in &settings {
        match SECTIONS.iter().find(|(section, _)| *section == setting.key) {
            None => setting.top(&mut profile)?,
            Some((section, keys)) => setting.section(section, keys, &mut profile, &mut named)?,
        }
    }
    Ok((profile, named))
}

fn settings<'a>(
    text: &'a str,
    table: &'a DeTable<'a>,
    section: &str,
    known: &[&str],
) -> Result<Vec<Setting<'a>>, Wrong> {
    let setting = |(key, value): (&'a Spanned<std::borrow::Cow<'a, str>>, &'a Spanned<DeValue<'a>>)| {
        let name = key.get_ref().as_ref();
        if known.contains(&name) {
            return Ok(Setting { text, key: format!("{section}{name}"), value });
        }
        let line = line(text, key.span().start);
        Err(format!("{line}: there is no setting `{section}{name}`; {}", offer(name, known, "did you mean")))
    };
    let mut found = table.iter().map(setting).collect::<Result<Vec<_>, _>>()?;
    // Mistakes are told in the order of the file.
    found.sort_by_key(|setting| setting.value.span().start);
    Ok(found)
}

impl<'a> Setting<'a> {
    fn top(&self, profile: &mut Profile) -> Result<(), Wrong> {
        match self.key.as_str() {
            "queue" => {
                let model = queue(self.word(QUEUES)?);
                profile.queue = model.ok_or_else(|| self.wrong(&format!("is no queue model; write {QUEUES}")))?;
            }
            "taking" => profile.takes_whole = self.choice(["shown", "whole"])?,
            _ => {}
        }
        Ok(())
    }

    fn section(
        &self,
        section: &str,
        keys: &[&str],
        profile: &mut Profile,
        table: &mut Option<String>,
    ) -> Result<(), Wrong> {
        let Some(settings_here) = self.value.get_ref().as_table() else {
            return Err(self.wrong(&format!("is a section; write `[{section}]` on a line, and its settings below")));
        };
        match section {
            "fees" => profile.fees = Some(Fees::default()),
            "margin" => profile.margin = Some(Margin::default()),
            _ => {}
        }
        for setting in settings(self.text, settings_here, &format!("{section}."), keys)? {
            match setting.key.as_str() {
                "latency.table" => *table = Some(setting.table_name()?),
                _ => setting.inner(profile)?,
            }
        }
        if profile.margin.is_some_and(|margin| margin.initial.asks_less_than(margin.maintenance)) {
            return Err(self.wrong("asks for less to open lots than to keep them: `maintenance` is at most `initial`"));
        }
        Ok(())
    }

    fn inner(&self, profile: &mut Profile) -> Result<(), Wrong> {
        match self.key.as_str() {
            "latency.feed" => profile.latency.feed = self.feed()?,
            "latency.entry" => profile.latency.entry_ns = self.span()?,
            "latency.amend" => profile.latency.amend_ns = self.span()?,
            "latency.cancel" => profile.latency.cancel_ns = self.span()?,
            "latency.reply" => profile.latency.reply_ns = self.span()?,
            "jitter.feed" => profile.latency.jitter.feed_ns = self.span()?,
            "jitter.entry" => profile.latency.jitter.entry_ns = self.span()?,
            "jitter.amend" => profile.latency.jitter.amend_ns = self.span()?,
            "jitter.cancel" => profile.latency.jitter.cancel_ns = self.span()?,
            "jitter.reply" => profile.latency.jitter.reply_ns = self.span()?,
            "bars.market_fill" => profile.bars.market_at_close = self.choice(["next_open", "close"])?,
            "bars.limit_fill" => profile.bars.limit_on_touch = !self.choice(["touch", "through"])?,
            "bars.prefer" => profile.prefers_bars = self.choice(["ticks", "bars"])?,
            "slippage.ticks" => profile.slippage.ticks = self.ticks()?,
            "slippage.bps" => profile.slippage.bps = self.bps()?,
            "slippage.impact" => {
                let model = impact(self.word(IMPACTS)?);
                profile.slippage.impact =
                    model.ok_or_else(|| self.wrong(&format!("is no model of impact; write {IMPACTS}")))?;
            }
            "margin.initial" => profile.margin.get_or_insert_default().initial.share = self.share()?,
            "margin.maintenance" => profile.margin.get_or_insert_default().maintenance.share = self.share()?,
            "margin.initial_per_lot" => profile.margin.get_or_insert_default().initial.per_lot = self.amount()?,
            "margin.maintenance_per_lot" => {
                profile.margin.get_or_insert_default().maintenance.per_lot = self.amount()?;
            }
            "fees.per_lot" => profile.fees.get_or_insert_default().per_lot = self.amount()?,
            "fees.rate" => profile.fees.get_or_insert_default().rate = self.rate()?,
            "fees.maker_per_lot" => {
                let maker = profile.fees.get_or_insert_default().maker.get_or_insert_default();
                maker.per_lot = self.signed(1e6, "is no amount; what is negative is paid to you")?;
            }
            "fees.maker_rate" => {
                let maker = profile.fees.get_or_insert_default().maker.get_or_insert_default();
                let rate =
                    self.signed(0.999_999_999, "is no share between -1 and 1; what is negative is paid to you")?;
                maker.rate = i64::try_from(rate.0).expect("it is below a billion");
            }
            _ => {}
        }
        Ok(())
    }

    /// Something is wrong with this setting.
    fn wrong(&self, what: &str) -> Wrong {
        let span = self.value.span();
        let shown: String = match self.value.get_ref() {
            DeValue::Table(_) | DeValue::Array(_) => String::new(),
            _ => format!(" = {}", self.text.get(span.clone()).unwrap_or_default()).chars().take(60).collect(),
        };
        format!("{}: `{}{shown}` {what}", line(self.text, span.start), self.key)
    }

    fn word(&self, shape: &str) -> Result<&'a str, Wrong> {
        self.value.get_ref().as_str().ok_or_else(|| self.wrong(&format!("has to be text in quotes: {shape}")))
    }

    /// Whether the second of two words stands there.
    fn choice(&self, words: [&str; 2]) -> Result<bool, Wrong> {
        let shape = format!("\"{}\" or \"{}\"", words[0], words[1]);
        let word = self.word(&shape)?;
        let place = words.iter().position(|known| *known == word);
        place.map(|place| place == 1).ok_or_else(|| {
            let near =
                nearest(word, words).map_or(format!("write {shape}"), |near| format!("did you mean \"{near}\"?"));
            self.wrong(&format!("is not known here; {near}"))
        })
    }

    /// The digits of a number, as they stand there.
    fn number(&self) -> Result<&'a str, Wrong> {
        match self.value.get_ref() {
            DeValue::Integer(_) | DeValue::Float(_) => Ok(self.text.get(self.value.span()).unwrap_or_default()),
            _ => Err(self.wrong("has to be a number without quotes, like 0.62")),
        }
    }

    fn amount(&self) -> Result<Money, Wrong> {
        let amount = self.number()?.parse().ok().and_then(Money::nearest);
        amount.filter(|amount| *amount >= Money::ZERO).ok_or_else(|| self.wrong("is no amount from 0 on"))
    }

    fn ticks(&self) -> Result<i64, Wrong> {
        let ticks = self.number()?.parse().ok().filter(|ticks| (0..=1_000).contains(ticks));
        ticks.ok_or_else(|| self.wrong("is no whole number from 0 to 1000"))
    }

    fn bps(&self) -> Result<f64, Wrong> {
        let bps = self.number()?.parse().ok().filter(|bps| (0.0..=1_000.0).contains(bps));
        bps.ok_or_else(|| self.wrong("is no number from 0 to 1000"))
    }

    /// A number no further than `most` from zero, to the billionth.
    fn signed(&self, most: f64, otherwise: &str) -> Result<Money, Wrong> {
        let number = self.number()?.parse().ok().filter(|number: &f64| number.abs() <= most);
        number.and_then(Money::nearest).ok_or_else(|| self.wrong(otherwise))
    }

    /// A share of what positions are worth, none up to all of it ten times.
    fn share(&self) -> Result<Option<Ratio>, Wrong> {
        let digits = self.number()?;
        if digits.parse() == Ok(0.0) {
            return Ok(None);
        }
        let share = Ratio::parse(digits).filter(|share| share.num / share.den < 10);
        share.map(Some).ok_or_else(|| self.wrong("is no share from 0 to below 10, like 0.5"))
    }

    fn rate(&self) -> Result<Option<Ratio>, Wrong> {
        let digits = self.number()?;
        if digits.parse() == Ok(0.0) {
            return Ok(None);
        }
        let rate = Ratio::parse(digits).filter(|rate| rate.num < rate.den);
        rate.map(Some).ok_or_else(|| self.wrong("is no share from 0 to below 1, like 0.0002"))
    }
}

/// The number in `power(2)`, where that is its name.
fn argument(text: &str, name: &str) -> Option<f64> {
    text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')?.trim().parse().ok()
}

/// `power(2)` and its like.
fn queue(text: &str) -> Option<QueueModel> {
    let exponent = |name: &str| argument(text, name).filter(|n| *n > 0.0 && *n <= 100.0);
    match text {
        "risk_averse" => Some(QueueModel::RiskAverse),
        "log" => Some(QueueModel::Log),
        "log2" => Some(QueueModel::Log2),
        "through" => Some(QueueModel::Through),
        _ => exponent("power").map(QueueModel::Power).or_else(|| exponent("power3").map(QueueModel::Power3)),
    }
}

/// `linear(2)` and its like.
fn impact(text: &str) -> Option<Impact> {
    let bps = |name: &str| argument(text, name).filter(|bps| *bps > 0.0 && *bps <= 10_000.0);
    match text {
        "none" => Some(Impact::None),
        _ => bps("linear").map(Impact::Linear).or_else(|| bps("square_root").map(Impact::SquareRoot)),
    }
}

mod delays;
#[cfg(test)]
mod tests;
