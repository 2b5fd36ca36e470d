//! Axes, ticks, their numbers, and the grid, projected from the world.
//!
//! In: [`OverlayInput`]. Out: quads with the depth of what they show. In 3-D two axes run along the sides facing the eye at the
//! foot of the border; from above the window's border itself carries the ticks, left and below.

use glam::{Vec2, Vec3};

use super::batch::{Batch, Pen, faded};
use super::{MIN_W, OverlayInput};
use crate::mesh::number;
use crate::render::camera::{Fit, Margins};
use crate::render::text::{Anchor, CAP_HEIGHT, Fonts, Typeface};

/// From the window to the axis, in world units, as all that follow.
const AXIS_OUT: f32 = 0.05;
const TICK_LENGTH: f32 = 0.03;
/// From the axis to the middle of a number and of the name.
const LABEL_OUT: f32 = 0.085;
const NAME_OUT: f32 = 0.18;
const LABEL_PX: f32 = 16.0;
const NAME_PX: f32 = 20.0;
/// Least distances in pixels of a number from its tick, and of the name from the middle of a number: in a small picture those
/// above are too short.
const LABEL_GAP: f32 = 2.0;
const NAME_GAP: f32 = 16.0;
const AXIS_WIDTH: f32 = 1.0;
const GRID_LINES: u32 = 10;
const GRID_WIDTH: f32 = 0.7;
/// Opacity of the grid, of the axes'.
const GRID_ALPHA: f32 = 0.5;
/// Grid under the lowest vertex.
const GRID_BELOW: f32 = 0.02;
/// Least distance of two numbers that have the name between them, in world units.
const NAME_ROOM: f32 = 0.2;
/// From above: ticks, numbers and names, in pixels outside the border.
const TOP_TICK: [f32; 2] = [3.0, 10.0];
const TOP_LABEL_PX: f32 = 17.0;
const TOP_LABEL_OUT: [f32; 2] = [16.0, 23.0];
/// Sine of the elevation below which labels begin to move under the axis, and how far in pixels.
const LOW_SIN: f32 = 0.3;
const LOW_LABEL_PX: f32 = 24.0;
/// Cosine of the angle between an axis and the view from which on it is left out: seen as a ninth of its length.
const END_ON_COS: f32 = 0.994;
/// Numbers on the longer side, about.
const TICKS: f32 = 5.0;
/// Lines are cut this many picture sizes outside.
const CLIP_MARGIN: f32 = 0.1;
/// Between a label and the picture's edge or the legend, in pixels.
const LABEL_CLEAR: f32 = 8.0;
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
    /// A line in the world, cut where it would run behind the eye and far outside the picture.
    fn line(&mut self, a: Vec3, b: Vec3, width: f32, color: [f32; 4]) {
        let m = self.input.clip_from_world;
        let (ca, cb) = (m * a.extend(1.0), m * b.extend(1.0));
        let bounds = 1.0 + 2.0 * CLIP_MARGIN;
        let side = |c: glam::Vec4| [c.w - MIN_W, bounds * c.w - c.x, bounds * c.w + c.x, bounds * c.w - c.y, bounds * c.w + c.y];
        let Some([from, to]) = inside(side(ca), side(cb)) else { return };
        let ends = (self.input.project(a.lerp(b, from)), self.input.project(a.lerp(b, to)));
        if let (Some((a, za)), Some((b, zb))) = ends {
            self.batch.stroke(a.into(), b.into(), width, color, [za, zb]);
        }
    }

    fn label(&mut self, label: &Label, alpha: f32) {
        let Some((at, depth)) = self.input.project(label.at) else { return };
        let (scale, [w, h]) = (self.input.scale, self.input.size_px.map(|v| v as f32));
        let px = label.px * scale;
        let half_size = 0.5 * px * Vec2::new(self.batch.fonts.width(label.face, 1.0, &label.text), CAP_HEIGHT);
        let at = match label.beyond.and_then(|(other, gap)| Some((self.input.project(other)?.0, gap))) {
            Some((other, gap)) => away(at, other, half_size, gap * scale),
            None => at,
        } + label.offset_px * scale;
        let room = 10.0 * px;
        if at.x < -room || at.y < -room || at.x > w + room || at.y > h + room {
            return;
        }
        let color = faded(if label.face == Typeface::Italic { self.input.text } else { self.input.dim }, alpha);
        let pen = Pen { face: label.face, px, anchor: label.anchor, color, depth };
        self.batch.text(&pen, [at.x, at.y + 0.5 * CAP_HEIGHT * px], &label.text);
    }

    fn grid(&mut self, alpha: f32) {
        let [hx, hy] = self.input.half_size.map(|h| h + AXIS_OUT);
        let z = self.input.bottom - GRID_BELOW;
        let color = faded(self.input.axis, GRID_ALPHA * alpha);
        let width = GRID_WIDTH * self.input.scale;
        for i in 0..GRID_LINES {
            let s = 2.0 * i as f32 / (GRID_LINES - 1) as f32 - 1.0;
            self.line(Vec3::new(-hx, s * hy, z), Vec3::new(hx, s * hy, z), width, color);
            self.line(Vec3::new(s * hx, -hy, z), Vec3::new(s * hx, hy, z), width, color);
        }
    }

    /// Which side of the window faces the eye, across `axis`.
    fn facing(&self, axis: usize) -> f32 {
        let across = 1 - axis;
        let (eye, half) = (self.input.eye[across], self.input.half_size[across]);
        if eye.abs() > half && self.input.top_blend <= 0.0 {
            return eye.signum();
        }
        facing(axis, self.input.azimuth_deg)
    }

    fn axis(&mut self, axis: usize, alpha: f32) {
        let ruler = Ruler::new(axis, self.input.window, self.input.half_size, self.input.floor);
        let side = self.facing(axis);
        if is_end_on(axis, self.input.azimuth_deg, self.input.elevation_deg) {
            return;
        }
        let half = self.input.half_size[axis];
        let width = AXIS_WIDTH * self.input.scale;
        let color = faded(self.input.axis, alpha);
        self.line(ruler.beside(side, -half, 0.0), ruler.beside(side, half, 0.0), width, color);
        for &(v, _) in &ruler.ticks {
            self.line(ruler.beside(side, v, 0.0), ruler.beside(side, v, TICK_LENGTH), width, color);
        }
        ruler.labels(side, self.input.elevation_deg).iter().for_each(|label| self.label(label, alpha));
    }

    fn top_axis(&mut self, axis: usize, alpha: f32) {
        let ruler = Ruler::new(axis, self.input.window, self.input.half_size, self.input.floor);
        for &(v, _) in &ruler.ticks {
            self.top_tick(axis, ruler.on_border(v), alpha);
        }
        ruler.top_labels().iter().for_each(|label| self.label(label, alpha));
    }

    fn top_tick(&mut self, axis: usize, at: Vec3, alpha: f32) {
        let Some((p, z)) = self.input.project(at) else { return };
        let scale = self.input.scale;
        let [a, b] = TOP_TICK.map(|out| p + outward(axis) * out * scale);
        let color = faded(self.input.axis, alpha);
        self.batch.stroke(a.into(), b.into(), AXIS_WIDTH * scale, color, [z; 2]);
    }
}

