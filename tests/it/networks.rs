//! Networks for the tests: the trained ones of the repository, random ones from a seed, degenerate ones by construction.

use foldscape::network::{Affine, Network};

/// `[name, activation regions on [-1, 1]^2]` of the repository's networks, counted by two other methods.
pub const COUNTED: [(&str, usize); 6] = [
    ("tests/models/rand_8x2_s0_leaky", 22),
    ("tests/models/rings_8x6", 674),
    ("tests/models/rings_16x4", 1_257),
    ("tests/models/rings_32x4", 5_724),
    ("tests/models/rings_64x4", 47_643),
    ("tests/models/rings_128x4", 168_632),
];

/// One of the repository's networks, by its path without the ending.
pub fn trained(path: &str) -> Network {
    let path = format!("{}/{path}.safetensors", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let file = safetensors::SafeTensors::deserialize(&bytes).expect("a valid file");
    let numbers = |name: &str| {
        let data = file.tensor(name).ok()?.data().to_vec();
        Some(data.chunks_exact(4).map(|b| f64::from(f32::from_le_bytes(b.try_into().expect("four bytes")))).collect::<Vec<_>>())
    };
    let layer = |i: usize| {
        let (weights, bias) = (numbers(&format!("{}.weight", 2 * i))?, numbers(&format!("{}.bias", 2 * i))?);
        Some(Affine { n_out: bias.len(), n_in: weights.len() / bias.len(), weights, bias })
    };
    Network::new((0..).map_while(layer).collect(), 0.02).expect("a valid network")
}

/// An affine map by its rows.
pub fn affine(rows: &[&[f64]], bias: &[f64]) -> Affine {
    Affine { n_out: rows.len(), n_in: rows[0].len(), weights: rows.concat(), bias: bias.to_vec() }
}

/// A generator of pseudo-random numbers (`SplitMix64`).
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    /// Uniform in [-1, 1).
    pub fn signed(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// How the weights of a random network are drawn. All but the first make coincidences common.
#[derive(Debug, Clone, Copy)]
pub enum Weights {
    Generic,
    SmallIntegers,
    PowersOfTwo,
    NoBias,
    Duplicates,
}

impl Weights {
    pub const ALL: [Self; 5] = [Self::Generic, Self::SmallIntegers, Self::PowersOfTwo, Self::NoBias, Self::Duplicates];
}

/// A network with two inputs, these hidden widths and one output.
pub fn random(hidden: &[usize], slope: f64, weights: Weights, random: &mut Random) -> Network {
    let widths: Vec<usize> = [2].into_iter().chain(hidden.iter().copied()).chain([1]).collect();
    let layers = widths.windows(2).map(|w| layer(w[0], w[1], weights, random));
    Network::new(layers.collect(), slope).expect("shapes chain by construction")
}

fn layer(n_in: usize, n_out: usize, kind: Weights, random: &mut Random) -> Affine {
    let mut number = || match kind {
        Weights::Generic | Weights::NoBias | Weights::Duplicates => f64::from(random.signed() as f32),
        Weights::SmallIntegers => random.below(5) as f64 - 2.0,
        Weights::PowersOfTwo => [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 0.25][random.below(8)],
    };
    let mut weights: Vec<f64> = (0..n_in * n_out).map(|_| number()).collect();
    let mut bias: Vec<f64> = (0..n_out).map(|_| number()).collect();
    if matches!(kind, Weights::NoBias) {
        bias.fill(0.0);
    }
    if matches!(kind, Weights::Duplicates) && n_out > 2 {
        // the last unit is the first again, the last but one the opposite of the second
        weights.copy_within(0..n_in, (n_out - 1) * n_in);
        bias[n_out - 1] = bias[0];
        let opposite: Vec<f64> = weights[n_in..2 * n_in].iter().map(|w| -w).collect();
        weights[(n_out - 2) * n_in..][..n_in].copy_from_slice(&opposite);
        bias[n_out - 2] = -bias[1];
    }
    Affine { n_out, n_in, weights, bias }
}

/// Telgarsky's tent map on x and on y, `depth` times, by four `ReLU` units a layer; the output is the sum of both.
/// tent(v) = 2 relu(v) - 4 relu(v - 1/2) on [0, 1].
pub fn tents(depth: usize) -> Network {
    let first = Affine { n_out: 4, n_in: 2, weights: vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0], bias: vec![0.0, -0.5, 0.0, -0.5] };
    let (x, y) = ([2.0, -4.0, 0.0, 0.0], [0.0, 0.0, 2.0, -4.0]);
    let next = || Affine { n_out: 4, n_in: 4, weights: [x, x, y, y].concat(), bias: vec![0.0, -0.5, 0.0, -0.5] };
    let output = Affine { n_out: 1, n_in: 4, weights: vec![2.0, -4.0, 2.0, -4.0], bias: vec![0.0] };
    let layers = std::iter::once(first).chain((1..depth).map(|_| next())).chain([output]);
    Network::new(layers.collect(), 0.0).expect("shapes chain by construction")
}
