//! The window with what draws on it, for the life of one graphics device: egui's panels round the surface's picture.
//!
//! In: window events, the program's state. Out: frames on the screen, and what the panels and keys asked the host to do.
//! Computes nothing and keeps no state of the program's.

use super::HostError;
use super::painter::{Painter, Shown};
use super::scene::Scene;
use crate::app::{AppState, Effect};
use crate::render::{AdapterChoice, Image, RenderError};
use crate::ui;
use std::sync::Arc;
use std::time::{Duration, Instant};
use winit::event::WindowEvent;
use winit::event_loop::OwnedDisplayHandle;
use winit::window::{Fullscreen, Window};

/// A window that can be drawn on.
pub(super) struct Canvas {
    window: Arc<Window>,
    painter: Painter,
    scene: Scene,
    egui: egui_winit::State,
    title: String,
}

/// What came of a frame.
pub(super) struct Drawn {
    pub effects: Vec<Effect>,
    /// When the panels want the next frame; the longest time is never.
    pub delay: Duration,
    pub shown: Shown,
}

impl Canvas {
    /// Finds an adapter for the window and prepares everything on it. `lost` is called when its device is gone.
    ///
    /// # Errors
    /// [`HostError::Surface`], [`HostError::NoAdapter`].
    pub(super) fn new(
        window: Arc<Window>,
        display: OwnedDisplayHandle,
        adapter: &AdapterChoice,
        lost: impl Fn(String) + Send + 'static,
    ) -> Result<Self, HostError> {
        let painter = Painter::new(&window, display, adapter, lost)?;
        log::debug!("drawing on {}", painter.gpu.describe());
        let scene = Scene::new(&painter.gpu, painter.format()).map_err(HostError::NoAdapter)?;
        let egui = new_egui(&window, painter.max_side());
        Ok(Self { window, painter, scene, egui, title: String::new() })
    }

    /// Gives up everything but the window.
    pub(super) fn into_window(self) -> Arc<Window> {
        self.window
    }

    pub(super) fn request_redraw(&self) {
        self.window.request_redraw();
    }

    pub(super) fn set_title(&mut self, title: &str) {
        if self.title != title {
            self.window.set_title(title);
            title.clone_into(&mut self.title);
        }
    }

    pub(super) fn toggle_full_screen(&self) {
        self.window.set_fullscreen(self.window.fullscreen().is_none().then_some(Fullscreen::Borderless(None)));
    }

    pub(super) fn copy_text(&mut self, text: String) {
        self.egui.set_clipboard_text(text);
    }

    pub(super) fn destroy_device(&self) {
        self.painter.gpu.device.destroy();
    }

    /// Hands an event to the panels. Whether it asks for a frame.
    pub(super) fn hear(&mut self, event: &WindowEvent) -> bool {
        self.egui.on_window_event(&self.window, event).repaint && !matches!(event, WindowEvent::RedrawRequested)
    }

    /// Runs the panels, applies what they and the keys ask, draws.
    pub(super) fn frame(&mut self, state: &mut AppState, test_hooks: bool, now: Instant) -> Drawn {
        let size = self.window.inner_size();
        if size.width == 0 || size.height == 0 {
            return Drawn { effects: Vec::new(), delay: Duration::MAX, shown: Shown::Hidden };
        }
        self.painter.resize(size.width, size.height);
        let input = self.egui.take_egui_input(&self.window);
        let context = self.egui.egui_ctx().clone();
        let mut asked = ui::Asked::default();
        let output = context.run_ui(input, |ui| asked = ui::show(ui, state, test_hooks, now));
        let [left, top, right, bottom] = within(asked.scene_px, self.painter.size());
        state.set_size([(right - left).max(1), (bottom - top).max(1)], output.pixels_per_point);
        let effects = asked.commands.into_iter().filter_map(|command| state.apply(command, now)).collect();
        let panels = output.viewport_output.get(&egui::ViewportId::ROOT).map_or(Duration::MAX, |v| v.repaint_delay);
        let updated = self.scene.update(&self.painter.gpu, state, output.pixels_per_point, now);
        self.scene.place(&self.painter.gpu, [left, top]);
        let shown = self.paint(output, [left, top, right - left, bottom - top], ui::ground(state.style.theme));
        match updated {
            Ok(true) => self.scene.took(now.elapsed()),
            Ok(false) => {}
            Err(error) => {
                state.error = Some(error.to_string());
                self.request_redraw();
            }
        }
        Drawn { effects, delay: panels.min(self.scene.until_sharp(now)), shown }
    }

    fn paint(&mut self, output: egui::FullOutput, scene_rect: [u32; 4], ground: egui::Color32) -> Shown {
        let context = self.egui.egui_ctx().clone();
        self.egui.handle_platform_output(&self.window, output.platform_output);
        let jobs = context.tessellate(output.shapes, output.pixels_per_point);
        let Painter { gpu, egui, .. } = &mut self.painter;
        let mut textures = output.textures_delta;
        for (id, deltas) in std::mem::take(&mut textures.set) {
            for delta in &deltas {
                egui.update_texture(&gpu.device, &gpu.queue, id, delta);
            }
        }
        self.window.pre_present_notify();
        let [r, g, b] = [ground.r(), ground.g(), ground.b()].map(|byte| f64::from(byte) / 255.0);
        let ground = wgpu::Color { r, g, b, a: 1.0 };
        let shown = self.painter.paint(&jobs, output.pixels_per_point, ground, |pass| self.scene.show(pass, scene_rect));
        for id in std::mem::take(&mut textures.free) {
            self.painter.egui.free_texture(&id);
        }
        shown
    }

    /// A still of what is shown.
    pub(super) fn still(&mut self, state: &AppState, transparent: bool) -> Option<Result<Image, RenderError>> {
        self.scene.still(state, self.egui.egui_ctx().pixels_per_point(), transparent)
    }
}

/// The part of a rectangle inside a picture: left, top, right, bottom in pixels.
fn within([left, top, right, bottom]: [u32; 4], [width, height]: [u32; 2]) -> [u32; 4] {
    let [left, top] = [left.min(width), top.min(height)];
    [left, top, right.clamp(left, width), bottom.clamp(top, height)]
}

fn new_egui(window: &Window, max_side: u32) -> egui_winit::State {
    let context = egui::Context::default();
    ui::prepare(&context);
    let scale = Some(window.scale_factor() as f32);
    egui_winit::State::new(context, egui::ViewportId::ROOT, window, scale, None, Some(max_side as usize))
}
