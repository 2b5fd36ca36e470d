//! The laws of a complex, checked against its network: a proof by other means than the ones it was made by.
//!
//! In: [`Complex`] and the network it was made of. Out: [`Report`], what was checked and what failed. Shares with the
//! enumeration nothing but numbers: affine forms are computed anew along each region's pattern, layer by layer, signs are
//! decided at the regions' corners in f64 with bounds of its own, and where these do not tell, by evaluating the network in
//! exact arithmetic at the exact point where two lines meet.
//!
//! What makes it a proof: the sides of a region are lines of exact forms; each of its corners lies strictly inside of all other
//! sides, so that they bound a convex polygon; every unit has the sign of the pattern at every corner, so that the
//! pattern is that of the whole polygon, layer after layer; neighbours share their side and its ends; no pattern appears twice;
//! the areas sum to the window's. Files: `links` (topology), `bounds` (forms in f64), `truth` (exact evaluation),
//! `region` (all of one region), `points` (random points).

mod bounds;
mod links;
mod points;
mod region;
#[cfg(test)]
mod tests;
mod truth;

use super::agreement::map_error;
use super::{Complex, ComplexError, Options};
use crate::network::Network;
use rayon::prelude::*;
use region::Worker;
use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// How far a vertex may be from the lines that meet there, apart from the rounding of their forms; in units of the window's
/// largest coordinate. It is rounded to 2^-53 and moved by few operations; a wrong line is off by more than a region's
/// width, which is above 2^-40 for all but a few regions.
const POSITION_TOLERANCE: f64 = 1e-12;
/// How far the sum of the regions' areas may be from the window's, as a share of it: rounding alone.
const AREA_TOLERANCE: f64 = 1e-12;
/// Regions are checked in batches of so many, one after the other in a batch, since neighbours share most of their forms.
const BATCH: usize = 256;
/// So many exact products are spent on signs that f64 is certain of: the sample.
const SAMPLE_PRODUCTS: usize = 4_000_000;
/// So many exact products for each weight does a sampled region take: four corners, two lines of three coefficients and one
/// evaluation for each.
const SAMPLE_COST: usize = 28;
/// Points at random.
const RANDOM_POINTS: usize = 1_000;

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Twins, successors and faces fit together.
    Links,
    /// V - E + F = 1.
    Euler,
    /// An edge is labelled with the lowest unit that flips across it, or lies on the window's side it says.
    Labels,
    /// Every corner of a region turns left and lies strictly inside of all other sides.
    Convexity,
    /// The regions' areas sum to the window's.
    Area,
    /// A vertex is where the lines of its edges meet.
    Positions,
    /// Every unit has the sign of the region's pattern all over the region.
    Signs,
    /// No two regions have one pattern.
    Patterns,
    /// The stored maps of the outputs are the network's along the pattern.
    Maps,
    /// The stored maps of neighbours agree along their edge.
    Continuity,
    /// The network has the region's pattern at a rational point inside of it.
    Interiors,
    /// At random rational points the network has a region's pattern, and that region holds the point.
    RandomPoints,
    /// Signs that f64 is certain of are those of exact arithmetic, on a sample.
    Sample,
}

impl Law {
    /// All laws in the order they are reported in.
    pub const ALL: [Self; 13] = [
        Self::Links,
        Self::Euler,
        Self::Labels,
        Self::Convexity,
        Self::Area,
        Self::Positions,
        Self::Signs,
        Self::Patterns,
        Self::Maps,
        Self::Continuity,
        Self::Interiors,
        Self::RandomPoints,
        Self::Sample,
    ];

    /// Its name, and what is counted.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Links => ("links", "half-edges"),
            Self::Euler => ("V − E + F", "formula"),
            Self::Labels => ("labels", "edges"),
            Self::Convexity => ("convexity", "corners"),
            Self::Area => ("area", "regions"),
            Self::Positions => ("positions", "corners"),
            Self::Signs => ("signs", "of units at corners"),
            Self::Patterns => ("distinct patterns", "regions"),
            Self::Maps => ("affine maps", "outputs of regions"),
            Self::Continuity => ("continuity", "outputs at edges' ends"),
            Self::Interiors => ("interior points", "regions"),
            Self::RandomPoints => ("random points", "points"),
            Self::Sample => ("sample, exact", "signs of units at corners"),
        }
    }
}

