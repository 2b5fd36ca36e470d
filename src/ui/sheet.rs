//! The key sheet: every key with what it does and its present value.
//!
//! In: the state. Out: the command that closes it.

use super::theme::palette;
use crate::app::{AppState, Command};
use crate::mesh::Regions;
use egui::{Align2, RichText};

/// Shows the sheet while it is wanted.
pub fn show(context: &egui::Context, state: &AppState, commands: &mut Vec<Command>) {
    if !state.key_sheet {
        return;
    }
    let mut open = true;
    let window = egui::Window::new("Keys and mouse").open(&mut open).anchor(Align2::CENTER_CENTER, [0.0, 0.0]);
    window.resizable(false).collapsible(false).show(context, |ui| {
        egui::ScrollArea::vertical().max_height(context.content_rect().height() - 120.0).show(ui, |ui| {
            egui::Grid::new("keys").num_columns(3).spacing([22.0, 5.0]).show(ui, |ui| rows(ui, state));
        });
    });
    if !open {
        commands.push(Command::ToggleKeySheet);
    }
}

fn rows(ui: &mut egui::Ui, state: &AppState) {
    let p = palette(state.style.theme);
    for (keys, act, value) in sheet(state) {
        ui.label(RichText::new(keys).monospace().color(p.accent));
        ui.label(act);
        ui.label(RichText::new(value).color(p.dim));
        ui.end_row();
    }
}

fn on_off(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

/// Keys, act, present value.
fn sheet(state: &AppState) -> Vec<(&'static str, &'static str, String)> {
    let none = String::new;
    let style = &state.style;
    let n_hidden = state.model.network.n_hidden();
    let layers = state.asked.layers.map_or_else(|| "whole network".to_owned(), |k| format!("{k} of {n_hidden}"));
    let projection = if state.camera.orthographic { "orthographic" } else { "perspective" };
    // where the window system does not deliver it
    let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some();
    let drop = if wayland { "not on Wayland: Ctrl+O" } else { "" };
    let pinch = if cfg!(target_os = "macos") { "wheel, pinch" } else { "wheel" };
    vec![
        ("left drag", "orbit", none()),
        ("right drag, Shift+left", "pan", none()),
        (pinch, "zoom towards the cursor", none()),
        ("double click", "centre there", none()),
        ("1  3  7  9", "front, right, top, isometric", none()),
        ("T", "3-D or top-down", state.view.name().to_owned()),
        ("5", "perspective or orthographic", projection.to_owned()),
        ("R, Home", "reset the view", none()),
        ("[  ]", "fewer, more layers", layers),
        ("E", "edges", on_off(style.edges)),
        ("F", "faces", on_off(style.faces)),
        ("X", "axes", on_off(style.axes)),
        ("G", "grid", on_off(style.grid)),
        ("B", "legend", on_off(style.legend)),
        ("C", "next colouring", super::panel::coloring_name(style.coloring).to_owned()),
        ("L", "activation or linear regions", if state.asked.regions == Regions::Linear { "linear" } else { "activation" }.to_owned()),
        ("F12, Ctrl+F12", "picture to PNG, transparent", none()),
        ("Ctrl+C, Ctrl+V", "copy, paste the camera", none()),
        ("Ctrl+O, drop a file", "open", drop.to_owned()),
        ("F5", "reload", none()),
        ("PageUp, PageDown", "previous, next model in the folder", none()),
        ("F11, Ctrl+Q", "full screen, quit", none()),
        ("H, ?, Esc", "this sheet", none()),
    ]
}
