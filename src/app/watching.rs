//! The open file is watched: what is new in it takes the place of what is shown.
//!
//! In: that the file changed. Out: a [`Glide`] to the new model where the architecture is the same; another one is simply
//! opened. The camera stays.

use super::glide::Glide;
use super::source::Source;
use super::state::AppState;
use super::watch::{Look, look};
use super::work::Order;
use crate::model::Model;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

impl AppState {
    /// The file that is to be watched.
    #[must_use]
    pub fn watched(&self) -> Option<&Path> {
        self.path.as_deref().filter(|_| self.watches)
    }

    pub(super) fn toggle_watch(&mut self, now: Instant) {
        self.watches = !self.watches;
        self.watch.changed(now);
    }

    /// The watched file changed, or somebody has just begun to watch it.
    pub fn file_changed(&mut self, now: Instant) {
        self.watch.changed(now);
    }

    /// Why the watched file cannot be shown as it is now.
    #[must_use]
    pub fn waits_for(&self) -> Option<&str> {
        self.watch.problem().filter(|_| self.watches)
    }

    /// It cannot be watched.
    pub fn watch_failed(&mut self, reason: &str) {
        self.watches = false;
        self.error = Some(format!("the file cannot be watched ({reason}); F5 reloads it"));
    }

    /// Looks at the watched file if it changed, and takes in what was seen.
    pub(super) fn look(&mut self, now: Instant) {
        match self.reader.poll() {
            Some(Look::Whole(path, model)) if self.watched() == Some(&path) => {
                self.watch.succeeded();
                self.replace(path, model, now);
            }
            Some(Look::Unfinished(problem)) => self.watch.failed(problem, now),
            _ => {}
        }
        if self.reader.is_busy() || !self.watch.take_due(now) {
            return;
        }
        if let Some(path) = self.watched().map(Path::to_owned) {
            let activation = self.activation;
            if let Err(error) = self.reader.start(move |_| look(path, activation)) {
                self.watch_failed(&error.to_string());
            }
        }
    }

    /// Another model takes the place of the open one.
    fn replace(&mut self, path: PathBuf, model: Arc<Model>, now: Instant) {
        if *self.opened == *model {
            return;
        }
        self.opened = Arc::clone(&model);
        let has_other_window = self.model.window != model.window;
        match Glide::new(&self.model.network, Arc::clone(&model), now).filter(|_| !has_other_window) {
            Some(glide) => self.set_source(Source::Glide(glide)),
            None => self.start(Order::Read(path, model), self.asked_of_another()),
        }
    }
}
