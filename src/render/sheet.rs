//! A flat picture: graphs of functions of one number side by side, and words, on the same stage as the surface.
//!
//! In: points in the graphs' own units, texts. Out: [`Sheet`], which the renderer lays out for the size of its picture. Knows
//! nothing of what the graphs are of.

use super::overlay::LEGEND_HEIGHT;
use super::text::{Anchor, Fonts, Typeface};

/// What is drawn instead of a surface, with sizes in pixels of the look.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Side by side, from the left.
    pub graphs: Vec<Graph>,
    /// Under everything.
    pub caption: Option<Caption>,
    /// Over the caption: the colours of so many layers' lines. 0: nothing.
    pub n_layers: usize,
    /// Words at places of their own.
    pub labels: Vec<Label>,
}

impl Sheet {
    /// Height of the lower part of a picture that the caption and the layers' colours take, in device pixels; `scale` as in
    /// [`Frame`](super::Frame::pixel_scale).
    #[must_use]
    pub fn foot_px(&self, width_px: f32, scale: f32) -> f32 {
        let caption = self.caption.as_ref().map_or(0.0, |c| c.height_px(width_px, scale));
        let layers = if self.n_layers > 0 { LEGEND_HEIGHT * scale } else { 0.0 };
        caption + layers
    }
}

/// A graph in axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// Over the axes.
    pub title: String,
    /// The parts of both axes that are shown, rising; points lie inside.
    pub x: [f64; 2],
    pub y: [f64; 2],
    /// What the axes are called.
    pub names: [String; 2],
    /// Later ones lie over earlier ones.
    pub curves: Vec<Curve>,
    pub dots: Vec<Dot>,
    pub notes: Vec<Note>,
}

/// The colours of curves, dots and notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// What the graph is about.
    Strong,
    /// What it is compared with.
    Second,
    /// What is only hinted at.
    Pale,
}

/// A polyline with round joints.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    pub points: Vec<[f64; 2]>,
    pub ink: Ink,
    pub width: f32,
}

/// A point that belongs to the curve, or (`open`) does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    pub at: [f64; 2],
    pub ink: Ink,
    pub open: bool,
}

/// A word beside a point: at its right if it begins there (`Left`), at its left if it ends there.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub at: [f64; 2],
    pub text: String,
    pub anchor: Anchor,
    pub ink: Ink,
}

/// A title and sentences under a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    pub title: String,
    pub text: String,
}

/// A word whose baseline's middle is at a place of the picture, in shares of its width and height from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    pub at: [f32; 2],
    pub text: String,
}

/// Sizes of a caption's title and text, pixels per em of the look.
pub(super) const TITLE_PX: f32 = 26.0;
pub(super) const TEXT_PX: f32 = 22.0;
/// From line to line.
pub(super) const LEADING: f32 = 1.4;
/// Free beside a caption and under it, and over it.
pub(super) const MARGIN: f32 = 40.0;
pub(super) const GAP: f32 = 26.0;
/// Characters of a line at most, in ems of the text: longer ones are hard to read.
const MEASURE: f32 = 60.0;

impl Caption {
    /// The lines of the text in a picture of this width, with `scale` device pixels for one of the look's.
    pub(super) fn lines(&self, fonts: &Fonts, width_px: f32, scale: f32) -> Vec<String> {
        let px = TEXT_PX * scale;
        fonts.wrap(Typeface::Regular, px, &self.text, (width_px - 2.0 * MARGIN * scale).min(MEASURE * px))
    }

    /// Height of a picture's lower part that the caption takes, in device pixels; `scale` as in
    /// [`Frame`](super::Frame::pixel_scale).
    #[must_use]
    pub fn height_px(&self, width_px: f32, scale: f32) -> f32 {
        let n_lines = self.lines(&Fonts::new(), width_px, scale).len() as f32;
        (GAP + TITLE_PX * LEADING + n_lines * TEXT_PX * LEADING + MARGIN) * scale
    }
}
