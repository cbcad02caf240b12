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
    check_schema(&bytes).map_err(DataError::new)
}

/// Walks over the schema, which is a list of elements, each with the number of its children.
fn check_schema(footer: &[u8]) -> Result<(), String> {
    let mut walk = Walk(footer);
    let size = schema_size(&mut walk).ok_or(DAMAGED)?;
    if size > MAX_SCHEMA {
        return Err(format!("the schema has {size} elements; at most {MAX_SCHEMA} are read"));
    }
    let mut open_groups: Vec<u64> = Vec::new();
    for _ in 0..size {
        let children = children_of_element(&mut walk).filter(|children| *children < size).ok_or(DAMAGED)?;
        while open_groups.pop_if(|left| *left == 0).is_some() {}
        if let Some(left) = open_groups.last_mut() {
            *left -= 1;
        }
        open_groups.push(children);
        if open_groups.len() > MAX_DEPTH {
            return Err(format!("the schema is nested deeper than {MAX_DEPTH} groups; market data are flat"));
        }
    }
    Ok(())
}

fn schema_size(walk: &mut Walk) -> Option<u64> {
    (walk.byte()? == VERSION).then_some(())?;
    walk.varint()?;
    (walk.byte()? == SCHEMA).then_some(())?;
    walk.list().map(|(size, _)| size)
}

/// How many of the following elements belong to this one.
fn children_of_element(walk: &mut Walk) -> Option<u64> {
    let (mut last, mut children) = (0, 0);
    while let Some((number, kind)) = walk.field(&mut last)? {
        match (number, kind) {
            (CHILDREN, I32) => children = u64::try_from(walk.signed()?).ok()?,
            _ => walk.skip(kind, 0)?,
        }
    }
    Some(children)
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

    #[test]
    fn a_flat_schema_passes() {
        assert_eq!(check_schema(&footer(&[0x3c], &[2, 0, 0])), Ok(()));
    }

    #[test]
    fn a_schema_is_counted_before_it_is_built() {
        assert!(check_schema(&footer(&[0xfc, 0xd0, 0x86, 0x03], &[])).unwrap_err().contains("50000 elements"));
        assert_eq!(check_schema(&footer(&[0x2c], &[60, 0])), Err(DAMAGED.to_owned()));
        assert_eq!(check_schema(&footer(&[0x2c], &[1])), Err(DAMAGED.to_owned()));
        assert!(check_schema(&footer(&[0xfc, 40], &[1; 40])).unwrap_err().contains("nested deeper"));
        assert_eq!(check_schema(&[0; 24]), Err(DAMAGED.to_owned()));
    }
}