/// A number or a name beside the surface: the middle of its capitals' height is `offset_px` (at scale 1) from the picture of `at`.
struct Label {
    at: Vec3,
    /// A point that it keeps so many pixels (at scale 1) away from.
    beyond: Option<(Vec3, f32)>,
    offset_px: Vec2,
    anchor: Anchor,
    /// Pixels per em at scale 1.
    px: f32,
    face: Typeface,
    text: String,
}

/// One axis: where its numbers are.
struct Ruler {
    axis: usize,
    half_size: [f32; 2],
    /// World z.
    floor: f32,
    /// World coordinate and text.
    ticks: Vec<(f32, String)>,
}

impl Ruler {
    fn new(axis: usize, window: [f64; 4], half_size: [f32; 2], floor: f32) -> Self {
        let (lo, hi) = (window[axis], window[axis + 2]);
        let half = f64::from(half_size[axis]);
        let world = |v: f64| ((v - lo) / (hi - lo) * 2.0 - 1.0) * half;
        let wanted = (TICKS * half_size[axis]).round().max(2.0) as usize;
        let ticks = number::ticks(lo, hi, wanted).into_iter().map(|(v, text)| (world(v) as f32, text)).collect();
        Self { axis, half_size, floor, ticks }
    }

    /// A point beside the window on the side of this sign, `out` further than the axis.
    fn beside(&self, side: f32, along: f32, out: f32) -> Vec3 {
        on_plane(self.axis, along, side * (self.half_size[1 - self.axis] + AXIS_OUT + out)).with_z(self.floor)
    }

