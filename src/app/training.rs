//! A training that runs beside the window.
//!
//! In: a [`Recipe`], orders to run, stand, step and save. Out: the newest network whenever the last one was taken, the loss so
//! far, the trained model. One thread trains; it rests as long as it works, so that the window keeps its frames, and it makes a
//! copy of its weights only when somebody waits for one.

use super::work::read;
use crate::model::Model;
use crate::train::{Channel, Config, Recorder, Target, TrainError, Trainer};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Steps of one click.
const STEPS: u64 = 10;
/// Steps between two looks at the orders.
const STEPS_AT_ONCE: u64 = 4;
/// The thread rests so long beside its work: with half of one processor it takes a sixth of two that are busy with drawing.
const REST: f64 = 1.0;
/// More points than this are no better curve.
const MOST_POINTS: usize = 400;
/// Files that can be learned.
pub const TARGET_EXTENSIONS: [&str; 10] = ["png", "jpg", "jpeg", "gif", "bmp", "webp", "csv", "tsv", "txt", "npy"];

/// What is learned and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// A built-in target, or the path of a file.
    pub target: String,
    pub config: Config,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { target: "rings".to_owned(), config: Config::default() }
    }
}

/// What a person does with a training.
#[derive(Debug, Clone, PartialEq)]
pub enum Train {
    /// Another recipe, for the next training.
    Set(Recipe),
    /// A training under way starts anew by the recipe, and runs if it ran.
    Anew,
    /// Runs or stands; what is finished begins anew.
    Toggle,
    /// Some steps.
    Step,
    /// The untrained network.
    Reset,
    /// The best network so far becomes a file.
    Save,
}

/// A training under way.
pub struct Training {
    pub recipe: Recipe,
    shared: Arc<Shared>,
    is_running: bool,
    is_done: bool,
    /// Steps taken, as of the newest network that was taken over.
    step: u64,
    losses: Vec<[f64; 2]>,
    regions: Vec<[f64; 2]>,
}

/// What both threads see.
#[derive(Default)]
struct Shared {
    orders: Mutex<Orders>,
    changed: Condvar,
    news: Mutex<News>,
}

#[derive(Default)]
struct Orders {
    runs: bool,
    steps: u64,
    saves: bool,
    ends: bool,
}

/// What the trainer tells.
#[derive(Default)]
struct News {
    newest: Option<(u64, Model)>,
    /// Losses (step, loss) that were not told yet.
    losses: Vec<[f64; 2]>,
    saved: Option<Model>,
    error: Option<String>,
    is_done: bool,
}

/// What somebody must hear of.
pub(super) enum Heard {
    Saved(Box<Model>),
    Failed(String),
}

impl Training {
    /// Starts with the untrained network. `wake` is called from another thread when there is something new.
    ///
    /// # Errors
    /// The system's, if it gives no thread.
    pub fn new(recipe: &Recipe, runs: bool, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        shared.orders().runs = runs;
        let (seen, of) = (Arc::clone(&shared), recipe.clone());
        std::thread::Builder::new().name("training".to_owned()).spawn(move || {
            if let Err(error) = Bench::new(&of).and_then(|bench| bench.work(&seen, &wake)) {
                seen.news().error = Some(error);
            }
            wake();
        })?;
        let (losses, regions) = (Vec::new(), Vec::new());
        Ok(Self { recipe: recipe.clone(), shared, is_running: runs, is_done: false, step: 0, losses, regions })
    }

    #[must_use]
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// Whether all steps are taken.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Steps taken by the network that is shown.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Points (step, loss).
    #[must_use]
    pub fn losses(&self) -> &[[f64; 2]] {
        &self.losses
    }

    /// Points (step, regions) of the surfaces that were shown.
    #[must_use]
    pub fn regions(&self) -> &[[f64; 2]] {
        &self.regions
    }

    /// Runs on, or stands after the step it takes.
    pub fn run(&mut self, runs: bool) {
        self.is_running = runs && !self.is_done;
        self.shared.orders().runs = self.is_running;
        self.shared.changed.notify_one();
    }

    /// Stands after some more steps.
    pub fn steps(&mut self) {
        self.run(false);
        self.shared.orders().steps += STEPS;
        self.shared.changed.notify_one();
    }

    /// Asks for the best network so far as a model, with all that is known of it.
    pub fn save(&self) {
        self.shared.orders().saves = true;
        self.shared.changed.notify_one();
    }

    /// The newest network, once.
    pub(super) fn take_newest(&mut self) -> Option<Arc<Model>> {
        let (step, model) = self.shared.news().newest.take()?;
        // the trainer makes the next copy while this one is shown; with the lock it cannot miss this
        drop(self.shared.orders());
        self.shared.changed.notify_one();
        self.step = step;
        Some(Arc::new(model))
    }

