//! What the program shows and what it is doing.
//!
//! In: commands (see `command`), results of the work beside the window, the time. Out: the picture, the camera and the style
//! to draw. A model that cannot be opened leaves the present one.

use super::command::Effect;
use super::easing::Motion;
use super::hit;
use super::job::Worker;
use super::picture::{self, Asked, Picture};
use super::pose;
use crate::model::{self, ActivationChoice, Model};
use crate::render::Style;
use crate::render::camera::{Camera, Preset};
use glam::Vec3;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Model files larger than this are refused before memory is taken.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// How long a note stays.
const NOTE_TIME: Duration = Duration::from_secs(4);
/// Elevation from which a view counts as top-down, in degrees: nobody drags as near by chance.
const STRAIGHT_DOWN_DEG: f32 = 89.9;
/// What a model's file may end in.
pub const EXTENSIONS: [&str; 2] = ["safetensors", "json"];

/// How the program starts.
#[derive(Debug, Clone)]
pub struct Start {
    /// `None`: the file at `path`, or else the built-in network.
    pub model: Option<Model>,
    pub path: Option<PathBuf>,
    pub activation: Option<ActivationChoice>,
    pub asked: Asked,
    pub style: Style,
    pub view: Preset,
    /// `None`: framed.
    pub camera: Option<Camera>,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            model: None,
            path: None,
            activation: None,
            asked: Asked::default(),
            style: Style::default(),
            view: Preset::Default,
            camera: None,
        }
    }
}

/// A word that goes away by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub text: String,
    pub until: Instant,
}

/// What a job brings: the model it read, if it read one, and its picture.
struct Done {
    model: Arc<Model>,
    path: Option<PathBuf>,
    picture: Result<Picture, String>,
    cancelled: bool,
}

/// Everything.
pub struct AppState {
    pub model: Arc<Model>,
    /// Where it was read; `None` is the built-in network.
    pub path: Option<PathBuf>,
    pub activation: Option<ActivationChoice>,
    /// What is shown or being computed.
    pub asked: Asked,
    pub style: Style,
    pub camera: Camera,
    pub view: Preset,
    /// The surface on screen.
    pub picture: Option<Arc<Picture>>,
    /// Counts up with every new surface.
    pub generation: u64,
    pub error: Option<String>,
    pub note: Option<Note>,
    pub key_sheet: bool,
    /// Of the picture, in device pixels.
    pub size_px: [u32; 2],
    /// Device pixels for one of the look's.
    pub pixel_scale: f32,
    motion: Option<Motion>,
    /// Where a flip to the top-down view came from: the view, and the camera if somebody had moved it.
    before_flip: Option<(Preset, Option<Camera>)>,
    /// The camera follows the framing until somebody moves it.
    framed: bool,
    worker: Worker<Result<Done, String>>,
}

impl AppState {
    /// Starts computing. `wake` is called from another thread when there is something to [`AppState::poll`].
    pub fn new(start: Start, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let framed = start.camera.is_none();
        let load_path = if start.model.is_none() { start.path.clone() } else { None };
        let mut state = Self {
            model: Arc::new(start.model.unwrap_or_else(model::builtin)),
            path: start.path,
            activation: start.activation,
            asked: start.asked,
            style: start.style,
            camera: start.camera.unwrap_or_default(),
            view: start.view,
            picture: None,
            generation: 0,
            error: None,
            note: None,
            key_sheet: false,
            size_px: [1280, 800],
            pixel_scale: 1.0,
            motion: None,
            before_flip: None,
            framed,
            worker: Worker::new(wake),
        };
        match load_path {
            Some(path) => state.load(path, state.asked),
            None => state.compute(Arc::clone(&state.model), state.asked),
        }
        state
    }

