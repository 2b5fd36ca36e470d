//! What lies over the surface for a while: the error, the progress of a longer job, a note, a recording.
//!
//! In: the state and where the surface is. Out: commands of their buttons.

use super::theme::{Palette, palette};
use crate::app::{AppState, Command};
use egui::{Align2, Area, Frame, Id, Label, Order, ProgressBar, Rect, RichText, Stroke, vec2};
use std::time::{Duration, Instant};

/// Width of the cards in points.
const CARD_WIDTH: f32 = 560.0;
/// Width of the recording's bar.
const RECORDING_WIDTH: f32 = 140.0;
/// Room for the words beside it, so that the card keeps its width.
const TIME_LEFT_WIDTH: f32 = 116.0;

/// Shows what there is.
pub fn show(ui: &mut egui::Ui, state: &AppState, rect: Rect, now: Instant, commands: &mut Vec<Command>) {
    let p = palette(state.style.theme);
    let width = (rect.width() - 48.0).clamp(120.0, CARD_WIDTH);
    recording(ui, state, rect, &p, now, commands);
    if let Some(error) = &state.error {
        card(ui, "error", rect, &p, p.error_ground, |ui| banner(ui, error, &p, width, commands));
    } else if let Some((share, time)) = state.progress(now) {
        card(ui, "progress", rect, &p, p.card, |ui| progress(ui, share, time, width.min(380.0), commands));
    } else if let Some(note) = &state.note {
        card(ui, "note", rect, &p, p.card, |ui| drop(ui.label(&note.text)));
    }
}

/// A rounded card at the top of the surface.
fn card(ui: &egui::Ui, id: &str, rect: Rect, p: &Palette, fill: egui::Color32, content: impl FnOnce(&mut egui::Ui)) {
    let top = rect.center_top() + vec2(0.0, 18.0);
    Area::new(Id::unique(id)).order(Order::Foreground).pivot(Align2::CENTER_TOP).fixed_pos(top).show(ui.ctx(), |ui| {
        let frame = Frame::new().fill(fill).stroke(Stroke::new(1.0, p.line)).corner_radius(8).inner_margin(12);
        frame.show(ui, content);
    });
}

/// The recording that is under way, at the right: it may last while other cards come and go.
fn recording(ui: &egui::Ui, state: &AppState, rect: Rect, p: &Palette, now: Instant, commands: &mut Vec<Command>) {
    let Some((share, left)) = state.recording(now) else { return };
    let place = rect.right_top() + vec2(-18.0, 18.0);
    Area::new(Id::unique("recording")).order(Order::Foreground).pivot(Align2::RIGHT_TOP).fixed_pos(place).show(ui.ctx(), |ui| {
        let frame = Frame::new().fill(p.card).stroke(Stroke::new(1.0, p.line)).corner_radius(8).inner_margin(12);
        frame.show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new("Recording").color(p.text));
                ui.add(ProgressBar::new(share).desired_width(RECORDING_WIDTH));
                let left = left.map_or_else(String::new, |left| format!("  \u{b7}  {:.0} s left", left.as_secs_f32().ceil()));
                let text = Label::new(RichText::new(format!("{:.0} %{left}", 100.0 * share)).color(p.dim));
                ui.add_sized([TIME_LEFT_WIDTH, ui.available_height()], text);
                if ui.button("Stop").on_hover_text("F9").clicked() {
                    commands.push(Command::Record);
                }
            });
        });
    });
}

fn banner(ui: &mut egui::Ui, error: &str, p: &Palette, width: f32, commands: &mut Vec<Command>) {
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(width - 90.0);
            ui.add(egui::Label::new(RichText::new(error).color(p.error)).wrap());
        });
        if ui.button("Close").on_hover_text("Esc").clicked() {
            commands.push(Command::Escape);
        }
    });
}

fn progress(ui: &mut egui::Ui, share: f32, time: Duration, width: f32, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let text = format!("{:.0} %  \u{b7}  {:.1} s", 100.0 * share, time.as_secs_f32());
        ui.add(ProgressBar::new(share).desired_width(width - 90.0).text(text));
        if ui.button("Cancel").clicked() {
            commands.push(Command::CancelJob);
        }
    });
}
