//! Files made from the exact complex: one module for each format.
//!
//! In: a [`Complex`](crate::complex::Complex) and the scalar that colours it. Out: bytes into a writer, as they are made.

mod color;
mod relief;
pub mod svg;
