//! How much room the lines of one layer have: the size of the layer's cells round every vertex.
//!
//! In: the classes of the regions after a layer, and the regions' areas. Out: for every vertex the root of the mean area of
//! the cells round it, in world units, flat and lifted. A line of layer `l` looks only at the cells of the first `l` layers,
//! so the first layer's lines stay whole through a thicket of deeper ones.

use crate::complex::Complex;

/// Flat and lifted area of a region, in square world units.
pub(crate) type Areas = [f64; 2];

/// `[flat, lifted]` for every vertex; `class` is the cell of every region, one of `n_classes`.
pub(crate) fn crowding(complex: &Complex, class: &[u32], n_classes: usize, areas: &[Areas]) -> Vec<[f32; 2]> {
    let cells = cell_areas(class, n_classes, areas);
    let mut sums = vec![[0.0, 0.0, 0.0]; complex.n_vertices()];
    for h in 0..2 * complex.n_edges() as u32 {
        if let Some(f) = complex.face(h) {
            let [flat, lifted] = cells[class[f as usize] as usize];
            let sum = &mut sums[complex.origin(h) as usize];
            *sum = [sum[0] + flat, sum[1] + lifted, sum[2] + 1.0];
        }
    }
    sums.iter().map(|[flat, lifted, n]: &[f64; 3]| [(flat / n).sqrt() as f32, (lifted / n).sqrt() as f32]).collect()
}

fn cell_areas(class: &[u32], n_classes: usize, areas: &[Areas]) -> Vec<Areas> {
    let mut cells = vec![[0.0, 0.0]; n_classes];
    for (&c, [flat, lifted]) in class.iter().zip(areas) {
        let cell = &mut cells[c as usize];
        *cell = [cell[0] + flat, cell[1] + lifted];
    }
    cells
}
