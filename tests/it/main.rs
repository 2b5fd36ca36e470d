//! All integration tests, in one binary.

mod complex;
mod mesh;
mod networks;
mod oracle;
