//! The whole plane: known counts wherever the lines cross, and what a frame round all vertices shows.

use crate::networks::{Random, Weights, random};
use foldscape::complex::{Complex, Options, Plane};
use foldscape::network::{Affine, Network};
use std::collections::HashSet;

fn plane(network: &Network) -> Plane {
    Plane::enumerate(network, &Options::default()).expect("within the limits")
}

#[test]
fn eight_lines_make_37_regions_wherever_they_cross() {
    let mut seed = Random(88);
    for distance in [0.0, 1.0, 1e3, 1e9] {
        for _ in 0..10 {
            let mut network = random(&[8], 0.02, Weights::Generic, &mut seed);
            let layers = network.layers().to_vec();
            let mut first = layers[0].clone();
            // moved by (distance, -distance)
            for (w, b) in first.weights.chunks_exact(2).zip(&mut first.bias) {
                *b += distance * (w[1] - w[0]);
            }
            network = Network::new(vec![first, layers[1].clone()], 0.02).expect("as before");
            let stats = plane(&network).stats();
            // every two of eight lines cross, each line has seven crossings and eight pieces
            assert_eq!((stats.regions, stats.vertices, stats.edges, stats.euler), (37, 28, 64, 1), "moved by {distance}");
        }
    }
}

#[test]
fn parallel_lines_and_a_pencil() {
    let lines = |weights: Vec<f64>, bias: Vec<f64>| {
        let n_out = bias.len();
        let output = Affine { n_out: 1, n_in: n_out, weights: vec![1.0; n_out], bias: vec![0.0] };
        Network::new(vec![Affine { n_out, n_in: 2, weights, bias }, output], 0.0).expect("it chains")
    };
    let parallel = lines([1.0, 3.0].repeat(5), vec![-1e9, 0.0, 1e-9, 1.0, 2.0]);
    let stats = plane(&parallel).stats();
    assert_eq!((stats.regions, stats.vertices, stats.edges, stats.euler), (6, 0, 5, 1));
    let pencil = lines(vec![1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, -1.0, 2.0, 1.0], vec![0.0; 5]);
    let stats = plane(&pencil).stats();
    assert_eq!((stats.regions, stats.vertices, stats.edges, stats.euler), (10, 1, 10, 1));
    let none = lines(vec![0.0, 0.0], vec![1.0]);
    assert_eq!(plane(&none).n_regions(), 1);
}

#[test]
fn a_frame_round_all_vertices_shows_the_same_regions() {
    let mut seed = Random(4711);
    for case in 0..250 {
        let kind = Weights::ALL[case % Weights::ALL.len()];
        let depth = 1 + seed.below(4);
        let hidden: Vec<usize> = (0..depth).map(|_| 1 + seed.below(6)).collect();
        let network = random(&hidden, [0.0, 0.02, 0.25][seed.below(3)], kind, &mut seed);
        let plane = match Plane::enumerate(&network, &Options::default()) {
            Ok(p) => p,
            Err(e) => panic!("case {case} {kind:?}: {e}\n{network:?}"),
        };
        let frame = plane.frame(&network);
        let complex = Complex::enumerate(&network, &frame, &Options::default()).expect("within the limits");
        let (all, seen) = (plane.stats(), complex.stats());
        assert_eq!(
            (all.regions, all.vertices, all.edges),
            (seen.regions, seen.interior_vertices, seen.interior_edges),
            "{kind:?} {network:?}"
        );
        let patterns: HashSet<_> = (0..all.regions as u32).map(|f| plane.pattern(f)).collect();
        assert!((0..seen.regions as u32).all(|f| patterns.contains(&complex.pattern(f))), "{kind:?} {network:?}");
        assert_eq!(all.euler, 1, "{network:?}");
        assert_eq!(plane.n_linear_regions(&network), complex.linear_regions(&network).count(), "{network:?}");
    }
}

#[test]
fn all_exact_and_portable_give_the_same_plane() {
    let network = random(&[6, 6, 5], 0.02, Weights::Generic, &mut Random(9));
    let usual = plane(&network).stats();
    let all_exact = Plane::enumerate(&network, &Options { all_exact: true, ..Options::default() }).expect("within the limits").stats();
    assert_eq!((usual.regions, usual.vertices, usual.edges), (all_exact.regions, all_exact.vertices, all_exact.edges));
    assert!(usual.exact_decisions < all_exact.exact_decisions / 10, "{} of {}", usual.exact_decisions, all_exact.exact_decisions);
}
