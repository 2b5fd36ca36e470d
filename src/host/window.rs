//! The window: events in, frames out.
//!
//! In: [`ViewerOptions`]. Out: a window until it is closed. Draws only when something changed, computes nothing itself, and
//! survives resizing, minimising, a lost surface and a lost device. Refuses where there is no display or no adapter.

use super::painter::{Painter, Shown};
use super::scene::Scene;
use crate::app::{AppState, Asked, Effect, Start};
use crate::complex::{Limits, Window as InputWindow};
use crate::mesh::Regions;
use crate::model::{ActivationChoice, Model};
use crate::network::Lift;
use crate::render::camera::{Camera, Preset};
use crate::render::{AdapterChoice, RenderError, Style};
use crate::ui;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;
use winit::application::ApplicationHandler;
use winit::event::{StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use winit::window::{Fullscreen, Window, WindowId};

/// How often a progress bar moves.
const PROGRESS_STEP: Duration = Duration::from_millis(100);
/// A device lost more often than this in a row does not come back.
const MOST_LOSSES: u32 = 5;

/// How the viewer starts.
#[derive(Debug, Clone)]
pub struct ViewerOptions {
    /// `None`: the file at `path`, or else the built-in network.
    pub model: Option<Model>,
    pub path: Option<PathBuf>,
    pub view: Preset,
    pub style: Style,
    /// `None`: framed.
    pub camera: Option<Camera>,
    pub adapter: AdapterChoice,
    pub layers: Option<usize>,
    pub lift: Option<Lift>,
    pub window: Option<InputWindow>,
    pub plane: bool,
    /// What one face is.
    pub regions: Regions,
    pub activation: Option<ActivationChoice>,
    /// 0: as many as the machine has.
    pub threads: usize,
    pub limits: Limits,
    /// Width and height of the window in points.
    pub size: [u32; 2],
    /// For tests: Ctrl+Shift+D loses the device, and the window opens from any thread.
    pub test_hooks: bool,
}

impl Default for ViewerOptions {
    fn default() -> Self {
        Self {
            model: None,
            path: None,
            view: Preset::Default,
            style: Style::default(),
            camera: None,
            adapter: AdapterChoice::default(),
            layers: None,
            lift: None,
            window: None,
            plane: false,
            regions: Regions::default(),
            activation: None,
            threads: 0,
            limits: Limits::default(),
            size: [1280, 800],
            test_hooks: false,
        }
    }
}

/// Why there is no window.
#[derive(Debug, Error)]
pub enum HostError {
    /// No X server, no Wayland compositor.
    #[error("there is no display to open a window on ({0}); `foldscape render` draws without one")]
    NoDisplay(String),
    /// No adapter draws on it.
    #[error(transparent)]
    NoAdapter(RenderError),
    /// The system gave no surface.
    #[error("the window cannot be drawn on: {0}")]
    Surface(String),
    /// The event loop ended with an error.
    #[error("the window system failed: {0}")]
    Events(String),
}

/// What other threads say.
#[derive(Debug)]
enum Wake {
    /// A job is done.
    Job,
    /// The device with this number is gone.
    Lost(u64, String),
    /// The file dialog is closed.
    Chosen(Option<PathBuf>),
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// See [`HostError`].
pub fn run(options: ViewerOptions) -> Result<(), HostError> {
    let mut builder = EventLoop::<Wake>::with_user_event();
    #[cfg(target_os = "linux")]
    if options.test_hooks {
        // tests run in threads of their own
        winit::platform::x11::EventLoopBuilderExtX11::with_any_thread(&mut builder, true);
    }
    let events = builder.build().map_err(|e| HostError::NoDisplay(e.to_string()))?;
    let mut host = Host::new(options, events.create_proxy());
    events.run_app(&mut host).map_err(|e| HostError::Events(e.to_string()))?;
    host.failed.map_or(Ok(()), Err)
}

struct Host {
    adapter: AdapterChoice,
    size: [u32; 2],
    test_hooks: bool,
    proxy: EventLoopProxy<Wake>,
    state: AppState,
    view: Option<View>,
    /// Numbers the devices, so that a late message about an old one does no harm.
    device: u64,
    losses: u32,
    wake_at: Option<Instant>,
    dialog_open: bool,
    failed: Option<HostError>,
}

/// What lives as long as a device.
struct View {
    window: Arc<Window>,
    painter: Painter,
    scene: Scene,
    egui: egui_winit::State,
}

impl Host {
    fn new(options: ViewerOptions, proxy: EventLoopProxy<Wake>) -> Self {
        let ViewerOptions {
            model,
            path,
            view,
            style,
            camera,
            adapter,
            layers,
            lift,
            window,
            plane,
            regions,
            activation,
            threads,
            limits,
            size,
            test_hooks,
        } = options;
        let asked = Asked { layers, lift, window, plane, regions, threads, limits };
        let start = Start { model, path, activation, asked, style, view, camera };
        let waker = proxy.clone();
        // a closed event loop needs no waking
        let wake = move || drop(waker.send_event(Wake::Job));
        let state = AppState::new(start, wake);
        let (view, failed) = (None, None);
        Self { adapter, size, test_hooks, proxy, state, view, device: 0, losses: 0, wake_at: None, dialog_open: false, failed }
    }

    fn title(&self) -> String {
        format!("foldscape \u{2013} {}", self.state.model.name)
    }

    /// Makes the window, or everything on it anew.
    fn open(&mut self, events: &ActiveEventLoop) -> Result<(), HostError> {
        let window = match self.view.take() {
            Some(view) => view.window,
            None => Arc::new(self.create_window(events)?),
        };
        self.device += 1;
        let (proxy, number) = (self.proxy.clone(), self.device);
        let lost = move |message| drop(proxy.send_event(Wake::Lost(number, message)));
        let painter = Painter::new(&window, events.owned_display_handle(), &self.adapter, lost)?;
        let scene = Scene::new(&painter.gpu).map_err(HostError::NoAdapter)?;
        let egui = new_egui(&window, painter.max_side());
        window.request_redraw();
        self.view = Some(View { window, painter, scene, egui });
        Ok(())
    }

    fn create_window(&self, events: &ActiveEventLoop) -> Result<Window, HostError> {
        let size = winit::dpi::LogicalSize::new(self.size[0], self.size[1]);
        let attributes = Window::default_attributes().with_title(self.title()).with_inner_size(size);
        events.create_window(attributes).map_err(|e| HostError::NoDisplay(e.to_string()))
    }

    fn open_or_fail(&mut self, events: &ActiveEventLoop) {
        if let Err(error) = self.open(events) {
            self.failed = Some(error);
            events.exit();
        }
    }

    fn redraw(&self) {
        if let Some(view) = &self.view {
            view.window.request_redraw();
        }
    }

    /// One frame.
    fn frame(&mut self, events: &ActiveEventLoop) {
        let now = Instant::now();
        if self.state.poll(now) {
            let title = self.title();
            if let Some(view) = &self.view {
                view.window.set_title(&title);
            }
        }
        let easing = self.state.step_motion(now);
        let Some((effects, delay, shown)) = self.view.as_mut().map(|view| view.frame(&mut self.state, self.test_hooks, now)) else {
            return;
        };
        for effect in effects {
            self.act(effect, events, now);
        }
        match shown {
            Shown::Yes => self.losses = 0,
            Shown::Again => self.redraw(),
            Shown::Hidden => {}
            Shown::Lost => self.lost(events),
        }
        self.plan(now, easing, delay);
    }

    /// When the next frame is due.
    fn plan(&mut self, now: Instant, easing: bool, delay: Duration) {
        if easing || self.state.is_easing() || delay.is_zero() {
            self.redraw();
        }
        let progress = self.state.is_busy().then_some(now + PROGRESS_STEP);
        let note = self.state.note.as_ref().map(|note| note.until);
        let panel = now.checked_add(delay).filter(|_| !delay.is_zero() && delay < Duration::from_hours(1));
        self.wake_at = [progress, note, panel].into_iter().flatten().min();
    }

    fn act(&mut self, effect: Effect, events: &ActiveEventLoop, now: Instant) {
        let Some(view) = &mut self.view else { return };
        match effect {
            Effect::OpenDialog => self.open_dialog(),
            Effect::CopyText(text) => view.egui.set_clipboard_text(text),
            Effect::Screenshot { transparent } => view.screenshot(&mut self.state, transparent, now),
            Effect::FullScreen => {
                let full = view.window.fullscreen().is_none().then_some(Fullscreen::Borderless(None));
                view.window.set_fullscreen(full);
            }
            Effect::Quit => events.exit(),
            Effect::DestroyDevice => view.painter.gpu.device.destroy(),
        }
        self.redraw();
    }

    /// The system's dialog runs beside the window.
    fn open_dialog(&mut self) {
        if std::mem::replace(&mut self.dialog_open, true) {
            return;
        }
        let proxy = self.proxy.clone();
        let spawned = std::thread::Builder::new().name("dialog".to_owned()).spawn(move || {
            let chosen = rfd::FileDialog::new().add_filter("models", &crate::app::EXTENSIONS).pick_file();
            let _ = proxy.send_event(Wake::Chosen(chosen));
        });
        if let Err(error) = spawned {
            self.state.error = Some(format!("the file dialog cannot be opened: {error}; drop a file on the window instead"));
            self.dialog_open = false;
        }
    }

    /// Surface or device are gone: both are made anew.
    fn lost(&mut self, events: &ActiveEventLoop) {
        self.losses += 1;
        log::warn!("the graphics device was lost and is opened again");
        if self.losses > MOST_LOSSES {
            self.failed = Some(HostError::Surface("the graphics device is lost again and again".to_owned()));
            events.exit();
        } else {
            self.open_or_fail(events);
            self.state.say("The graphics device was lost and is open again", Instant::now());
        }
    }
}

impl ApplicationHandler<Wake> for Host {
    fn resumed(&mut self, events: &ActiveEventLoop) {
        if self.view.is_none() {
            self.open_or_fail(events);
        }
    }

    fn new_events(&mut self, _: &ActiveEventLoop, cause: StartCause) {
        if matches!(cause, StartCause::ResumeTimeReached { .. }) {
            self.wake_at = None;
            self.redraw();
        }
    }

    fn user_event(&mut self, events: &ActiveEventLoop, wake: Wake) {
        match wake {
            Wake::Job => self.redraw(),
            Wake::Lost(number, message) if number == self.device => {
                log::warn!("device lost: {message}");
                self.lost(events);
            }
            Wake::Lost(..) => {}
            Wake::Chosen(path) => {
                self.dialog_open = false;
                if let Some(path) = path {
                    self.state.apply(crate::app::Command::Open(path), Instant::now());
                    self.redraw();
                }
            }
        }
    }

    fn window_event(&mut self, events: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let Some(view) = &mut self.view else { return };
        let response = view.egui.on_window_event(&view.window, &event);
        if response.repaint && !matches!(event, WindowEvent::RedrawRequested) {
            view.window.request_redraw();
        }
        match event {
            WindowEvent::RedrawRequested => self.frame(events),
            WindowEvent::Resized(size) => {
                view.painter.resize(size.width, size.height);
                view.window.request_redraw();
            }
            WindowEvent::CloseRequested => events.exit(),
            _ => {}
        }
    }

    fn about_to_wait(&mut self, events: &ActiveEventLoop) {
        events.set_control_flow(self.wake_at.map_or(ControlFlow::Wait, ControlFlow::WaitUntil));
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        // the surface must go before the connection to the display does
        self.view = None;
    }
}

fn new_egui(window: &Window, max_side: u32) -> egui_winit::State {
    let context = egui::Context::default();
    ui::prepare(&context);
    let scale = Some(window.scale_factor() as f32);
    egui_winit::State::new(context, egui::ViewportId::ROOT, window, scale, None, Some(max_side as usize))
}

impl View {
    /// Runs the panels, applies what they and the keys ask, draws. What the host has to do, when egui wants the next frame,
    /// and whether this one is on the screen.
    fn frame(&mut self, state: &mut AppState, test_hooks: bool, now: Instant) -> (Vec<Effect>, Duration, Shown) {
        let size = self.window.inner_size();
        if size.width == 0 || size.height == 0 {
            return (Vec::new(), Duration::MAX, Shown::Hidden);
        }
        self.painter.resize(size.width, size.height);
        let input = self.egui.take_egui_input(&self.window);
        let context = self.egui.egui_ctx().clone();
        let texture = self.scene.texture();
        let mut asked = ui::Asked::default();
        let output = context.run_ui(input, |ui| asked = ui::show(ui, state, texture, test_hooks, now));
        let max = self.painter.max_side();
        state.set_size(asked.scene_px.map(|side| side.clamp(1, max)), output.pixels_per_point);
        let effects: Vec<Effect> = asked.commands.into_iter().filter_map(|command| state.apply(command, now)).collect();
        let delay = output.viewport_output.get(&egui::ViewportId::ROOT).map_or(Duration::MAX, |v| v.repaint_delay);
        let is_new = texture.is_none();
        if let Err(error) = self.scene.update(&self.painter.gpu, &mut self.painter.egui, state, output.pixels_per_point) {
            state.error = Some(error.to_string());
        }
        if is_new && self.scene.texture().is_some() {
            self.window.request_redraw();
        }
        let shown = self.paint(output);
        (effects, delay, shown)
    }

    fn paint(&mut self, output: egui::FullOutput) -> Shown {
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
        let shown = self.painter.paint(&jobs, output.pixels_per_point);
        for id in std::mem::take(&mut textures.free) {
            self.painter.egui.free_texture(&id);
        }
        shown
    }

    /// Writes what is shown into a new file in the current folder.
    fn screenshot(&mut self, state: &mut AppState, transparent: bool, now: Instant) {
        let scale = self.egui.egui_ctx().pixels_per_point();
        let Some(image) = self.scene.still(state, scale, transparent) else { return };
        match image.and_then(|image| image.to_png()).map_err(|e| e.to_string()).and_then(|png| write_new(&png)) {
            Ok(name) => state.say(&format!("Saved {name}"), now),
            Err(error) => state.error = Some(format!("the picture cannot be saved: {error}")),
        }
    }
}

/// Writes `foldscape-N.png` with the first N that is free.
fn write_new(png: &[u8]) -> Result<String, String> {
    use std::io::{ErrorKind, Write};
    for n in 1_u32.. {
        let name = format!("foldscape-{n}.png");
        match std::fs::OpenOptions::new().write(true).create_new(true).open(&name) {
            Ok(mut file) => return file.write_all(png).map(|()| name).map_err(|e| e.to_string()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("there are too many pictures in this folder".to_owned())
}