    /// A point of the border that carries the numbers from above.
    fn on_border(&self, along: f32) -> Vec3 {
        on_plane(self.axis, along, -self.half_size[1 - self.axis])
    }

    /// In 3-D. Seen from the side they stand under the axis: what is outside lies on it then.
    fn labels(&self, side: f32, elevation_deg: f32) -> Vec<Label> {
        let low = 1.0 - (elevation_deg.to_radians().sin().abs() / LOW_SIN).min(1.0);
        let offset_px = Vec2::Y * (LOW_LABEL_PX * low);
        let label =
            |at, beyond, px, face, text: &str| Label { at, beyond, offset_px, anchor: Anchor::Centre, px, face, text: text.to_owned() };
        let numbers = self.ticks.iter().map(|(v, text)| {
            let [tick, number] = [TICK_LENGTH, LABEL_OUT].map(|out| self.beside(side, *v, out));
            label(number, Some((tick, LABEL_GAP)), LABEL_PX, Typeface::Regular, text)
        });
        let [number, name] = [LABEL_OUT, NAME_OUT].map(|out| self.beside(side, 0.0, out));
        numbers.chain([label(name, Some((number, NAME_GAP)), NAME_PX, Typeface::Italic, NAMES[self.axis])]).collect()
    }

    /// From above: those of the lower side are centred, those of the left side end before it.
    fn top_labels(&self) -> Vec<Label> {
        let (out, anchor) = if self.axis == 0 { (TOP_LABEL_OUT[1], Anchor::Centre) } else { (TOP_LABEL_OUT[0], Anchor::Right) };
        let label = |along, face, text: &str| Label {
            at: self.on_border(along),
            beyond: None,
            offset_px: outward(self.axis) * out,
            anchor,
            px: if face == Typeface::Italic { NAME_PX } else { TOP_LABEL_PX },
            face,
            text: text.to_owned(),
        };
        let numbers = self.ticks.iter().map(|(v, text)| label(*v, Typeface::Regular, text));
        numbers.chain(name_place(&self.ticks).map(|v| label(v, Typeface::Italic, NAMES[self.axis]))).collect()
    }
}

/// The middle of a rectangle at `p`, or further from `other` in the same direction, so that a gap is left to that.
fn away(p: Vec2, other: Vec2, half_size: Vec2, gap: f32) -> Vec2 {
    let direction = (p - other).normalize_or(Vec2::Y);
    // to where the rectangle is left in this direction
    let inside = (half_size / direction.abs()).min_element();
    let least = inside + gap;
    if p.distance(other) < least { other + direction * least } else { p }
}

/// Whether an axis points at the eye, so that its numbers would cover each other.
fn is_end_on(axis: usize, azimuth_deg: f32, elevation_deg: f32) -> bool {
    let ((sin_a, cos_a), cos_e) = (azimuth_deg.to_radians().sin_cos(), elevation_deg.to_radians().cos());
    let towards = cos_e * if axis == 0 { cos_a } else { sin_a };
    towards.abs() > END_ON_COS
}

