//! What the program shows and what it is doing.
//!
//! In: commands (see `command`), results of the work beside the window, the time. Out: the picture, the camera and the style
//! to draw. A model that cannot be opened leaves the present one.

use super::command::Effect;
use super::counts::Counts;
use super::easing::Motion;
use super::job::Worker;
use super::learning::is_target;
use super::player::{Play, Player};
use super::source::Source;
use super::tour::{Guide, Tour};
use super::training::{Recipe, Train, Training};
use super::watch::{Look, Watch};
use super::work::{Done, Failed, Order, file_name};
use crate::complex::Window;
use crate::model::{self, ActivationChoice, Model};
use crate::picture::{Asked, Picture};
use crate::render::Style;
use crate::render::camera::{Camera, Preset};
use crate::timeline::{FoldOrder, Timeline};
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Jobs shorter than this show no progress; nor frames of what moves, for which nobody waits, if they are shorter than that.
const PATIENCE: Duration = Duration::from_millis(300);
const FRAME_PATIENCE: Duration = Duration::from_secs(2);
/// How long a note stays.
const NOTE_TIME: Duration = Duration::from_secs(4);
/// What a model's file may end in.
pub const EXTENSIONS: [&str; 2] = ["safetensors", "json"];

/// How the program starts.
#[derive(Debug, Clone)]
pub struct Start {
    /// `None`: the file at `path`, or else the built-in network.
    pub model: Option<Model>,
    pub path: Option<PathBuf>,
    /// The way between several models, `model` first.
    pub timeline: Option<Timeline>,
    /// Whether the file at `path` is watched.
    pub watches: bool,
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
            timeline: None,
            watches: false,
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
    /// Whether the file is watched, if there is one.
    pub watches: bool,
    pub(super) watch: Watch,
    pub(super) reader: Worker<Look>,
    /// The model as it was read.
    pub(super) opened: Arc<Model>,
    /// What is trained, or would be.
    pub recipe: Recipe,
    pub(super) trained: Option<Box<Model>>,
    /// What the surface follows.
    pub source: Source,
    /// What it followed before it was folded.
    pub(super) before_fold: Option<Source>,
    /// Source and file before a training of which nothing has been shown yet.
    pub(super) before_training: Option<(Source, Option<PathBuf>)>,
    pub(super) tour: Option<Tour>,
    /// The number of regions along the timeline.
    counts: Option<Counts>,
    pub(super) motion: Option<Motion>,
    /// Where a flip to the top-down view came from: the view, and the camera if somebody had moved it.
    pub(super) before_flip: Option<(Preset, Option<Camera>)>,
    /// The camera follows the framing until somebody moves it.
    pub(super) framed: bool,
    worker: Worker<Result<Done, Failed>>,
    pub(super) recorder: Worker<Result<String, String>>,
    /// The running job is a frame of what moves: nobody waits for it.
    is_frame: bool,
    pub(super) wake: Arc<dyn Fn() + Send + Sync>,
}

impl AppState {
    /// Starts computing. `wake` is called from another thread when there is something to [`AppState::poll`].
    pub fn new(start: Start, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(wake);
        let read = start.path.clone().filter(|_| start.model.is_none());
        let model = Arc::new(start.model.unwrap_or_else(model::builtin));
        let mut state = Self {
            source: Source::of(&model, start.timeline),
            opened: Arc::clone(&model),
            recipe: Recipe::default(),
            trained: None,
            model,
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
            before_fold: None,
            before_training: None,
            tour: None,
            counts: None,
            motion: None,
            before_flip: None,
            framed: start.camera.is_none(),
            watches: start.watches,
            watch: Watch::default(),
            reader: Worker::new(waking(&wake)),
            worker: Worker::new(waking(&wake)),
            recorder: Worker::new(waking(&wake)),
            is_frame: false,
            wake,
        };
        match read {
            Some(path) => state.load(vec![path], state.asked),
            None => state.show(state.asked),
        }
        state
    }

    /// The timeline, if there is one.
    #[must_use]
    pub fn player(&self) -> Option<&Player> {
        if let Source::Player(player) = &self.source { Some(player) } else { None }
    }

    /// The number of regions along the timeline, as far as it is counted: points (phase, regions).
    #[must_use]
    pub fn curve(&self) -> &[[f64; 2]] {
        self.counts.as_ref().map_or(&[], Counts::points)
    }

