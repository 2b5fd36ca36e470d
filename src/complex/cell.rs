//! A convex cell of the input plane and its cut by one unit's line. Topology only: signs and positions come in.

use super::predicate::Corner;
use super::system::BoundedForm;
use std::cmp::Ordering;

/// A side's line: its label, which is that of its edges (the lowest unit that changes sign there), and its form, `None` at
/// infinity.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    pub label: u32,
    pub form: Option<BoundedForm>,
}

/// A convex polygon, counter-clockwise; side `i` runs from `corners[i]` to the corner after it.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub corners: Vec<Corner>,
    pub sides: Vec<Side>,
    /// The side of the cell this one was cut from that each side is part of.
    pub parent_side: Vec<usize>,
    /// The side along that cut.
    pub cut_side: usize,
}

/// In [`Cell::parent_side`]: the side along the cut, which the parent does not have.
pub const NO_PARENT: usize = usize::MAX;

impl Cell {
    /// The mean of the corners that are not at infinity: near the middle. The origin if all are.
    pub fn centre(&self) -> [f64; 2] {
        let [x, y, n] = self.corners.iter().fold([0.0, 0.0, 0.0], |[x, y, n], c| {
            let w = c.weight;
            [x + w * c.position[0], y + w * c.position[1], n + w]
        });
        [x / n.max(1.0), y / n.max(1.0)]
    }

    /// Twice the area by the shoelace formula, from the first corner.
    pub fn double_area(&self) -> f64 {
        let [x0, y0] = self.corners[0].position;
        let p = |i: usize| [self.corners[i].position[0] - x0, self.corners[i].position[1] - y0];
        (1..self.corners.len().saturating_sub(1)).map(|i| p(i)[0] * p(i + 1)[1] - p(i)[1] * p(i + 1)[0]).sum()
    }

    /// Makes `part` the part where the unit's sign is `keep`. `crossing(i)` is the new corner on side `i`, whose ends have
    /// signs `-` and `+`; `cut` is the line.
    pub fn part(&self, signs: &[Ordering], keep: Ordering, cut: Side, crossing: impl Fn(usize) -> Corner, part: &mut Self) {
        part.corners.clear();
        part.sides.clear();
        part.parent_side.clear();
        let n = self.corners.len();
        for i in 0..n {
            let (here, next) = (signs[i], signs[if i + 1 == n { 0 } else { i + 1 }]);
            if here == keep || (here == Ordering::Equal && next == keep) {
                part.push(self.corners[i], self.sides[i], i);
            } else if here == Ordering::Equal {
                part.push_cut(self.corners[i], cut);
            }
            if here == keep && next == keep.reverse() {
                part.push_cut(crossing(i), cut);
            } else if here == keep.reverse() && next == keep {
                part.push(crossing(i), self.sides[i], i);
            }
        }
    }

    fn push(&mut self, corner: Corner, side: Side, parent: usize) {
        self.corners.push(corner);
        self.sides.push(side);
        self.parent_side.push(parent);
    }

    fn push_cut(&mut self, corner: Corner, cut: Side) {
        self.cut_side = self.sides.len();
        self.push(corner, cut, NO_PARENT);
    }
}
