//! Panels and keys: the state goes in, commands come out.
//!
//! In: [`AppState`]. Out: [`Asked`]: commands, and where the surface's picture belongs. Changes nothing itself, and paints
//! neither the ground nor the picture: the host does.

mod curve;
mod keys;
mod overlay;
mod panel;
mod scene;
mod sheet;
mod theme;
mod timeline;
mod tour;
mod train;
mod widgets;

use crate::app::{AppState, Command};
use crate::render::Theme;
use std::time::Instant;

/// What the person asked for in this frame.
#[derive(Debug, Default)]
pub struct Asked {
    pub commands: Vec<Command>,
    /// Where the picture belongs: left, top, right, bottom in device pixels.
    pub scene_px: [u32; 4],
}

/// Once for a new context.
pub fn prepare(context: &egui::Context) {
    context.options_mut(|options| options.zoom_with_keyboard = false);
    theme::prepare(context);
}

/// The colour behind the panels.
#[must_use]
pub fn ground(theme: Theme) -> egui::Color32 {
    theme::palette(theme).panel
}

/// All panels.
pub fn show(ui: &mut egui::Ui, state: &AppState, test_hooks: bool, now: Instant) -> Asked {
    theme::apply(ui, state.style.theme);
    let mut asked = Asked::default();
    keys::commands(ui.ctx(), state, test_hooks, &mut asked.commands);
    panel::show(ui, state, &mut asked.commands);
    timeline::show(ui, state, now, &mut asked.commands);
    tour::show(ui, state, &mut asked.commands);
    let rect = scene::show(ui, &mut asked);
    overlay::show(ui, state, rect, now, &mut asked.commands);
    sheet::show(ui.ctx(), state, &mut asked.commands);
    asked
}