/// Which side of the window faces an eye in this direction, across `axis`.
fn facing(axis: usize, azimuth_deg: f32) -> f32 {
    let (sin, cos) = azimuth_deg.to_radians().sin_cos();
    if axis == 1 { cos.signum() } else { sin.signum() }
}

/// What the labels' margins depend on.
pub(super) struct Room<'a> {
    pub fonts: &'a Fonts,
    /// In input units, and half of its sides in world units.
    pub window: [f64; 4],
    pub half_size: [f32; 2],
    /// World z of the axes.
    pub floor: f32,
    pub scale: f32,
    /// Of the picture.
    pub height_px: f32,
    /// Taken at the lower edge, at scale 1.
    pub below_px: f32,
}

/// What framing must leave free for the numbers and names.
pub(super) fn fits(room: &Room, [azimuth_deg, elevation_deg]: [f32; 2], from_above: bool) -> Vec<Fit> {
    let Room { fonts, window, half_size, floor, scale, height_px, below_px } = *room;
    let per_height = scale / height_px.max(1.0);
    let fit = |label: Label| {
        let width = fonts.width(label.face, label.px, &label.text);
        let ([left, right], half) = ([width * label.anchor.share(), width * (1.0 - label.anchor.share())], 0.5 * CAP_HEIGHT * label.px);
        let Vec2 { x, y } = label.offset_px;
        let margin = |px: f32| (px + LABEL_CLEAR) * per_height;
        let margins =
            Margins { left: margin(left - x), right: margin(right + x), top: margin(half - y), bottom: margin(half + y + below_px) };
        Fit { points: vec![label.at], margins }
    };
    let labels = |axis: usize| {
        let ruler = Ruler::new(axis, window, half_size, floor);
        if from_above {
            ruler.top_labels()
        } else if is_end_on(axis, azimuth_deg, elevation_deg) {
            Vec::new()
        } else {
            ruler.labels(facing(axis, azimuth_deg), elevation_deg)
        }
    };
    (0..2).flat_map(labels).map(fit).collect()
}

/// A point at world z = 0 from its coordinates along and across an axis.
fn on_plane(axis: usize, along: f32, across: f32) -> Vec3 {
    if axis == 0 { Vec3::new(along, across, 0.0) } else { Vec3::new(across, along, 0.0) }
}

/// Away from the window on the picture, seen from above.
fn outward(axis: usize) -> Vec2 {
    if axis == 0 { Vec2::Y } else { Vec2::NEG_X }
}

/// Between two ticks, past the middle, where no number stands; nowhere if they leave no room for it.
fn name_place(ticks: &[(f32, String)]) -> Option<f32> {
    let i = (ticks.len() / 2).min(ticks.len().saturating_sub(2));
    match (ticks.get(i), ticks.get(i + 1)) {
        (Some(a), Some(b)) if b.0 - a.0 > NAME_ROOM => Some(0.5 * (a.0 + b.0)),
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
    fn what_is_too_near_moves_away_and_the_rest_stays() {
        let (p, other) = (Vec2::new(13.0, 14.0), Vec2::new(10.0, 10.0));
        let moved = |half_size: [f32; 2], gap| away(p, other, half_size.into(), gap);
        assert_eq!(moved([3.0, 2.0], 2.5), p);
        assert_eq!([moved([3.0, 2.0], 7.5), moved([3.0, 9.0], 5.0)], [Vec2::new(16.0, 18.0); 2]);
        assert_eq!(away(p, p, Vec2::new(5.0, 2.0), 1.0), Vec2::new(13.0, 17.0));
    }

    #[test]
    fn a_name_stands_between_numbers() {
        let ticks: Vec<_> = [-1.0, -0.5, 0.0, 0.5, 1.0].map(|v| (v, String::new())).into();
        assert_eq!(name_place(&ticks), Some(0.25));
        assert_eq!(name_place(&ticks[..1]), None);
    }
}
