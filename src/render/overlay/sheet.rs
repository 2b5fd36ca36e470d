//! Graphs in axes, labels, the caption and the layers' colours of a [`Sheet`].
//!
//! In: [`OverlayInput`]. Out: quads. Sizes are in pixels of the look, times the scale.

use super::OverlayInput;
use super::batch::{Batch, Pen, faded};
use super::legend;
use crate::mesh::number;
use crate::render::sheet::{Caption, Curve, Dot, GAP, Graph, Ink, LEADING, Label, MARGIN, Note, Sheet, TEXT_PX, TITLE_PX};
use crate::render::text::{Anchor, CAP_HEIGHT, Typeface};

/// From a graph's part of the picture to the ends of its axes.
const LEFT: f32 = 104.0;
const RIGHT: f32 = 48.0;
const TOP: f32 = 120.0;
const BOTTOM: f32 = 92.0;
/// Middles of heading and name over the upper end of the axis.
const HEADING_OUT: f32 = 74.0;
const NAME_OUT: f32 = 32.0;
/// The heading begins left of the axis.
const HEADING_LEFT: f32 = 64.0;
const HEADING_PX: f32 = 26.0;
const NUMBER_PX: f32 = 20.0;
const NAME_PX: f32 = 24.0;
const NOTE_PX: f32 = 22.0;
const TICK: f32 = 8.0;
/// From the axis to a number, and under the axis to the middle of numbers and name.
const NUMBER_OUT: f32 = 14.0;
const NUMBER_DOWN: f32 = 26.0;
const NAME_DOWN: f32 = 62.0;
/// From a point to the word about it.
const NOTE_OUT: f32 = 16.0;
/// Distance of ticks, about.
const TICK_PITCH: [f32; 2] = [170.0, 120.0];
const AXIS_WIDTH: f32 = 1.6;
const ZERO_WIDTH: f32 = 1.0;
/// Opacity of the lines where a coordinate is 0, of an axis'.
const ZERO_ALPHA: f32 = 0.45;
const DOT_RADIUS: f32 = 8.5;
const RING: f32 = 3.2;

/// Draws everything.
pub(super) fn draw(batch: &mut Batch, input: &OverlayInput, sheet: &Sheet) {
    let [width, height] = input.size_px.map(|n| n as f32);
    let mut bottom = sheet.caption.as_ref().map_or(height, |c| caption(batch, input, c));
    if sheet.n_layers > 0 {
        bottom = legend::key(batch, input, bottom);
    }
    let column = width / sheet.graphs.len().max(1) as f32;
    for (i, graph) in sheet.graphs.iter().enumerate() {
        let left = column * i as f32;
        let inner = |out: f32| out * input.scale;
        let corners = [left + inner(LEFT), inner(TOP), left + column - inner(RIGHT), bottom - inner(BOTTOM)];
        Plot { batch, input, graph, corners }.draw();
    }
    sheet.labels.iter().for_each(|l| label(batch, input, l));
}

/// Title and text at the lower edge; the y where they begin.
fn caption(batch: &mut Batch, input: &OverlayInput, caption: &Caption) -> f32 {
    let ([width, height], scale) = (input.size_px.map(|n| n as f32), input.scale);
    let top = height - caption.height_px(width, scale);
    let mut y = top + (GAP + TITLE_PX) * scale;
    let pen = |face, px: f32, color| Pen { face, px: px * scale, anchor: Anchor::Left, color, depth: 0.0 };
    batch.text(&pen(Typeface::SemiBold, TITLE_PX, input.text), [MARGIN * scale, y], &caption.title);
    y += (TITLE_PX - TEXT_PX) * LEADING * scale;
    for line in caption.lines(batch.fonts, width, scale) {
        y += TEXT_PX * LEADING * scale;
        batch.text(&pen(Typeface::Regular, TEXT_PX, input.dim), [MARGIN * scale, y], &line);
    }
    top
}

fn label(batch: &mut Batch, input: &OverlayInput, label: &Label) {
    let pen = Pen { face: Typeface::Regular, px: NOTE_PX * input.scale, anchor: Anchor::Centre, color: input.text, depth: 0.0 };
    let at = [0, 1].map(|k| label.at[k] * input.size_px[k] as f32);
    batch.text(&pen, at, &label.text);
}

/// One graph on its part of the picture.
struct Plot<'a, 'b, 'c> {
    batch: &'a mut Batch<'b>,
    input: &'a OverlayInput<'c>,
    graph: &'a Graph,
    /// Of the axes: left, top, right, bottom in pixels.
    corners: [f32; 4],
}

