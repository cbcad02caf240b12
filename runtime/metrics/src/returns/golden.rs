//! The golden vector of the analytics pages, which the tests of this room share.

use gbc_core::maths;

use crate::Figure;

/// Five hundred made-up returns, the same on every machine.
pub(crate) fn returns() -> Vec<f64> {
    let mut state = 12_345_u64;
    let mut uniform = move || {
        state = (1_664_525 * state + 1_013_904_223) % (1 << 32);
        state as f64 / 4_294_967_296.0
    };
    (0..500)
        .map(|_| {
            let u = [uniform(), uniform(), uniform(), uniform()];
            let shock = if u[3] < 0.02 { 0.03 } else { 0.0 };
            (u[0] + u[1] + u[2] - 1.5) * 0.02 + 0.0022 - shock
        })
        .collect()
}

/// Nine digits agree.
#[track_caller]
pub(crate) fn near(told: Figure, wanted: f64) {
    let told = told.expect("defined");
    assert!((told - wanted).abs() < 1e-9 * maths::max(wanted.abs(), 1.0), "{told} is not {wanted}");
}
