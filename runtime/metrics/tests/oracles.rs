//! The numbers that empyrical, quantstats and scipy gave for the same equity, where they lie beside the checkout.

use std::path::{Path, PathBuf};

use gbc_metrics::of_returns;
use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles/metrics");
    folder.is_dir().then_some(folder)
}

fn returns(file: &Path) -> Vec<f64> {
    let text = std::fs::read_to_string(file).expect("the manifest names its files");
    let second = |line: &str| line.split(',').nth(1).and_then(|field| field.parse::<f64>().ok());
    let equity: Vec<f64> = text.lines().skip(1).map(|line| second(line).expect("equity is a number")).collect();
    equity.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect()
}

fn check(case: &Value, folder: &Path) {
    let name = case["case"].as_str().expect("a case has a name");
    let file = folder.join(case["input"].as_str().expect("a case has an input"));
    let stats = of_returns(&returns(&file), case["periods_per_year"].as_f64().expect("a number"));
    let told = [
        ("mean_return", stats.mean),
        ("volatility", stats.volatility),
        ("sharpe", stats.sharpe),
        ("sortino", stats.sortino),
        ("cagr_periods", stats.cagr),
        ("max_drawdown", stats.max_drawdown.map(|fall| -fall)),
        ("calmar", stats.calmar),
        ("skew_population", stats.skew),
        ("kurtosis_excess_population", stats.kurtosis.map(|kurtosis| kurtosis - 3.0)),
    ];
    for (key, value) in told {
        let wanted = case["returns"][key].as_f64().expect("the oracle has this number");
        let value = value.expect("defined");
        assert!((value - wanted).abs() <= 1e-10 + 1e-8 * wanted.abs(), "{name} {key}: {value} is not {wanted}");
    }
}

#[test]
fn the_libraries_agree() {
    let Some(folder) = folder() else {
        println!("skipped: no ../shared/oracles/metrics beside the checkout");
        return;
    };
    let text = std::fs::read_to_string(folder.join("manifest.json")).expect("a manifest lies there");
    let manifest: Value = serde_json::from_str(&text).expect("it is JSON");
    let cases = manifest["cases"].as_array().expect("it lists cases");
    cases.iter().for_each(|case| check(case, &folder));
    assert!(!cases.is_empty());
}
