//! The corpus: sources with what is expected of them. `it/` reads them; there is nothing here to use.