    /// The network that was taken is shown and has so many regions. Whether it is the first.
    pub(super) fn shown(&mut self, n_regions: usize) -> bool {
        let is_first = self.regions.is_empty();
        let at = self.step as f64;
        if self.regions.last().is_none_or(|last| last[0] < at) {
            push(&mut self.regions, [at, n_regions as f64]);
        }
        is_first
    }

    /// Takes in what the trainer tells.
    pub(super) fn hear(&mut self) -> Option<Heard> {
        let mut news = self.shared.news();
        for loss in news.losses.drain(..) {
            push(&mut self.losses, loss);
        }
        self.is_done = news.is_done;
        self.is_running &= !self.is_done;
        if let Some(error) = news.error.take() {
            self.is_running = false;
            return Some(Heard::Failed(error));
        }
        news.saved.take().map(|model| Heard::Saved(Box::new(model)))
    }
}

impl Drop for Training {
    fn drop(&mut self) {
        self.shared.orders().ends = true;
        self.shared.changed.notify_one();
    }
}

/// A curve keeps its shape when every second point goes; the newest stays.
fn push(curve: &mut Vec<[f64; 2]>, point: [f64; 2]) {
    if curve.len() >= MOST_POINTS {
        let mut keep = false;
        curve.retain(|_| {
            keep = !keep;
            keep
        });
    }
    curve.push(point);
}

impl Shared {
    // nothing panics while it holds a lock
    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody waits for a network.
    fn is_wanted(&self) -> bool {
        self.news().newest.is_none()
    }
}

/// What the trainer's thread works with.
struct Bench {
    target: Target,
    trainer: Trainer,
    recorder: Recorder,
    /// The step of the last copy of the weights.
    told: Option<u64>,
}

impl Bench {
    fn new(recipe: &Recipe) -> Result<Self, String> {
        let target = target(&recipe.target)?;
        let mut trainer = Trainer::new(&recipe.config, &target).map_err(|e| e.to_string())?;
        let recorder = Recorder::new(&mut trainer, None).map_err(|e| e.to_string())?;
        Ok(Self { target, trainer, recorder, told: None })
    }

    /// Until the end is ordered.
    fn work(mut self, shared: &Shared, wake: &dyn Fn()) -> Result<(), String> {
        shared.news().losses.push([0.0, self.recorder.best().loss]);
        loop {
            self.tell(shared, wake).map_err(|e| e.to_string())?;
            let Some((steps, saves)) = self.await_orders(shared) else { return Ok(()) };
            if saves {
                shared.news().saved = Some(self.model().map_err(|e| e.to_string())?);
                wake();
            }
            let start = Instant::now();
            self.train(steps, shared).map_err(|e| e.to_string())?;
            rest(shared, start.elapsed().mul_f64(REST));
        }
    }

