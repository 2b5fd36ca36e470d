//! The legend bottom left and the captions bottom right.
//!
//! In: [`OverlayInput`]. Out: quads. Sizes are in pixels of a picture 1,000 high, times the scale.

use super::OverlayInput;
use super::batch::{Batch, Pen};
use crate::mesh::number::ramp_ends;
use crate::render::text::{Anchor, Typeface};

const MARGIN: f32 = 40.0;
const HEADING_PX: f32 = 20.0;
const NUMBER_PX: f32 = 17.0;
/// Heights above the lower edge.
const HEADING_BASELINE: f32 = 58.0;
const NUMBER_BASELINE: f32 = 18.0;
const BAR_TOP: f32 = 48.0;
const BAR_SIZE: [f32; 2] = [220.0, 10.0];
/// Of everything, over the lower edge.
pub(in crate::render) const HEIGHT: f32 = HEADING_BASELINE + HEADING_PX;
/// From the bar to the layers.
const GROUP_GAP: f32 = 56.0;
const LAYER_PITCH: f32 = 44.0;
/// Length of a layer's stroke over the pitch.
const STROKE_SHARE: f32 = 34.0 / 44.0;
/// Narrowest pitch at which every layer has its number.
const NUMBER_PITCH: f32 = 24.0;
/// Narrowest pitch at all.
const MIN_PITCH: f32 = 4.0;
/// Part of the width that the legend may take.
const LEGEND_SHARE: f32 = 0.72;
/// Room kept between legend and captions.
const CAPTION_GAP: f32 = 24.0;

/// Draws both where they are asked for; captions that would run into the legend are left out.
pub(super) fn draw(batch: &mut Batch, input: &OverlayInput) {
    if !input.show_legend {
        return;
    }
    let mut end = MARGIN * input.scale;
    let bar = !input.lift.is_empty() && !input.face_ramp.is_empty();
    if bar {
        end = ramp(batch, input, end);
    }
    if !input.lines.is_empty() {
        let gap = if bar { GROUP_GAP * input.scale } else { 0.0 };
        end = layers(batch, input, [end + gap, input.size_px[1] as f32]);
    }
    let clear = end + CAPTION_GAP * input.scale;
    caption(batch, input, input.title, Typeface::SemiBold, clear);
    caption(batch, input, input.subtitle, Typeface::Regular, clear);
}

fn heading(input: &OverlayInput) -> Pen {
    Pen { face: Typeface::Regular, px: HEADING_PX * input.scale, anchor: Anchor::Left, color: input.text, depth: 0.0 }
}

fn number(input: &OverlayInput, anchor: Anchor) -> Pen {
    Pen { face: Typeface::Regular, px: NUMBER_PX * input.scale, anchor, color: input.dim, depth: 0.0 }
}

/// Pixels from the top at `height` over the lower edge.
fn above(input: &OverlayInput, height: f32) -> f32 {
    input.size_px[1] as f32 - height * input.scale
}

/// Heading, bar and its ends; the x where the bar ends.
fn ramp(batch: &mut Batch, input: &OverlayInput, left: f32) -> f32 {
    let right = left + BAR_SIZE[0] * input.scale;
    batch.text(&heading(input), [left, above(input, HEADING_BASELINE)], input.lift);
    bar(batch, input, left.round(), right.round());
    let [lo, hi] = ramp_ends(input.lo, input.hi);
    let y = above(input, NUMBER_BASELINE);
    batch.text(&number(input, Anchor::Left), [left, y], &lo);
    batch.text(&number(input, Anchor::Right), [right, y], &hi);
    right
}

/// One rectangle per column of pixels.
fn bar(batch: &mut Batch, input: &OverlayInput, left: f32, right: f32) {
    let top = above(input, BAR_TOP).round();
    let bottom = top + (BAR_SIZE[1] * input.scale).round().max(1.0);
    let columns = (right - left).max(1.0) as usize;
    for i in 0..columns {
        let share = (i as f32 + 0.5) / columns as f32;
        let x = left + i as f32;
        batch.rect([x, top], [x + 1.0, bottom], sample(input.face_ramp, share));
    }
}

