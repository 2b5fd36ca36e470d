//! Panels and keys: the state goes in, commands come out.
//!
//! In: [`AppState`], the texture that shows the surface. Out: [`Asked`]: commands, and the size that the picture should have.
//! Changes nothing itself.

mod keys;
mod overlay;
mod panel;
mod scene;
mod sheet;
mod theme;

use crate::app::{AppState, Command};
use std::time::Instant;

/// What the person asked for in this frame.
#[derive(Debug, Default)]
pub struct Asked {
    pub commands: Vec<Command>,
    /// The picture's size in device pixels.
    pub scene_px: [u32; 2],
}

/// Once for a new context.
pub fn prepare(context: &egui::Context) {
    context.options_mut(|options| options.zoom_with_keyboard = false);
    theme::prepare(context);
}

/// All panels. `texture` is the surface's picture, once there is one.
pub fn show(ui: &mut egui::Ui, state: &AppState, texture: Option<egui::TextureId>, test_hooks: bool, now: Instant) -> Asked {
    theme::apply(ui, state.style.theme);
    let mut asked = Asked::default();
    keys::commands(ui.ctx(), state, test_hooks, &mut asked.commands);
    panel::show(ui, state, &mut asked.commands);
    let rect = scene::show(ui, state, texture, &mut asked);
    overlay::show(ui, state, rect, now, &mut asked.commands);
    sheet::show(ui.ctx(), state, &mut asked.commands);
    asked
}
