//! Linear regions: known networks, outlines, and the laws that tie them to the activation regions.

use crate::networks::{Random, Weights, affine, random, trained};
use foldscape::complex::{AffineForm, Complex, LinearRegions, Options, Window};
use foldscape::network::Network;

fn linear(network: &Network, window: &Window) -> (Complex, LinearRegions) {
    let complex = Complex::enumerate(network, window, &Options::default()).expect("within the limits");
    let linear = complex.linear_regions(network);
    (complex, linear)
}

/// Activation regions and linear regions on `[-1, 1]^2`.
fn counts(network: &Network) -> (usize, usize) {
    let (complex, linear) = linear(network, &Window::SQUARE);
    (complex.n_regions(), linear.count())
}

/// `relu(x)` and `relu(-x)`, weighted.
fn two_ramps(right: f64, left: f64, slope: f64) -> Network {
    Network::new(vec![affine(&[&[1.0, 0.0], &[-1.0, 0.0]], &[0.0, 0.0]), affine(&[&[right, left]], &[0.0])], slope).expect("shapes chain")
}

/// `relu(1 - |x| - |y|)`: a pyramid over the unit diamond, 0 around it.
fn pyramid() -> Network {
    let ramps = affine(&[&[1.0, 0.0], &[-1.0, 0.0], &[0.0, 1.0], &[0.0, -1.0]], &[0.0; 4]);
    let layers = vec![ramps, affine(&[&[-1.0; 4]], &[1.0]), affine(&[&[1.0]], &[0.0])];
    Network::new(layers, 0.0).expect("shapes chain")
}

#[test]
fn neighbours_with_one_map_are_merged_and_no_others() {
    assert_eq!(counts(&two_ramps(1.0, 1.0, 0.0)), (2, 2), "|x|");
    assert_eq!(counts(&two_ramps(1.0, -1.0, 0.0)), (2, 1), "x, though both units flip");
    assert_eq!(counts(&two_ramps(0.0, 0.0, 0.0)), (2, 1), "nothing is read");
    assert_eq!(counts(&two_ramps(1.0, f64::EPSILON - 1.0, 0.0)), (2, 2), "x, but for one rounding");
    assert_eq!(counts(&two_ramps(1.0, 1.0, 1.0)), (2, 1), "slope 1");
}

#[test]
fn all_outputs_must_agree() {
    let hidden = || affine(&[&[1.0, 0.0], &[0.0, 1.0]], &[0.0, 0.0]);
    let network = |rows: &[&[f64]]| Network::new(vec![hidden(), affine(rows, &vec![0.0; rows.len()])], 0.1).expect("shapes chain");
    assert_eq!(counts(&network(&[&[1.0, 0.0]])), (4, 2));
    assert_eq!(counts(&network(&[&[0.0, 1.0]])), (4, 2));
    assert_eq!(counts(&network(&[&[1.0, 0.0], &[0.0, 1.0]])), (4, 4));
    assert_eq!(counts(&network(&[&[0.0, 0.0], &[0.0, 0.0]])), (4, 1));
}

#[test]
fn regions_that_share_a_vertex_only_stay_apart() {
    // relu(x + y) - relu(x) - relu(y) is 0 in two opposite quadrants, which meet in the origin
    let ramps = affine(&[&[1.0, 1.0], &[1.0, 0.0], &[0.0, 1.0]], &[0.0; 3]);
    let network = Network::new(vec![ramps, affine(&[&[1.0, -1.0, -1.0]], &[0.0])], 0.0).expect("shapes chain");
    let (complex, linear) = linear(&network, &Window::SQUARE);
    let zero: Vec<u32> = (0..complex.n_regions() as u32).filter(|&f| complex.maps(f)[0] == AffineForm::default()).collect();
    assert_eq!((complex.n_regions(), linear.count(), zero.len()), (6, 6, 2));
    assert_ne!(linear.class(zero[0]), linear.class(zero[1]));
}

#[test]
fn slope_one_makes_one_linear_region_with_the_window_as_outline() {
    let network = random(&[8, 8, 8], 1.0, Weights::Generic, &mut Random(1));
    let (complex, linear) = linear(&network, &Window::SQUARE);
    assert!(complex.n_regions() > 20, "the activation regions stay");
    assert_eq!(linear.count(), 1);
    let outlines = linear.outlines(&complex);
    let loops: Vec<&[u32]> = outlines.loops(0).collect();
    assert_eq!(loops.len(), 1);
    assert_eq!(loops[0].len(), complex.stats().border_vertices + 4);
}

#[test]
fn a_leaky_network_in_general_position_has_no_neighbours_with_one_map() {
    for name in ["tests/models/rings_8x6", "tests/models/rings_16x4"] {
        let (complex, linear) = linear(&trained(name), &Window::SQUARE);
        assert_eq!(linear.count(), complex.n_regions(), "{name}");
    }
}

#[test]
fn a_pyramid_stands_in_a_hole() {
    let (complex, linear) = linear(&pyramid(), &Window::new([-2.0, -2.0, 2.0, 2.0]).expect("a window"));
    assert_eq!((complex.n_regions(), linear.count()), (8, 5));
    let outlines = linear.outlines(&complex);
    let around = (0..5).find(|&c| outlines.loops(c).len() == 2).expect("one region has a hole");
    let areas: Vec<f64> = outlines.loops(around).map(|l| area(&complex, l)).collect();
    assert_eq!(areas, [16.0, -2.0], "the outer loop first, counter-clockwise");
    let faces = (0..5).filter(|&c| c != around);
    assert!(faces.into_iter().all(|c| outlines.loops(c).len() == 1 && outlines.loops(c).all(|l| area(&complex, l) == 0.5)));
}

#[test]
fn outlines_cover_every_linear_region_once() {
    let mut seed = Random(77);
    for case in 0..60 {
        let network = random(&[5, 5, 4], 0.0, Weights::ALL[case % Weights::ALL.len()], &mut seed);
        let (complex, linear) = linear(&network, &Window::SQUARE);
        let outlines = linear.outlines(&complex);
        let mut total = vec![0.0; linear.count()];
        (0..complex.n_regions() as u32).for_each(|f| total[linear.class(f) as usize] += complex.area(f));
        for c in 0..linear.count() as u32 {
            let loops: Vec<&[u32]> = outlines.loops(c).collect();
            let sum: f64 = loops.iter().map(|l| area(&complex, l)).sum();
            assert!((sum - total[c as usize]).abs() < 1e-12, "case {case}: linear region {c} has {sum}, its parts {}", total[c as usize]);
            assert!(loops.iter().skip(1).all(|l| area(&complex, l) < 0.0), "case {case}: one outer loop");
            for (h, next) in loops.iter().flat_map(|l| l.iter().zip(l.iter().cycle().skip(1))) {
                assert_eq!(complex.origin(*next), complex.origin(h ^ 1), "case {case}");
                assert_eq!(complex.face(*h).map(|f| linear.class(f)), Some(c), "case {case}");
                assert!(linear.is_outline(&complex, h / 2), "case {case}");
            }
        }
    }
}

fn area(complex: &Complex, half_edges: &[u32]) -> f64 {
    let point = |h: &u32| complex.vertex(complex.origin(*h));
    let ends = half_edges.iter().zip(half_edges.iter().cycle().skip(1)).map(|(a, b)| (point(a), point(b)));
    ends.map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum::<f64>() / 2.0
}
