//! A network is trained while its surface is shown.
//!
//! In: what is done with the training ([`Train`]). Out: the state follows it. Another target, other widths or numbers start it
//! anew.

use super::picture::Asked;
use super::source::Source;
use super::state::{AppState, waking};
use super::training::{Heard, Recipe, TARGET_EXTENSIONS, Train, Training};
use crate::model::Model;
use std::path::Path;

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

    pub(super) fn train(&mut self, what: Train) {
        let Source::Training(training) = &mut self.source else {
            match what {
                Train::Set(recipe) => self.recipe = recipe,
                Train::Toggle => self.begin(true),
                Train::Step | Train::Reset => self.begin(false),
                Train::Anew | Train::Save => {}
            }
            return;
        };
        match what {
            Train::Set(recipe) => self.recipe = recipe,
            Train::Anew => {
                let runs = training.is_running();
                self.begin(runs);
            }
            Train::Toggle if training.is_done() => self.begin(true),
            Train::Toggle => {
                let runs = !training.is_running();
                training.run(runs);
            }
            Train::Step => training.steps(),
            Train::Reset => self.begin(false),
            Train::Save => training.save(),
        }
    }

    /// From the untrained network.
    fn begin(&mut self, runs: bool) {
        match Training::new(&self.recipe, runs, waking(&self.wake)) {
            Ok(training) => {
                self.set_source(Source::Training(Box::new(training)));
                // no file stands for what is shown now, and its layers and outputs are others
                self.path = None;
                self.asked = Asked { layers: None, lift: None, ..self.asked };
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
                self.set_source(Source::Still);
                self.error = Some(error);
            }
            None => {}
        }
    }

    /// Learns a file.
    pub(super) fn learn(&mut self, path: &Path) {
        self.recipe = Recipe { target: path.display().to_string(), ..self.recipe.clone() };
        self.begin(true);
    }
}

/// Whether a file is one that can be learned, by its name.
pub(super) fn is_target(path: &Path) -> bool {
    path.extension().is_some_and(|e| TARGET_EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known)))
}
