//! One network being folded or revealed: slopes between 1 (a plane) and the network's own.

use crate::network::{Affine, Network, NetworkError};

/// Which layers fold when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FoldOrder {
    /// The first layer, then the second, and so on, each as long as the others.
    #[default]
    LayerByLayer,
    /// All at once.
    Together,
    /// Layer by layer, and a layer has no fold lines before it comes.
    Reveal,
}

/// All slopes a share `s` of the way from 1 to their own.
pub(super) fn together(network: &Network, s: f64) -> Result<Network, NetworkError> {
    let slopes = network.slopes().iter().map(|&own| folded(own, s)).collect();
    network.clone().with_slopes(slopes)
}

/// The first `done` layers are folded, the next one by a share, the rest not yet.
pub(super) fn layer_by_layer(network: &Network, done: usize, share: f64) -> Result<Network, NetworkError> {
    let progress = |l: usize| if l < done { 1.0 } else { f64::from(u8::from(l == done)) * share };
    let slopes = network.slopes().iter().enumerate().map(|(l, &own)| folded(own, progress(l))).collect();
    network.clone().with_slopes(slopes)
}

/// The first `done` layers, and the next one folded by a share; those after it are multiplied out to one affine map.
pub(super) fn reveal(network: &Network, done: usize, share: f64) -> Result<Network, NetworkError> {
    let shown = (done + usize::from(share > 0.0)).min(network.n_hidden());
    let (kept, rest) = network.layers().split_at(shown);
    let mut layers = kept.to_vec();
    layers.extend(rest.iter().cloned().reduce(|first, then| compose(&then, &first)));
    let slopes = (0..shown).map(|l| folded(network.slope_of(l), if l < done { 1.0 } else { share })).collect();
    Network::new(layers, 0.0)?.with_slopes(slopes)
}

/// Exact at both ends.
fn folded(own: f64, s: f64) -> f64 {
    if s >= 1.0 { own } else { (1.0 - s) + s * own }
}

/// `x -> then(first(x))`.
fn compose(then: &Affine, first: &Affine) -> Affine {
    let row = |w: &[f64]| -> Vec<f64> {
        let column = |i: usize| w.iter().zip(first.weights.chunks_exact(first.n_in)).map(|(w, row)| w * row[i]).sum();
        (0..first.n_in).map(column).collect()
    };
    let weights = then.weights.chunks_exact(then.n_in).flat_map(row).collect();
    Affine { n_out: then.n_out, n_in: first.n_in, weights, bias: then.apply(&first.bias) }
}
