//! All integration tests, in one binary.

mod complex;
mod networks;
mod oracle;
