//! How the benches time: some runs of the same work. What a run makes is given back, not dropped, within its time.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// What the last of `n` runs made, and the times of all, ascending; `n` is at least 1.
pub(crate) fn runs<T>(n: usize, mut work: impl FnMut() -> T) -> (T, Vec<Duration>) {
    let (mut times, mut last) = (Vec::new(), None);
    for _ in 0..n {
        let start = Instant::now();
        let made = black_box(work());
        times.push(start.elapsed());
        last = Some(made);
    }
    times.sort_unstable();
    (last.expect("at least one run"), times)
}
