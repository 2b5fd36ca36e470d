//! The polyhedral complex of a network over a window of the input plane.
//!
//! In: a two-input [`Network`](crate::network::Network) and a [`Window`]. Out: [`Complex`], one half-edge mesh with the
//! affine output of every region and the unit that made every edge. Knows nothing of meshes, files or the GPU.

use crate::network::{Network, Unit};
use std::sync::atomic::AtomicBool;
use thiserror::Error;

/// The rectangle of the input plane that is looked at, in input units; `min < max` in both coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub min: [f64; 2],
    pub max: [f64; 2],
}

/// `g_x x + g_y y + c`, in input units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AffineForm {
    pub gx: f64,
    pub gy: f64,
    pub c: f64,
}

/// Bounds and helpers of one enumeration.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// More regions than this are an error.
    pub max_regions: usize,
    /// 0: as many as the machine has.
    pub threads: usize,
    /// Set it from another thread to stop.
    pub cancel: Option<&'a AtomicBool>,
    /// Called now and then with the share of the window's area that is done, 0 to 1.
    pub progress: Option<&'a (dyn Fn(f64) + Sync)>,
}

#[derive(Debug, Clone, PartialEq, Error)]
pub enum ComplexError {
    #[error("the network has {0} inputs; foldscape looks at networks with 2 inputs for now: slices of larger ones are not there yet")]
    Inputs(usize),
    #[error(
        "stopped at the limit of {limit} regions with {done:.1} % of the window done; raise --max-regions or choose a smaller --window"
    )]
    TooManyRegions { limit: usize, done: f64 },
    #[error("cancelled")]
    Cancelled,
}

/// What an edge lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    Bent(Unit),
    Border(u8),
}

/// Half-edge `h` has twin `h ^ 1` and edge `h >> 1`. Faces are counter-clockwise. The outside of the window has no face.
#[derive(Debug, Clone)]
pub struct Complex {/* private arrays */}

impl Complex {
    pub fn enumerate(network: &Network, window: &Window, options: &Options) -> Result<Self, ComplexError> {
        todo!()
    }
    pub fn window(&self) -> Window {
        todo!()
    }
    pub fn n_regions(&self) -> usize {
        todo!()
    }
    pub fn n_edges(&self) -> usize {
        todo!()
    }
    pub fn n_vertices(&self) -> usize {
        todo!()
    }
    pub fn n_outputs(&self) -> usize {
        todo!()
    }
    pub fn n_layers(&self) -> usize {
        todo!()
    }
    /// position of a vertex
    pub fn vertex(&self, v: u32) -> [f64; 2] {
        todo!()
    }
    pub fn origin(&self, h: u32) -> u32 {
        todo!()
    }
    pub fn next(&self, h: u32) -> u32 {
        todo!()
    }
    /// None outside of the window
    pub fn face(&self, h: u32) -> Option<u32> {
        todo!()
    }
    pub fn edge_kind(&self, e: u32) -> EdgeKind {
        todo!()
    }
    pub fn face_half_edges(&self, f: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::empty()
    }
    /// affine maps of all outputs on a region
    pub fn maps(&self, f: u32) -> &[AffineForm] {
        todo!()
    }
    /// for each face, its class after hidden layer `k` (1-based): faces joined across edges of layers above k; and the number of classes
    pub fn ancestors(&self, k: usize) -> (Vec<u32>, usize) {
        todo!()
    }
    /// the region that holds a point (None outside the window)
    pub fn locate(&self, p: [f64; 2]) -> Option<u32> {
        todo!()
    }
}
