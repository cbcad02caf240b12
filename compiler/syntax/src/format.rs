//! The formatter: one style, no options.
//!
//! The author's line breaks stay; blanks, indentation and columns are the style's. Only items that parse are touched, so
//! no formatting changes what a file means; whatever is broken stands as it stood.

mod align;
#[cfg(test)]
mod laws;
mod layout;
mod roles;

use crate::MAX_SOURCE_BYTES;

/// The text in the one style. Formatting twice changes nothing more; no comment and no token is lost.
pub fn format(text: &str) -> String {
    if text.len() > MAX_SOURCE_BYTES {
        return text.to_owned();
    }
    let mut lines = layout::lines(text);
    align::align(&mut lines);
    let out = print(&lines);
    // Better in no style than too long to be read again.
    if out.len() > MAX_SOURCE_BYTES { text.to_owned() } else { out }
}

/// A line of the formatted text.
struct Line {
    blank_before: bool,
    what: What,
    /// With its indentation.
    code: String,
    /// The comment after the code, with the blanks between.
    remark: Option<String>,
    /// What stands in a column with the same of the lines around.
    anchor: Option<Anchor>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Code,
    /// A comment on its own line.
    Comment,
    /// A broken item, as it stood, on all its lines.
    Broken,
}

/// The `=` or the `{` of an item on one line.
struct Anchor {
    /// The item's first word: only items of one kind align.
    word: String,
    /// Byte in the line's code.
    at: usize,
}

fn print(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        if line.blank_before && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&line.code);
        out.push_str(line.remark.as_deref().unwrap_or(""));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn becomes(before: &str, after: &str) {
        assert_eq!(format(before), after);
        assert_eq!(format(after), after, "formatting twice changes nothing");
    }

    #[test]
    fn tokens_stand_one_blank_apart_unless_they_belong_together() {
        becomes(
            "let   x=ema( b . close,n )\n",
            "let   x=ema( b . close,n )\n", // blanks around the dot of a member: no item of the grammar
        );
        becomes("let   x=ema( b.close,n )[ 1 ]*- 1\n", "let x = ema(b.close, n)[1] * -1\n");
        becomes("let x=a-1 -b- -c else-d\n", "let x = a - 1 - b - -c else -d\n");
        becomes("let x=(-1)+(if(a){-1}else{not(b)})\n", "let x = (-1) + (if (a) { -1 } else { not (b) })\n");
        becomes(
            "param n=4   ticks in 1 ticks .. 9 ticks step 1 ticks\"n\"\n",
            "param n = 4 ticks in 1 ticks..9 ticks step 1 ticks \"n\"\n",
        );
        becomes("param n=5 in{ 1,2 , 3 }\n", "param n = 5 in {1, 2, 3}\n");
        becomes("pub fn f (x,n :int)->float={x}\n", "pub fn f (x,n :int)->float={x}\n"); // a block is no value
        becomes("pub fn f (x,n :int)->float=x\n", "pub fn f(x, n: int) -> float = x\n");
        becomes("when a{  }\n", "when a {}\n");
    }

    #[test]
    fn a_parenthesis_after_a_blank_stays_after_a_blank() {
        becomes("fn f(x) { let s = g(x)\n(s + 1) }\n", "fn f(x) {\n  let s = g(x)\n  (s + 1)\n}\n");
        becomes("fn f(x) { let s = x   (s + 1) }\n", "fn f(x) { let s = x (s + 1) }\n");
    }

    #[test]
    fn line_breaks_stay_and_blocks_are_whole() {
        becomes("when a { x = 1\ny = 2 }\n", "when a {\n  x = 1\n  y = 2\n}\n");
        becomes("when a {\n x = 1 y = 2 }\n", "when a {\n  x = 1\n  y = 2\n}\n");
        becomes("when a { x = 1   y = 2 }\n", "when a { x = 1 y = 2 }\n");
        becomes("when a\n{\n\n  x = 1\n\n}\n", "when a {\n  x = 1\n}\n");
        becomes(
            "let s =\nif a { 1 }\n    else if b {\n 2 }\n  else { 3 }\n",
            "let s =\n  if a { 1 }\n  else if b {\n    2\n  } else { 3 }\n",
        );
        becomes("let x = f(a,\nb\n+ c,\nd\n)\n+ 1\n", "let x = f(a,\n  b\n    + c,\n  d\n)\n  + 1\n");
    }

    #[test]
    fn comments_stay_with_their_code() {
        becomes(
            "// head  \n\n\n\nlet a = 1// one\nlet bcd = 2 /// two\t\n   // about f\nlet f = ( // open\n// in\n1 // one\n// last\n)\n",
            "// head\n\nlet a   = 1  // one\nlet bcd = 2  /// two\n// about f\nlet f = (  // open\n  // in\n  1  // one\n  // last\n)\n",
        );
    }

    #[test]
    fn neighbours_of_one_kind_stand_in_columns() {
        becomes("let a = 1\nlet v @ q = 2\nparam n = 3\n", "let a     = 1\nlet v @ q = 2\nparam n = 3\n");
        becomes("let a = 1\n\nlet bcd = 2\n", "let a = 1\n\nlet bcd = 2\n");
        becomes(
            "when z > z_in { side = -1 }\nwhen abs(z) < 0.5 { side = 0 }  // flat\n",
            "when z > z_in     { side = -1 }\nwhen abs(z) < 0.5 { side = 0 }  // flat\n",
        );
    }

    #[test]
    fn tests_read_as_tables() {
        becomes(
            "test \"t\" { with a=1,b=-2\nbars es 1m:100 -1.5\n\n\nfeed es{ 09:30:00 quote 1.00x5/1.25x5_0.2_5\n09:30:01 trade 1x1 }\nexpect es.orders==0 }\n",
            "test \"t\" {\n  with a = 1, b = -2\n  bars es 1m : 100 -1.5\n\n  feed es {\n    09:30:00 quote 1.00x5 / 1.25x5_0.2_5\n    09:30:01 trade 1x1\n  }\n  expect es.orders == 0\n}\n",
        );
    }

    #[test]
    fn ends_of_lines_and_of_the_file_are_plain() {
        becomes("\u{feff}\r\n\tlet x  = 1\r\n", "\tlet x  = 1\n"); // the first item does not start in column 0: broken
        becomes("\u{feff}let x =\r\n\t1 // one\r\n\r\n\r\nlet y = 2", "let x =\n  1  // one\n\nlet y = 2\n");
        becomes(" \n\t\r\n", "");
    }

    #[test]
    fn broken_items_stand_as_they_stood() {
        becomes(
            "let a=1\nlet b=(  1\nlet c=2  $\nlet d = \"x\nrisk {  mex  position 3 }\nlet e=3\n",
            "let a = 1\nlet b=(  1\nlet c=2  $\nlet d = \"x\nrisk {  mex  position 3 }\nlet e = 3\n",
        );
    }

    #[test]
    fn a_very_long_line_pulls_no_column() {
        let long = format!("let {} = 1 // x\nlet b = 2 // y\n", "a".repeat(500));
        assert!(format(&long).ends_with("\nlet b = 2  // y\n"));
    }
}
