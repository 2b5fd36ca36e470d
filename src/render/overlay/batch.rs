//! Gathers strokes, discs and glyphs as quads in pixels.
//!
//! In: positions and texts. Out: instances for the overlay's vertex buffer. Knows the atlas, not the GPU.

use crate::render::text::{Anchor, Atlas, Fonts, Typeface};

const STROKE: f32 = 0.0;
const GLYPH: f32 = 1.0;
const DISC: f32 = 2.0;

/// One instance, as the shader reads it. 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(super) struct Quad {
    pub ends: [f32; 4],
    pub extra: [f32; 4],
    pub color: [f32; 4],
    pub depth_kind: [f32; 4],
}

/// How a line of text is written: typeface, pixels per em, anchor, colour, depth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub face: Typeface,
    pub px: f32,
    pub anchor: Anchor,
    pub color: [f32; 4],
    pub depth: f32,
}

/// What is to be drawn.
pub(super) struct Batch<'a> {
    pub fonts: &'a Fonts,
    pub atlas: &'a mut Atlas,
    pub quads: Vec<Quad>,
}

impl Batch<'_> {
    /// A straight stroke with butt ends; `z` is the depth at both.
    pub fn stroke(&mut self, a: [f32; 2], b: [f32; 2], width: f32, color: [f32; 4], z: [f32; 2]) {
        self.quads.push(Quad {
            ends: [a[0], a[1], b[0], b[1]],
            extra: [0.5 * width, 0.0, 0.0, 0.0],
            color,
            depth_kind: [z[0], z[1], STROKE, 0.0],
        });
    }

    /// A disc, or a ring where the inner radius is greater than 0.
    pub fn disc(&mut self, centre: [f32; 2], radius: f32, inner: f32, color: [f32; 4], depth: f32) {
        self.quads.push(Quad {
            ends: [centre[0], centre[1], centre[0], centre[1]],
            extra: [radius, inner, 0.0, 0.0],
            color,
            depth_kind: [depth, depth, DISC, 0.0],
        });
    }

    /// An upright rectangle.
    pub fn rect(&mut self, min: [f32; 2], max: [f32; 2], color: [f32; 4]) {
        let y = 0.5 * (min[1] + max[1]);
        self.stroke([min[0], y], [max[0], y], max[1] - min[1], color, [0.0; 2]);
    }

    /// A line of text whose baseline passes through `at`.
    pub fn text(&mut self, pen: &Pen, at: [f32; 2], text: &str) {
        let line = self.fonts.layout(pen.face, pen.px, text);
        let left = at[0] - line.width * pen.anchor.share();
        for (glyph, x) in line.glyphs {
            if let Some(p) = self.atlas.place(self.fonts, pen.face, pen.px, glyph, [left + x, at[1]]) {
                self.quads.push(Quad {
                    ends: [p.min[0], p.min[1], p.max[0], p.max[1]],
                    extra: [p.uv_min[0], p.uv_min[1], p.uv_max[0], p.uv_max[1]],
                    color: pen.color,
                    depth_kind: [pen.depth, pen.depth, GLYPH, 0.0],
                });
            }
        }
    }
}

/// `color` with its alpha times `factor`.
pub(super) fn faded(color: [f32; 4], factor: f32) -> [f32; 4] {
    [color[0], color[1], color[2], color[3] * factor]
}