impl Plot<'_, '_, '_> {
    fn draw(&mut self) {
        let graph = self.graph;
        self.zeros();
        self.axes();
        self.titles();
        graph.curves.iter().for_each(|curve| self.curve(curve));
        graph.dots.iter().for_each(|dot| self.dot(dot));
        graph.notes.iter().for_each(|note| self.note(note));
    }

    fn at(&self, [x, y]: [f64; 2]) -> [f32; 2] {
        let [left, top, right, bottom] = self.corners;
        let share = |v: f64, [lo, hi]: [f64; 2]| ((v - lo) / (hi - lo)) as f32;
        [left + share(x, self.graph.x) * (right - left), bottom - share(y, self.graph.y) * (bottom - top)]
    }

    fn px(&self, look: f32) -> f32 {
        look * self.input.scale
    }

    fn ink(&self, ink: Ink) -> [f32; 4] {
        match ink {
            Ink::Strong => self.input.inks[0],
            Ink::Second => self.input.inks[1],
            Ink::Pale => self.input.dim,
        }
    }

    fn line(&mut self, a: [f32; 2], b: [f32; 2], width: f32, color: [f32; 4]) {
        self.batch.stroke(a, b, self.px(width), color, [0.0; 2]);
    }

    fn text(&mut self, face: Typeface, px: f32, anchor: Anchor, color: [f32; 4], [x, middle]: [f32; 2], text: &str) {
        let pen = Pen { face, px: self.px(px), anchor, color, depth: 0.0 };
        self.batch.text(&pen, [x, middle + 0.5 * CAP_HEIGHT * pen.px], text);
    }

    /// Where x or y is 0, inside the axes.
    fn zeros(&mut self) {
        let (Graph { x, y, .. }, [left, top, right, bottom]) = (self.graph, self.corners);
        let color = faded(self.input.axis, ZERO_ALPHA);
        let [x0, y0] = self.at([0.0, 0.0]);
        if x[0] < 0.0 && 0.0 < x[1] {
            self.line([x0, top], [x0, bottom], ZERO_WIDTH, color);
        }
        if y[0] < 0.0 && 0.0 < y[1] {
            self.line([left, y0], [right, y0], ZERO_WIDTH, color);
        }
    }

    /// At the left and below, with numbers outside.
    fn axes(&mut self) {
        let ([left, top, right, bottom], color, dim) = (self.corners, self.input.axis, self.input.dim);
        let half = 0.5 * self.px(AXIS_WIDTH);
        self.line([left - half, bottom], [right, bottom], AXIS_WIDTH, color);
        self.line([left, top], [left, bottom], AXIS_WIDTH, color);
        let wanted = |length: f32, pitch: f32| (length / self.px(pitch)).round().max(2.0) as usize + 1;
        let [n_x, n_y] = [wanted(right - left, TICK_PITCH[0]), wanted(bottom - top, TICK_PITCH[1])];
        let (tick, out, down) = (self.px(TICK), self.px(NUMBER_OUT), self.px(NUMBER_DOWN));
        for (v, text) in number::ticks(self.graph.x[0], self.graph.x[1], n_x) {
            let x = self.at([v, 0.0])[0];
            self.line([x, bottom], [x, bottom + tick], AXIS_WIDTH, color);
            self.text(Typeface::Regular, NUMBER_PX, Anchor::Centre, dim, [x, bottom + down], &text);
        }
        for (v, text) in number::ticks(self.graph.y[0], self.graph.y[1], n_y) {
            let y = self.at([0.0, v])[1];
            self.line([left - tick, y], [left, y], AXIS_WIDTH, color);
            self.text(Typeface::Regular, NUMBER_PX, Anchor::Right, dim, [left - out, y], &text);
        }
    }

    fn titles(&mut self) {
        let ([left, top, right, bottom], text) = (self.corners, self.input.text);
        let [name_x, name_y] = &self.graph.names;
        let (heading, name, down) = (top - self.px(HEADING_OUT), top - self.px(NAME_OUT), bottom + self.px(NAME_DOWN));
        self.text(
            Typeface::SemiBold,
            HEADING_PX,
            Anchor::Left,
            text,
            [self.corners[0] - self.px(HEADING_LEFT), heading],
            &self.graph.title,
        );
        self.text(Typeface::Italic, NAME_PX, Anchor::Centre, text, [left, name], name_y);
        self.text(Typeface::Italic, NAME_PX, Anchor::Centre, text, [0.5 * (left + right), down], name_x);
    }

    fn curve(&mut self, curve: &Curve) {
        let (points, color): (Vec<_>, _) = (curve.points.iter().map(|&p| self.at(p)).collect(), self.ink(curve.ink));
        points.windows(2).for_each(|ends| self.line(ends[0], ends[1], curve.width, color));
        let radius = 0.5 * self.px(curve.width);
        let joints = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
        for &p in joints {
            self.batch.disc(p, radius, 0.0, color, 0.0);
        }
    }

    fn dot(&mut self, dot: &Dot) {
        let (at, color, radius) = (self.at(dot.at), self.ink(dot.ink), self.px(DOT_RADIUS));
        if dot.open {
            self.batch.disc(at, radius, 0.0, self.input.ground, 0.0);
            self.batch.disc(at, radius, radius - self.px(RING), color, 0.0);
        } else {
            self.batch.disc(at, radius, 0.0, color, 0.0);
        }
    }

    fn note(&mut self, note: &Note) {
        let [x, y] = self.at(note.at);
        let out = self.px(NOTE_OUT) * (1.0 - 2.0 * note.anchor.share());
        self.text(Typeface::Regular, NOTE_PX, note.anchor, self.ink(note.ink), [x + out, y], &note.text);
    }
}