    /// Whether something is being computed.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.worker.progress(Instant::now()).is_some()
    }

    /// The share that is done, and for how long it has been running.
    #[must_use]
    pub fn progress(&self, now: Instant) -> Option<(f32, Duration)> {
        self.worker.progress(now)
    }

    /// Takes a result in, if there is one. Whether there was.
    pub fn poll(&mut self, now: Instant) -> bool {
        if self.note.as_ref().is_some_and(|note| note.until <= now) {
            self.note = None;
        }
        let Some(result) = self.worker.poll() else { return false };
        match result {
            Ok(done) => self.take(done, now),
            Err(error) => self.fail(error),
        }
        true
    }

    fn take(&mut self, done: Done, now: Instant) {
        match done.picture {
            Ok(picture) => {
                if !Arc::ptr_eq(&self.model, &done.model) {
                    self.path = done.path;
                }
                self.model = done.model;
                self.asked = picture.asked;
                self.error = None;
                let is_first = self.picture.replace(Arc::new(picture)).is_none();
                self.generation += 1;
                if is_first {
                    self.reframe();
                } else if self.framed {
                    self.go_home(self.view, now);
                }
            }
            Err(_) if done.cancelled => self.ask_again(),
            Err(error) => self.fail(error),
        }
    }

    /// The error is shown; what is on screen stays and counts.
    fn fail(&mut self, error: String) {
        self.error = Some(error);
        self.ask_again();
    }

    fn ask_again(&mut self) {
        if let Some(picture) = &self.picture {
            self.asked = picture.asked;
        }
    }

    /// The picture's size in device pixels, and how many of them are one of the look's.
    pub fn set_size(&mut self, size_px: [u32; 2], pixel_scale: f32) {
        if size_px != self.size_px || pixel_scale != self.pixel_scale {
            (self.size_px, self.pixel_scale) = (size_px, pixel_scale);
            self.reframe();
        }
    }

    /// Fits the surface into the picture, unless somebody moved the camera.
    pub(super) fn reframe(&mut self) {
        if let Some(picture) = self.picture.as_ref().filter(|_| self.framed) {
            self.camera = pose::home(self.view, &picture.mesh, self.size_px, self.pixel_scale, &self.style);
            self.motion = None;
        }
    }

    /// The camera jumps: it follows the hand.
    pub(super) fn set_camera(&mut self, camera: Camera) {
        (self.camera, self.motion, self.framed) = (camera, None, false);
    }

    pub(super) fn ease_to(&mut self, camera: Camera, now: Instant) {
        self.framed = false;
        self.motion = Some(Motion::new(self.camera, camera, now));
    }

    /// The point of the surface that is seen at a pixel.
    pub(super) fn point_at(&self, px: [f32; 2]) -> Option<Vec3> {
        let picture = self.picture.as_ref()?;
        hit::surface_point(&picture.mesh, self.style.height_factor, &self.camera.ray(px.into(), self.size_px))
    }

    /// Where the camera is or is going.
    fn goal(&self) -> Camera {
        self.motion.as_ref().map_or(self.camera, |motion| *motion.target())
    }

    /// To the top-down view, or from there back.
    pub(super) fn flip(&mut self, now: Instant) {
        if self.goal().elevation_deg < STRAIGHT_DOWN_DEG {
            self.before_flip = Some((self.view, (!self.framed).then(|| self.goal())));
            return self.go_home(Preset::Top, now);
        }
        match self.before_flip.take().filter(|(view, _)| *view != Preset::Top) {
            Some((view, Some(camera))) => {
                self.view = view;
                self.ease_to(camera, now);
            }
            Some((view, None)) => self.go_home(view, now),
            None => self.go_home(Preset::Default, now),
        }
    }

    pub(super) fn go_home(&mut self, view: Preset, now: Instant) {
        self.view = view;
        if let Some(picture) = &self.picture {
            let camera = pose::home(view, &picture.mesh, self.size_px, self.pixel_scale, &self.style);
            self.ease_to(camera, now);
        }
        self.framed = true;
    }

    /// Whether the camera stands where the view's framing put it.
    #[must_use]
    pub fn is_framed(&self) -> bool {
        self.framed
    }

    /// Whether the camera is under way.
    #[must_use]
    pub fn is_easing(&self) -> bool {
        self.motion.is_some()
    }

    /// Moves an easing camera. Whether it goes on.
    pub fn step_motion(&mut self, now: Instant) -> bool {
        let Some((camera, on)) = self.motion.as_ref().map(|m| m.at(now)) else { return false };
        self.camera = camera;
        if !on {
            self.motion = None;
        }
        on
    }

    pub(super) fn copy_camera(&mut self, now: Instant) -> Effect {
        self.say("Camera copied", now);
        Effect::CopyText(self.goal().to_text())
    }

    /// Shows a word for a while.
    pub fn say(&mut self, text: &str, now: Instant) {
        self.note = Some(Note { text: text.to_owned(), until: now + NOTE_TIME });
    }

    pub(super) fn escape(&mut self) {
        if self.key_sheet {
            self.key_sheet = false;
        } else {
            self.error = None;
        }
    }

    pub(super) fn cancel(&mut self) {
        if self.worker.cancel() {
            self.ask_again();
        }
    }

    /// One layer more or fewer; the whole network comes after the last but one.
    pub(super) fn step_layers(&mut self, step: isize) {
        let n = self.model.network.n_hidden();
        let now = self.asked.layers.unwrap_or(n).min(n);
        let next = now.saturating_add_signed(step).max(1);
        self.ask(Asked { layers: (next < n).then_some(next), ..self.asked });
    }

    /// Computes another surface of the same model.
    pub(super) fn ask(&mut self, asked: Asked) {
        if asked != self.asked {
            self.asked = asked;
            self.compute(Arc::clone(&self.model), asked);
        }
    }

    fn compute(&mut self, model: Arc<Model>, asked: Asked) {
        let path = self.path.clone();
        let started = self.worker.start(move |task| {
            let result = picture::compute(&model, &asked, &task.cancel, &|share| task.set_progress(share));
            let cancelled = result.as_ref().is_err_and(picture::PictureError::is_cancelled);
            Ok(Done { model, path, picture: result.map_err(|e| e.to_string()), cancelled })
        });
        self.started(started);
    }

    pub(super) fn open(&mut self, path: PathBuf) {
        // another model has other layers and outputs
        self.load(path, Asked { layers: None, lift: None, ..self.asked });
    }

    pub(super) fn reload(&mut self) {
        if let Some(path) = self.path.clone() {
            self.load(path, self.asked);
        }
    }

    fn load(&mut self, path: PathBuf, asked: Asked) {
        let activation = self.activation;
        let started = self.worker.start(move |task| {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            let bytes = read(&path).map_err(|e| format!("{name}: {e}"))?;
            let model = Arc::new(model::load(&name, &bytes, activation).map_err(|e| format!("{name}: {e}"))?);
            let result = picture::compute(&model, &asked, &task.cancel, &|share| task.set_progress(share));
            let cancelled = result.as_ref().is_err_and(picture::PictureError::is_cancelled);
            Ok(Done { model, path: Some(path), picture: result.map_err(|e| format!("{name}: {e}")), cancelled })
        });
        self.started(started);
    }

    fn started(&mut self, result: std::io::Result<()>) {
        if let Err(error) = result {
            self.fail(format!("no thread could be started: {error}"));
        }
    }

    /// Opens the model `step` places further in the folder of the present one.
    pub(super) fn open_neighbour(&mut self, step: i32) {
        let Some(path) = &self.path else { return };
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut models: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        models.retain(|p| p.extension().is_some_and(|e| EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known))));
        models.sort();
        let Some(i) = models.iter().position(|p| p.file_name() == path.file_name()) else { return };
        let next = (i as i64 + i64::from(step)).rem_euclid(models.len() as i64) as usize;
        if next != i {
            self.open(models.swap_remove(next));
        }
    }
}

/// The file's bytes.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Err(std::io::Error::other("this is not a file"));
    }
    if found.len() > MAX_FILE_BYTES {
        return Err(std::io::Error::other(format!("it has {} bytes, more than the limit of {MAX_FILE_BYTES}", found.len())));
    }
    std::fs::read(path)
}
