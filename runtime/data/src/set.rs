//! Many files as one: a folder, a pattern, a store. Their order is that of their first stamps, whatever they are called.

use std::fs::File;
use std::sync::Arc;

use crate::dbn_file::Wanted;
use crate::field::Field;
use crate::layout::{self, Layout, Pick};
use crate::rows::{RowReader, Rows};
use crate::table::Table;
use crate::{DataError, Options, Source};

/// One file of a set. It is opened when its turn comes, and closed when it is over, so that a set may be larger than what can be open at once.
#[derive(Clone)]
pub struct Part {
    /// What messages call it.
    pub name: String,
    /// Opens it.
    pub open: Arc<dyn Fn() -> std::io::Result<File> + Send + Sync>,
}

impl Part {
    fn table(&self, wanted: Wanted) -> Result<Table, DataError> {
        let file = (self.open)().map_err(|error| DataError::new(format!("cannot be opened: {error}")))?;
        Table::open(Source { name: self.name.clone(), file }, wanted)
    }
}

/// What must be equal in all files, and is read from the first.
const NOTES: [&str; 7] = ["tick", "lot", "point", "currency", "stamp", "span_ns", "counts"];

/// The files of a set, in the order of time.
pub(crate) struct TableSet {
    parts: Vec<Known>,
    first: Table,
    symbol: String,
    named: Option<String>,
    repairs: bool,
    map: std::collections::BTreeMap<String, String>,
}

#[derive(Clone)]
struct Known {
    part: Part,
    starts: i64,
}

impl TableSet {
    /// Looks into each file once.
    pub(crate) fn open(parts: Vec<Part>, options: &Options) -> Result<TableSet, DataError> {
        let wanted = Wanted { named: options.inside.as_deref(), market: &options.symbol, repairs: options.repairs };
        let mut known: Vec<(Known, Vec<String>)> = Vec::new();
        for part in parts {
            let (starts, signs) = look(&part, wanted, options).map_err(|error| error.in_file(&part.name))?;
            known.push((Known { part, starts }, signs));
        }
        // Names only settle which of two files with one first stamp is blamed.
        known.sort_by(|(one, _), (other, _)| (one.starts, &one.part.name).cmp(&(other.starts, &other.part.name)));
        let Some((first, signs)) = known.first() else { return Err(DataError::new("there are no files in it")) };
        if let Some((odd, theirs)) = known.iter().find(|(_, theirs)| theirs != signs) {
            let of = |signs: &[String], others: &[String]| {
                signs.iter().filter(|sign| !others.contains(sign)).cloned().collect::<Vec<_>>().join(", ")
            };
            return Err(DataError::new(format!(
                "does not hold the same as `{}`: here {}; there {}. Files of one market hold one kind of data",
                first.part.name,
                of(theirs, signs),
                of(signs, theirs)
            ))
            .in_file(&odd.part.name));
        }
        let table = first.part.table(wanted).map_err(|error| error.in_file(&first.part.name))?;
        Ok(TableSet {
            parts: known.into_iter().map(|(known, _)| known).collect(),
            first: table,
            symbol: options.symbol.clone(),
            named: options.inside.clone(),
            repairs: options.repairs,
            map: options.map.clone(),
        })
    }

    pub(crate) fn columns(&self) -> &[String] {
        self.first.columns()
    }

    pub(crate) fn describe(&self) -> String {
        let names = |known: Option<&Known>| known.map_or("", |known| &known.part.name).to_owned();
        let (first, last) = (names(self.parts.first()), names(self.parts.last()));
        format!(
            "{} files by their first stamps, from {first} to {last}; the first: {}",
            self.parts.len(),
            self.first.describe()
        )
    }

    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        self.first.note(key)
    }

    /// The files in the order in which they are played.
    pub(crate) fn names(&self) -> Vec<String> {
        self.parts.iter().map(|known| known.part.name.clone()).collect()
    }

    pub(crate) fn rows(&self, picks: &[Pick], batch_rows: usize) -> Result<SetRows, DataError> {
        Ok(SetRows {
            parts: self.parts.clone().into_iter(),
            current: None,
            fields: picks.iter().map(|pick| pick.field).collect(),
            batch_rows,
            map: self.map.clone(),
            symbol: self.symbol.clone(),
            named: self.named.clone(),
            repairs: self.repairs,
            last: None,
            reports: Vec::new(),
        })
    }
}

