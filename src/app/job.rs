//! Work beside the window: one task at a time counts, the newest.
//!
//! In: closures. Out: the newest one's result, by [`Worker::poll`]; results of older ones are dropped and the tasks told to
//! stop. The host is woken when a result lies ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Progress is kept in thousandths.
const PER_MILLE: f64 = 1000.0;

/// What a running closure sees of its task.
#[derive(Debug, Default)]
pub struct Task {
    /// Set when the result is no longer wanted.
    pub cancel: AtomicBool,
    per_mille: AtomicU32,
}

impl Task {
    /// The share that is done, 0 to 1.
    pub fn set_progress(&self, share: f64) {
        self.per_mille.store((share.clamp(0.0, 1.0) * PER_MILLE) as u32, Ordering::Relaxed);
    }
}

struct Running {
    number: u64,
    task: Arc<Task>,
    since: Instant,
}

/// Runs closures on threads of their own; only the newest counts.
pub struct Worker<T> {
    wake: Arc<dyn Fn() + Send + Sync>,
    sender: Sender<(u64, T)>,
    receiver: Receiver<(u64, T)>,
    last: u64,
    running: Option<Running>,
}

impl<T: Send + 'static> Worker<T> {
    /// `wake` is called from another thread when a result lies ready.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, receiver) = channel();
        Self { wake: Arc::new(wake), sender, receiver, last: 0, running: None }
    }

    /// Starts `work` and gives up what ran before.
    ///
    /// # Errors
    /// The system's, if it gives no thread.
    pub fn start(&mut self, work: impl FnOnce(&Task) -> T + Send + 'static) -> std::io::Result<()> {
        self.cancel();
        self.last += 1;
        let (number, task, sender, wake) = (self.last, Arc::new(Task::default()), self.sender.clone(), Arc::clone(&self.wake));
        let seen = Arc::clone(&task);
        std::thread::Builder::new().name("complex".to_owned()).spawn(move || {
            let result = work(&seen);
            // nobody listens any more when the window is closed
            let _ = sender.send((number, result));
            wake();
        })?;
        self.running = Some(Running { number, task, since: Instant::now() });
        Ok(())
    }

    /// Gives up what runs. Whether something did.
    pub fn cancel(&mut self) -> bool {
        let running = self.running.take();
        if let Some(running) = &running {
            running.task.cancel.store(true, Ordering::Relaxed);
        }
        running.is_some()
    }

    /// Gives up what runs and waits for its end.
    pub fn end(&mut self) {
        let Some(running) = self.running.take() else { return };
        running.task.cancel.store(true, Ordering::Relaxed);
        while self.receiver.recv().is_ok_and(|(number, _)| number != running.number) {}
    }

    /// The newest task's result, once, when it is ready.
    pub fn poll(&mut self) -> Option<T> {
        let wanted = self.running.as_ref()?.number;
        let found = self.receiver.try_iter().find(|(number, _)| *number == wanted)?;
        self.running = None;
        Some(found.1)
    }

    /// Whether something runs.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// The share that is done, 0 to 1, and for how long it has been running.
    #[must_use]
    pub fn progress(&self, now: Instant) -> Option<(f32, Duration)> {
        let running = self.running.as_ref()?;
        let share = f64::from(running.task.per_mille.load(Ordering::Relaxed)) / PER_MILLE;
        Some((share as f32, now.saturating_duration_since(running.since)))
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.task.cancel.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result_of(worker: &mut Worker<u32>) -> u32 {
        loop {
            if let Some(found) = worker.poll() {
                return found;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_newest_wins_even_if_the_older_ends_first() {
        let mut worker = Worker::new(|| {});
        let (told, tells) = channel();
        worker
            .start(move |task| {
                while !task.cancel.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                told.send(()).expect("the test listens");
                1
            })
            .expect("a thread");
        worker
            .start(move |_| {
                tells.recv().expect("the older task was told to stop");
                2
            })
            .expect("a thread");
        assert_eq!(result_of(&mut worker), 2);
        assert_eq!(worker.poll(), None);
    }

    #[test]
    fn what_was_cancelled_never_arrives() {
        let mut worker = Worker::new(|| {});
        worker.start(|_| 1).expect("a thread");
        assert!(worker.cancel() && !worker.cancel());
        assert!(worker.progress(Instant::now()).is_none());
        worker.start(|_| 2).expect("a thread");
        assert_eq!(result_of(&mut worker), 2);
    }
}
