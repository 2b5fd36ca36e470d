//! Ctrl-C and SIGTERM: the first sets a flag that long work looks at, the second ends the program at once and removes
//! the unfinished output.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Listens from now on. Where the system refuses, Ctrl-C ends the program as usual.
pub(super) fn listen() {
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            if let Some(path) = UNFINISHED.lock().ok().and_then(|mut path| path.take()) {
                let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
            }
            std::process::exit(130);
        }
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        log::warn!("Ctrl-C cannot be caught: {error}");
    }
}

/// The flag for long work.
pub(super) fn flag() -> &'static AtomicBool {
    &INTERRUPTED
}

pub(super) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// An error if the program has been interrupted.
pub(super) fn check() -> anyhow::Result<()> {
    anyhow::ensure!(!is_interrupted(), "interrupted; nothing was written");
    Ok(())
}

/// Names the unfinished file or folder that a second signal removes, or that there is none.
pub(super) fn set_unfinished(path: Option<&Path>) {
    if let Ok(mut unfinished) = UNFINISHED.lock() {
        *unfinished = path.map(Path::to_owned);
    }
}
