//! Near misses: "did you mean `close`?"

/// The candidate closest to `word`, if it is close enough to be a slip of the fingers.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    let (length, letters) = (word.len(), letters(word));
    // Most names are too long, too short or made of other letters, which is quickly seen.
    let may_be_near = |candidate: &&str| {
        candidate.len().abs_diff(length) <= 4 * allowed
            && (self::letters(candidate) ^ letters).count_ones() as usize <= 2 * allowed
    };
    candidates
        .into_iter()
        .filter(may_be_near)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && !chance(word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// The letters of a word as a set, many of them as one. A slip leaves out one of them at the most, and brings one in.
fn letters(word: &str) -> u64 {
    word.chars().flat_map(char::to_lowercase).fold(0, |all, letter| all | 1 << (u32::from(letter) % 64))
}

/// Whether two short words are alike by chance: `wma` is no slip for `ema`.
fn chance(word: &str, candidate: &str) -> bool {
    let first = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
    word.chars().count().min(candidate.chars().count()) <= 3 && first(word) != first(candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words, ignoring case.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    // What both begin and end with costs nothing, and names of one file have much of it.
    let first = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[first..], &b[first..]);
    let last = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - last], &b[..b.len() - last]);
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let fields = ["open", "high", "low", "close", "volume"];
        assert_eq!(nearest("clsoe", fields), Some("close"));
        assert_eq!(nearest("Close", fields), Some("close"));
        assert_eq!(nearest("vwap", fields), None);
        assert_eq!(nearest("wma", ["ema", "sma"]), None);
        assert_eq!(nearest("eam", ["ema", "sma"]), Some("ema"));
    }
}
