//! foldscape opens a trained piecewise-linear network and shows what it is: an exactly folded surface.
//!
//! Read the folders in the order of the flow:
//!
//! ```text
//! model file ─► model ─► network ─► complex ─► mesh ─► render ─► app ─► host (window | headless)
//!                                     │          └──► export
//!                                     └─────────────► numbers (info, verify)
//! ```
//!
//! With no features the crate is the pure CPU core ([`model`], [`network`], [`complex`], [`mesh`], [`timeline`], [`export`]);
//! `train` adds the fitting of networks, `render` drawing on the GPU, `viewer` the window, `cli` the command line.

pub mod complex;
pub mod export;
pub mod mesh;
pub mod model;
pub mod network;
pub mod timeline;

#[cfg(feature = "viewer")]
pub mod app;
#[cfg(any(feature = "cli", feature = "viewer"))]
pub mod film;
#[cfg(feature = "render")]
pub mod host;
#[cfg(feature = "render")]
pub mod picture;
#[cfg(feature = "render")]
pub mod render;
#[cfg(feature = "render")]
pub mod tour;
#[cfg(feature = "train")]
pub mod train;
#[cfg(feature = "viewer")]
pub mod ui;

#[cfg(feature = "cli")]
pub mod cli;
