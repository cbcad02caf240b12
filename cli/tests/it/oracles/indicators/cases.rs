//! Which call is held against which numbers.

use super::In::{self, Plain, Price, PriceSquared};

/// Functions against columns of real data. Where a function has several columns, the first is the one on the page.
pub const COLUMNS: [(&str, In, &str); 41] = [
    ("sma(b.close, 50)", Price, "sma_50"),
    ("sma(b.close, 10)", Price, "sma_10"),
    ("ema(b.close, 50)", Price, "ema_50"),
    ("ema(b.close, 10)", Price, "ema_10"),
    ("wma(b.close, 20)", Price, "wma_20"),
    ("dema(b.close, 20)", Price, "dema_20"),
    ("kama(b.close, 10)", Price, "kama_10"),
    ("rsi(b.close, 14)", Plain, "rsi_14"),
    ("rsi(b.close, 2)", Plain, "rsi_2"),
    ("roc(b.close, 10)", Plain, "roc_10"),
    ("atr(b, 14)", Price, "atr_14"),
    ("atr(b, 5)", Price, "atr_5"),
    ("plus_di(b, 14)", Plain, "plus_di_14"),
    ("minus_di(b, 14)", Plain, "minus_di_14"),
    ("adx(b, 14)", Plain, "adx_14"),
    ("cci(b, 20)", Plain, "cci_20"),
    ("obv(b)", Plain, "obv"),
    ("stdev(b.close, 20)", Price, "stddev_20"),
    ("slope(b.close, 14)", Price, "linreg_slope_14"),
    ("highest(b.high, 20)", Price, "donchian_20_upper"),
    ("lowest(b.low, 20)", Price, "donchian_20_lower"),
    ("percentile_rank(b.close, 50)", Plain, "percent_rank_50"),
    ("zscore(b.close, 20)", Plain, "zscore_20"),
    ("skew(b.close, 30)", Plain, "skew_30"),
    ("mean(b.close, 20)", Price, "bbands_20_2_middle"),
    ("sum(b.close, 10) / 10", Price, "bbands_10_1.5_middle"),
    ("once(macd_line(b.close, 12, 26), macd_signal(b.close, 12, 26, 9))", Price, "macd_12_26_9"),
    ("macd_signal(b.close, 12, 26, 9)", Price, "macd_12_26_9_signal"),
    ("macd_hist(b.close, 12, 26, 9)", Price, "macd_12_26_9_hist"),
    ("stoch_d(b, 14, 3, 3)", Plain, "stoch_14_3_3_d"),
    ("bollinger_upper(b.close, 20, 2)", Price, "bbands_20_2_upper"),
    ("bollinger_middle(b.close, 20)", Price, "bbands_20_2_middle"),
    ("bollinger_lower(b.close, 20, 2)", Price, "bbands_20_2_lower"),
    ("donchian_upper(b, 20)", Price, "donchian_20_upper"),
    ("donchian_middle(b, 20)", Price, "donchian_20_middle"),
    ("donchian_lower(b, 20)", Price, "donchian_20_lower"),
    ("keltner_upper(b, 20, 10, 2)", Price, "keltner_20_10_2_upper"),
    ("keltner_middle(b, 20)", Price, "keltner_20_10_2_middle"),
    ("keltner_lower(b, 20, 10, 2)", Price, "keltner_20_10_2_lower"),
    ("supertrend(b, 10, 3)", Price, "supertrend_10_3"),
    ("supertrend_dir(b, 10, 3)", Plain, "supertrend_10_3_dir"),
];

/// Columns that hang on ties, a move up against a move down, and the files where doubles tie wherever ticks do. In the others a move of as
/// many ticks differs by rounding in TA-Lib: on one bar of EUR/USD, on 117 of SPY.
pub const HANG_ON_TIES: [&str; 3] = ["plus_di_14", "minus_di_14", "adx_14"];
pub const TIES_AGREE: [&str; 2] = ["goog_1d", "esz3_1m"];

/// What people make of several functions.
pub const MADE_OF: [(&str, In, &str); 3] = [
    ("bollinger_upper(b.close, 10, 1.5)", Price, "bbands_10_1.5_upper"),
    ("bollinger_lower(b.close, 10, 1.5)", Price, "bbands_10_1.5_lower"),
    // TA-Lib shows %K no sooner than %D, so the probe waits for it too.
    ("once(stoch_k(b, 14, 3), stoch_d(b, 14, 3, 3))", Plain, "stoch_14_3_3_k"),
];

