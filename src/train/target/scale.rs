//! Between a target's coordinates and values and those that are trained with, which are of order one.

use crate::complex::Window;
use crate::network::Affine;

/// `u = (p - centre) / half` for points, `t = (value - offset) / spread` for each output.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::train) struct Scale {
    pub centre: [f64; 2],
    /// Half the window's longer side.
    pub half: f64,
    pub offset: Vec<f64>,
    pub spread: Vec<f64>,
}

impl Scale {
    /// The longer side of `window` becomes 2; `n_outputs` values stay as they are.
    pub(super) fn of_window(window: &Window, n_outputs: usize) -> Self {
        let [width, height] = window.size();
        let centre = [0, 1].map(|k| window.min[k] + 0.5 * window.size()[k]);
        Self { centre, half: 0.5 * width.max(height), offset: vec![0.0; n_outputs], spread: vec![1.0; n_outputs] }
    }

    pub(super) fn point(&self, p: [f64; 2]) -> [f32; 2] {
        [0, 1].map(|k| ((p[k] - self.centre[k]) / self.half) as f32)
    }

    /// Makes the network that was trained in `u` and `t` one of points and values. Where the scale is 1 nothing changes.
    pub(in crate::train) fn unapply(&self, layers: &mut [Affine]) {
        if let Some(first) = layers.first_mut() {
            first.weights.iter_mut().for_each(|w| *w /= self.half);
            for (row, bias) in first.weights.chunks_exact(2).zip(&mut first.bias) {
                *bias -= row[0] * self.centre[0] + row[1] * self.centre[1];
            }
        }
        if let Some(last) = layers.last_mut() {
            let rows = last.weights.chunks_exact_mut(last.n_in).zip(&mut last.bias);
            for ((row, bias), (offset, spread)) in rows.zip(self.offset.iter().zip(&self.spread)) {
                for w in row {
                    *w *= spread;
                }
                *bias = *bias * spread + offset;
            }
        }
    }
}
