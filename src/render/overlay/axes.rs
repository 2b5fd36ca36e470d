//! Axes, ticks, their numbers, and the grid, projected from the world.
//!
//! In: [`OverlayInput`]. Out: quads with the depth of what they show. In 3-D two axes run along the sides facing the eye at world
//! z = 0; from above the window's border itself carries the ticks, left and below.

use glam::{Vec2, Vec3};

use super::batch::{Batch, Pen, faded};
use super::{OverlayInput, numbers};
use crate::render::text::{Anchor, CAP_HEIGHT, Typeface};

/// From the window to the axis, in world units, as all that follow.
const AXIS_OUT: f32 = 0.05;
const TICK_LENGTH: f32 = 0.03;
/// From the axis to the middle of a number and of the name.
const LABEL_OUT: f32 = 0.085;
const NAME_OUT: f32 = 0.18;
const LABEL_PX: f32 = 16.0;
const NAME_PX: f32 = 20.0;
const AXIS_WIDTH: f32 = 1.0;
const AXIS_ALPHA: f32 = 0.8;
const GRID_LINES: u32 = 10;
const GRID_WIDTH: f32 = 0.7;
const GRID_ALPHA: f32 = 0.25;
/// Grid under the lowest vertex.
const GRID_BELOW: f32 = 0.02;
/// From above: ticks, numbers and names, in pixels outside the border.
const TOP_TICK: [f32; 2] = [3.0, 10.0];
const TOP_LABEL_PX: f32 = 17.0;
const TOP_LABEL_OUT: [f32; 2] = [16.0, 23.0];
/// Smallest clip w that counts as before the eye.
const MIN_W: f32 = 1e-4;
/// Lines are cut this many picture sizes outside.
const CLIP_MARGIN: f32 = 0.1;
const NAMES: [&str; 2] = ["x\u{2081}", "x\u{2082}"];

/// Draws what is asked for.
pub(super) fn draw(batch: &mut Batch, input: &OverlayInput) {
    let lifted = (1.0 - 2.0 * input.top_blend).clamp(0.0, 1.0);
    let top = (2.0 * input.top_blend - 1.0).clamp(0.0, 1.0);
    let mut stage = Stage { batch, input };
    if input.show_grid && lifted > 0.0 {
        stage.grid(lifted);
    }
    if input.show_axes {
        for axis in 0..2 {
            if lifted > 0.0 {
                stage.axis(axis, lifted);
            }
            if top > 0.0 {
                stage.top_axis(axis, top);
            }
        }
    }
}

struct Stage<'a, 'b, 'c> {
    batch: &'a mut Batch<'b>,
    input: &'a OverlayInput<'c>,
}

