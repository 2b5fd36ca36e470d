//! Regions one by one, none kept: for networks whose complex does not fit in memory.
//!
//! In: a network, a window and somebody who wants to see every region. Out: [`Streamed`], counts and the area. The regions are
//! those of [`Complex::enumerate`]; nothing is sewn, so there are no neighbours.

use super::pattern::Patterns;
use super::stitch::Part;
use super::{AffineForm, Complex, ComplexError, Options, Window, polygon_area, run};
use crate::network::Network;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Called with every region, from several threads and in no order.
pub(super) type Visit<'v> = &'v (dyn Fn(&Region) + Sync);
/// Areas are added up in units of 2^-60 of the window, so that the sum does not depend on the order: 2^-61 of the window off
/// for each region at most.
const AREA_UNIT: f64 = (1_u64 << 60) as f64;

/// One activation region.
pub struct Region<'r> {
    /// Its corners, counter-clockwise, in input units.
    pub polygon: &'r [[f64; 2]],
    /// The affine maps of all outputs, `[n_outputs]`.
    pub maps: &'r [AffineForm],
    patterns: &'r Patterns,
    face: u32,
    mask: u64,
}

impl Region<'_> {
    /// Sets for every hidden unit in layer order whether it is on; `on` is `[n_units]`.
    pub fn pattern(&self, on: &mut [bool]) {
        self.patterns.read(self.face, self.mask, on);
    }

    /// In square input units, by the shoelace formula from the first corner.
    #[must_use]
    pub fn area(&self) -> f64 {
        polygon_area(self.polygon)
    }
}

/// What is left when all regions have gone by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Streamed {
    pub regions: usize,
    /// Sum of the regions' areas, in square input units.
    pub area: f64,
    /// How many signs were decided in exact arithmetic.
    pub exact_decisions: u64,
}

impl Complex {
    /// Hands every region of `network` over `window` to `visit`, from several threads and in no order, and keeps none.
    /// There may be any number of regions, and memory is not counted.
    ///
    /// # Errors
    /// See [`ComplexError`].
    pub fn stream(
        network: &Network,
        window: &Window,
        options: &Options,
        visit: &(dyn Fn(&Region) + Sync),
    ) -> Result<Streamed, ComplexError> {
        window.check()?;
        let [width, height] = window.size();
        let (regions, area) = (AtomicUsize::new(0), AtomicU64::new(0));
        let count = |region: &Region| {
            regions.fetch_add(1, Relaxed);
            area.fetch_add((region.area() / (width * height) * AREA_UNIT).round() as u64, Relaxed);
            visit(region);
        };
        let (_, exact_decisions) =
            options.on_threads(network.n_units(), |n_threads| run(network, Some(window), options, n_threads, Some(&count)))?;
        let area = area.into_inner() as f64 / AREA_UNIT * (width * height);
        Ok(Streamed { regions: regions.into_inner(), area, exact_decisions })
    }
}

/// Hands out the regions of `part` and forgets them.
pub(super) fn hand_out(part: &mut Part, visit: Visit) {
    let mut polygon = Vec::new();
    let n_outputs = part.maps.len() / part.mask.len().max(1);
    for (f, &mask) in part.mask.iter().enumerate() {
        polygon.clear();
        polygon.extend(part.loop_of(f as u32).map(|h| part.position[part.half_edges[h as usize].origin as usize]));
        let maps = &part.maps[f * n_outputs..][..n_outputs];
        visit(&Region { polygon: &polygon, maps, patterns: &part.patterns, face: f as u32, mask });
    }
    part.forget_cells();
}
