//! Bytes of every format become one ordered stream of blocks.
//!
//! ```ignore
//! let source = Source { name: "es.parquet".into(), file };
//! let mut data = gbc_data::open(source, &Options::new(0, "ES"))?;
//! let mut block = Block::new(0, data.schema);
//! while data.next_block(&mut block)? { play(&block); }
//! ```
//!
//! The way of a row: `table` (which format) → `layout` (which column means what) → `rows` (numbers as the file holds them)
//! → `bars`, `quotes` or `books` (checked, and counted in whole ticks). This room opens no path: files are handed in.

#![forbid(unsafe_code)]

mod ahead;
mod bar_clock;
mod bars;
mod books;
mod clean;
mod columns;
mod csv_file;
mod dataset;
mod dbn_file;
mod error;
mod feed;
mod field;
mod footer;
mod grid;
mod latency_rows;
mod layout;
mod moment;
mod npz_array;
mod npz_file;
mod order;
mod parquet_file;
mod quotes;
mod rows;
mod scales;
mod set;
mod sheet;
mod store;
pub mod synth;
mod table;
mod thrift;
mod unpack;

pub use ahead::Ahead;
pub use dataset::{Dataset, Options, Source, Stamp, open, open_set};
pub use error::{DataError, ErrorKind};
pub use feed::{Feed, MemoryFeed};
pub use latency_rows::latency_rows;
pub use set::Part;
pub use sheet::Sheet;
pub use store::{Store, StoredPart};