/// A ramp's colour at `share` of its length.
fn sample(ramp: &[[f32; 4]], share: f32) -> [f32; 4] {
    let at = share * (ramp.len() - 1) as f32;
    let i = (at as usize).min(ramp.len() - 1);
    let (a, b) = (ramp[i], ramp[(i + 1).min(ramp.len() - 1)]);
    let f = at - i as f32;
    std::array::from_fn(|k| a[k] + (b[k] - a[k]) * f)
}

/// The layers alone, over the y of a lower edge; the y where they begin.
pub(super) fn key(batch: &mut Batch, input: &OverlayInput, bottom: f32) -> f32 {
    layers(batch, input, [MARGIN * input.scale, bottom]);
    bottom - HEIGHT * input.scale
}

/// A stroke and a number per layer, closer together where they are many; the x where they end.
fn layers(batch: &mut Batch, input: &OverlayInput, [left, bottom]: [f32; 2]) -> f32 {
    let above = |height: f32| bottom - height * input.scale;
    let room = input.size_px[0] as f32 * LEGEND_SHARE - left;
    let min = MIN_PITCH * input.scale;
    let pitch = (room / input.lines.len() as f32).clamp(min, LAYER_PITCH * input.scale);
    batch.text(&heading(input), [left, above(HEADING_BASELINE)], "layer");
    let stroke = pitch * STROKE_SHARE;
    let y = above(BAR_TOP - 0.5 * BAR_SIZE[1]).floor() + 0.5;
    for (i, &(width, color)) in input.lines.iter().enumerate() {
        let x = left + pitch * i as f32;
        batch.stroke([x, y], [x + stroke, y], width, color, [0.0; 2]);
        if has_number(i, input.lines.len(), pitch / input.scale) {
            let at = [x + 0.5 * stroke, above(NUMBER_BASELINE)];
            batch.text(&number(input, Anchor::Centre), at, &(i + 1).to_string());
        }
    }
    left + pitch * (input.lines.len() - 1) as f32 + stroke
}

/// All layers where there is room, else the first, the last and every few between.
fn has_number(i: usize, n: usize, pitch: f32) -> bool {
    let every = (NUMBER_PITCH / pitch).ceil().max(1.0) as usize;
    i == n - 1 || (i.is_multiple_of(every) && i + every < n) || i == 0
}

fn caption(batch: &mut Batch, input: &OverlayInput, text: &str, face: Typeface, clear: f32) {
    let title = face == Typeface::SemiBold;
    let (px, height, color) = if title { (HEADING_PX, HEADING_BASELINE, input.text) } else { (NUMBER_PX, NUMBER_BASELINE, input.dim) };
    let pen = Pen { face, px: px * input.scale, anchor: Anchor::Right, color, depth: 0.0 };
    let right = input.size_px[0] as f32 - MARGIN * input.scale;
    if right - batch.fonts.width(face, pen.px, text) >= clear {
        batch.text(&pen, [right, above(input, height)], text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_are_read_between_their_entries() {
        let ramp = [[0.0, 0.0, 0.0, 1.0], [1.0, 0.5, 0.0, 1.0]];
        assert_eq!(sample(&ramp, 0.5), [0.5, 0.25, 0.0, 1.0]);
        assert_eq!(sample(&ramp[..1], 0.7), ramp[0]);
        assert_eq!(sample(&ramp, 1.0), ramp[1]);
    }

    #[test]
    fn few_layers_are_all_numbered_many_are_not() {
        assert!((0..4).all(|i| has_number(i, 4, LAYER_PITCH)));
        let many = (0..40).filter(|&i| has_number(i, 40, 8.0)).count();
        assert!((10..=15).contains(&many), "{many}");
        assert!(has_number(39, 40, 8.0) && has_number(0, 40, 8.0));
    }
}
