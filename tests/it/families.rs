//! Families of small random networks, each degenerate in its own way.
//!
//! In: a family and a seed. Out: a network of one to five layers of one to eight units, and a window.

use crate::networks::{Random, Weights, affine, random, tents};
use foldscape::complex::Window;
use foldscape::network::{Affine, Network};

/// Networks larger than this are too slow for rational clipping.
const MOST_UNITS: usize = 26;

/// What makes the networks degenerate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Weights of 24 random bits: nothing coincides.
    Generic,
    /// Weights from -2 to 2.
    SmallIntegers,
    PowersOfTwo,
    /// All first-layer lines pass through the origin.
    NoBias,
    /// Duplicated and opposite units.
    Duplicates,
    /// Units that are off or on all over the window, constant, zero, or not read.
    Dead,
    /// Lines through the window's corners and along its sides.
    Border,
    /// Lines through common points.
    Crossings,
    /// `ReLU` networks with much that is constant or exactly 0.
    Flat,
    /// Minima and maxima of affine functions.
    Lattice,
    /// Tent maps on x and y.
    Tents,
}

impl Family {
    pub const ALL: [Self; 11] = [
        Self::Generic,
        Self::SmallIntegers,
        Self::PowersOfTwo,
        Self::NoBias,
        Self::Duplicates,
        Self::Dead,
        Self::Border,
        Self::Crossings,
        Self::Flat,
        Self::Lattice,
        Self::Tents,
    ];

    /// The network and window that a seed draws.
    pub fn draw(self, seed: u64) -> (Network, Window) {
        let mut r = Random(seed);
        let network = match self {
            Self::Generic => drawn(Weights::Generic, &mut r),
            Self::SmallIntegers => drawn(Weights::SmallIntegers, &mut r),
            Self::PowersOfTwo => drawn(Weights::PowersOfTwo, &mut r),
            Self::NoBias => drawn(Weights::NoBias, &mut r),
            Self::Duplicates => drawn(Weights::Duplicates, &mut r),
            Self::Dead => dead(&drawn(Weights::Generic, &mut r), &mut r),
            Self::Border => first_layer(&drawn(Weights::SmallIntegers, &mut r), &mut r, border_line),
            Self::Crossings => first_layer(&drawn(Weights::SmallIntegers, &mut r), &mut r, crossing_line),
            Self::Flat => flat(&drawn(Weights::SmallIntegers, &mut r), &mut r),
            Self::Lattice => lattice(1 + r.below(3), &mut r),
            Self::Tents => tents(1 + r.below(3)),
        };
        let squares = [[-1.0, -1.0, 1.0, 1.0], [-1.0, -1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [-2.0, -0.5, 1.0, 1.5]];
        let square = squares[if self == Self::Border { 0 } else { r.below(squares.len()) }];
        (network, Window::new(square).expect("a window"))
    }
}

/// A network of random shape and slopes.
fn drawn(weights: Weights, r: &mut Random) -> Network {
    let mut hidden: Vec<usize> = (0..=r.below(5)).map(|_| 1 + r.below(8)).collect();
    while hidden.iter().sum::<usize>() > MOST_UNITS {
        let widest = (0..hidden.len()).max_by_key(|&l| hidden[l]).expect("a layer");
        hidden[widest] -= 1;
    }
    let slopes = [0.0, 0.0, 0.02, 0.25, 1.0];
    let one = slopes[r.below(4)];
    let network = random(&hidden, one, weights, r);
    if r.below(4) > 0 {
        return network;
    }
    network.with_slopes(hidden.iter().map(|_| slopes[r.below(5)]).collect()).expect("one for each layer")
}

/// The network with other layers, its slopes kept.
fn rebuilt(network: &Network, layers: Vec<Affine>) -> Network {
    Network::new(layers, 0.0).expect("shapes chain").with_slopes(network.slopes().to_vec()).expect("as many layers")
}

fn dead(network: &Network, r: &mut Random) -> Network {
    let mut layers = network.layers().to_vec();
    for l in 0..layers.len() - 1 {
        for j in 0..layers[l].n_out {
            let n_in = layers[l].n_in;
            let row = j * n_in..(j + 1) * n_in;
            match r.below(8) {
                0 => layers[l].bias[j] = -1000.0,
                1 => layers[l].bias[j] = 1000.0,
                2 => layers[l].weights[row].fill(0.0),
                3 => {
                    layers[l].weights[row].fill(0.0);
                    layers[l].bias[j] = 0.0;
                }
                4 => {
                    let next = &mut layers[l + 1];
                    next.weights.iter_mut().skip(j).step_by(next.n_in).for_each(|w| *w = 0.0);
                }
                _ => {}
            }
        }
    }
    // the lines of the units that are left: all through one point, so that something is left to decide
    let first = &mut layers[0];
    for j in 0..first.n_out {
        if first.bias[j].abs() < 100.0 {
            first.bias[j] = 0.0;
        }
    }
    rebuilt(network, layers)
}

/// The network with first-layer units `[w_x, w_y, b]` drawn one by one.
fn first_layer(network: &Network, r: &mut Random, line: fn(&mut Random) -> [f64; 3]) -> Network {
    let mut layers = network.layers().to_vec();
    for j in 0..layers[0].n_out {
        let [x, y, b] = line(r);
        layers[0].weights[2 * j..2 * j + 2].copy_from_slice(&[x, y]);
        layers[0].bias[j] = b;
    }
    rebuilt(network, layers)
}

fn border_line(r: &mut Random) -> [f64; 3] {
    let sign = if r.below(2) == 0 { 1.0 } else { -1.0 };
    let side = [1.0, -1.0][r.below(2)];
    let corner = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]][r.below(4)];
    let [x, y] = [r.signed(), r.signed()].map(|v| (v * 8.0).round() / 8.0);
    let line = match r.below(4) {
        0 => [1.0, 0.0, side],
        1 => [0.0, 1.0, side],
        2 => [1.0, side, 0.0],
        _ => [x, y, -(x * corner[0] + y * corner[1])],
    };
    line.map(|v| v * sign)
}