impl Stage<'_, '_, '_> {
    /// Pixel position and depth; None behind the eye.
    fn project(&self, p: Vec3) -> Option<(Vec2, f32)> {
        let clip = self.input.clip_from_world * p.extend(1.0);
        if clip.w < MIN_W {
            return None;
        }
        let ndc = clip.truncate() / clip.w;
        let [w, h] = self.input.size_px.map(|v| v as f32);
        let px = Vec2::new((0.5 + 0.5 * ndc.x) * w, (0.5 - 0.5 * ndc.y) * h);
        px.is_finite().then_some((px, ndc.z))
    }

    /// A line in the world, cut where it would run behind the eye and far outside the picture.
    fn line(&mut self, a: Vec3, b: Vec3, width: f32, color: [f32; 4]) {
        let m = self.input.clip_from_world;
        let (ca, cb) = (m * a.extend(1.0), m * b.extend(1.0));
        let bounds = 1.0 + 2.0 * CLIP_MARGIN;
        let side = |c: glam::Vec4| [c.w - MIN_W, bounds * c.w - c.x, bounds * c.w + c.x, bounds * c.w - c.y, bounds * c.w + c.y];
        let Some([from, to]) = inside(side(ca), side(cb)) else { return };
        let ends = (self.project(a.lerp(b, from)), self.project(a.lerp(b, to)));
        if let (Some((a, za)), Some((b, zb))) = ends {
            self.batch.stroke(a.into(), b.into(), width, color, [za, zb]);
        }
    }

    /// Text centred on a point of the picture, its capitals' middle at that height.
    fn centred(&mut self, at: Vec2, depth: f32, px: f32, label: &Label, color: [f32; 4]) {
        self.label(at, depth, px, label, color, Anchor::Centre);
    }

    fn label(&mut self, at: Vec2, depth: f32, px: f32, label: &Label, color: [f32; 4], anchor: Anchor) {
        let px = px * self.input.scale;
        let [w, h] = self.input.size_px.map(|v| v as f32);
        let room = 10.0 * px;
        if at.x < -room || at.y < -room || at.x > w + room || at.y > h + room {
            return;
        }
        let pen = Pen { face: label.face, px, anchor, color, depth };
        self.batch.text(&pen, [at.x, at.y + 0.5 * CAP_HEIGHT * px], label.text);
    }

    fn grid(&mut self, alpha: f32) {
        let [hx, hy] = self.input.half_size.map(|h| h + AXIS_OUT);
        let z = self.input.z_bounds[0] - GRID_BELOW;
        let color = faded(self.input.axis, GRID_ALPHA * alpha);
        let width = GRID_WIDTH * self.input.scale;
        for i in 0..GRID_LINES {
            let s = 2.0 * i as f32 / (GRID_LINES - 1) as f32 - 1.0;
            self.line(Vec3::new(-hx, s * hy, z), Vec3::new(hx, s * hy, z), width, color);
            self.line(Vec3::new(s * hx, -hy, z), Vec3::new(s * hx, hy, z), width, color);
        }
    }

    /// Ticks of an axis: world coordinate and text.
    fn ticks(&self, axis: usize) -> Vec<(f32, String)> {
        let (lo, hi) = (self.input.window[axis], self.input.window[axis + 2]);
        let half = f64::from(self.input.half_size[axis]);
        let world = |v: f64| ((v - lo) / (hi - lo) * 2.0 - 1.0) * half;
        numbers::ticks(lo, hi).into_iter().map(|(v, text)| (world(v) as f32, text)).collect()
    }

    /// Which side of the window faces the eye, across `axis`.
    fn facing(&self, axis: usize) -> f32 {
        let across = 1 - axis;
        let (eye, half) = (self.input.eye[across], self.input.half_size[across]);
        if eye.abs() > half && self.input.top_blend <= 0.0 {
            return eye.signum();
        }
        let (sin, cos) = self.input.azimuth_deg.to_radians().sin_cos();
        if across == 0 { cos.signum() } else { sin.signum() }
    }

    fn axis(&mut self, axis: usize, alpha: f32) {
        let side = self.facing(axis);
        let near = self.input.half_size[1 - axis] + AXIS_OUT;
        let at = |along: f32, out: f32| on_plane(axis, along, side * (near + out));
        let half = self.input.half_size[axis];
        let width = AXIS_WIDTH * self.input.scale;
        let color = faded(self.input.axis, AXIS_ALPHA * alpha);
        self.line(at(-half, 0.0), at(half, 0.0), width, color);
        let dim = faded(self.input.dim, alpha);
        for (v, text) in self.ticks(axis) {
            self.line(at(v, 0.0), at(v, TICK_LENGTH), width, color);
            if let Some((p, z)) = self.project(at(v, LABEL_OUT)) {
                self.centred(p, z, LABEL_PX, &Label::number(&text), dim);
            }
        }
        if let Some((p, z)) = self.project(at(0.0, NAME_OUT)) {
            let color = faded(self.input.text, alpha);
            self.centred(p, z, NAME_PX, &Label::name(axis), color);
        }
    }

    fn top_axis(&mut self, axis: usize, alpha: f32) {
        let border = -self.input.half_size[1 - axis];
        let ticks = self.ticks(axis);
        for (v, text) in &ticks {
            self.top_tick(axis, *v, border, alpha);
            let color = faded(self.input.dim, alpha);
            self.top_label(axis, on_plane(axis, *v, border), &Label::number(text), color);
        }
        if let Some(v) = name_place(&ticks) {
            let color = faded(self.input.text, alpha);
            self.top_label(axis, on_plane(axis, v, border), &Label::name(axis), color);
        }
    }

    fn top_tick(&mut self, axis: usize, along: f32, border: f32, alpha: f32) {
        let Some((p, z)) = self.project(on_plane(axis, along, border)) else { return };
        let scale = self.input.scale;
        let [a, b] = TOP_TICK.map(|out| p + outward(axis) * out * scale);
        let color = faded(self.input.axis, AXIS_ALPHA * alpha);
        self.batch.stroke(a.into(), b.into(), AXIS_WIDTH * scale, color, [z; 2]);
    }

    /// Numbers of the lower side are centred, those of the left side end before it.
    fn top_label(&mut self, axis: usize, at: Vec3, label: &Label, color: [f32; 4]) {
        let Some((p, z)) = self.project(at) else { return };
        let (out, anchor) = if axis == 0 { (TOP_LABEL_OUT[1], Anchor::Centre) } else { (TOP_LABEL_OUT[0], Anchor::Right) };
        self.label(p + outward(axis) * out * self.input.scale, z, TOP_LABEL_PX, label, color, anchor);
    }
}

