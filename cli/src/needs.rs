//! Whether data hold what a strategy reads.

use gbc_core::Schema;
use gbc_core::time::span_text;
use gbc_data::Dataset;
use gbc_driver::Needs;

use crate::exit::Exit;
use crate::run::{Input, finest_bars};

/// Refuses data that cannot answer what the strategy asks.
pub(crate) fn serve(needs: &[Needs], inputs: &[Input]) -> Result<(), Exit> {
    for (market, needs) in needs.iter().enumerate() {
        let of_market: Vec<&Input> = inputs.iter().filter(|input| input.market == market).collect();
        let held: Vec<String> = of_market
            .iter()
            .map(|input| format!("{} holds {}", input.path.display(), contents(&input.dataset)))
            .collect();
        let lacks = |what: &str| {
            Exit::files(format!("the strategy reads {what} of `{}`, but {}", needs.name, held.join(" and ")))
        };
        if needs.quotes && !of_market.iter().any(|input| input.dataset.has_quotes) {
            return Err(lacks("quotes"));
        }
        if needs.trades && !of_market.iter().any(|input| input.dataset.has_trades) {
            return Err(lacks("trades"));
        }
        let finest = finest_bars(of_market.iter().map(|input| &input.dataset));
        for span in &needs.bars {
            let made = match finest {
                Some(finest) => span % finest == 0,
                None => of_market.iter().any(|input| input.dataset.has_trades),
            };
            if !made {
                return Err(lacks(&format!("{} bars", span_text(*span))));
            }
        }
    }
    Ok(())
}

fn contents(dataset: &Dataset) -> String {
    match dataset.schema {
        Schema::Bars { span_ns } => format!("{} bars", span_text(span_ns)),
        Schema::L1 => match (dataset.has_quotes, dataset.has_trades) {
            (true, true) => "quotes and trades".to_owned(),
            (true, false) => "quotes".to_owned(),
            _ => "trades".to_owned(),
        },
        Schema::Depth => "price levels".to_owned(),
        Schema::Orders => "single orders".to_owned(),
    }
}
