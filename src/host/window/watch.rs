//! Hears of changes of one file, also where it is replaced by another of its name.
//!
//! In: a path. Out: calls. Its folder is watched, and the folder of what it links to. Changes are only heard, not looked at: one
//! write may be many calls. Refuses where the system watches nothing.

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Listens as long as it lives.
pub(super) struct FileWatcher {
    path: PathBuf,
    _watcher: RecommendedWatcher,
}

impl FileWatcher {
    /// `changed` is called from another thread.
    ///
    /// # Errors
    /// The system's reason.
    pub(super) fn new(path: &Path, changed: impl Fn() + Send + 'static) -> Result<Self, notify::Error> {
        // a link that is set to another target changes where the link is, a target that is written where the target is
        let places: Vec<PathBuf> = [Some(path.to_owned()), path.canonicalize().ok()].into_iter().flatten().collect();
        let names: Vec<OsString> = places.iter().filter_map(|place| place.file_name().map(OsString::from)).collect();
        let mut watcher = notify::recommended_watcher(move |event: Result<Event, notify::Error>| {
            // an error may mean that changes were lost
            if event.is_ok_and(|event| !concerns(&event, &names)) {
                return;
            }
            changed();
        })?;
        let mut folders: Vec<&Path> = places.iter().map(|place| folder(place)).collect();
        folders.dedup();
        for folder in folders {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        Ok(Self { path: path.to_owned(), _watcher: watcher })
    }

    /// What it listens to.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a file of these names may have other content now: reading it is no change.
fn concerns(event: &Event, names: &[OsString]) -> bool {
    let is_change = match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    };
    is_change && (event.paths.is_empty() || event.paths.iter().any(|path| names.iter().any(|name| path.file_name() == Some(name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    /// Longer than any system takes to tell.
    const PATIENCE: Duration = Duration::from_mins(1);

    /// Waits for a change, and forgets those that came with it.
    fn heard(changes: &Receiver<()>) -> bool {
        let first = changes.recv_timeout(PATIENCE).is_ok();
        while changes.try_recv().is_ok() {}
        first
    }

    #[test]
    fn a_write_and_a_replacement_are_heard_and_another_file_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [path, other] = ["net.json", "net.json.tmp"].map(|name| folder.path().join(name));
        let write = |path: &Path, text: &str| std::fs::write(path, text).expect("the folder is ours");
        write(&path, "one");
        let (tell, changes) = channel();
        // the last changes come when nobody listens any more
        let told = move || tell.send(()).unwrap_or_default();
        let watcher = FileWatcher::new(&path, told).expect("the system watches files");
        assert_eq!(watcher.path(), path);
        write(&path, "two");
        assert!(heard(&changes), "a write");
        write(&other, "three");
        std::fs::rename(&other, &path).expect("the folder is ours");
        assert!(heard(&changes), "a replacement");
        let event = |name: &str| Event::new(EventKind::Any).add_path(folder.path().join(name));
        let names = [OsString::from("net.json")];
        assert!(concerns(&event("net.json"), &names) && !concerns(&event("net.json.tmp"), &names));
        let read = Event::new(EventKind::Access(AccessKind::Close(AccessMode::Read))).add_path(path);
        assert!(!concerns(&read, &names));
    }
}
