//! The networks of the benches: the trained rings networks of `tests/models` (those of `assets` have other numbers of regions),
//! and random ones made here.

use foldscape::network::{Affine, Network};

/// The names of all.
pub(crate) const NAMES: [&str; 10] = [
    "rings_16x4",
    "rings_32x4",
    "rings_64x4",
    "rings_128x4",
    "random 64x3",
    "random 256x3",
    "random 512x2",
    "random 1024x2",
    "random 64x8",
    "random 512x4",
];

/// The network of a name: a trained one, or one of this width and depth.
pub(crate) fn by_name(name: &str) -> Network {
    if let Some(shape) = name.strip_prefix("random ") {
        let (width, depth) = shape.split_once('x').expect("WIDTHxDEPTH");
        return random(width.parse().expect("a width"), depth.parse().expect("a depth"));
    }
    load(name)
}

fn load(name: &str) -> Network {
    let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    // the root package's own benches, or the package of the peers in benches/peer
    let root = if manifest.ends_with("benches/peer") { manifest.join("../..") } else { manifest.to_owned() };
    let path = root.join("tests/models").join(format!("{name}.safetensors"));
    let bytes = std::fs::read(&path).expect("the repository holds its networks");
    foldscape::model::load(name, &bytes, None).expect("the repository's networks are valid").network
}

/// PyTorch's default initialisation, uniform within `1 / sqrt(n_in)` of 0 for weights and biases, rounded to f32, ReLU.
fn random(width: usize, depth: usize) -> Network {
    let mut state = (width * 31 + depth) as u64;
    let widths: Vec<usize> = [2].into_iter().chain(std::iter::repeat_n(width, depth)).chain([1]).collect();
    let layers = widths.windows(2).map(|w| {
        let bound = 1.0 / (w[0] as f64).sqrt();
        let mut draw = |n: usize| (0..n).map(|_| f64::from(((2.0 * uniform(&mut state) - 1.0) * bound) as f32)).collect::<Vec<_>>();
        Affine { n_out: w[1], n_in: w[0], weights: draw(w[0] * w[1]), bias: draw(w[1]) }
    });
    Network::new(layers.collect(), 0.0).expect("the shapes chain")
}

/// A number in [0, 1) by `SplitMix64`.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
