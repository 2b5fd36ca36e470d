//! The window: events in, frames out.
//!
//! In: [`ViewerOptions`]. Out: a window until it is closed. Draws only when something changed, computes nothing itself, and
//! survives resizing, minimising, a lost surface and a lost device. Refuses where there is no display or no adapter.

mod blit;
mod canvas;
mod frame_log;
mod pace;
mod painter;
mod record;
mod scene;
mod snapshot;
mod watch;

use canvas::Canvas;
use frame_log::FrameLog;
use painter::Shown;
use watch::FileWatcher;

use crate::app::{AppState, Command, EXTENSIONS, Effect, Guide, Start, TARGET_EXTENSIONS};
use crate::render::{AdapterChoice, RenderError};
use crate::tour::Scene;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;
use winit::application::ApplicationHandler;
use winit::event::{StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

/// Panels that want a frame only after so long want none.
const NEVER: Duration = Duration::from_hours(1);
/// A hand makes the window no smaller than this, in points: the panel, and some of the picture.
const LEAST_SIZE: [u32; 2] = [480, 320];
/// How often a progress bar moves.
const PROGRESS_STEP: Duration = Duration::from_millis(100);
/// A dialog that closes sooner was never seen: it takes longer to appear and be cancelled.
const DIALOG_TIME: Duration = Duration::from_millis(500);
/// A device lost more often than this in a row does not come back.
const MOST_LOSSES: u32 = 5;

/// How the viewer starts.
#[derive(Debug, Clone)]
pub struct ViewerOptions {
    pub start: Start,
    /// The scene of the tour that it opens on.
    pub tour: Option<&'static Scene>,
    pub adapter: AdapterChoice,
    /// Width and height of the window in points.
    pub size: [u32; 2],
    /// For tests: Ctrl+Shift+D loses the device.
    pub test_hooks: bool,
}

impl Default for ViewerOptions {
    fn default() -> Self {
        Self { start: Start::default(), tour: None, adapter: AdapterChoice::default(), size: [1280, 800], test_hooks: false }
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
    /// The watched file changed.
    Changed,
    /// The device with this number is gone.
    Lost(u64, String),
    /// The file dialog is closed; it was open for so long.
    Chosen(Option<Vec<PathBuf>>, Duration),
    /// A file was saved under this name, or why it was not.
    Saved(Result<String, String>),
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// See [`HostError`].
pub fn run(options: ViewerOptions) -> Result<(), HostError> {
    let opened = Instant::now();
    let events = EventLoop::<Wake>::with_user_event().build().map_err(|e| HostError::NoDisplay(e.to_string()))?;
    let mut host = Host::new(options, events.create_proxy(), opened);
    events.run_app(&mut host).map_err(|e| HostError::Events(e.to_string()))?;
    host.failed.map_or(Ok(()), Err)
}

struct Host {
    adapter: AdapterChoice,
    size: [u32; 2],
    test_hooks: bool,
    proxy: EventLoopProxy<Wake>,
    state: AppState,
    canvas: Option<Canvas>,
    log: FrameLog,
    /// Numbers the devices, so that a late message about an old one does no harm.
    device: u64,
    losses: u32,
    wake_at: Option<Instant>,
    dialog_open: bool,
    watcher: Option<FileWatcher>,
    failed: Option<HostError>,
}

impl Host {
    fn new(options: ViewerOptions, proxy: EventLoopProxy<Wake>, opened: Instant) -> Self {
        let ViewerOptions { start, tour, adapter, size, test_hooks } = options;
        let waker = proxy.clone();
        // a closed event loop needs no waking
        let wake = move || drop(waker.send_event(Wake::Job));
        let mut state = AppState::new(start, wake);
        if let Some(scene) = tour {
            state.apply(Command::Tour(Guide::Go(scene.number)), opened);
        }
        Self {
            adapter,
            size,
            test_hooks,
            proxy,
            state,
            canvas: None,
            log: FrameLog::new(opened),
            device: 0,
            losses: 0,
            wake_at: None,
            dialog_open: false,
            watcher: None,
            failed: None,
        }
    }

    fn title(&self) -> String {
        format!("foldscape \u{2013} {}", self.state.title())
    }

    /// Makes the window, or everything on it anew.
    fn open(&mut self, events: &ActiveEventLoop) -> Result<(), HostError> {
        // the old device goes before the new one comes
        let window = match self.canvas.take() {
            Some(canvas) => canvas.into_window(),
            None => Arc::new(self.create_window(events)?),
        };
        self.device += 1;
        let (proxy, number) = (self.proxy.clone(), self.device);
        let lost = move |message| drop(proxy.send_event(Wake::Lost(number, message)));
        self.canvas = Some(Canvas::new(window, events.owned_display_handle(), &self.adapter, lost)?);
        self.redraw();
        Ok(())
    }

    fn create_window(&self, events: &ActiveEventLoop) -> Result<Window, HostError> {
        let size = winit::dpi::LogicalSize::new(self.size[0], self.size[1]);
        let least = winit::dpi::LogicalSize::new(LEAST_SIZE[0].min(self.size[0]), LEAST_SIZE[1].min(self.size[1]));
        let attributes = Window::default_attributes().with_title(self.title()).with_inner_size(size).with_min_inner_size(least);
        events.create_window(attributes).map_err(|e| HostError::NoDisplay(e.to_string()))
    }

    fn open_or_fail(&mut self, events: &ActiveEventLoop) {
        if let Err(error) = self.open(events) {
            self.failed = Some(error);
            events.exit();
        }
    }

    fn redraw(&self) {
        if let Some(canvas) = &self.canvas {
            canvas.request_redraw();
        }
    }

    /// One frame.
    fn frame(&mut self, events: &ActiveEventLoop) {
        let now = Instant::now();
        self.state.poll(now);
        if let Some(model) = self.state.take_trained() {
            let proxy = self.proxy.clone();
            self.spawn("model", move || drop(proxy.send_event(Wake::Saved(snapshot::save_model(&model)))));
        }
        let easing = self.state.step_motion(now);
        let title = self.title();
        let Some(canvas) = &mut self.canvas else { return };
        canvas.set_title(&title);
        let drawn = canvas.frame(&mut self.state, self.test_hooks, now);
        for effect in drawn.effects {
            self.act(effect, events);
        }
        self.watch();
        match drawn.shown {
            Shown::Yes => {
                self.losses = 0;
                self.log.shown(now, self.state.picture.is_some());
            }
            Shown::Again => self.redraw(),
            Shown::Hidden => {}
            Shown::Lost => self.lost(events),
        }
        self.plan(now, easing, drawn.delay);
    }

    /// Watches the file that is to be watched.
    fn watch(&mut self) {
        let wanted = self.state.watched();
        if self.watcher.as_ref().map(FileWatcher::path) == wanted {
            return;
        }
        let proxy = self.proxy.clone();
        let watcher = wanted.map(|path| FileWatcher::new(path, move || drop(proxy.send_event(Wake::Changed)))).transpose();
        match watcher {
            Ok(watcher) => self.watcher = watcher,
            Err(error) => self.state.watch_failed(&error.to_string()),
        }
        // what changed since it was read
        self.state.file_changed(Instant::now());
    }

    /// When the next frame is due.
    fn plan(&mut self, now: Instant, easing: bool, delay: Duration) {
        let progress = (self.state.is_busy() || self.state.recording(now).is_some()).then_some(now + PROGRESS_STEP);
        let panels = now.checked_add(delay).filter(|_| delay < NEVER);
        self.wake_at = [progress, self.state.due(), panels].into_iter().flatten().min();
        if easing || self.state.is_easing() || self.state.wants_frame() || delay.is_zero() {
            self.redraw();
        } else if self.wake_at.is_none() {
            self.log.at_rest();
        }
    }

    fn act(&mut self, effect: Effect, events: &ActiveEventLoop) {
        let Some(canvas) = &mut self.canvas else { return };
        match effect {
            Effect::OpenDialog { targets } => self.open_dialog(targets),
            Effect::CopyText(text) => canvas.copy_text(text),
            Effect::Screenshot { transparent } => self.save_picture(transparent),
            Effect::Record => self.record(),
            Effect::FullScreen => canvas.toggle_full_screen(),
            Effect::Quit => events.exit(),
            Effect::DestroyDevice => canvas.destroy_device(),
        }
        self.redraw();
    }

    /// Shoots a film beside the window, by an adapter of its own.
    fn record(&mut self) {
        let adapter = self.adapter.clone();
        match self.state.recordable() {
            Ok(take) => self.state.record(move |task| record::record(take, &adapter, task)),
            Err(error) => self.state.error = Some(error),
        }
    }

    /// Draws the still here, compresses and writes it beside the window.
    fn save_picture(&mut self, transparent: bool) {
        let Some(drawn) = self.canvas.as_mut().and_then(|canvas| canvas.still(&self.state, transparent)) else { return };
        let proxy = self.proxy.clone();
        let image = match drawn {
            Ok(image) => image,
            Err(error) => return self.saved(Err(error.to_string())),
        };
        self.spawn("picture", move || drop(proxy.send_event(Wake::Saved(snapshot::save(&image)))));
    }

    fn saved(&mut self, result: Result<String, String>) {
        match result {
            Ok(name) => self.state.say(&format!("Saved {name}"), Instant::now()),
            Err(error) => self.state.error = Some(format!("the file cannot be saved: {error}")),
        }
    }

    /// The system's dialog runs beside the window.
    fn open_dialog(&mut self, targets: bool) {
        if std::mem::replace(&mut self.dialog_open, true) {
            return;
        }
        let proxy = self.proxy.clone();
        self.spawn("dialog", move || {
            let opened = Instant::now();
            let dialog = rfd::FileDialog::new();
            let dialog = if targets { dialog.add_filter("targets", &TARGET_EXTENSIONS) } else { dialog.add_filter("models", &EXTENSIONS) };
            let chosen = if targets { dialog.pick_file().map(|path| vec![path]) } else { dialog.pick_files() };
            let _ = proxy.send_event(Wake::Chosen(chosen, opened.elapsed()));
        });
    }

    fn chosen(&mut self, paths: Option<Vec<PathBuf>>, open_for: Duration) {
        self.dialog_open = false;
        if let Some(paths) = paths {
            self.state.apply(Command::Open(paths), Instant::now());
        } else if open_for < DIALOG_TIME {
            let cure = "drop a file on the window, or name it on the command line";
            self.state.error = Some(format!("this system shows no file dialog (it takes xdg-desktop-portal or zenity): {cure}"));
        }
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce() + Send + 'static) {
        if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
            self.state.error = Some(format!("no thread could be started: {error}"));
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
        if self.canvas.is_none() {
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
            Wake::Job => {}
            Wake::Changed => self.state.file_changed(Instant::now()),
            Wake::Lost(number, message) if number == self.device => {
                log::warn!("device lost: {message}");
                self.lost(events);
            }
            Wake::Lost(..) => return,
            Wake::Chosen(paths, open_for) => self.chosen(paths, open_for),
            Wake::Saved(result) => self.saved(result),
        }
        self.redraw();
    }

    fn window_event(&mut self, events: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let Some(canvas) = &mut self.canvas else { return };
        if canvas.hear(&event) {
            canvas.request_redraw();
        }
        match event {
            WindowEvent::RedrawRequested => self.frame(events),
            WindowEvent::Resized(_) => canvas.request_redraw(),
            WindowEvent::CloseRequested => events.exit(),
            _ => {}
        }
    }

    fn about_to_wait(&mut self, events: &ActiveEventLoop) {
        events.set_control_flow(self.wake_at.map_or(ControlFlow::Wait, ControlFlow::WaitUntil));
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        self.state.end_recording();
        // the surface must go before the connection to the display does
        self.canvas = None;
    }
}
