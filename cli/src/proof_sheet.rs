//! The proof sheet as people read it, and as programs do.

use gbc_driver::{Proof, Reach, Shared, Snapped, Sweep};
use serde_json::{Map, Value, json};

/// Longer lists are cut: the sheet fits a screen.
const SHOWN: usize = 4;

/// The sheet as text. Each row says something; there is none for what does not occur.
pub(crate) fn text(file: &str, proof: &Proof) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    rows.extend(proof.reads.iter().map(|(market, reads)| (format!("reads of {market}"), reads.clone())));
    rows.push(("warm-up".into(), warm_up(&proof.warm_up)));
    let settles = proof.settles.iter().take(SHOWN);
    rows.extend(
        settles
            .map(|it| ("settles".into(), format!("{} within {} × {} of its first value", it.of, it.steps, it.clock))),
    );
    rows.push(("memory".into(), memory(proof)));
    let most = |(clock, count): &(String, usize)| ("work".into(), format!("at most {count} operations on {clock}"));
    rows.extend(proof.operations.iter().map(most));
    rows.extend(snaps(&proof.snaps).into_iter().map(|line| ("snaps".to_owned(), line)));
    rows.extend(proof.params.iter().map(|param| (format!("param {}", param.name), reach(param))));
    if let Some(sweep) = &proof.sweep {
        rows.push(("sweep".into(), combinations(sweep)));
        rows.push((String::new(), shared(&sweep.shared)));
    }
    if proof.tests > 0 {
        rows.push(("tests".into(), format!("{}, played by `gbc test`", proof.tests)));
    }
    if proof.warnings > 0 {
        rows.push(("warnings".into(), proof.warnings.to_string()));
    }
    if !proof.cannot_run.is_empty() {
        rows.push(("note".into(), format!("checks; this version cannot run: {}", proof.cannot_run.join(", "))));
    }
    aligned(file, &rows)
}

/// A name that the row above has, too, is not said again.
fn aligned(file: &str, rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{file}: sound — no look-ahead, bounded memory, decidable wishes\n");
    let mut above = "";
    for (name, value) in rows {
        let shown = if name == above { "" } else { name };
        text += &format!("  {shown:<width$}  {value}\n");
        above = name;
    }
    text
}

/// A line for each order: `es trade long: limit b.close - 0.3 down, stop outward`.
fn snaps(snaps: &[Snapped]) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for snap in snaps {
        let order = format!("{} {}", snap.market, snap.order);
        let price = format!("{} `{}` {}", snap.price, snap.value, snap.rule);
        match lines.last_mut().filter(|(last, _)| *last == order) {
            Some((_, prices)) => prices.push(price),
            None => lines.push((order, vec![price])),
        }
    }
    let cut = lines.len() > SHOWN;
    let rest = if cut { vec![format!("and of {} orders more", lines.len() - SHOWN)] } else { Vec::new() };
    lines.iter().take(SHOWN).map(|(order, prices)| format!("{order}: {}", prices.join(", "))).chain(rest).collect()
}

fn warm_up(waits: &[(String, u64)]) -> String {
    let parts: Vec<String> = waits.iter().map(|(clock, n)| format!("{n} × {clock}")).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn memory(proof: &Proof) -> String {
    let largest = proof.memory_of.iter().take(SHOWN).map(|(name, bytes)| format!("{bytes} for {name}"));
    let largest: Vec<String> = largest.collect();
    let list = if largest.is_empty() { String::new() } else { format!(": {}", largest.join(", ")) };
    format!("{} bytes{list}", proof.memory_bytes)
}

fn reach(param: &Reach) -> String {
    let Reach { value, range, lets, orders, feedback, .. } = param;
    let range = if range.is_empty() { String::new() } else { format!(" in {range}") };
    let mut reached: Vec<String> = lets.iter().take(SHOWN).cloned().collect();
    if lets.len() > SHOWN {
        reached.push(format!("{} more", lets.len() - SHOWN));
    }
    reached.push(if *orders { "orders" } else { "no order" }.to_owned());
    let meets = if *feedback { "; meets our position or fills" } else { "" };
    format!("{value}{range}, reaches {}{meets}", listed(&reached))
}

fn combinations(sweep: &Sweep) -> String {
    let Some(all) = sweep.combinations else {
        let open: Vec<String> = sweep.values.iter().filter(|(_, n)| n.is_none()).map(|it| it.0.clone()).collect();
        return format!("cannot be counted: the range of {} names no step", listed(&open));
    };
    let counts: Vec<String> = sweep.values.iter().filter_map(|(_, n)| n.map(|n| n.to_string())).collect();
    let product = if counts.len() > 1 { format!("{} = ", counts.join(" × ")) } else { String::new() };
    let allowed = sweep.allowed.map_or(String::new(), |allowed| format!(", {allowed} of them allowed"));
    format!("{product}{all} combinations{allowed}")
}

fn shared(groups: &[Shared]) -> String {
    let all: usize = groups.iter().map(|group| group.operations).sum();
    let each: Vec<String> = groups.iter().take(SHOWN + 1).map(|group| once(group, all)).collect();
    let rest: usize = groups.iter().skip(SHOWN + 1).map(|group| group.operations).sum();
    let rest = if rest == 0 { String::new() } else { format!("; {rest} more often") };
    each.join("; ") + &rest
}

fn once(group: &Shared, all: usize) -> String {
    let operations = group.operations;
    match group.params.as_slice() {
        [] => format!("{operations} of {all} operations are the same for all"),
        params => format!("{operations} once per {}", listed(params)),
    }
}

fn listed(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => words.concat(),
    }
}

/// The sheet as one object on a line.
pub(crate) fn object(file: &str, proof: &Proof) -> String {
    let settles = proof.settles.iter().map(|it| json!({ "of": it.of, "clock": it.clock, "steps": it.steps }));
    let params = proof.params.iter().map(|param| {
        json!({
            "name": param.name, "value": param.value, "range": param.range, "reaches": param.lets,
            "reachesOrders": param.orders, "feedback": param.feedback,
        })
    });
    let snaps = proof.snaps.iter().map(|snap| {
        json!({
            "market": snap.market, "order": snap.order, "price": snap.price, "value": snap.value, "rule": snap.rule,
        })
    });
    let object = json!({
        "file": file, "sound": true, "reads": pairs(&proof.reads), "warmUp": pairs(&proof.warm_up),
        "settles": settles.collect::<Value>(), "memoryBytes": proof.memory_bytes, "memoryOf": pairs(&proof.memory_of),
        "operations": pairs(&proof.operations), "snaps": snaps.collect::<Value>(), "params": params.collect::<Value>(),
        "sweep": proof.sweep.as_ref().map(sweep_object), "tests": proof.tests, "warnings": proof.warnings,
        "cannotRun": proof.cannot_run,
    });
    object.to_string() + "\n"
}

fn sweep_object(sweep: &Sweep) -> Value {
    let shared = sweep.shared.iter();
    let shared = shared
        .map(|group| json!({ "params": group.params, "operations": group.operations, "times": group.times }))
        .collect::<Value>();
    json!({
        "values": pairs(&sweep.values), "combinations": sweep.combinations, "allowed": sweep.allowed, "shared": shared,
    })
}

fn pairs<T: Clone + Into<Value>>(list: &[(String, T)]) -> Map<String, Value> {
    list.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect()
}
