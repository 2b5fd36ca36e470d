//! Permutes the hidden units of a network, which leaves the function as it is, so that the straight way from another
//! network to it is better: units that do the same stand at the same place.
//!
//! In: two networks of one architecture and the window on which they are looked at. Out: [`Alignment`], a permutation for
//! each hidden layer. Refuses networks whose architectures differ. Candidates are the order as it is, weight matching and
//! activation matching (Ainsworth, Hayase and Srinivasa, *Git Re-Basin*, ICLR 2023), each an exact solution of its assignment
//! problems. In networks as narrow as those here the weights alone tell little, so `path` measures the ways themselves: the
//! best candidate is taken, and units are exchanged as long as its way gets better.

mod path;

use super::{TimelineError, morph};
use crate::complex::Window;
use crate::network::{Affine, Network, NetworkError};
use path::Path;
use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

/// Rounds of weight matching over all layers at most. Ten are usual; an assignment that is as good as the present one could
/// go on for ever.
const MAX_ROUNDS: usize = 100;
/// The solver wants whole numbers: the greatest similarity of a layer becomes this one. A sum over as many units as a
/// layer can have stays within 63 bits, and what is lost is a millionth of a millionth.
const SIMILARITY_STEPS: f64 = (1_u64 << 40) as f64;

/// For each hidden layer the unit of the original that takes each place, `[n_hidden][width]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    places: Vec<Vec<usize>>,
}

/// A permutation of the hidden units of `moving` that makes the way from `fixed` to it better on `window`: the networks on
/// the way deviate less from what lies between the outputs of the two. It is never worse than the order as it is.
///
/// # Errors
/// [`TimelineError::Depth`], [`TimelineError::Width`] if the architectures differ; `names` are theirs, for the message.
pub fn align(names: [&str; 2], fixed: &Network, moving: &Network, window: &Window) -> Result<Alignment, TimelineError> {
    morph::same_architecture(names, [fixed, moving])?;
    let path = Path::new(fixed, moving, window);
    let as_it_is: Vec<Vec<usize>> = moving.hidden().iter().map(|a| (0..a.n_out).collect()).collect();
    let candidates = [as_it_is.clone(), by_activations(&path), by_weights(fixed, moving, as_it_is)];
    let measured = candidates.into_iter().map(|places| (path.deviation(&Alignment { places: places.clone() }), places));
    // the first of equals: the order as it is stays where nothing is gained
    let best = measured.reduce(|best, next| if next.0 < best.0 { next } else { best });
    let (deviation, places) = best.unwrap_or_default();
    Ok(path.improved(Alignment { places }, deviation))
}

impl Alignment {
    /// The same function with its hidden units permuted.
    ///
    /// # Errors
    /// None for the network that was aligned.
    ///
    /// # Panics
    /// If `network` has other widths than the one that was aligned.
    pub fn apply(&self, network: &Network) -> Result<Network, NetworkError> {
        let layers = network.layers().iter().enumerate();
        let permuted = layers.map(|(l, layer)| permute(layer, self.places.get(l), l.checked_sub(1).map(|k| &self.places[k]))).collect();
        Network::new(permuted, 0.0)?.with_slopes(network.slopes().to_vec())
    }

    /// For each hidden layer the unit of the original that takes each place, `[n_hidden][width]`.
    #[must_use]
    pub fn places(&self) -> &[Vec<usize>] {
        &self.places
    }
}

/// Rows in the order `rows`, columns in the order `columns`; `None` is as they are.
fn permute(layer: &Affine, rows: Option<&Vec<usize>>, columns: Option<&Vec<usize>>) -> Affine {
    let row = |j: usize| rows.map_or(j, |rows| rows[j]);
    let column = |i: usize| columns.map_or(i, |columns| columns[i]);
    let weight = |j: usize, i: usize| layer.weights[row(j) * layer.n_in + column(i)];
    Affine {
        weights: (0..layer.n_out).flat_map(|j| (0..layer.n_in).map(move |i| (j, i))).map(|(j, i)| weight(j, i)).collect(),
        bias: (0..layer.n_out).map(|j| layer.bias[row(j)]).collect(),
        ..*layer
    }
}

/// Activation matching: units whose activations go together on the window, layer by layer.
fn by_activations(path: &Path) -> Vec<Vec<usize>> {
    path.activations.iter().map(|[a, b]| assign(&correlation(a, b))).collect()
}

/// The correlation of each two rows, `[n x n]`; 0 with a row that is constant.
fn correlation(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<f64> {
    let centred = |row: &Vec<f64>| -> Vec<f64> {
        let mean = row.iter().sum::<f64>() / row.len() as f64;
        let length = row.iter().map(|v| (v - mean).powi(2)).sum::<f64>().sqrt();
        row.iter().map(|v| if length > 0.0 { (v - mean) / length } else { 0.0 }).collect()
    };
    let [a, b]: [Vec<Vec<f64>>; 2] = [a, b].map(|rows| rows.iter().map(centred).collect());
    a.iter().flat_map(|v| b.iter().map(move |w| v.iter().zip(w).map(|(v, w)| v * w).sum())).collect()
}

/// Weight matching: the layers in turn, so that the inner product of both networks' weights is greatest, until none changes.
/// The product rises with every step, so it ends.
fn by_weights(fixed: &Network, moving: &Network, mut places: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    for _ in 0..MAX_ROUNDS {
        let before = places.clone();
        for l in 0..places.len() {
            places[l] = assign(&similarity(fixed, moving, &places, l));
        }
        if places == before {
            break;
        }
    }
    places
}

/// How alike unit `i` of hidden layer `l` of `fixed` and unit `j` of `moving` are, `[i * width + j]`: the inner product of
/// their weights in, biases and weights out, with the other layers of `moving` permuted as they are now.
fn similarity(fixed: &Network, moving: &Network, places: &[Vec<usize>], l: usize) -> Vec<f64> {
    let before = l.checked_sub(1).map(|k| &places[k]);
    let ([a, b], [a_out, b_out]) = ([0, 1].map(|k| &[fixed, moving][k].layers()[l]), [fixed, moving].map(|n| &n.layers()[l + 1]));
    let (b, b_out) = (permute(b, None, before), permute(b_out, places.get(l + 1), None));
    let n = a.n_out;
    let mut all = Vec::with_capacity(n * n);
    for i in 0..n {
        let row = &a.weights[i * a.n_in..][..a.n_in];
        for j in 0..n {
            let incoming: f64 = row.iter().zip(&b.weights[j * b.n_in..]).map(|(v, w)| v * w).sum();
            let outgoing: f64 = (0..a_out.n_out).map(|k| a_out.weights[k * n + i] * b_out.weights[k * n + j]).sum();
            all.push(incoming + a.bias[i] * b.bias[j] + outgoing);
        }
    }
    all
}

/// For each row of a square matrix its column, no column twice, so that the sum of the entries is greatest.
fn assign(similarity: &[f64]) -> Vec<usize> {
    let n = similarity.len().isqrt();
    let greatest = similarity.iter().fold(0.0, |greatest: f64, s| greatest.max(s.abs()));
    // inner products of huge weights may overflow: then there is nothing to tell them by
    let scale = if greatest > 0.0 && greatest.is_finite() { SIMILARITY_STEPS / greatest } else { 0.0 };
    let weights = Matrix::from_fn(n, n, |(i, j)| (similarity[i * n + j] * scale) as i64);
    kuhn_munkres(&weights).1
}