fn crossing_line(r: &mut Random) -> [f64; 3] {
    let [px, py] = [[0.0, 0.0], [0.5, 0.25], [-0.5, 0.5]][r.below(3)];
    let [x, y] = [r.signed(), r.signed()].map(|v| (v * 4.0).round());
    [x, y, -(x * px + y * py)]
}

/// Biases of deeper layers 0, and few positive weights there.
fn flat(network: &Network, r: &mut Random) -> Network {
    let mut layers = network.layers().to_vec();
    for layer in layers.iter_mut().skip(1) {
        layer.bias.fill(0.0);
        for w in layer.weights.iter_mut().filter(|w| **w > 0.0) {
            if r.below(2) == 0 {
                *w = -*w;
            }
        }
    }
    Network::new(layers, 0.0).expect("shapes chain")
}

/// Minima of maxima of minima ... of `2^depth` affine functions with small dyadic weights, by pairs:
/// `max(a, b) = relu(a - b) + relu(b) - relu(-b)`, `min(a, b) = -max(-a, -b)`.
pub fn lattice(depth: usize, r: &mut Random) -> Network {
    let mut number = || (r.signed() * 8.0).round() / 4.0;
    let n = 1 << depth;
    let mut values =
        Affine { n_out: n, n_in: 2, weights: (0..2 * n).map(|_| number()).collect(), bias: (0..n).map(|_| number()).collect() };
    let mut layers = Vec::new();
    for level in 0..depth {
        let sign = if level % 2 == 0 { -1.0 } else { 1.0 };
        let pairs = values.n_out / 2;
        // the three units of a pair by the pair's values, and the pair's result by the three units
        let mut units = Affine { n_out: 3 * pairs, n_in: 2 * pairs, weights: vec![0.0; 6 * pairs * pairs], bias: vec![0.0; 3 * pairs] };
        let mut result = Affine { n_out: pairs, n_in: 3 * pairs, weights: vec![0.0; 3 * pairs * pairs], bias: vec![0.0; pairs] };
        for p in 0..pairs {
            for (k, (a, b)) in [(sign, -sign), (0.0, sign), (0.0, -sign)].into_iter().enumerate() {
                let row = (3 * p + k) * 2 * pairs + 2 * p;
                units.weights[row..row + 2].copy_from_slice(&[a, b]);
            }
            let row = p * 3 * pairs + 3 * p;
            result.weights[row..row + 3].copy_from_slice(&[sign, sign, -sign]);
        }
        layers.push(product(&units, &values));
        values = result;
    }
    layers.push(values);
    Network::new(layers, 0.0).expect("shapes chain")
}

/// `outer` after `inner`; exact for the small dyadic numbers here.
fn product(outer: &Affine, inner: &Affine) -> Affine {
    let entry = |row: &[f64], i: usize| row.iter().enumerate().map(|(k, w)| w * inner.weights[k * inner.n_in + i]).sum::<f64>();
    let rows: Vec<Vec<f64>> = outer.weights.chunks_exact(outer.n_in).map(|row| (0..inner.n_in).map(|i| entry(row, i)).collect()).collect();
    let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    affine(&rows, &outer.apply(&inner.bias).iter().zip(&outer.bias).map(|(v, _)| *v).collect::<Vec<_>>())
}
