//! Bars that keep to a session are cut at its opening and its close. A series made of finer bars can only be cut where one of
//! those ends: what lies across an opening or a close belongs to neither side, and is refused rather than left out.

use gbc_core::bars::{Size, Source};
use gbc_core::time::{DAY, span_text};
use gbc_core::{Fault, Instrument, Nanos};
use gbc_diagnostics::Span;
use gbc_ir::{Flow, Op};

use crate::alarms;
use crate::machine::BindError;

/// Refuses sources whose bars do not go into a session a whole number of times: wherever they begin, one of them lies across.
pub(crate) fn can_be_cut(flow: &Flow, instruments: &[Instrument], sources: &[Source]) -> Result<(), BindError> {
    for (index, series) in flow.series.iter().enumerate() {
        let (Some(session), Source::Bars { span_ns }) = (series.session, sources[series.market]) else { continue };
        let session = &flow.sessions[session];
        let (Size::Time(_), Some(hours)) = (series.size, alarms::hours(session, instruments)) else { continue };
        let past_midnight = if hours.close_ns > hours.open_ns { 0 } else { DAY };
        let length = hours.close_ns - hours.open_ns + past_midnight;
        let Some(span) = place(flow, index).filter(|_| length % span_ns != 0) else { continue };
        let (wanted, name, length) = (series.size.text(), &session.name, span_text(length));
        let reason = format!(
            "`{wanted} in {name}` cannot be made of bars of {}: a session lasts {length}, and no whole number of them",
            span_text(span_ns)
        );
        return Err(BindError { code: "E0363", reason, span });
    }
    Ok(())
}

/// A bar lies across an opening or a close.
pub(crate) fn lies_across(flow: &Flow, series: usize, [from, to]: [Nanos; 2]) -> Fault {
    let session = flow.series[series].session.map_or("its session", |session| flow.sessions[session].name.as_str());
    let Span { start, end, .. } = place(flow, series).unwrap_or_default();
    let reason = format!(
        "a bar of {} lies across the opening or the close of `{session}`, and only finer ones can be cut there",
        span_text(to.0 - from.0)
    );
    Fault { reason, start, end, at: to }
}

/// Where a series is read, if it is.
fn place(flow: &Flow, series: usize) -> Option<Span> {
    let reads = |op: Op| matches!(op, Op::Bar(_, of, _) | Op::Forming(_, of, _) if of == series);
    flow.nodes.iter().find(|node| reads(node.op)).map(|node| node.span)
}