/// What was found out about one law.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finding {
    /// How many things were checked.
    pub checked: u64,
    /// How many of them in exact arithmetic.
    pub exact: u64,
    pub failed: u64,
    /// The first failure.
    pub first: Option<String>,
    /// The largest deviation: of positions in input units, of areas as a share, of maps in output units.
    pub worst: f64,
}

/// What was found out about a complex.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    findings: [Finding; Law::ALL.len()],
}

impl Report {
    /// The finding on one law.
    #[must_use]
    pub fn finding(&self, law: Law) -> &Finding {
        &self.findings[law as usize]
    }

    /// Whether nothing failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.findings.iter().all(|f| f.failed == 0)
    }

    fn count(&mut self, law: Law, n: usize) {
        self.findings[law as usize].checked += n as u64;
    }

    fn count_exact(&mut self, law: Law, n: usize) {
        self.findings[law as usize].exact += n as u64;
    }

    fn deviation(&mut self, law: Law, by: f64) {
        let worst = &mut self.findings[law as usize].worst;
        *worst = worst.max(by);
    }

    fn expect(&mut self, law: Law, holds: bool, failure: impl FnOnce() -> String) {
        if !holds {
            let finding = &mut self.findings[law as usize];
            finding.failed += 1;
            finding.first.get_or_insert_with(failure);
        }
    }

    /// Adds what was found out about later regions.
    fn append(&mut self, later: Self) {
        for (sum, f) in self.findings.iter_mut().zip(later.findings) {
            sum.checked += f.checked;
            sum.exact += f.exact;
            sum.failed += f.failed;
            sum.first = sum.first.take().or(f.first);
            sum.worst = sum.worst.max(f.worst);
        }
    }
}

impl Complex {
    /// Checks everything; `network` is the one this complex was made of. Of the options, the threads, cancelling and the progress
    /// count.
    ///
    /// # Errors
    /// [`ComplexError::Cancelled`], [`ComplexError::Threads`].
    ///
    /// # Panics
    /// If the network has other numbers of hidden units or outputs.
    pub fn verify(&self, network: &Network, options: &Options) -> Result<Report, ComplexError> {
        assert_eq!((network.n_units(), network.n_outputs()), (self.n_units(), self.n_outputs()), "the complex is of another network");
        let mut report = Report::default();
        links::check(self, &mut report);
        if !report.passed() {
            return Ok(report); // one cannot walk round the regions
        }
        let patterns = options.pool()?.install(|| self.verify_regions(network, options, &mut report))?;
        points::check(self, network, &patterns, &mut report);
        Ok(report)
    }

    /// Checks all that is said of single regions, and returns the region of every pattern.
    fn verify_regions(&self, network: &Network, options: &Options, report: &mut Report) -> Result<HashMap<Vec<u64>, u32>, ComplexError> {
        let (n, batches) = (self.n_regions(), self.n_regions().div_ceil(BATCH));
        let map_error = map_error(network);
        let sampled = (SAMPLE_PRODUCTS / (SAMPLE_COST * network.n_parameters())).clamp(2, n.max(2));
        let done = AtomicUsize::new(0);
        let batch = |k: usize| {
            let mut worker = Worker::new(self, network, &map_error, n.div_ceil(sampled));
            for f in k * BATCH..n.min((k + 1) * BATCH) {
                if options.cancel.is_some_and(|c| c.load(Relaxed)) {
                    return Err(ComplexError::Cancelled);
                }
                worker.check(f as u32);
            }
            if let Some(progress) = options.progress {
                progress((done.fetch_add(1, Relaxed) + 1) as f64 / batches as f64);
            }
            Ok(worker.finish())
        };
        let mut region_of = HashMap::with_capacity(n);
        for found in (0..batches).into_par_iter().map(batch).collect::<Vec<_>>() {
            let (part, patterns) = found?;
            report.append(part);
            for pattern in patterns {
                let f = report.finding(Law::Patterns).checked as u32;
                report.count(Law::Patterns, 1);
                let other = region_of.insert(pattern, f);
                report.expect(Law::Patterns, other.is_none(), || format!("regions {} and {f} have one pattern", other.unwrap_or(f)));
            }
        }
        Ok(region_of)
    }
}

/// A pattern as bits.
fn packed(on: &[bool]) -> Vec<u64> {
    on.chunks(64).map(|bits| bits.iter().rev().fold(0, |word, &on| word << 1 | u64::from(on))).collect()
}
