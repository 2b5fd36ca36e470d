//! Linear regions: neighbouring activation regions with one affine map of all outputs, merged through edges.
//!
//! In: [`Complex`] and the network it was made of. Out: [`LinearRegions`], the class of every region, and [`Outlines`], the
//! boundary of every class. Regions that only share a vertex are not merged. Whether two maps are equal is decided exactly.

use super::agreement::Agreement;
use super::{Complex, NONE};
use crate::network::Network;
use rayon::prelude::*;

/// The linear regions of a complex, counted from 0 in the order of their first activation region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinearRegions {
    class: Vec<u32>,
    n: usize,
    n_undecided: usize,
}

/// The boundaries of linear regions as loops of half-edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlines {
    half_edges: Vec<u32>,
    /// Where each loop starts, and their end.
    loop_start: Vec<u32>,
    /// The first loop of each linear region, and their number.
    class_start: Vec<u32>,
}

impl Complex {
    /// The linear regions; `network` is the one this complex was made of.
    ///
    /// # Panics
    /// If it has other numbers of hidden units or outputs.
    #[must_use]
    pub fn linear_regions(&self, network: &Network) -> LinearRegions {
        assert_eq!((network.n_units(), network.n_outputs()), (self.n_units(), self.n_outputs()), "the complex is of another network");
        let agreement = Agreement::new(network);
        let both = |e: u32| Some((self.face(2 * e)?, self.face(2 * e + 1)?));
        let undecided = |e: &u32| both(*e).is_some_and(|(a, b)| !agreement.certainly_differ(self.maps(a), self.maps(b)));
        let undecided: Vec<u32> = (0..self.n_edges() as u32).filter(undecided).collect();
        let equal = |e: &u32| both(*e).is_some_and(|(a, b)| agreement.equal(&self.pattern(a), &self.pattern(b)));
        let joined: Vec<bool> = undecided.par_iter().map(equal).collect();
        let joined: Vec<u32> = undecided.iter().zip(joined).filter(|(_, joined)| *joined).map(|(&e, _)| e).collect();
        let (class, n) = self.classes(joined.into_iter());
        LinearRegions { class, n, n_undecided: undecided.len() }
    }
}

impl LinearRegions {
    /// Number of linear regions.
    #[must_use]
    pub fn count(&self) -> usize {
        self.n
    }

    /// The linear region of activation region `f`.
    #[must_use]
    pub fn class(&self, f: u32) -> u32 {
        self.class[f as usize]
    }

    /// Number of edges whose maps f64 alone could not tell apart.
    #[must_use]
    pub fn n_undecided_edges(&self) -> usize {
        self.n_undecided
    }

    /// Whether edge `e` lies between two linear regions or on the border.
    #[must_use]
    pub fn is_outline(&self, complex: &Complex, e: u32) -> bool {
        let [a, b] = [2 * e, 2 * e + 1].map(|h| complex.face(h).map_or(NONE, |f| self.class(f)));
        a != b
    }

    /// The boundary of every linear region.
    #[must_use]
    pub fn outlines(&self, complex: &Complex) -> Outlines {
        let outline: Vec<bool> = (0..complex.n_edges() as u32).map(|e| self.is_outline(complex, e)).collect();
        let mut loops: Vec<(u32, Vec<u32>)> = Vec::new();
        let mut seen = vec![false; 2 * outline.len()];
        for h in 0..seen.len() as u32 {
            if let (Some(f), true, false) = (complex.face(h), outline[h as usize / 2], seen[h as usize]) {
                let trace = trace(complex, &outline, h);
                for &h in &trace {
                    seen[h as usize] = true;
                }
                loops.push((self.class(f), trace));
            }
        }
        // of a region's loops the outer one alone runs counter-clockwise, and it encloses the others
        loops.sort_by(|(c, a), (d, b)| c.cmp(d).then_with(|| double_area(complex, b).total_cmp(&double_area(complex, a))));
        Outlines::from_sorted(&loops, self.n)
    }
}

impl Outlines {
    fn from_sorted(loops: &[(u32, Vec<u32>)], n_classes: usize) -> Self {
        let mut outlines = Self { half_edges: Vec::new(), loop_start: vec![0], class_start: Vec::with_capacity(n_classes + 1) };
        for (class, half_edges) in loops {
            while outlines.class_start.len() <= *class as usize {
                outlines.class_start.push(outlines.loop_start.len() as u32 - 1);
            }
            outlines.half_edges.extend(half_edges);
            outlines.loop_start.push(outlines.half_edges.len() as u32);
        }
        outlines.class_start.push(loops.len() as u32);
        outlines
    }

    /// The loops of linear region `c`: the outer one first, counter-clockwise, then its holes, clockwise. The region lies to
    /// the left of every half-edge. Where a region touches itself in a vertex, a loop passes through that vertex twice.
    #[must_use]
    pub fn loops(&self, c: u32) -> impl ExactSizeIterator<Item = &[u32]> + '_ {
        let range = self.class_start[c as usize]..self.class_start[c as usize + 1];
        range.map(|k| &self.half_edges[self.loop_start[k as usize] as usize..self.loop_start[k as usize + 1] as usize])
    }
}

/// The loop of half-edges on outlines that starts with `start` and keeps its region to the left.
fn trace(complex: &Complex, outline: &[bool], start: u32) -> Vec<u32> {
    let after = |h: u32| {
        let mut next = complex.next(h);
        while !outline[next as usize / 2] {
            next = complex.next(next ^ 1);
        }
        next
    };
    std::iter::successors(Some(start), |&h| Some(after(h)).filter(|&h| h != start)).collect()
}

/// Twice the signed area of a loop, relative to its first vertex.
fn double_area(complex: &Complex, half_edges: &[u32]) -> f64 {
    let point = |&h: &u32| complex.vertex(complex.origin(h));
    let [x0, y0] = point(&half_edges[0]);
    let relative: Vec<[f64; 2]> = half_edges.iter().map(point).map(|[x, y]| [x - x0, y - y0]).collect();
    relative.windows(2).map(|p| p[0][0] * p[1][1] - p[0][1] * p[1][0]).sum()
}
