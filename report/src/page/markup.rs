//! Text into HTML: everything that comes from outside goes through `escaped`.

/// Text with everything that HTML reads as its own made harmless, in elements and in quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No page may hold these, and some turn the writing round.
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                out.push('\u{fffd}')
            }
            c => out.push(c),
        }
    }
    out
}

/// A table's column: its title, and whether it holds numbers.
pub(crate) struct Column(pub(crate) &'static str, pub(crate) Align);

/// How a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Text,
    Number,
}

/// A table; cells are HTML already.
pub(crate) fn table(class: &str, columns: &[Column], rows: &[Vec<String>]) -> String {
    let mut out = format!("<div class=\"scroll\"><table class=\"{class}\">\n<thead><tr>");
    for Column(title, align) in columns {
        out += &format!("<th{}>{title}</th>", class_of(*align));
    }
    out += "</tr></thead>\n<tbody>\n";
    for row in rows {
        out += "<tr>";
        for (cell, Column(_, align)) in row.iter().zip(columns) {
            out += &format!("<td{}>{cell}</td>", class_of(*align));
        }
        out += "</tr>\n";
    }
    out + "</tbody></table></div>\n"
}

/// Names and what they are; both are HTML already.
pub(crate) fn facts(rows: &[(String, String)]) -> String {
    let row = |(name, value): &(String, String)| format!("<dt>{name}</dt><dd>{value}</dd>\n");
    format!("<dl class=\"facts\">\n{}</dl>\n", rows.iter().map(row).collect::<String>())
}

fn class_of(align: Align) -> &'static str {
    match align {
        Align::Text => "",
        Align::Number => " class=\"n\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_is_read_as_markup() {
        assert_eq!(escaped("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
        assert_eq!(escaped("a\u{0}b\u{202e}c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(escaped("Grüße, 価格"), "Grüße, 価格");
    }
}
