//! Rings round the points of the surface that a figure points at.
//!
//! In: [`OverlayInput`]. Out: quads over the lines, which nothing hides.

use super::OverlayInput;
use super::batch::Batch;
use glam::Vec3;

/// Outer radius and width of a ring, in pixels of the look.
const RADIUS: f32 = 7.0;
const WIDTH: f32 = 2.2;

/// Draws one round each mark.
pub(super) fn draw(batch: &mut Batch, input: &OverlayInput) {
    for &[x, y, t] in input.marks {
        let Some((px, _)) = input.project(Vec3::new(x, y, t * input.rise)) else { continue };
        let [radius, width] = [RADIUS, WIDTH].map(|look| look * input.scale);
        batch.disc(px.into(), radius, radius - width, input.text, 0.0);
    }
}
