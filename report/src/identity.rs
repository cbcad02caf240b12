//! The name of a run: twelve hex digits of what decides its result, so that the same run has the same name anywhere.

use blake3::Hasher;

use crate::RunReport;

/// Twelve hex digits over source, libraries, data, period, parameters, profile, cash, instruments, seed, and of what warmed it up.
pub fn run_id(report: &RunReport) -> String {
    let mut hasher = Hasher::new();
    let mut add = |part: &str| {
        // The length first: two parts can never read as two others.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add("gbc-run-v1");
    add(&report.strategy.sha256);
    for library in &report.provenance.libraries {
        add(&library.sha256);
    }
    add("data");
    add(&report.dataset.sha256);
    add(&report.dataset.start.0.to_string());
    add(&report.dataset.end.0.to_string());
    for (name, value) in &report.strategy.params {
        add(name);
        add(&value.to_string());
    }
    add("profile");
    add(&report.execution.sha256);
    add(&report.execution.cash.0.to_string());
    for instrument in report.instruments {
        add(&serde_json::to_string(instrument).expect("an instrument is plain data"));
    }
    add(&report.provenance.seed.to_string());
    // A cold start is named as it always was.
    if report.provenance.warm_up_rows > 0 {
        add("warm");
        add(&report.provenance.warm_up_rows.to_string());
    }
    hasher.finalize().to_hex()[..12].to_owned()
}

#[cfg(test)]
mod tests {
    use gbc_core::{Nanos, Ratio};

    use super::*;
    use crate::run::sample;

    #[test]
    fn the_name_follows_what_decides_the_result() {
        let owned = sample::Owned::new();
        let same = run_id(&owned.report());
        assert_eq!(same.len(), 12);
        let changes: [fn(&mut RunReport); 7] = [
            |report| report.strategy.sha256.push('0'),
            |report| report.dataset.sha256.push('0'),
            |report| report.dataset.end = Nanos(7),
            |report| drop(report.strategy.params.insert("fast".to_owned(), 11.into())),
            |report| report.execution.sha256.push('0'),
            |report| report.provenance.seed += 1,
            |report| report.provenance.warm_up_rows = 9,
        ];
        for change in changes {
            let mut report = owned.report();
            change(&mut report);
            assert_ne!(run_id(&report), same);
        }
        let mut coarse = owned.instruments.clone();
        coarse[0].tick = Ratio::ONE;
        let mut report = owned.report();
        report.instruments = &coarse;
        assert_ne!(run_id(&report), same);
    }

    #[test]
    fn the_name_follows_neither_clock_nor_folder() {
        let owned = sample::Owned::new();
        let mut report = owned.report();
        report.created_at = Nanos(1);
        report.dataset.filename = "elsewhere.parquet".to_owned();
        report.provenance.host.clear();
        assert_eq!(run_id(&report), run_id(&owned.report()));
    }
}
