//! A look at a Parquet footer before the decoder sees it: a schema nested 50 000 deep would end in a stack overflow there,
//! and one that claims 2^31 children in a request for memory that nobody has. Nothing can catch either.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::DataError;
use crate::thrift::Walk;

/// More elements than this are refused.
const MAX_SCHEMA: u64 = 4096;
/// Deeper groups than this are refused.
const MAX_DEPTH: usize = 32;
/// The head of a footer's first field, `version: i32`.
const VERSION: u8 = 0x15;
/// The head of its second, `schema: list`.
const SCHEMA: u8 = 0x19;
/// The number of the field `num_children` in an element, and its kind.
const CHILDREN: i64 = 5;
const I32: u8 = 5;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;
const DAMAGED: &str = "the footer is damaged: it does not begin with a version and a sound schema";

/// Refuses what is no Parquet file, or one with an absurd schema.
pub(crate) fn check(file: &mut File) -> Result<(), DataError> {
    let length = file.metadata().map_err(cut)?.len();
    if length < 12 {
        return Err(DataError::new(
            "the file is cut: a Parquet file ends with a footer, and this one is shorter than one",
        ));
    }
    let mut tail = [0; 8];
    file.seek(SeekFrom::End(-8)).and_then(|_| file.read_exact(&mut tail)).map_err(cut)?;
    let footer = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    match &tail[4..] {
        b"PAR1" if footer <= length - 12 => {}
        b"PARE" => {
            return Err(DataError::new(
                "the footer is encrypted, which is not supported; write the file without encryption",
            ));
        }
        b"PAR1" => return Err(DataError::new(format!("the footer claims {footer} bytes, more than the file has"))),
        _ => return Err(DataError::new("the file is cut: it begins like Parquet and does not end like it")),
    }
    let mut bytes = vec![0; footer as usize];
    file.seek(SeekFrom::End(-8 - footer as i64)).and_then(|_| file.read_exact(&mut bytes)).map_err(cut)?;
    check_footer(&bytes)
}

/// A column of the schema.
#[derive(Debug, PartialEq, Eq)]
struct Leaf {
    name: String,
    /// The number of its type.
    kind: i64,
}

/// Walks over the schema, which is a list of elements, each with the number of its children, and over what is said of the parts.
fn check_footer(footer: &[u8]) -> Result<(), DataError> {
    let mut walk = Walk(footer);
    let leaves = check_schema(&mut walk).map_err(DataError::new)?;
    // What comes after the schema is the decoder's to judge, but that it does not look at types a second time.
    match liar(&mut walk, &leaves).flatten() {
        Some(leaf) => Err(DataError::new(
            "the footer is damaged: the schema and a part of the file do not agree on the type of this column",
        )
        .in_column(&leaf.name)),
        None => Ok(()),
    }
}

fn check_schema(walk: &mut Walk) -> Result<Vec<Leaf>, String> {
    let size = schema_size(walk).ok_or(DAMAGED)?;
    if size > MAX_SCHEMA {
        return Err(format!("the schema has {size} elements; at most {MAX_SCHEMA} are read"));
    }
    let (mut open_groups, mut leaves): (Vec<u64>, Vec<Leaf>) = (Vec::new(), Vec::new());
    for _ in 0..size {
        let (children, leaf) = element(walk).filter(|(children, _)| *children < size).ok_or(DAMAGED)?;
        if children == 0 {
            leaves.push(leaf);
        }
        while open_groups.pop_if(|left| *left == 0).is_some() {}
        if let Some(left) = open_groups.last_mut() {
            *left -= 1;
        }
        open_groups.push(children);
        if open_groups.len() > MAX_DEPTH {
            return Err(format!("the schema is nested deeper than {MAX_DEPTH} groups; market data are flat"));
        }
    }
    Ok(leaves)
}

fn schema_size(walk: &mut Walk) -> Option<u64> {
    (walk.byte()? == VERSION).then_some(())?;
    walk.varint()?;
    (walk.byte()? == SCHEMA).then_some(())?;
    walk.list().map(|(size, _)| size)
}

/// How many of the following elements belong to this one, and what it is if none does.
fn element(walk: &mut Walk) -> Option<(u64, Leaf)> {
    let (mut last, mut children) = (0, 0);
    let mut leaf = Leaf { name: String::new(), kind: -1 };
    while let Some((number, kind)) = walk.field(&mut last)? {
        match (number, kind) {
            (1, I32) => leaf.kind = walk.signed()?,
            (4, BINARY) => leaf.name = String::from_utf8_lossy(walk.bytes()?).into_owned(),
            (CHILDREN, I32) => children = u64::try_from(walk.signed()?).ok()?,
            _ => walk.skip(kind, 0)?,
        }
    }
    Some((children, leaf))
}

