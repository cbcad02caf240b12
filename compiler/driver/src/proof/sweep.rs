//! What a sweep over the parameters' ranges would share, and how large it is.

use std::collections::BTreeMap;

use gbc_hir::{Param, ParamRange, Value, fold};
use gbc_ir::Flow;

use crate::Checked;

/// Larger grids are not searched for what `require` rules out.
const SEARCHED: u64 = 100_000;

/// What a sweep would try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Each parameter with a range, and how many values that holds; none if it names no step.
    pub values: Vec<(String, Option<u64>)>,
    /// All combinations, if they can be counted.
    pub combinations: Option<u64>,
    /// How many of them fulfil every `require`; none if there is none, or too many to try.
    pub allowed: Option<u64>,
    /// Operations by the parameters with ranges that reach them; those that none reaches come first.
    pub shared: Vec<Shared>,
}

/// Operations that the same parameters reach: done once for each of their combinations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The parameters' names.
    pub params: Vec<String>,
    /// How many operations.
    pub operations: usize,
    /// How often a sweep does each, if that can be counted.
    pub times: Option<u64>,
}

/// Nothing, if no parameter has a range.
pub(super) fn sweep(checked: &Checked, flow: &Flow) -> Option<Sweep> {
    let params = &checked.program.params;
    let ranged: Vec<usize> = (0..params.len()).filter(|index| params[*index].range.is_some()).collect();
    if ranged.is_empty() {
        return None;
    }
    let counts: Vec<Option<u64>> = params.iter().map(count).collect();
    let combinations = product(&counts, &ranged);
    let searched = combinations.filter(|all| *all <= SEARCHED && !checked.program.requires.is_empty());
    Some(Sweep {
        values: ranged.iter().map(|index| (params[*index].name.clone(), counts[*index])).collect(),
        combinations,
        allowed: searched.map(|_| allowed(checked, &ranged, &counts)),
        shared: shared(params, flow, &ranged, &counts),
    })
}

fn product(counts: &[Option<u64>], of: &[usize]) -> Option<u64> {
    of.iter().try_fold(1_u64, |all, index| all.checked_mul(counts[*index]?))
}

/// How many values a range holds; 1 without a range.
fn count(param: &Param) -> Option<u64> {
    match &param.range {
        None => Some(1),
        Some(ParamRange::List(values)) => Some(values.len() as u64),
        Some(ParamRange::Span { from: Value::Int(from), to: Value::Int(to), step: Some(Value::Int(step)) }) => {
            let steps = to.checked_sub(*from)?.checked_div(*step)?;
            u64::try_from(steps).ok().map(|steps| steps + 1)
        }
        Some(ParamRange::Span { from, to, step }) => {
            // A range of 0.1..0.3 by 0.1 has three values, whatever binary fractions make of it.
            let steps = (to.to_f64() - from.to_f64()) / step.as_ref()?.to_f64() + 1e-9;
            (0.0..1e15).contains(&steps).then_some(steps as u64 + 1)
        }
    }
}

/// The value of a parameter at a place of its range.
fn value(param: &Param, place: u64) -> Value {
    match &param.range {
        None => param.default,
        Some(ParamRange::List(values)) => values[place as usize],
        Some(ParamRange::Span { from: Value::Int(from), step: Some(Value::Int(step)), .. }) => {
            Value::Int(from + step * place as i64)
        }
        Some(ParamRange::Span { from, step, .. }) => {
            let step = step.as_ref().map_or(0.0, |step| step.to_f64());
            Value::Num(from.to_f64() + step * place as f64)
        }
    }
}

/// How many combinations fulfil every requirement.
fn allowed(checked: &Checked, ranged: &[usize], counts: &[Option<u64>]) -> u64 {
    let program = &checked.program;
    let mut values = checked.defaults();
    let all = product(counts, ranged).expect("only what can be counted is searched");
    let fulfils = |combination: u64| {
        let mut rest = combination;
        for index in ranged {
            let count = counts[*index].expect("only what can be counted is searched");
            values[*index] = value(&program.params[*index], rest % count);
            rest /= count;
        }
        program.requires.iter().all(|id| fold(program, *id, &values) == Some(Value::Bool(true)))
    };
    (0..all).map(fulfils).filter(|fulfilled| *fulfilled).count() as u64
}

fn shared(params: &[Param], flow: &Flow, ranged: &[usize], counts: &[Option<u64>]) -> Vec<Shared> {
    // From the 64th on parameters share a bit.
    let bit = |index: usize| 1_u64 << index.min(63);
    let mask = ranged.iter().fold(0, |all, index| all | bit(*index));
    let mut by_params: BTreeMap<(u32, u64), usize> = BTreeMap::new();
    for node in flow.nodes.iter().filter(|node| node.clocks.0 != 0) {
        let reached = node.params & mask;
        *by_params.entry((reached.count_ones(), reached)).or_default() += 1;
    }
    let shared = by_params.into_iter().map(|((_, reached), operations)| {
        let own: Vec<usize> = ranged.iter().copied().filter(|index| reached & bit(*index) != 0).collect();
        let names = own.iter().map(|index| params[*index].name.clone()).collect();
        Shared { params: names, operations, times: product(counts, &own) }
    });
    shared.collect()
}
