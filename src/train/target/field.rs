//! Samples of values all over a window: half of them evenly, half where the values change.
//!
//! A network fits a shape's edge with many small folds and the rest with few, so that is where it has to look.

use super::Scale;
use crate::complex::Window;
use crate::train::samples::Samples;
use rand::{Rng, RngExt};

/// Samples of each half.
const N_HALF: usize = 1 << 15;
/// Cells along the longer side in which the change of the values is looked for.
const GRID: usize = 192;

/// Samples of `value`, whose own window is `natural`, over `window`: centred, and as large as fits.
pub(super) fn samples(value: &dyn Fn([f64; 2]) -> f32, natural: &Window, window: &Window, random: &mut impl Rng) -> (Samples, Scale) {
    let scale = Scale::of_window(window, 1);
    let place = Scale::of_window(window, 0).centre;
    let zoom = (0..2).map(|k| window.size()[k] / natural.size()[k]).fold(f64::INFINITY, f64::min);
    let middle = Scale::of_window(natural, 0).centre;
    let at = |p: [f64; 2]| value([0, 1].map(|k| (p[k] - place[k]) / zoom + middle[k]));
    let mut points = even(window, N_HALF, random);
    let near = near_edges(&at, window, random);
    let rest = if near.is_empty() { even(window, N_HALF, random) } else { near };
    points.extend(rest);
    let values = points.iter().map(|&p| at(p)).collect();
    (Samples { points: points.iter().map(|&p| scale.point(p)).collect(), values, n_outputs: 1 }, scale)
}

/// The numbers of columns and rows of a grid of square cells, as nearly as whole numbers allow.
struct Grid {
    n: [usize; 2],
    window: Window,
}

impl Grid {
    fn new(window: &Window, longer: f64) -> Self {
        let size = window.size();
        let cell = size[0].max(size[1]) / longer;
        Self { n: size.map(|side| (side / cell).round().max(1.0) as usize), window: *window }
    }

    /// The point at `(x, y)` in cells.
    fn point(&self, x: f64, y: f64) -> [f64; 2] {
        let [width, height] = self.window.size();
        [self.window.min[0] + x / self.n[0] as f64 * width, self.window.min[1] + y / self.n[1] as f64 * height]
    }

    fn cells(&self) -> impl Iterator<Item = [usize; 2]> {
        let [n_x, n_y] = self.n;
        (0..n_y).flat_map(move |y| (0..n_x).map(move |x| [x, y]))
    }

    fn in_cell(&self, [x, y]: [usize; 2], random: &mut impl Rng) -> [f64; 2] {
        self.point(x as f64 + random.random::<f64>(), y as f64 + random.random::<f64>())
    }
}

/// About `n` points, one in each cell of a grid.
fn even(window: &Window, n: usize, random: &mut impl Rng) -> Vec<[f64; 2]> {
    let [width, height] = window.size();
    let grid = Grid::new(window, (n as f64 * width.max(height) / width.min(height)).sqrt().min(n as f64));
    grid.cells().map(|cell| grid.in_cell(cell, random)).collect()
}

/// [`N_HALF`] points in cells drawn by how much the values change across them; none where they do not change.
fn near_edges(at: &dyn Fn([f64; 2]) -> f32, window: &Window, random: &mut impl Rng) -> Vec<[f64; 2]> {
    let grid = Grid::new(window, GRID as f64);
    let change = |[x, y]: [usize; 2]| {
        let side = |dx: f64, dy: f64| at(grid.point(x as f64 + 0.5 + dx, y as f64 + 0.5 + dy));
        f64::from((side(1.0, 0.0) - side(-1.0, 0.0)).abs() + (side(0.0, 1.0) - side(0.0, -1.0)).abs())
    };
    let weights: Vec<([usize; 2], f64)> = grid.cells().map(|cell| (cell, change(cell))).collect();
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let mut points = Vec::with_capacity(N_HALF);
    let (mut sum, first) = (0.0, random.random::<f64>());
    for (cell, weight) in weights {
        sum += weight;
        // the i-th point lies where the running sum passes (i + first) / N_HALF of the total
        while points.len() < N_HALF && (points.len() as f64 + first) * total < sum * N_HALF as f64 {
            points.push(grid.in_cell(cell, random));
        }
    }
    points
}