/// A column whose type is another in some row group than in the schema. The outer `None` is a footer that cannot be walked.
fn liar<'a>(walk: &mut Walk, leaves: &'a [Leaf]) -> Option<Option<&'a Leaf>> {
    // Behind field 2, the schema.
    let mut last = 2;
    while let Some((number, kind)) = walk.field(&mut last)? {
        if (number, kind) != (4, LIST) {
            walk.skip(kind, 0)?;
            continue;
        }
        for _ in 0..walk.list()?.0 {
            let kinds = kinds_of_group(walk)?;
            let odd = leaves.iter().zip(&kinds).find(|(leaf, kind)| leaf.kind != **kind);
            if let Some((leaf, _)) = odd {
                return Some(Some(leaf));
            }
        }
    }
    Some(None)
}

/// The types of the chunks of a row group, in order.
fn kinds_of_group(walk: &mut Walk) -> Option<Vec<i64>> {
    let (mut last, mut kinds) = (0, Vec::new());
    while let Some((number, kind)) = walk.field(&mut last)? {
        if (number, kind) != (1, LIST) {
            walk.skip(kind, 0)?;
            continue;
        }
        for _ in 0..walk.list()?.0 {
            kinds.push(inside(walk, 3, |walk| inside(walk, 1, |walk| walk.signed(), I32)?, STRUCT)??);
        }
    }
    Some(kinds)
}

/// One field of a struct; all others are stepped over.
fn inside<T>(
    walk: &mut Walk,
    wanted: i64,
    read: impl Fn(&mut Walk) -> Option<T>,
    wanted_kind: u8,
) -> Option<Option<T>> {
    let (mut last, mut found) = (0, None);
    while let Some((number, kind)) = walk.field(&mut last)? {
        match (number, kind) == (wanted, wanted_kind) {
            true => found = Some(read(walk)?),
            false => walk.skip(kind, 0)?,
        }
    }
    Some(found)
}

fn cut(error: std::io::Error) -> DataError {
    DataError::new(format!("cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer's beginning: groups of these numbers of children, each a struct of that one field.
    fn footer(size: &[u8], children: &[u8]) -> Vec<u8> {
        let elements = children.iter().flat_map(|count| [0x55, 2 * count, 0]);
        [VERSION, 4, SCHEMA].iter().copied().chain(size.iter().copied()).chain(elements).collect()
    }

    fn schema(bytes: &[u8]) -> Result<usize, String> {
        check_schema(&mut Walk(bytes)).map(|leaves| leaves.len())
    }

    #[test]
    fn a_part_may_not_contradict_the_schema() {
        // A root of one child `t`, an INT64 (2); then no rows; then one group of one chunk, whose type is given.
        let with = |kind: u8| {
            let schema = [VERSION, 4, SCHEMA, 0x2c, 0x55, 2, 0, 0x15, 4, 0x38, 1, b't', 0];
            let rest = [0x16, 0, 0x19, 0x1c, 0x19, 0x1c, 0x3c, 0x15, 2 * kind, 0, 0, 0, 0];
            [&schema[..], &rest].concat()
        };
        assert_eq!(check_footer(&with(2)), Ok(()));
        let told = check_footer(&with(5)).unwrap_err();
        assert_eq!(told.column.as_deref(), Some("t"));
    }

    #[test]
    fn a_flat_schema_passes() {
        assert_eq!(schema(&footer(&[0x3c], &[2, 0, 0])), Ok(2));
    }

    #[test]
    fn a_schema_is_counted_before_it_is_built() {
        assert!(schema(&footer(&[0xfc, 0xd0, 0x86, 0x03], &[])).unwrap_err().contains("50000 elements"));
        assert_eq!(schema(&footer(&[0x2c], &[60, 0])), Err(DAMAGED.to_owned()));
        assert_eq!(schema(&footer(&[0x2c], &[1])), Err(DAMAGED.to_owned()));
        assert!(schema(&footer(&[0xfc, 40], &[1; 40])).unwrap_err().contains("nested deeper"));
        assert_eq!(schema(&[0; 24]), Err(DAMAGED.to_owned()));
    }
}
