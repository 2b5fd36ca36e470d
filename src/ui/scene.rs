//! The rest of the window, where the host puts the surface's picture, and the mouse on it.
//!
//! In: the state. Out: camera commands and where the picture belongs.

use super::Asked;
use crate::app::Command;
use egui::{PointerButton, Rect, Sense, pos2};

/// Zoom for one point of wheel movement: a notch of 50 points is a fifth.
const ZOOM_PER_POINT: f32 = 0.0036;

/// Listens to the mouse in the rest of the window. Where that is.
pub fn show(ui: &mut egui::Ui, asked: &mut Asked) -> Rect {
    let scale = ui.ctx().pixels_per_point();
    let rect = whole_pixels(ui.available_rect_before_wrap(), scale);
    asked.scene_px = [rect.min.x, rect.min.y, rect.max.x, rect.max.y].map(|side| (side * scale).round().max(0.0) as u32);
    let response = ui.allocate_rect(rect, Sense::click_and_drag());
    mouse(ui, &response, rect, scale, &mut asked.commands);
    rect
}

/// The picture's pixels must be the screen's.
fn whole_pixels(rect: Rect, scale: f32) -> Rect {
    let round = |v: f32| (v * scale).round() / scale;
    Rect::from_min_max(pos2(round(rect.min.x), round(rect.min.y)), pos2(round(rect.max.x), round(rect.max.y)))
}

fn mouse(ui: &egui::Ui, response: &egui::Response, rect: Rect, scale: f32, commands: &mut Vec<Command>) {
    let points = response.drag_delta();
    let d = [points.x, points.y];
    let shift = ui.input(|i| i.modifiers.shift);
    let pans = response.dragged_by(PointerButton::Secondary) || response.dragged_by(PointerButton::Middle);
    if d != [0.0, 0.0] {
        if pans || (shift && response.dragged_by(PointerButton::Primary)) {
            commands.push(Command::Pan(d.map(|side| side * scale)));
        } else if response.dragged_by(PointerButton::Primary) {
            commands.push(Command::Orbit(d));
        }
    }
    let Some(pointer) = response.hover_pos() else { return };
    let at = [(pointer.x - rect.min.x) * scale, (pointer.y - rect.min.y) * scale];
    if response.double_clicked() {
        commands.push(Command::Centre(at));
    }
    let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
    let factor = (scroll * ZOOM_PER_POINT).exp() * pinch;
    if (factor - 1.0).abs() > f32::EPSILON {
        commands.push(Command::Zoom { factor, at });
    }
}
