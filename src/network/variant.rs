//! Networks made from a network: the projection that lifts the surface, and the network up to a hidden layer.

use super::{Affine, Lift, Network, NetworkError};

impl Lift {
    /// The coefficients of the outputs in the lifting scalar, `[n_outputs]`. A projection's have Euclidean length 1.
    ///
    /// # Errors
    /// [`NetworkError::NoSuchOutput`].
    pub fn coefficients(self, n_outputs: usize) -> Result<Vec<f64>, NetworkError> {
        match self {
            Self::Output(asked) if asked >= n_outputs => Err(NetworkError::NoSuchOutput { asked, n_outputs }),
            Self::Output(j) => Ok((0..n_outputs).map(|i| f64::from(u8::from(i == j))).collect()),
            Self::Projection(seed) => Ok(direction(n_outputs, seed)),
        }
    }
}

impl Network {
    /// The network up to hidden layer `k` (counted from 1), with one output: the projection of layer `k`'s
    /// activations that `seed` draws. `k = n_hidden` is not the whole network: its own output layer is left out.
    ///
    /// # Errors
    /// [`NetworkError::NoSuchLayer`].
    pub fn up_to_layer(&self, k: usize, seed: u64) -> Result<Self, NetworkError> {
        if k == 0 || k > self.n_hidden() {
            return Err(NetworkError::NoSuchLayer { asked: k, n_hidden: self.n_hidden() });
        }
        let mut layers = self.layers()[..k].to_vec();
        let n_in = layers[k - 1].n_out;
        layers.push(Affine { n_out: 1, n_in, weights: direction(n_in, seed), bias: vec![0.0] });
        Self::new(layers, 0.0)?.with_slopes(self.slopes()[..k].to_vec())
    }
}

/// A direction of length 1 in `n` dimensions, uniform on the sphere, the same for a seed everywhere.
fn direction(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut v: Vec<f64> = (0..n).map(|_| normal(&mut state)).collect();
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    for x in &mut v {
        *x /= length;
    }
    v
}

/// A standard normal number by the method of Box and Muller.
fn normal(state: &mut u64) -> f64 {
    let radius = (-2.0 * (1.0 - uniform(state)).ln()).sqrt();
    radius * (std::f64::consts::TAU * uniform(state)).cos()
}

/// A number in `[0, 1)` by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}
