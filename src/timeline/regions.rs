//! The number of regions along a timeline.

use super::{Timeline, TimelineError};
use crate::complex::{Complex, Options, Window};

/// Regions on `window` at `n` even phases from 0 to 1, `[n]`. `options.progress` hears the share of the phases that is done,
/// `options.cancel` stops it.
///
/// # Errors
/// [`TimelineError::Complex`], with [`ComplexError::Cancelled`](crate::complex::ComplexError::Cancelled) if `options.cancel`
/// was set; [`TimelineError::Network`].
pub fn region_counts(timeline: &Timeline, window: &Window, n: usize, options: &Options) -> Result<Vec<usize>, TimelineError> {
    let last = n.saturating_sub(1).max(1) as f64;
    let count = |i: usize| {
        if let Some(report) = options.progress {
            report(i as f64 / n as f64);
        }
        let network = timeline.network(i as f64 / last)?;
        Ok(Complex::enumerate(&network, window, &Options { progress: None, ..*options })?.n_regions())
    };
    (0..n).map(count).collect()
}
