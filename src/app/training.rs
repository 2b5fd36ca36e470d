//! A training that runs beside the window.
//!
//! In: a [`Recipe`], orders to run, stand, step and save. Out: the newest network whenever the last one was taken, the curves of
//! loss and regions so far, the trained model. The thread that trains is in `bench`.

use super::bench::{self, Shared};
use super::work::file_name;
use crate::model::Model;
use crate::train::Config;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// Steps of one click.
const STEPS: u64 = 10;
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

impl Recipe {
    /// The built-in target, or the file's name without its folder.
    #[must_use]
    pub fn target_name(&self) -> Cow<'_, str> {
        file_name(Path::new(&self.target))
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
        bench::start(recipe.clone(), Arc::clone(&shared), wake)?;
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
