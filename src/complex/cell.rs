//! A convex cell of the input plane and its cut by one unit's line. Topology only: signs and positions come in.

use super::predicate::{Corner, Line};
use std::cmp::Ordering;

/// One side of a cell: the line it lies on and the label its edges will carry.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub line: Line<'a>,
    pub label: u32,
}

/// A convex polygon, counter-clockwise; `sides[i]` runs from `corners[i]` to the corner after it.
#[derive(Clone, Default)]
pub struct Cell<'a> {
    pub corners: Vec<Corner<'a>>,
    pub sides: Vec<Side<'a>>,
}

/// One side of the cut: the cell, for each of its sides the parent's side it is part of, and its side along the cut.
pub struct Part<'a> {
    pub cell: Cell<'a>,
    pub parent_side: Vec<usize>,
    pub cut_side: usize,
}

/// In [`Part::parent_side`]: the side along the cut, which the parent does not have.
pub const NO_PARENT: usize = usize::MAX;

impl<'a> Cell<'a> {
    /// The corners' mean: inside, and near the middle.
    pub fn centre(&self) -> [f64; 2] {
        let n = self.corners.len() as f64;
        let sum = self.corners.iter().fold([0.0, 0.0], |s, c| [s[0] + c.position[0], s[1] + c.position[1]]);
        [sum[0] / n, sum[1] / n]
    }

    /// Twice the area by the shoelace formula, from the first corner.
    pub fn double_area(&self) -> f64 {
        let [x0, y0] = self.corners[0].position;
        let p = |i: usize| [self.corners[i].position[0] - x0, self.corners[i].position[1] - y0];
        (1..self.corners.len().saturating_sub(1)).map(|i| p(i)[0] * p(i + 1)[1] - p(i)[1] * p(i + 1)[0]).sum()
    }

    /// The part where the unit's sign is `keep`. `crossing(i)` is the new corner on side `i`, whose ends have signs `-` and `+`.
    pub fn part(&self, signs: &[Ordering], keep: Ordering, cut: Side<'a>, crossing: impl Fn(usize) -> Corner<'a>) -> Part<'a> {
        let n = self.corners.len();
        let mut part = Part { cell: Cell::default(), parent_side: Vec::with_capacity(n + 1), cut_side: 0 };
        for i in 0..n {
            let (here, next) = (signs[i], signs[(i + 1) % n]);
            if here == keep {
                part.push(self.corners[i], self.sides[i], i);
            } else if here == Ordering::Equal && next == keep {
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
        part
    }
}

impl<'a> Part<'a> {
    fn push(&mut self, corner: Corner<'a>, side: Side<'a>, parent: usize) {
        self.cell.corners.push(corner);
        self.cell.sides.push(side);
        self.parent_side.push(parent);
    }

    fn push_cut(&mut self, corner: Corner<'a>, cut: Side<'a>) {
        self.cut_side = self.cell.sides.len();
        self.push(corner, cut, NO_PARENT);
    }
}
