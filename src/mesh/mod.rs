//! Flat f32 arrays for drawing: triangles, edge segments with layer and unit, face ids.
//!
//! In: a [`Complex`](crate::complex::Complex) and the scalar that lifts it. Out: [`Mesh`]. Knows nothing of weights or the GPU.
//!
//! World units: the window's longer side is 2, its centre is the origin. Height is kept as `t = (z - lo) / (hi - lo)`, not
//! clamped; the drawn height is `z_world = t * 2 * height * factor`.

mod build;
pub(crate) mod crowding;
mod faces;
pub mod number;
mod pattern;
pub(crate) mod scale;
mod ticks;

pub use scale::Scale;
pub use ticks::ticks;

use std::ops::Range;

/// What one face of the surface is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Regions {
    /// Inputs with one activation pattern.
    #[default]
    Activation,
    /// Connected inputs with one affine map: activation regions merged.
    Linear,
}

/// One corner of a triangle. 32 bytes, no padding.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "render", derive(bytemuck::Pod, bytemuck::Zeroable))]
#[repr(C)]
pub struct FaceVertex {
    /// World x, y.
    pub xy: [f32; 2],
    /// Height `t`.
    pub t: f32,
    /// `dt / dx_world`, `dt / dy_world` of the region: its exact gradient.
    pub slope: [f32; 2],
    /// Number of the activation or linear region.
    pub face: u32,
    /// Pattern colour on the dark and on the light theme, sRGB, `0xAABBGGRR`.
    pub pattern_dark: u32,
    pub pattern_light: u32,
}

/// One piece of a bent line or of the window's border. 68 bytes, no padding.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "render", derive(bytemuck::Pod, bytemuck::Zeroable))]
#[repr(C)]
pub struct Segment {
    /// World x, y and `t` of both ends.
    pub a: [f32; 3],
    pub b: [f32; 3],
    /// Crowding at both ends: root of the mean area of the faces' ancestors after this layer, in world units, `[flat, lifted]`.
    pub crowd_a: [f32; 2],
    pub crowd_b: [f32; 2],
    /// `dt / dx_world`, `dt / dy_world` of the faces to the left and to the right of `a` to `b`, seen from above; on the window's
    /// border of the one face.
    pub slope_left: [f32; 2],
    pub slope_right: [f32; 2],
    /// Hidden layer, counted from 0; `n_layers` for the window's border.
    pub layer: u32,
    /// Unit in the layer; the side of the window for the border.
    pub unit: u32,
    /// Bit 0: `a` lies on the window's border, bit 1: `b` does (butt ends there, round joins elsewhere).
    pub flags: u32,
}

/// Everything the renderer needs of one complex.
#[derive(Debug, Clone, Default)]
pub struct Mesh {
    /// Triangles, three entries each, counter-clockwise from above.
    pub faces: Vec<FaceVertex>,
    /// Fold segments ordered by layer, then the border's.
    pub segments: Vec<Segment>,
    /// Where each hidden layer's segments are.
    pub layer_segments: Vec<Range<u32>>,
    /// Where the border's are.
    pub border_segments: Range<u32>,
    /// World x, y and `t` of every vertex, for framing.
    pub points: Vec<[f32; 3]>,
    /// World x, y and `t` of points that a figure points at; empty unless its maker adds some.
    pub marks: Vec<[f32; 3]>,
    /// Output at `t = 0` and `t = 1`: area-weighted 1 % and 99 % quantiles of the regions' mean output.
    pub lo: f64,
    pub hi: f64,
    /// `h` of the default height.
    pub height: f32,
    /// Window in input units: x0, y0, x1, y1.
    pub window: [f64; 4],
    /// Half width and half height of the window in world units.
    pub half_size: [f32; 2],
    /// Regions after each hidden layer, joined where the faces are.
    pub regions_per_layer: Vec<usize>,
    /// Faces: activation regions, or linear ones.
    pub n_regions: usize,
}
