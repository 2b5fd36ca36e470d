//! The surface in the middle of the window, and the mouse on it.
//!
//! In: the texture that shows it. Out: camera commands and the size that the picture should have.

use super::Asked;
use crate::app::{AppState, Command};
use egui::{Color32, PointerButton, Rect, Sense, pos2};

/// Zoom for one point of wheel movement: a notch of 50 points is a fifth.
const ZOOM_PER_POINT: f32 = 0.0036;

/// Shows the picture in the rest of the window. Where it is.
pub fn show(ui: &mut egui::Ui, state: &AppState, texture: Option<egui::TextureId>, asked: &mut Asked) -> Rect {
    let scale = ui.ctx().pixels_per_point();
    let rect = whole_pixels(ui.available_rect_before_wrap(), scale);
    asked.scene_px = [rect.width(), rect.height()].map(|side| (side * scale).round().max(1.0) as u32);
    let response = ui.allocate_rect(rect, Sense::click_and_drag());
    ui.painter().rect_filled(rect, 0.0, super::theme::palette(state.style.theme).panel);
    if let Some(texture) = texture {
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture, rect, uv, Color32::WHITE);
    }
    mouse(ui, &response, rect, scale, &mut asked.commands);
    rect
}

/// The picture's pixels must be the screen's.
fn whole_pixels(rect: Rect, scale: f32) -> Rect {
    let round = |v: f32| (v * scale).round() / scale;
    Rect::from_min_max(pos2(round(rect.min.x), round(rect.min.y)), pos2(round(rect.max.x), round(rect.max.y)))
}

fn mouse(ui: &egui::Ui, response: &egui::Response, rect: Rect, scale: f32, commands: &mut Vec<Command>) {
    let delta = response.drag_delta() * scale;
    let d = [delta.x, delta.y];
    let shift = ui.input(|i| i.modifiers.shift);
    let pans = response.dragged_by(PointerButton::Secondary) || response.dragged_by(PointerButton::Middle);
    if d != [0.0, 0.0] {
        if pans || (shift && response.dragged_by(PointerButton::Primary)) {
            commands.push(Command::Pan(d));
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
