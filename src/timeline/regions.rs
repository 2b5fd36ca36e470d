//! The number of regions along a timeline.

use super::{Timeline, TimelineError};
use crate::complex::{Complex, Options, Window};

/// Regions on `window` at these phases, each counted when it is asked for. `options.progress` hears of each count,
/// `options.cancel` stops it.
///
/// # Errors
/// In place of a count: [`TimelineError::Complex`], with [`ComplexError::Cancelled`](crate::complex::ComplexError::Cancelled) if
/// `options.cancel` was set; [`TimelineError::Network`].
pub fn region_counts<'a>(
    timeline: &'a Timeline,
    window: &'a Window,
    phases: impl IntoIterator<Item = f64> + 'a,
    options: &'a Options,
) -> impl Iterator<Item = Result<usize, TimelineError>> + 'a {
    phases.into_iter().map(|phase| Ok(Complex::enumerate(&timeline.network(phase)?, window, options)?.n_regions()))
}
