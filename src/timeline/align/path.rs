//! How good the straight way between two networks is: on sample points of the window, the networks on the way are compared
//! with what lies between the outputs of the two.

use super::Alignment;
use crate::complex::Window;
use crate::network::Network;
use crate::timeline::morph;

/// Sample points along each side of the window: a feature of a tenth of it is met by two rows.
const N_SIDE: usize = 20;
/// Shares of the way that are looked at.
const SHARES: [f64; 3] = [0.25, 0.5, 0.75];
/// Exchanges that are tried, times the weights of the network, at most: some seconds of work. Wider networks, where weights
/// tell more, get fewer trials.
const MOST_WORK: usize = 20_000_000;

/// Two networks seen on sample points.
pub struct Path<'n> {
    fixed: &'n Network,
    moving: &'n Network,
    points: Vec<[f64; 2]>,
    /// The outputs of both, `[points][outputs]`.
    outputs: [Vec<Vec<f64>>; 2],
    /// The pre-activations of both in each hidden layer, `[units][points]`.
    pub activations: Vec<[Vec<Vec<f64>>; 2]>,
}

impl<'n> Path<'n> {
    pub fn new(fixed: &'n Network, moving: &'n Network, window: &Window) -> Self {
        let at = |i: usize, k: usize| window.min[k] + window.size()[k] * (i as f64 + 0.5) / N_SIDE as f64;
        let points: Vec<[f64; 2]> = (0..N_SIDE * N_SIDE).map(|i| [at(i % N_SIDE, 0), at(i / N_SIDE, 1)]).collect();
        let seen = [fixed, moving].map(|n| points.iter().map(|p| n.pre_activations(p)).collect::<Vec<_>>());
        let unit = |network: &[Vec<Vec<f64>>], l: usize, j: usize| network.iter().map(|z| z[l][j]).collect::<Vec<f64>>();
        let layer = |l: usize| seen.each_ref().map(|network| (0..fixed.layers()[l].n_out).map(|j| unit(network, l, j)).collect());
        let activations = (0..fixed.n_hidden()).map(layer).collect();
        let outputs = seen.map(|network| network.into_iter().filter_map(|mut z| z.pop()).collect());
        Self { fixed, moving, points, outputs, activations }
    }

    /// The mean square of the outputs' deviation on the way; infinite where numbers are not.
    pub fn deviation(&self, alignment: &Alignment) -> f64 {
        let Ok(moving) = alignment.apply(self.moving) else { return f64::INFINITY };
        let at = |share: f64| {
            let Ok(network) = morph::between(self.fixed, &moving, share) else { return f64::INFINITY };
            let ends = self.outputs[0].iter().zip(&self.outputs[1]);
            let off = |(p, (a, b)): (&[f64; 2], (&Vec<f64>, &Vec<f64>))| -> f64 {
                let between = a.iter().zip(b).map(|(a, b)| a + share * (b - a));
                network.forward(p).iter().zip(between).map(|(z, between)| (z - between).powi(2)).sum()
            };
            self.points.iter().zip(ends).map(off).sum::<f64>()
        };
        SHARES.into_iter().map(at).sum::<f64>() / (SHARES.len() * self.points.len()) as f64
    }

    /// Exchanges two units of a layer wherever that makes the way better, round after round until nothing is gained.
    pub fn improved(&self, mut best: Alignment, mut deviation: f64) -> Alignment {
        let mut trials = MOST_WORK / (self.fixed.n_parameters() * SHARES.len()).max(1);
        loop {
            let before = deviation;
            for l in 0..best.places.len() {
                let n = best.places[l].len();
                for (i, j) in (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))) {
                    if trials == 0 {
                        return best;
                    }
                    trials -= 1;
                    best.places[l].swap(i, j);
                    let now = self.deviation(&best);
                    if now < deviation {
                        deviation = now;
                    } else {
                        best.places[l].swap(i, j);
                    }
                }
            }
            if deviation >= before {
                return best;
            }
        }
    }
}
