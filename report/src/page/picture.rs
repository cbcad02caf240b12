//! What every picture is made of: a frame with axes, and curves thinned to its pixels.

use std::fmt::Write;

use gbc_core::Nanos;

use super::axis::{Axis, calendar_marks};

/// The two sizes of a picture: text stays readable on a screen and on a phone, where a large picture would be shrunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Wide,
    Narrow,
}

impl Size {
    pub(crate) const ALL: [Size; 2] = [Size::Wide, Size::Narrow];

    pub(crate) fn class(self) -> &'static str {
        match self {
            Size::Wide => "wide",
            Size::Narrow => "narrow",
        }
    }

    pub(crate) fn width(self) -> f64 {
        match self {
            Size::Wide => 1040.0,
            Size::Narrow => 380.0,
        }
    }

    /// Room for the values of axes, left, and for what is written at the end of a curve, right.
    fn margins(self) -> (f64, f64) {
        match self {
            Size::Wide => (72.0, 88.0),
            Size::Narrow => (58.0, 6.0),
        }
    }

    fn most_marks(self) -> usize {
        match self {
            Size::Wide => 14,
            Size::Narrow => 5,
        }
    }
}

/// A part of a picture with a value axis of its own, over the time that all parts share.
pub(crate) struct Panel {
    pub(crate) size: Size,
    pub(crate) top: f64,
    pub(crate) height: f64,
    pub(crate) axis: Axis,
    /// How many points lie side by side.
    pub(crate) points: usize,
}

impl Panel {
    pub(crate) fn left(&self) -> f64 {
        self.size.margins().0
    }

    pub(crate) fn right(&self) -> f64 {
        self.size.width() - self.size.margins().1
    }

    /// Where a point stands; points are as far apart as they are many, not as time passed between them.
    pub(crate) fn x(&self, place: usize) -> f64 {
        let last = self.points.saturating_sub(1).max(1) as f64;
        self.left() + (self.right() - self.left()) * place as f64 / last
    }

    pub(crate) fn y(&self, value: f64) -> f64 {
        let share = (value - self.axis.low) / (self.axis.high - self.axis.low);
        self.top + self.height * (1.0 - share)
    }

    /// Lines at round values, with their values.
    pub(crate) fn grid(&self, text: impl Fn(&Axis, f64) -> String) -> String {
        let mut out = String::new();
        for value in self.axis.lines() {
            let (y, left, right) = (self.y(value), self.left(), self.right());
            let _ = writeln!(out, "<path class=\"grid\" d=\"M{left:.1} {y:.1}H{right:.1}\"/>");
            let _ = writeln!(
                out,
                "<text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                left - 8.0,
                y + 4.0,
                text(&self.axis, value)
            );
        }
        out
    }

    /// Turns of the calendar along the lower edge.
    pub(crate) fn calendar(&self, times: &[Nanos]) -> String {
        let (mut out, mut free) = (String::new(), self.left());
        let bottom = self.top + self.height;
        for mark in calendar_marks(times, self.size.most_marks()) {
            let x = self.x(mark.place);
            let half = 4.0 * mark.text.chars().count() as f64;
            let _ = writeln!(out, "<path class=\"tick\" d=\"M{x:.1} {bottom:.1}v5\"/>");
            if x - half >= free && x + half <= self.size.width() {
                let y = bottom + 18.0;
                let text = &mark.text;
                let _ = writeln!(
                    out,
                    "<text class=\"axis\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{text}</text>"
                );
                free = x + half + 8.0;
            }
        }
        out
    }

    /// A curve through values, one for each point, thinned to the pixels.
    pub(crate) fn curve(&self, values: impl Iterator<Item = (usize, f64)>) -> String {
        let kept = thinned(values.map(|(place, value)| (self.x(place), self.y(value))));
        let mut path = String::new();
        for (at, (x, y)) in kept.iter().enumerate() {
            let _ = write!(path, "{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" });
        }
        path
    }
}

/// The lowest and the highest point of each column of pixels, in the order in which they came, and the last of all.
pub(crate) fn thinned(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    let mut column: Vec<(f64, f64)> = Vec::new();
    let mut last = None;
    for point in points {
        if column.first().is_some_and(|first| first.0.floor() != point.0.floor()) {
            kept.append(&mut column);
        }
        column.push(point);
        if column.len() == 3 {
            column = extremes(&column);
        }
        last = Some(point);
    }
    kept.append(&mut column);
    if let Some(last) = last.filter(|last| kept.last() != Some(last)) {
        kept.push(last);
    }
    kept
}

/// The lowest and the highest of three, in their order.
fn extremes(three: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let place = |better: fn(f64, f64) -> bool| {
        (1..three.len()).fold(0, |best, at| if better(three[at].1, three[best].1) { at } else { best })
    };
    let (low, high) = (place(|a, b| a < b), place(|a, b| a > b));
    let (first, then) = (low.min(high), low.max(high));
    if first == then { vec![three[first]] } else { vec![three[first], three[then]] }
}

/// A picture in both sizes; the style shows one of them.
pub(crate) fn picture(about: &str, draw: impl Fn(Size) -> (f64, String)) -> String {
    let one = |size: Size| {
        let (height, inside) = draw(size);
        let (class, width) = (size.class(), size.width());
        let about = super::markup::escaped(about);
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{about}\">\n{inside}</svg>\n"
        )
    };
    format!("<figure>\n{}</figure>\n", Size::ALL.map(one).concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_keeps_its_spikes_in_their_order() {
        let points = [(0.0, 1.0), (0.2, 9.0), (0.4, 5.0), (0.6, -3.0), (0.8, 2.0), (1.0, 0.0), (1.5, 0.5)];
        assert_eq!(thinned(points.into_iter()), [(0.2, 9.0), (0.6, -3.0), (1.0, 0.0), (1.5, 0.5)]);
    }

    #[test]
    fn a_long_curve_is_as_large_as_the_picture() {
        let panel =
            Panel { size: Size::Wide, top: 0.0, height: 100.0, axis: Axis::around(0.0, 1.0, 4), points: 1_000_000 };
        let zigzag = (0..1_000_000).map(|place| (place, f64::from(u8::from(place % 2 == 0))));
        let path = panel.curve(zigzag);
        assert!(path.matches('L').count() <= 2 * Size::Wide.width() as usize, "{}", path.len());
        let straight = Panel { points: 2, ..panel };
        assert_eq!(straight.curve([(0, 0.0), (1, 1.0)].into_iter()).matches('L').count(), 1);
    }

    #[test]
    fn one_point_or_none_is_no_trouble() {
        let panel = Panel { size: Size::Narrow, top: 0.0, height: 10.0, axis: Axis::around(3.0, 3.0, 4), points: 1 };
        assert_eq!(panel.curve(std::iter::empty()), "");
        assert!(panel.curve([(0, 3.0)].into_iter()).starts_with('M'));
    }
}
