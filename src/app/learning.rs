//! A network is trained while its surface is shown.
//!
//! In: what is done with the training ([`Train`]). Out: the state follows it. Another target, other widths or numbers start it
//! anew.

use super::source::Source;
use super::state::{AppState, waking};
use super::training::{Heard, Recipe, TARGET_EXTENSIONS, Train, Training};
use crate::model::Model;
use std::path::Path;
use std::time::Instant;

impl AppState {
    /// The training, if the surface follows one.
    #[must_use]
    pub fn training(&self) -> Option<&Training> {
        if let Source::Training(training) = &self.source { Some(training) } else { None }
    }

    /// A trained model that is to become a file; once.
    pub fn take_trained(&mut self) -> Option<Box<Model>> {
        self.trained.take()
    }

    pub(super) fn train(&mut self, what: Train, now: Instant) {
        let Source::Training(training) = &mut self.source else {
            match what {
                Train::Set(recipe) => self.recipe = recipe,
                Train::Toggle => self.begin(true, now),
                Train::Step | Train::Reset => self.begin(false, now),
                Train::Anew | Train::Save => {}
            }
            return;
        };
        match what {
            Train::Set(recipe) => self.recipe = recipe,
            Train::Anew => {
                let runs = training.is_running();
                self.begin(runs, now);
            }
            Train::Toggle if training.is_done() => self.begin(true, now),
            Train::Toggle => {
                let runs = !training.is_running();
                training.run(runs);
            }
            Train::Step => training.steps(),
            Train::Reset => self.begin(false, now),
            Train::Save => training.save(),
        }
    }

    /// From the untrained network.
    fn begin(&mut self, runs: bool, now: Instant) {
        match Training::new(&self.recipe, runs, waking(&self.wake)) {
            Ok(training) => {
                self.source.pause(now);
                let present = |state: &mut Self| (std::mem::replace(&mut state.source, Source::Still), state.path.take());
                let before = self.before_training.take().unwrap_or_else(|| present(self));
                self.set_source(Source::Training(Box::new(training)));
                self.before_training = Some(before);
                self.asked = self.asked_of_another();
            }
            Err(error) => self.error = Some(format!("no thread could be started: {error}")),
        }
    }

    /// Takes in what the trainer tells.
    pub(super) fn hear(&mut self) {
        let Source::Training(training) = &mut self.source else { return };
        match training.hear() {
            Some(Heard::Saved(model)) => self.trained = Some(model),
            Some(Heard::Failed(error)) => {
                let before = self.before_training.take();
                self.set_source(Source::Still);
                // what cannot be learned leaves what was there
                if let Some((source, path)) = before {
                    (self.source, self.path) = (source, path);
                }
                if let Some(training) = self.training() {
                    self.recipe = training.recipe.clone();
                }
                self.ask_again();
                self.error = Some(error);
            }
            None => {}
        }
    }

    /// Learns a file.
    pub(super) fn learn(&mut self, path: &Path, now: Instant) {
        self.recipe = Recipe { target: path.display().to_string(), ..self.recipe.clone() };
        self.begin(true, now);
    }
}

/// Whether a file is one that can be learned, by its name.
pub(super) fn is_target(path: &Path) -> bool {
    path.extension().is_some_and(|e| TARGET_EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Command, Play, Start};
    use crate::train::Config;

    /// Polls until what is shown is as it should be.
    fn until(state: &mut AppState, holds: impl Fn(&AppState) -> bool) {
        while !holds(state) {
            state.poll(Instant::now());
            std::thread::yield_now();
        }
    }

    fn recipe(hidden: &[usize]) -> Recipe {
        Recipe { target: "disc".to_owned(), config: Config { hidden: hidden.to_vec(), steps: 40, ..Config::default() } }
    }

    #[test]
    fn it_is_shown_to_its_end_and_another_recipe_starts_it_anew() {
        let (mut state, now) = (AppState::new(Start::default(), || {}), Instant::now());
        state.apply(Command::Train(Train::Set(recipe(&[4]))), now);
        assert!(state.training().is_none(), "nothing is trained before somebody starts it");
        state.apply(Command::Train(Train::Toggle), now);
        until(&mut state, |state| state.training().is_some_and(|t| t.is_done() && t.regions().last().is_some_and(|last| last[0] == 40.0)));
        assert_eq!((state.model.network.widths(), state.path.is_none()), (vec![2, 4, 1], true));
        state.apply(Command::Train(Train::Set(recipe(&[5, 3]))), now);
        state.apply(Command::Train(Train::Anew), now);
        until(&mut state, |state| state.model.network.widths() == [2, 5, 3, 1]);
        let training = state.training().expect("it is another one");
        assert_eq!((training.step(), training.is_running()), (0, false), "the one before stood");
        state.apply(Command::Play(Play::Toggle), now);
        until(&mut state, |state| state.training().is_some_and(Training::is_done));
        state.apply(Command::Play(Play::Toggle), now);
        assert!(state.training().is_some_and(Training::is_done), "a key does not throw away what is finished");
        state.apply(Command::Train(Train::Save), now);
        until(&mut state, |state| state.trained.is_some());
        assert!(state.take_trained().is_some_and(|model| model.metadata["target"] == "disc") && state.take_trained().is_none());
    }

    #[test]
    fn a_file_that_can_be_learned_is_learned_and_one_that_cannot_is_an_error() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("the folder is ours");
            path
        };
        let mut state = AppState::new(Start::default(), || {});
        state.apply(Command::Open(vec![write("heights.csv", "0,0,1\n1,0,2\n0,1,3\n1,1,5\n")]), Instant::now());
        until(&mut state, |state| state.model.name == "heights.csv");
        assert!(state.training().is_some_and(Training::is_running));
        state.apply(Command::Open(vec![write("broken.csv", "0,0,1\n1,zero,2\n")]), Instant::now());
        until(&mut state, |state| state.error.is_some());
        assert!(state.error.as_ref().is_some_and(|error| error.contains("broken.csv")));
        assert!(state.training().is_some_and(|training| training.recipe == state.recipe) && state.recipe.target_name() == "heights.csv");
    }
}
