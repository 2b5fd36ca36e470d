//! The curve of the number of regions over a timeline, counted beside the window from coarse to fine.
//!
//! In: a [`Stage`]. Out: points (phase, regions), more of them after each round. One thread counts, so that the window keeps
//! the others. It ends where a count is refused: the curve then stays as coarse as it is.

use super::job::Worker;
use crate::picture;
use crate::picture::stage::Stage;
use crate::timeline::region_counts;
use std::sync::Arc;

/// Rounds: each doubles the points of the one before.
const ROUNDS: u32 = 6;
/// Points of the first round, less one.
const FIRST: u32 = 4;

/// A curve that is being counted.
pub struct Counts {
    stage: Arc<Stage>,
    worker: Worker<Option<Vec<[f64; 2]>>>,
    round: u32,
    points: Vec<[f64; 2]>,
}

impl Counts {
    /// Starts counting. `wake` is called from another thread when there is something to [`Counts::poll`].
    pub fn new(stage: Arc<Stage>, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let mut counts = Self { stage, worker: Worker::new(wake), round: 0, points: Vec::new() };
        counts.start();
        counts
    }

    /// Whether it is of this stage.
    #[must_use]
    pub fn is_of(&self, stage: &Arc<Stage>) -> bool {
        Arc::ptr_eq(&self.stage, stage)
    }

    /// Whether more points are to come.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.worker.is_busy()
    }

    /// Points (phase, regions), the phases ascending.
    #[must_use]
    pub fn points(&self) -> &[[f64; 2]] {
        &self.points
    }

    /// Takes in what was counted.
    pub fn poll(&mut self) {
        let Some(Some(found)) = self.worker.poll() else { return };
        self.points.extend(found);
        self.points.sort_by(|a, b| a[0].total_cmp(&b[0]));
        self.round += 1;
        if self.round < ROUNDS {
            self.start();
        }
    }

    fn start(&mut self) {
        let (stage, phases) = (Arc::clone(&self.stage), phases(self.round));
        let work = move |task: &super::Task| {
            let course = &stage.course;
            let options = picture::options(&course.asked, &task.cancel, &|_| {});
            let options = crate::complex::Options { threads: 1, ..options };
            let counted = region_counts(&course.timeline, &course.window, phases.iter().copied(), &options);
            phases.iter().zip(counted).map(|(&phase, n)| Some([phase, n.ok()? as f64])).collect()
        };
        // without a thread there is no curve
        let _ = self.worker.start(work);
    }
}

/// The phases of a round that no round before had.
fn phases(round: u32) -> Vec<f64> {
    let n = FIRST << round;
    (0..=n).filter(|i| round == 0 || i % 2 == 1).map(|i| f64::from(i) / f64::from(n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Player;
    use crate::complex::{Complex, Options, Window};
    use crate::model;
    use crate::picture::Asked;
    use crate::picture::stage::{Course, Looks, Range};
    use crate::timeline::FoldOrder;
    use std::sync::atomic::AtomicBool;
    use std::time::Instant;

    #[test]
    fn every_phase_comes_once_and_the_curve_is_even_in_the_end() {
        let all: Vec<f64> = (0..ROUNDS).flat_map(phases).collect();
        let mut sorted = all.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        assert_eq!((all.len(), sorted.len()), (129, 129));
        assert_eq!(phases(0), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(phases(1), [0.125, 0.375, 0.625, 0.875]);
    }

    #[test]
    fn a_fold_has_all_its_regions_all_the_way() {
        let model = model::builtin();
        let player = Player::fold(&model, FoldOrder::Together, Instant::now()).expect("it has hidden layers");
        let course = Course::new(&player.timeline, Range::Own, Window::SQUARE, &Asked::default()).expect("nothing special was asked");
        let stage = course.survey(Looks { most_keys: 2, between: 0 }, &AtomicBool::new(false), &|_| {}).expect("within the limits");
        let mut counts = Counts::new(Arc::new(stage), || {});
        while counts.is_busy() {
            counts.poll();
            std::thread::yield_now();
        }
        let folded = Complex::enumerate(&model.network, &Window::SQUARE, &Options::default()).expect("within the limits");
        assert_eq!((counts.points().len(), counts.points()[128]), (129, [1.0, folded.n_regions() as f64]));
        assert!(counts.points()[0][1] > 1.0, "the lines of a plane are those along which it will be folded");
    }
}