/// A text and its typeface.
struct Label<'a> {
    text: &'a str,
    face: Typeface,
}

impl<'a> Label<'a> {
    fn number(text: &'a str) -> Self {
        Self { text, face: Typeface::Regular }
    }

    fn name(axis: usize) -> Self {
        Self { text: NAMES[axis], face: Typeface::Italic }
    }
}

/// A point at world z = 0 from its coordinates along and across an axis.
fn on_plane(axis: usize, along: f32, across: f32) -> Vec3 {
    if axis == 0 { Vec3::new(along, across, 0.0) } else { Vec3::new(across, along, 0.0) }
}

/// Away from the window on the picture, seen from above.
fn outward(axis: usize) -> Vec2 {
    if axis == 0 { Vec2::Y } else { Vec2::NEG_X }
}

/// Between two ticks, past the middle, where no number stands.
fn name_place(ticks: &[(f32, String)]) -> Option<f32> {
    let i = ticks.len() / 2;
    match (ticks.get(i), ticks.get(i + 1)) {
        (Some(a), Some(b)) => Some(0.5 * (a.0 + b.0)),
        _ => None,
    }
}

/// The part of a line inside all sides, from signed distances at its ends.
fn inside<const N: usize>(a: [f32; N], b: [f32; N]) -> Option<[f32; 2]> {
    let (mut from, mut to) = (0f32, 1f32);
    for (da, db) in a.into_iter().zip(b) {
        if da < 0.0 && db < 0.0 {
            return None;
        }
        let cut = da / (da - db);
        if da < 0.0 {
            from = from.max(cut);
        } else if db < 0.0 {
            to = to.min(cut);
        }
    }
    (from < to).then_some([from, to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_to_what_is_inside() {
        assert_eq!(inside([1.0, 1.0], [1.0, 1.0]), Some([0.0, 1.0]));
        assert_eq!(inside([-1.0, 1.0], [1.0, -1.0 / 3.0]), Some([0.5, 0.75]));
        assert_eq!(inside([-1.0], [-2.0]), None);
    }

    #[test]
    fn a_name_stands_between_numbers() {
        let ticks: Vec<_> = [-1.0, -0.5, 0.0, 0.5, 1.0].map(|v| (v, String::new())).into();
        assert_eq!(name_place(&ticks), Some(0.25));
        assert_eq!(name_place(&ticks[..1]), None);
    }
}