    /// Whether something is being computed.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let trains = self.training().is_some_and(Training::is_running);
        trains || self.worker.is_busy() || self.reader.is_busy() || self.counts.as_ref().is_some_and(Counts::is_busy)
    }

    /// Whether the surface moves by itself and nothing is under way that will wake the host.
    #[must_use]
    pub fn wants_frame(&self) -> bool {
        self.source.is_moving() && !self.worker.is_busy()
    }

    /// The share that is done of what somebody waits for, and for how long it has been running.
    #[must_use]
    pub fn progress(&self, now: Instant) -> Option<(f32, Duration)> {
        let patience = if self.is_frame { FRAME_PATIENCE } else { PATIENCE };
        self.worker.progress(now).filter(|(_, time)| *time >= patience)
    }

    /// When there is something to [`AppState::poll`] without anybody's doing.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        let note = self.note.as_ref().map(|note| note.until);
        [note, self.watch.due().filter(|_| !self.reader.is_busy()), self.tour_due()].into_iter().flatten().min()
    }

    /// Takes a result in, if there is one, and starts the next frame of what moves.
    pub fn poll(&mut self, now: Instant) {
        if self.note.as_ref().is_some_and(|note| note.until <= now) {
            self.note = None;
        }
        if let Some(counts) = &mut self.counts {
            counts.poll();
        }
        match self.worker.poll() {
            Some(Ok(done)) => self.take(done, now),
            Some(Err(Failed::Cancelled)) => self.ask_again(),
            Some(Err(Failed::Error(error))) => self.fail(error, now),
            None => {}
        }
        self.hear();
        self.hear_recorder(now);
        self.look(now);
        self.follow_tour(now);
        self.follow(now);
    }

    /// Starts the newest frame of what moves, unless something is being computed: that is shown first.
    pub(super) fn follow(&mut self, now: Instant) {
        if self.worker.is_busy() {
            return;
        }
        if let Some(model) = self.source.arrived() {
            self.source = Source::of(&model, None);
            if self.player().is_some() {
                return self.show(self.asked);
            }
        }
        let frame = self.frame();
        if let Some(order) = self.source.next(now, frame) {
            self.start(order, self.asked);
            self.is_frame = true;
        }
    }

    fn take(&mut self, done: Done, now: Instant) {
        let Done { model, picture, stage, opened, scene } = done;
        let is_frame = self.is_frame;
        if let Some((path, player)) = opened {
            self.path = path;
            self.opened = Arc::clone(&model);
            self.set_source(player.map_or(Source::Still, Source::Player));
            self.end_tour(now);
        }
        if let Some((exhibit, player)) = scene {
            self.arrive(exhibit, player, now);
        }
        if is_frame && self.training().is_some() && self.before_training.take().is_some() {
            self.end_tour(now);
        }
        let is_new_stage = match &mut self.source {
            Source::Training(training) if is_frame => training.shown(picture.stats.regions),
            source => source.set_stage(stage),
        };
        self.count();
        self.model = model;
        self.asked = picture.asked;
        self.generation += 1;
        let is_first = self.picture.replace(Arc::new(picture)).is_none();
        if !is_frame {
            self.error = None;
        }
        if is_first {
            self.reframe();
        } else if self.framed && (is_new_stage || !is_frame) {
            self.go_home(self.view, now);
        }
    }

    /// Counts the regions along the timeline, if that is not done.
    fn count(&mut self) {
        let stage = self.player().and_then(|player| player.stage.clone());
        if let Some(stage) = &stage
            && self.counts.as_ref().is_some_and(|counts| counts.is_of(stage))
        {
            return;
        }
        self.counts = stage.map(|stage| Counts::new(stage, waking(&self.wake)));
    }

    /// The error is shown; what is on screen stays and counts.
    fn fail(&mut self, error: String, now: Instant) {
        self.error = Some(error);
        self.source.pause(now);
        self.ask_again();
    }

    pub(super) fn ask_again(&mut self) {
        self.stay();
        if let Some(picture) = &self.picture {
            self.asked = picture.asked;
        }
    }

    /// The window that stands for the whole plane while the surface moves.
    fn frame(&self) -> Option<Window> {
        self.picture.as_ref().and_then(|picture| Window::new(picture.mesh.window))
    }

    pub(super) fn copy_camera(&mut self, now: Instant) -> Effect {
        self.say("Camera copied", now);
        Effect::CopyText(self.goal().to_text())
    }

    /// Shows a word for a while.
    pub fn say(&mut self, text: &str, now: Instant) {
        self.note = Some(Note { text: text.to_owned(), until: now + NOTE_TIME });
    }

    pub(super) fn escape(&mut self, now: Instant) {
        if self.key_sheet {
            self.key_sheet = false;
        } else if self.error.take().is_none() {
            self.guide(Guide::Leave, now);
        }
    }

    pub(super) fn cancel(&mut self, now: Instant) {
        if self.worker.cancel() {
            self.source.pause(now);
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

    /// Computes another surface of what is shown.
    pub(super) fn ask(&mut self, asked: Asked) {
        if asked != self.asked {
            self.show(asked);
        }
    }

    pub(super) fn show(&mut self, asked: Asked) {
        let order = self.source.now(&self.model, self.frame());
        self.asked = asked;
        self.start(order, asked);
    }

    /// Gives up what runs.
    pub(super) fn start(&mut self, order: Order, asked: Asked) {
        self.is_frame = false;
        if let Err(error) = self.worker.start(move |task| order.run(&asked, task)) {
            self.fail(format!("no thread could be started: {error}"), Instant::now());
        }
    }

    /// Follows something else from now on; a frame of what was followed before is given up.
    pub(super) fn set_source(&mut self, source: Source) {
        (self.before_fold, self.before_training) = (None, None);
        self.change_source(source);
    }

    fn change_source(&mut self, source: Source) -> Source {
        if self.is_frame {
            self.worker.cancel();
        }
        std::mem::replace(&mut self.source, source)
    }

    pub(super) fn play(&mut self, what: Play, now: Instant) {
        match &mut self.source {
            Source::Player(player) => player.play(what, now),
            // a key that was to stop it may come a moment too late: what is finished begins anew by its button alone
            Source::Training(training) if what == Play::Toggle && !training.is_done() => self.train(Train::Toggle, now),
            _ => {}
        }
    }

    /// Folds what is shown, or goes back to what was followed before.
    pub(super) fn fold(&mut self, order: Option<FoldOrder>, now: Instant) {
        let folded = self.player().filter(|player| player.fold.is_some()).map(|player| Arc::clone(&player.base));
        let Some(order) = order else {
            if let Some(base) = folded {
                self.unfold(base);
            }
            return;
        };
        match Player::fold(folded.as_ref().unwrap_or(&self.model), order, now) {
            Ok(player) => {
                let mut before = self.change_source(Source::Player(Box::new(player)));
                if folded.is_none() {
                    before.pause(now);
                    self.before_fold = Some(before);
                }
            }
            Err(error) => self.error = Some(error.to_string()),
        }
    }

    fn unfold(&mut self, base: Arc<Model>) {
        let before = self.before_fold.take().unwrap_or(Source::Still);
        self.change_source(before);
        self.model = base;
        self.show(self.asked);
    }

    /// A model or a target; several models for the way from each to the next.
    pub(super) fn open(&mut self, paths: Vec<PathBuf>, now: Instant) {
        match (&paths[..], paths.iter().find(|path| is_target(path))) {
            ([path], Some(_)) => self.learn(path, now),
            (_, Some(path)) => {
                let name = file_name(path);
                self.error = Some(format!("{name} is no model; drop it alone to learn it, or several models to see the way between them"));
            }
            _ => self.load(paths, self.asked_of_another()),
        }
    }

    pub(super) fn reload(&mut self) {
        if let Some(path) = self.path.clone() {
            self.load(vec![path], self.asked);
        }
    }

    fn load(&mut self, paths: Vec<PathBuf>, asked: Asked) {
        self.start(Order::Files(paths, self.activation), asked);
    }

    /// Opens the model after the present one in its folder, or before it if `step` is negative; they go round.
    pub(super) fn open_neighbour(&mut self, step: i32, now: Instant) {
        let Some(path) = &self.path else { return };
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut models: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        models.retain(|p| p.extension().is_some_and(|e| EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known))));
        models.sort();
        // a present one that is gone has neighbours, too
        let [before, after] =
            [Ordering::Less, Ordering::Equal].map(|most| models.partition_point(|p| p.file_name().cmp(&path.file_name()) <= most));
        let next = if step > 0 { after } else { before + models.len().saturating_sub(1) } % models.len().max(1);
        if let Some(next) = models.get(next).filter(|p| p.file_name() != path.file_name()) {
            self.open(vec![next.clone()], now);
        }
    }
}

/// What wakes the host.
pub(super) fn waking(wake: &Arc<dyn Fn() + Send + Sync>) -> impl Fn() + Send + Sync + 'static {
    let wake = Arc::clone(wake);
    move || wake()
}