    /// Steps to be taken and whether to save; `None` to end. Waits while there is nothing to do.
    fn await_orders(&self, shared: &Shared) -> Option<(u64, bool)> {
        let is_told = self.told == Some(self.trainer.n_done());
        let mut orders = shared.orders();
        loop {
            let runs = !self.trainer.is_done() && (orders.runs || orders.steps > 0);
            if orders.ends {
                return None;
            }
            if runs || orders.saves || (!is_told && shared.is_wanted()) {
                let steps = if runs { STEPS_AT_ONCE } else { 0 };
                let asked = if orders.runs { steps } else { steps.min(orders.steps) };
                orders.steps = orders.steps.saturating_sub(asked);
                return Some((asked, std::mem::take(&mut orders.saves)));
            }
            orders = shared.changed.wait(orders).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn train(&mut self, mut steps: u64, shared: &Shared) -> Result<(), TrainError> {
        while steps > 0 && !self.trainer.is_done() {
            let to_next = self.recorder.steps_to_next(&self.trainer);
            self.trainer.step(to_next.min(steps))?;
            if to_next <= steps {
                self.observe(shared)?;
            }
            steps -= to_next.min(steps);
        }
        shared.news().is_done = self.trainer.is_done();
        Ok(())
    }

    fn observe(&mut self, shared: &Shared) -> Result<(), TrainError> {
        let loss = self.recorder.observe(&mut self.trainer)?;
        log::debug!("trained {} steps, loss {loss:.6}", self.trainer.n_done());
        shared.news().losses.push([self.trainer.n_done() as f64, loss]);
        Ok(())
    }

    /// Copies the weights, if there are new ones and the last copy was taken.
    fn tell(&mut self, shared: &Shared, wake: &dyn Fn()) -> Result<(), TrainError> {
        let step = self.trainer.n_done();
        if self.told != Some(step) && shared.is_wanted() {
            shared.news().newest = Some((step, self.present()?));
            self.told = Some(step);
            wake();
        }
        Ok(())
    }

    /// The network as it is now.
    fn present(&self) -> Result<Model, TrainError> {
        let activation = if self.trainer.config().slope == 0.0 { "relu" } else { "leaky_relu" };
        Ok(Model {
            name: self.target.name().to_owned(),
            network: self.trainer.network()?,
            activation: activation.to_owned(),
            window: Some(self.trainer.window()),
            metadata: BTreeMap::new(),
            history: Vec::new(),
        })
    }

    /// The best network so far, this one among them.
    fn model(&mut self) -> Result<Model, TrainError> {
        self.recorder.observe(&mut self.trainer)?;
        Ok(self.recorder.clone().finish(&self.trainer, &self.target))
    }
}

/// Rests, unless there is something to do that somebody waits for.
fn rest(shared: &Shared, time: Duration) {
    let orders = shared.orders();
    let is_urgent = |orders: &mut Orders| !(orders.ends || orders.saves);
    // a lock cannot be poisoned here
    let _ = shared.changed.wait_timeout_while(orders, time, is_urgent);
}

fn target(name: &str) -> Result<Target, String> {
    if Target::is_builtin(name) {
        return Target::builtin(name).map_err(|e| e.to_string());
    }
    let file = Path::new(name).file_name().map_or(name.into(), std::ffi::OsStr::to_string_lossy);
    let bytes = read(Path::new(name)).map_err(|e| format!("{file}: {e}"))?;
    Target::from_bytes(&file, &bytes, Channel::Grey).map_err(|e| format!("{file}: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    fn recipe() -> Recipe {
        Recipe { target: "disc".to_owned(), config: Config { hidden: vec![6, 6], steps: 60, ..Config::default() } }
    }

    fn started(recipe: &Recipe, runs: bool) -> Training {
        Training::new(recipe, runs, || {}).expect("a thread")
    }

    /// Listens until something is there.
    fn wait<T>(training: &mut Training, mut found: impl FnMut(&mut Training, Option<Heard>) -> Option<T>) -> T {
        loop {
            let heard = training.hear();
            if let Some(found) = found(training, heard) {
                return found;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn it_stands_steps_runs_to_its_end_and_tells_the_newest_network() {
        let mut training = started(&recipe(), false);
        let untrained = wait(&mut training, |t, _| t.take_newest());
        assert_eq!((training.step(), untrained.name.as_str(), untrained.network.widths()), (0, "disc", vec![2, 6, 6, 1]));
        training.steps();
        wait(&mut training, |t, _| t.take_newest().filter(|_| t.step == STEPS));
        training.run(true);
        let last = wait(&mut training, |t, _| t.take_newest().filter(|_| t.step == 60));
        assert!(training.is_done() && !training.is_running());
        assert_ne!(last.network, untrained.network);
        let losses: Vec<f64> = training.losses().iter().map(|point| point[1]).collect();
        assert_eq!((losses.len(), training.losses()[0][0]), (61, 0.0), "judged after every step of so few");
        assert!(losses[60] < losses[0], "{losses:?}");
    }

    #[test]
    fn what_is_saved_is_the_best_network_with_all_that_is_known_of_it() {
        let mut training = started(&recipe(), true);
        wait(&mut training, |t, _| t.is_done().then_some(()));
        training.save();
        let saved = wait(&mut training, |_, heard| if let Some(Heard::Saved(model)) = heard { Some(model) } else { None });
        let bytes = saved.to_safetensors().expect("finite numbers");
        let loaded = model::load("disc.safetensors", &bytes, None).expect("a whole file");
        for point in [[0.0, 0.0], [0.3, -0.7], [-1.0, 1.0]] {
            assert_eq!(loaded.network.forward(&point), saved.network.forward(&point));
        }
        for (key, value) in [("target", "disc"), ("seed", "0"), ("steps", "60"), ("learning_rate", "0.01"), ("alpha", "0.02")] {
            assert_eq!(loaded.metadata.get(key).map(String::as_str), Some(value), "{key}");
        }
        let best = training.losses().iter().map(|point| point[1]).fold(f64::INFINITY, f64::min);
        assert_eq!(loaded.metadata.get("final_loss"), Some(&best.to_string()));
    }

    #[test]
    fn what_cannot_be_learned_is_said() {
        for (target, word) in [("/no/such/photo.png", "photo.png"), ("text:", "letter")] {
            let mut training = started(&Recipe { target: target.to_owned(), ..recipe() }, true);
            let said = wait(&mut training, |_, heard| if let Some(Heard::Failed(said)) = heard { Some(said) } else { None });
            assert!(said.contains(word), "{said}");
            assert!(!training.is_running());
        }
    }

    #[test]
    fn a_long_curve_keeps_its_ends() {
        let mut curve = Vec::new();
        for i in 0..5000 {
            push(&mut curve, [f64::from(i), 0.0]);
        }
        assert!((MOST_POINTS / 2..=MOST_POINTS).contains(&curve.len()));
        assert_eq!((curve[0][0], curve[curve.len() - 1][0]), (0.0, 4999.0));
    }
}
