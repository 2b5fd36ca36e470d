//! A curve in a strip: numbers over something that runs from left to right.
//!
//! In: points, the range of both axes, where it is now. Out: paints; hears nothing. The part up to now is in the accent's
//! colour.

use super::theme::Palette;
use egui::{Color32, Rect, Sense, Ui, UiBuilder};
use egui_plot::{Line, Plot, PlotBounds, PlotPoints};

/// Width of the line in points.
const WIDTH: f32 = 1.4;
/// Opacity of the area under it.
const AREA: f32 = 0.16;
/// Room over the greatest number.
const HEADROOM: f64 = 1.08;

/// What is drawn.
pub struct Curve<'c> {
    /// Tells this curve from others.
    pub id: &'c str,
    /// Ascending in x.
    pub points: &'c [[f64; 2]],
    /// Least and greatest x and y.
    pub x: [f64; 2],
    pub y: [f64; 2],
    /// Up to where it is bright.
    pub now: f64,
}

/// The greatest number of a curve of counts, 1 where there is none, and a range of y that shows all of it.
pub fn counted(points: &[[f64; 2]]) -> (f64, [f64; 2]) {
    let most = points.iter().map(|point| point[1]).fold(1.0, f64::max);
    (most, [0.0, HEADROOM * most])
}

/// Paints it into a rectangle.
pub fn show(ui: &mut Ui, rect: Rect, curve: &Curve, p: &Palette) {
    if curve.points.len() < 2 {
        return;
    }
    let (done, rest) = split(curve.points, curve.now);
    let bounds = PlotBounds::from_min_max([curve.x[0], curve.y[0]], [curve.x[1], curve.y[1]]);
    let floor = curve.y[0] as f32;
    let line = |name: &str, points: Vec<[f64; 2]>, colour: Color32| {
        Line::new(name, PlotPoints::from(points)).color(colour).width(WIDTH).fill(floor).fill_alpha(AREA).allow_hover(false)
    };
    let (done, rest) = (line("done", done, p.accent), line("rest", rest, p.dim));
    let plot = Plot::new(curve.id)
        .show_axes(false)
        .show_grid(false)
        .show_background(false)
        .show_x(false)
        .show_y(false)
        .sense(Sense::hover())
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .width(rect.width())
        .height(rect.height());
    // a child, which leaves the place of what comes next as it is
    plot.show(&mut ui.new_child(UiBuilder::new().max_rect(rect)), |plot| {
        plot.set_plot_bounds(bounds);
        plot.line(rest);
        plot.line(done);
    });
}

/// The parts before and after `now`, which meet there.
fn split(points: &[[f64; 2]], now: f64) -> (Vec<[f64; 2]>, Vec<[f64; 2]>) {
    let i = points.partition_point(|point| point[0] <= now);
    let (mut done, mut rest) = (points[..i].to_vec(), points[i..].to_vec());
    if let (Some(&[x0, y0]), Some(&[x1, y1])) = (done.last(), rest.first()) {
        let joint = [now, y0 + (y1 - y0) * (now - x0) / (x1 - x0)];
        done.push(joint);
        rest.insert(0, joint);
    }
    (done, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_meet_at_now() {
        let points = [[0.0, 2.0], [1.0, 4.0], [2.0, 0.0]];
        assert_eq!(split(&points, 0.5), (vec![[0.0, 2.0], [0.5, 3.0]], vec![[0.5, 3.0], [1.0, 4.0], [2.0, 0.0]]));
        assert_eq!(split(&points, 2.0), (points.to_vec(), vec![]));
        assert_eq!(split(&points, -1.0), (vec![], points.to_vec()));
    }
}
