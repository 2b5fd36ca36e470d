//! What is kept of a training: the best network so far, and snapshots on a schedule.
//!
//! Call [`Recorder::observe`] after at most [`Recorder::steps_to_next`] steps. Out: a model to be saved, with the best
//! network, the history up to it, and how it was trained.

use super::{Config, Target, TrainError, Trainer};
use crate::model::{Model, Snapshot};
use std::collections::BTreeMap;

/// The loss is judged this many times over a training.
const JUDGEMENTS: u64 = 200;
/// A history larger than this many numbers is refused: it takes 2 GB.
const MAX_NUMBERS: u64 = 1 << 28;
/// The power by which the time between two snapshots grows: half of them show the first eighth of the steps.
const POWER: i32 = 3;

/// The steps after which the `n` snapshots of a training of `steps` steps are taken: 0 and `steps` among them, ascending,
/// close together at first.
///
/// # Errors
/// [`TrainError::Range`] unless `2 <= n <= steps + 1`.
pub fn schedule(n: u64, steps: u64) -> Result<Vec<u64>, TrainError> {
    if n < 2 || n - 1 > steps {
        let wanted = format!("at least 2 and at most {}, one more than there are steps", steps.saturating_add(1));
        return Err(TrainError::Range { what: "the number of snapshots", value: n.to_string(), wanted });
    }
    let ideal = |i: u64| (steps as f64 * (i as f64 / (n - 1) as f64).powi(POWER)).round() as u64;
    let mut due: Vec<u64> = Vec::with_capacity(n as usize);
    for i in 0..n {
        let earliest = due.last().map_or(0, |&step| step + 1);
        due.push(ideal(i).max(earliest).min(steps + 1 - (n - i)));
    }
    Ok(due)
}

/// The best network so far and the snapshots.
#[derive(Clone)]
pub struct Recorder {
    best: Snapshot,
    history: Vec<Snapshot>,
    /// Steps after which a snapshot is due, the next one last.
    due: Vec<u64>,
    judge_every: u64,
}

impl Recorder {
    /// Judges the untrained network; `n_snapshots` as in [`schedule`], `None` for no history.
    ///
    /// # Errors
    /// [`TrainError::Range`] for a number of snapshots that does not fit the steps or memory.
    pub fn new(trainer: &mut Trainer, n_snapshots: Option<u64>) -> Result<Self, TrainError> {
        let steps = trainer.config().steps;
        let network = trainer.network()?;
        let mut due = Vec::new();
        if let Some(n) = n_snapshots {
            let most = MAX_NUMBERS / network.n_parameters() as u64;
            if n > most {
                let wanted = format!("at most {most} for this network");
                return Err(TrainError::Range { what: "the number of snapshots", value: n.to_string(), wanted });
            }
            due = schedule(n, steps)?;
            due.reverse();
        }
        let best = Snapshot { step: trainer.n_done(), loss: trainer.loss(), network };
        let mut recorder = Self { best, history: Vec::new(), due, judge_every: (steps / JUDGEMENTS).max(1) };
        recorder.record(trainer.n_done(), &recorder.best.clone());
        Ok(recorder)
    }

    /// How many steps the trainer may take until it must be observed.
    #[must_use]
    pub fn steps_to_next(&self, trainer: &Trainer) -> u64 {
        let done = trainer.n_done();
        let judged = self.judge_every - done % self.judge_every;
        self.due.last().map_or(judged, |due| judged.min(due - done))
    }

    /// Looks at the network: keeps it if it is the best, and in the history if that is due. Returns its loss.
    ///
    /// # Errors
    /// [`TrainError::Diverged`].
    pub fn observe(&mut self, trainer: &mut Trainer) -> Result<f64, TrainError> {
        let now = Snapshot { step: trainer.n_done(), loss: trainer.loss(), network: trainer.network()? };
        self.record(now.step, &now);
        let loss = now.loss;
        if loss <= self.best.loss {
            self.best = now;
        }
        Ok(loss)
    }

    fn record(&mut self, step: u64, now: &Snapshot) {
        if self.due.last() == Some(&step) {
            self.due.pop();
            self.history.push(now.clone());
        }
    }

    /// The best network so far.
    #[must_use]
    pub fn best(&self) -> &Snapshot {
        &self.best
    }

    /// The model to be saved: the best network so far, and the history up to it (its last snapshot is then that network).
    /// The metadata says how it was made: `target`, `loss`, `final_loss`, `step` (of how many `steps`), `seed`,
    /// `learning_rate`, `batch`, `made_by`; `labels`, a JSON list in the order of the outputs, where there are labels; and
    /// `format`, which PyTorch's readers ask for.
    #[must_use]
    pub fn finish(mut self, trainer: &Trainer, target: &Target) -> Model {
        if !self.history.is_empty() {
            self.history.retain(|snapshot| snapshot.step < self.best.step);
            self.history.push(self.best.clone());
        }
        let metadata = facts(&self.best, &trainer.config(), target);
        Model { metadata, history: self.history, ..Model::new(target.name(), self.best.network, trainer.window()) }
    }
}

fn facts(best: &Snapshot, config: &Config, target: &Target) -> BTreeMap<String, String> {
    let mut facts: BTreeMap<&str, String> = [
        ("target", target.name().to_owned()),
        ("final_loss", best.loss.to_string()),
        ("step", best.step.to_string()),
        ("steps", config.steps.to_string()),
        ("seed", config.seed.to_string()),
        ("learning_rate", config.learning_rate.to_string()),
        ("batch", config.batch.to_string()),
        ("made_by", concat!("foldscape ", env!("CARGO_PKG_VERSION")).to_owned()),
        ("format", "pt".to_owned()),
    ]
    .into();
    if let Some(loss) = config.loss {
        facts.insert("loss", loss.to_string());
    }
    if !target.labels().is_empty() {
        facts.insert("labels", serde_json::json!(target.labels()).to_string());
    }
    facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
