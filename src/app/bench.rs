//! The trainer's thread: it takes orders, trains, and tells what is new.
//!
//! In: a [`Recipe`], [`Orders`]. Out: [`News`]. It makes a copy of its weights only when somebody waits for one, and rests twice as
//! long as it works, so that the window keeps its frames. Refuses what the training refuses, and files that cannot be read.

use super::training::Recipe;
use super::work::{file_name, read};
use crate::model::Model;
use crate::train::{Channel, Recorder, Target, TrainError, Trainer};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Steps between two looks at the orders.
const STEPS_AT_ONCE: u64 = 4;
/// The thread rests so long beside its work: a third of one processor, less than a third of what two that draw can give.
const REST: f64 = 2.0;

/// What both threads see.
#[derive(Default)]
pub(super) struct Shared {
    orders: Mutex<Orders>,
    pub changed: Condvar,
    news: Mutex<News>,
}

#[derive(Default)]
pub(super) struct Orders {
    pub runs: bool,
    pub steps: u64,
    pub saves: bool,
    pub ends: bool,
}

/// What the trainer tells.
#[derive(Default)]
pub(super) struct News {
    pub newest: Option<(u64, Model)>,
    /// Losses (step, loss) that were not told yet.
    pub losses: Vec<[f64; 2]>,
    pub saved: Option<Model>,
    pub error: Option<String>,
    pub is_done: bool,
}

/// Trains on a thread of its own until the end is ordered. `wake` is called from there when there is something new.
///
/// # Errors
/// The system's, if it gives no thread.
pub(super) fn start(recipe: Recipe, shared: Arc<Shared>, wake: impl Fn() + Send + 'static) -> std::io::Result<()> {
    let work = move || {
        if let Err(error) = Bench::new(&recipe).and_then(|bench| bench.work(&shared, &wake)) {
            shared.news().error = Some(error);
        }
        wake();
    };
    std::thread::Builder::new().name("training".to_owned()).spawn(work).map(drop)
}

impl Shared {
    // nothing panics while it holds a lock
    pub(super) fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn news(&self) -> MutexGuard<'_, News> {
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
        Ok(Model::new(self.target.name(), self.trainer.network()?, self.trainer.window()))
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
    let path = Path::new(name);
    let file = file_name(path);
    let bytes = read(path).map_err(|e| format!("{file}: {e}"))?;
    Target::from_bytes(&file, &bytes, Channel::Grey).map_err(|e| format!("{file}: {e}"))
}