/// The first stamp of a file, and what sets it apart from others.
fn look(part: &Part, wanted: Wanted, options: &Options) -> Result<(i64, Vec<String>), DataError> {
    let table = part.table(wanted)?;
    let layout = layout::find(table.columns(), &options.map)?;
    let time: Vec<Pick> = picks_of(&layout, &[Field::Time]);
    let mut rows = Rows::default();
    if !table.rows(&time, 1)?.read(&mut rows)? {
        return Err(DataError::new("the file holds no rows"));
    }
    let mut signs: Vec<String> = layout.picks.iter().map(|pick| pick.field.name().to_owned()).collect();
    signs.sort();
    let note = |key: &&str| {
        table.note(&format!("glowback.{key}")).map(|value| format!("{key} {}", crate::error::shown(value)))
    };
    signs.extend(NOTES.iter().filter_map(note));
    Ok((rows.time[0], signs))
}

fn picks_of(layout: &Layout, fields: &[Field]) -> Vec<Pick> {
    layout.picks.iter().filter(|pick| fields.contains(&pick.field)).cloned().collect()
}

/// Rows of file after file.
pub(crate) struct SetRows {
    parts: std::vec::IntoIter<Known>,
    current: Option<(Arc<str>, Box<dyn RowReader>)>,
    fields: Vec<Field>,
    batch_rows: usize,
    map: std::collections::BTreeMap<String, String>,
    symbol: String,
    named: Option<String>,
    repairs: bool,
    /// The file before, and its last stamp.
    last: Option<(Arc<str>, i64)>,
    reports: Vec<String>,
}

impl RowReader for SetRows {
    fn read(&mut self, rows: &mut Rows) -> Result<bool, DataError> {
        loop {
            if self.current.is_none() && !self.next_part()? {
                rows.clear();
                return Ok(false);
            }
            let (name, reader) = self.current.as_mut().expect("a part was just opened");
            let name = name.clone();
            let more = reader.read(rows).map_err(|error| error.in_file(&name))?;
            if !more {
                self.reports.extend(reader.report().into_iter().map(|line| format!("{name}: {line}")));
                self.current = None;
                continue;
            }
            rows.file = Some(name.clone());
            self.check_start(&name, rows)?;
            return Ok(true);
        }
    }

    fn report(&self) -> Vec<String> {
        let mut lines = self.reports.clone();
        if let Some((name, reader)) = &self.current {
            lines.extend(reader.report().into_iter().map(|line| format!("{name}: {line}")));
        }
        lines
    }
}

impl SetRows {
    fn next_part(&mut self) -> Result<bool, DataError> {
        let Some(Known { part, .. }) = self.parts.next() else { return Ok(false) };
        let reader = self.open(&part).map_err(|error| error.in_file(&part.name))?;
        self.current = Some((part.name.into(), reader));
        Ok(true)
    }

    fn open(&self, part: &Part) -> Result<Box<dyn RowReader>, DataError> {
        let table = part.table(Wanted { named: self.named.as_deref(), market: &self.symbol, repairs: self.repairs })?;
        // Columns may stand elsewhere than in the first file.
        let layout = layout::find(table.columns(), &self.map)?;
        table.rows(&picks_of(&layout, &self.fields), self.batch_rows)
    }

    /// A file may begin where the one before it ended, but not earlier.
    fn check_start(&mut self, name: &Arc<str>, rows: &Rows) -> Result<(), DataError> {
        let (Some(first), Some(last)) = (rows.time.first(), rows.time.last()) else { return Ok(()) };
        if let Some((before, end)) = &self.last
            && before != name
            && first < end
            // Rows are sorted once they are read.
            && !self.repairs
        {
            let (starts, ends) = (crate::order::shown_time(*first), crate::order::shown_time(*end));
            return Err(DataError::new(format!(
                "begins at {starts}, before `{before}` ends at {ends}: the files overlap; of one market, every moment belongs in one file"
            ))
            .at_row(rows.number(0))
            .in_file(name));
        }
        self.last = Some((name.clone(), *last));
        Ok(())
    }
}