/// Functions without a column: what TA-Lib 0.8 and pandas 3.1 make of the made bars, as first row, row 40 and row 59.
pub const MADE: [(&str, In, &str, usize, f64, f64); 37] = [
    ("tema(b.close, 8)", Price, "TEMA", 21, 1049.0878022453142, 1047.4764787422112),
    ("mom(b.close, 10)", Price, "MOM", 10, -28.0, -26.0),
    ("trix(b.close, 5)", Plain, "TRIX", 13, 0.0015738995856828808, 0.04713150546009626),
    ("ppo(b.close, 12, 26)", Plain, "PPO", 25, 0.08617473386546115, 0.027994170514822378),
    ("cmo(b.close, 14)", Plain, "CMO", 14, 1.6373450398422407, 0.9520529372859725),
    ("stoch(b, 14)", Plain, "STOCHF", 13, 52.07667731629393, 56.43153526970954),
    ("willr(b, 14)", Plain, "WILLR", 13, -47.92332268370607, -43.56846473029046),
    ("stoch_rsi(b.close, 14, 5)", Plain, "STOCHRSI", 18, 34.676166034532095, 54.476348454255174),
    ("variance(b.close, 20)", PriceSquared, "VAR", 19, 493.4017187499999, 362.0142187499996),
    ("linreg(b.close, 14)", Price, "LINEARREG", 13, 1044.8071428571427, 1046.3357142857142),
    ("typical_price(b)", Price, "TYPPRICE", 0, 1050.5, 1047.75),
    ("true_range(b)", Price, "TRANGE", 1, 21.0, 17.0),
    ("natr(b, 14)", Plain, "NATR", 14, 3.39661977594896, 3.100590761595635),
    ("aroon_up(b, 14)", Plain, "AROON", 14, 85.71428571428572, 28.571428571428573),
    ("aroon_down(b, 14)", Plain, "AROON", 14, 50.0, 50.0),
    ("mfi(b, 14)", Plain, "MFI", 14, 66.09674921310909, 64.6095833173385),
    ("adl(b)", Plain, "AD", 0, 290.99044289044286, 540.6473748473746),
    ("chaikin(b, 3, 10)", Plain, "ADOSC", 0, 0.21735866869079246, 24.02448375747383),
    ("ultosc(b, 7, 14, 28)", Plain, "ULTOSC", 28, 54.6670822950437, 54.5528121287853),
    ("median(b.close, 10)", Price, "pandas", 9, 1046.75, 1048.75),
    ("mean_deviation(b.close, 10)", Price, "pandas", 9, 17.15, 15.85),
    ("argmax(b.close, 10)", Plain, "pandas", 9, 2.0, 2.0),
    ("argmin(b.close, 10)", Plain, "pandas", 9, 7.0, 7.0),
    ("tr(b)", Price, "TRANGE", 1, 21.0, 17.0),
    ("aroon_osc(b, 14)", Plain, "AROONOSC", 14, 35.714285714285715, -21.42857142857143),
    ("sar(b, 0.02, 0.2)", Price, "SAR", 1, 1012.8487, 1014.5962999999999),
    ("corr(b.close, b.volume, 10)", Plain, "CORREL", 9, 0.2865395494920655, 0.16034822088501605),
    ("covariance(b.close, b.volume, 10)", Price, "pandas", 9, 98.05499999999995, 41.27499999999985),
    ("slope(b.close, b.volume, 10)", Price, "pandas", 9, 0.3870184717398166, 0.19322597256682694),
    ("beta(b.close, b.volume, 5)", Plain, "BETA", 5, 2.075398387149124, 0.627322101578148),
    ("cum(b.close)", Price, "numpy", 0, 42922.5, 62741.25),
    ("log_return(b.close) else once(0, b.close[1])", Plain, "numpy", 1, 0.01946475006612829, 0.015142700114787806),
    ("vwap_n(b, 10) else mean(b.close, 10)", Price, "pandas", 9, 1048.1169796557122, 1044.2936767511585),
    ("tenkan(b, 9)", Price, "pandas", 8, 1048.875, 1042.75),
    ("kijun(b, 26)", Price, "pandas", 25, 1049.625, 1050.125),
    ("senkou_b(b, 20, 15)", Price, "pandas", 34, 1050.125, 1048.875),
    ("bollinger_width(b.close, 20, 2)", Plain, "pandas", 19, 8.469724950875992, 7.293667476205518),
];

/// What native windows are; the library's functions say it themselves.
pub const WINDOWS: [(&str, &str, &str); 15] = [
    ("sum", "x, n", "Sum of the last n values."),
    ("mean", "x, n", "Mean of the last n values."),
    ("highest", "x, n", "The largest of the last n values."),
    ("lowest", "x, n", "The smallest of the last n values."),
    ("stdev", "x, n", "Standard deviation of the last n values, dividing by n."),
    ("mean_deviation", "x, n", "Mean distance of the last n values from their mean."),
    (
        "skew",
        "x, n",
        "Sample skewness: how far the last n values lean to one side; 0 where all are equal or n is below 3.",
    ),
    ("wma", "x, n", "Mean of the last n values with weights from 1 to n, the newest heaviest."),
    ("median", "x, n", "The middle one of the last n values; half the sum of the two in the middle."),
    (
        "percentile_rank",
        "x, n",
        "How many percent of the last n values lie below x; x itself and its equals count half.",
    ),
    ("argmax", "x, n", "Steps since the largest of the last n values; the latest of several."),
    ("argmin", "x, n", "Steps since the smallest of the last n values; the latest of several."),
    ("corr", "x, y, n", "Correlation of the last n pairs, -1 to 1; 0 where either did not move."),
    ("covariance", "x, y, n", "Covariance of the last n pairs, dividing by n."),
    (
        "slope",
        "y, x, n",
        "How many y one x is worth: the slope of the straight line through the last n pairs; 0 where x did not move.",
    ),
];
