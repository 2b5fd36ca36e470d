//! Random rational points: the network's pattern there is that of a region, which holds the point, and point location finds it.
//!
//! In: [`Complex`], its network, the region of each pattern. Out: findings. A point on an edge may have a pattern
//! of its own and is left out.

use super::bounds::signs_at;
use super::truth::Point;
use super::{Law, POSITION_TOLERANCE, RANDOM_POINTS, Report, packed};
use crate::complex::{Complex, Locator};
use crate::network::Network;
use std::cmp::Ordering::{Equal, Greater};
use std::collections::HashMap;

pub(super) fn check(complex: &Complex, network: &Network, region_of: &HashMap<Vec<u64>, u32>, report: &mut Report) {
    let (window, locator) = (complex.window(), Locator::new(complex));
    let tolerance = POSITION_TOLERANCE * window.reach()[0].max(window.reach()[1]);
    for k in 1..=RANDOM_POINTS {
        let p = point(complex, k);
        let known: Option<Vec<_>> = signs_at(network, p).into_iter().collect();
        report.count_exact(Law::RandomPoints, usize::from(known.is_none()));
        let signs = known.unwrap_or_else(|| Point::at(p).signs(network, &window));
        let signs = &signs[..network.n_units()];
        let on: Vec<bool> = signs.iter().map(|&sign| sign == Greater).collect();
        let region = region_of.get(&packed(&on));
        if region.is_none() && signs.contains(&Equal) {
            continue;
        }
        report.count(Law::RandomPoints, 1);
        let Some(&f) = region else {
            report.expect(Law::RandomPoints, false, || format!("{p:?} has a pattern that no region has"));
            continue;
        };
        report.expect(Law::RandomPoints, locator.depth(f, p) >= -tolerance, || {
            format!("{p:?} has the pattern of region {f}, but is outside of it")
        });
        let located = locator.locate(p);
        let found = located == Some(f) || located.is_some_and(|other| locator.depth(other, p) <= tolerance);
        report.expect(Law::RandomPoints, found, || format!("{p:?} is in region {f}, point location finds {located:?}"));
    }
}

/// Points that fill the window evenly: multiples of the inverse powers of the plastic number, the root of `r^3 = r + 1`.
fn point(complex: &Complex, k: usize) -> [f64; 2] {
    const PLASTIC: f64 = 1.324_717_957_244_746;
    let (window, size) = (complex.window(), complex.window().size());
    let share = [1.0 / PLASTIC, 1.0 / (PLASTIC * PLASTIC)].map(|step| (k as f64 * step).fract());
    [window.min[0] + share[0] * size[0], window.min[1] + share[1] * size[1]]
}
