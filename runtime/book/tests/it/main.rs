//! Books of real feeds beside books that others made of them, and random feeds beside a book that is a plain list.

mod laws;
mod naive;
mod oracles;
mod records;
