//! A file that is watched: when it is looked at, and whether what stands in it is whole.
//!
//! In: that the file changed, and the time. Out: the model in it, when it is whole. A file that is being written, by whatever
//! means, is waited for: what does not stand still, or cannot be read, is looked at again, less and less often until the next
//! change.

use super::work::{file_name, read};
use crate::model::{self, ActivationChoice, Model};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// A file must look the same for so long before it is read: longer than the pause between two pieces of one file, and longer
/// than the coarsest clock of a file system in use ticks.
const STILL: Duration = Duration::from_millis(40);
/// A file that never stands still is read all the same after so many looks; what cannot be read in it is not shown.
const MOST_LOOKS: u32 = 10;
/// The wait after the first look in vain; it doubles with each. The last one waits for the next change.
const WAIT: Duration = Duration::from_millis(80);
const MOST_VAIN: u32 = 6;
/// So many looks in vain are no write that takes its time any more: people are told.
const TOLD: u32 = 4;

/// When the file is looked at.
#[derive(Debug, Default)]
pub struct Watch {
    due: Option<Instant>,
    n_vain: u32,
    /// Why the file cannot be shown as it is now.
    problem: Option<String>,
}

/// What a look at the file found.
pub(super) enum Look {
    Whole(PathBuf, Arc<Model>),
    /// Why it is not.
    Unfinished(String),
}

impl Watch {
    /// The file changed.
    pub fn changed(&mut self, now: Instant) {
        (self.due, self.n_vain) = (Some(now), 0);
    }

    /// When it is to be looked at.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Why the file cannot be shown as it is, if that has been so for some time.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref().filter(|_| self.n_vain >= TOLD)
    }

    /// Whether it is to be looked at now; once.
    pub(super) fn take_due(&mut self, now: Instant) -> bool {
        self.due.take_if(|due| *due <= now).is_some()
    }

    /// What was seen was whole.
    pub(super) fn succeeded(&mut self) {
        (self.n_vain, self.problem) = (0, None);
    }

    /// It was not.
    pub(super) fn failed(&mut self, problem: String, now: Instant) {
        log::debug!("the watched file is not whole: {problem}");
        self.problem = Some(problem);
        if self.due.is_none() && self.n_vain < MOST_VAIN {
            self.due = Some(now + WAIT * (1 << self.n_vain));
            self.n_vain += 1;
        }
    }
}

/// Looks at the file until it stands still. Takes some time: on a thread of its own.
pub(super) fn look(path: PathBuf, activation: Option<ActivationChoice>) -> Look {
    let mut before = stamp(&path);
    for i in 0..MOST_LOOKS {
        std::thread::sleep(STILL);
        let now = stamp(&path);
        if now == before || i + 1 == MOST_LOOKS {
            return whole(path, activation, now);
        }
        before = now;
    }
    Look::Unfinished("it is being written".to_owned())
}

fn whole(path: PathBuf, activation: Option<ActivationChoice>, before: Option<Stamp>) -> Look {
    let name = file_name(&path);
    let bytes = match read(&path) {
        Ok(bytes) => bytes,
        Err(error) => return Look::Unfinished(error.to_string()),
    };
    if stamp(&path) != before {
        return Look::Unfinished("it is being written".to_owned());
    }
    match model::load(&name, &bytes, activation) {
        Ok(model) => Look::Whole(path, Arc::new(model)),
        Err(error) => Look::Unfinished(error.to_string()),
    }
}

/// When the file was written and its size; `None` without a file.
type Stamp = (Option<SystemTime>, u64);

fn stamp(path: &Path) -> Option<Stamp> {
    std::fs::metadata(path).ok().map(|found| (found.modified().ok(), found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_looked_at_once_and_a_look_in_vain_again_and_again_but_not_for_ever() {
        let (mut watch, mut now) = (Watch::default(), Instant::now());
        assert!(!watch.take_due(now));
        watch.changed(now);
        watch.changed(now);
        assert!(watch.take_due(now) && !watch.take_due(now));
        let mut waits = Vec::new();
        loop {
            watch.failed("half".to_owned(), now);
            assert_eq!(watch.problem().is_some(), waits.len() + 1 >= TOLD as usize);
            let Some(due) = watch.due() else { break };
            assert!(!watch.take_due(now), "not at once");
            waits.push(due - now);
            now = due;
            assert!(watch.take_due(now));
        }
        assert_eq!((waits.len(), waits[0], waits[1]), (MOST_VAIN as usize, WAIT, 2 * WAIT));
        watch.changed(now);
        assert!(watch.take_due(now), "the next change counts again");
        watch.succeeded();
        assert_eq!((watch.problem(), watch.due()), (None, None));
    }

    #[test]
    fn a_change_during_a_look_is_looked_at_after_it() {
        let (mut watch, now) = (Watch::default(), Instant::now());
        watch.changed(now);
        assert!(watch.take_due(now));
        watch.changed(now);
        watch.succeeded();
        assert!(watch.take_due(now));
    }

    #[test]
    fn only_a_whole_file_is_a_model() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("net.safetensors");
        assert!(matches!(look(path.clone(), None), Look::Unfinished(_)), "there is none yet");
        let bytes = include_bytes!("../../assets/random_8.safetensors");
        std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("the folder is ours");
        assert!(matches!(look(path.clone(), None), Look::Unfinished(_)));
        std::fs::write(&path, bytes).expect("the folder is ours");
        let Look::Whole(_, model) = look(path, None) else { panic!("it is whole") };
        assert_eq!((model.name.as_str(), model.network.widths()), ("net", vec![2, 8, 1]));
    }
}
