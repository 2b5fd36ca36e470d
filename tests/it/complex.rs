//! The complex: counts, identities, laws on every region, and equality with rational clipping on small networks.

use crate::networks::{COUNTED, Random, Weights, random, tents, trained};
use crate::oracle;
use foldscape::complex::{Complex, ComplexError, EdgeKind, Limits, Locator, Options, Window};
use foldscape::network::Network;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

fn enumerate(network: &Network, window: &Window) -> Complex {
    Complex::enumerate(network, window, &Options::default()).expect("within the limits")
}

#[test]
fn the_trained_networks_have_the_counted_regions_and_all_identities() {
    for (name, regions) in COUNTED {
        let s = enumerate(&trained(name), &Window::SQUARE).stats();
        assert_eq!(s.regions, regions, "{name}");
        assert_eq!(s.euler, 1, "{name}: V - E + F");
        assert!((s.area / 4.0 - 1.0).abs() < 1e-12, "{name}: the areas sum to {}", s.area);
        // 4-valence of generic networks: F = 1 + Vi + Vb/2, Ei = 2 Vi + Vb/2
        assert_eq!(2 * s.regions, 2 + 2 * s.interior_vertices + s.border_vertices, "{name}");
        assert_eq!(2 * s.interior_edges, 4 * s.interior_vertices + s.border_vertices, "{name}");
        assert_eq!(s.regions_per_layer.last(), Some(&regions), "{name}");
        assert!(s.regions_per_layer.is_sorted(), "{name}: later layers refine");
    }
}

#[test]
fn eight_lines_make_37_regions_where_all_cross() {
    let mut seed = Random(8);
    for _ in 0..20 {
        let network = random(&[8], 0.02, Weights::Generic, &mut seed);
        let window = Window::new([-1e6, -1e6, 1e6, 1e6]).expect("a window");
        assert_eq!(enumerate(&network, &window).n_regions(), 37);
    }
}

#[test]
fn every_region_is_convex_and_shows_the_network() {
    for (name, _) in &COUNTED[..4] {
        let network = trained(name);
        let complex = enumerate(&network, &Window::SQUARE);
        let mut patterns = HashSet::new();
        for f in 0..complex.n_regions() as u32 {
            let p: Vec<[f64; 2]> = complex.face_vertices(f).map(|v| complex.vertex(v)).collect();
            for i in 0..p.len() {
                let (a, b, c) = (p[i], p[(i + 1) % p.len()], p[(i + 2) % p.len()]);
                let turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
                assert!(turn > 0.0, "{name}: region {f} is not strictly convex at {b:?}");
            }
            let pattern = complex.pattern(f);
            assert_eq!(pattern, network.pattern(&complex.interior_point(f)), "{name}: region {f}");
            assert!(patterns.insert(pattern), "{name}: region {f} repeats a pattern");
        }
    }
}

#[test]
fn all_regions_round_a_vertex_give_the_height_of_forward_evaluation() {
    // The vertex is off by some 1e-16 of the window times the conditioning of its two lines; gradients of these networks
    // stay under 200. Off by this much, a wrong map would be off by far more somewhere.
    const BOUND: f64 = 1e-9;
    for (name, _) in &COUNTED[..4] {
        let network = trained(name);
        let complex = enumerate(&network, &Window::SQUARE);
        for f in 0..complex.n_regions() as u32 {
            for v in complex.face_vertices(f) {
                let p = complex.vertex(v);
                let (z, wanted) = (complex.maps(f)[0].at(p), network.forward(&p)[0]);
                assert!((z - wanted).abs() < BOUND, "{name}: region {f} gives {z} at {p:?}, the network {wanted}");
            }
        }
    }
}

#[test]
fn links_hold_together() {
    let complex = enumerate(&trained(COUNTED[1].0), &Window::SQUARE);
    for h in 0..2 * complex.n_edges() as u32 {
        assert_eq!(complex.origin(complex.next(h)), complex.origin(h ^ 1), "half-edge {h}");
        assert_eq!(complex.face(complex.next(h)), complex.face(h), "half-edge {h}");
        let border = matches!(complex.edge_kind(h / 2), EdgeKind::Border(_));
        assert_eq!(border, complex.face(h).is_none() || complex.face(h ^ 1).is_none(), "half-edge {h}");
    }
}

#[test]
fn each_layer_has_its_own_slope() {
    let mut seed = Random(71);
    let window = Window::SQUARE;
    for case in 0..150 {
        let kind = Weights::ALL[case % Weights::ALL.len()];
        let hidden: Vec<usize> = (0..=seed.below(4)).map(|_| 1 + seed.below(5)).collect();
        let slopes: Vec<f64> = hidden.iter().map(|_| [0.0, 0.02, 0.5, 1.0][seed.below(4)]).collect();
        let network = random(&hidden, 0.0, kind, &mut seed).with_slopes(slopes).expect("one for each layer");
        let complex = enumerate(&network, &window);
        oracle::compare(&complex, &network, &window).unwrap_or_else(|e| panic!("case {case} {kind:?}: {e}\n{network:?}"));
        for f in 0..complex.n_regions() as u32 {
            for p in complex.face_vertices(f).map(|v| complex.vertex(v)) {
                let (found, wanted) = (complex.maps(f)[0].at(p), network.forward(&p)[0]);
                assert!((found - wanted).abs() < 1e-9 * (1.0 + wanted.abs()), "case {case}: {found}, forward {wanted}");
            }
        }
    }
}

#[test]
fn the_tent_products_are_exact_grids() {
    let window = Window::new([0.0, 0.0, 1.0, 1.0]).expect("a window");
    // seven layers of four units make more regions than any cell is left with at once
    for depth in [1, 2, 3, 4, 7] {
        let complex = enumerate(&tents(depth), &window);
        let side = (1 << depth) + 1;
        assert_eq!((complex.n_regions(), complex.n_vertices()), (4_usize.pow(depth as u32), side * side), "depth {depth}");
        for v in 0..complex.n_vertices() as u32 {
            let steps = complex.vertex(v).map(|x| x * (side - 1) as f64);
            assert_eq!(steps, steps.map(f64::round), "depth {depth}: vertex {v} is off the grid");
        }
    }
}

#[test]
fn all_exact_and_any_number_of_threads_give_the_same_complex() {
    let network = trained(COUNTED[1].0);
    let with = |threads, all_exact| {
        let options = Options { threads, all_exact, ..Options::default() };
        fingerprint(&Complex::enumerate(&network, &Window::SQUARE, &options).expect("within the limits"))
    };
    let one = with(1, false);
    assert_eq!(one, with(2, false), "two threads differ from one");
    assert_eq!(one, with(7, false), "seven threads differ from one");
    assert_eq!(one, with(1, true), "the filter decides otherwise than exact arithmetic");
    let portable = Options { portable: true, ..Options::default() };
    let portable = Complex::enumerate(&network, &Window::SQUARE, &portable).expect("within the limits");
    assert_eq!(one, fingerprint(&portable), "other instructions give another complex");
}

#[test]
fn patterns_one_after_the_other_are_those_of_each_region() {
    let complex = enumerate(&trained(COUNTED[1].0), &Window::SQUARE);
    let n = complex.n_regions() as u32;
    for regions in [0..n, n / 3..n / 2, n - 1..n, n..n] {
        let mut rest = regions.clone();
        complex.visit_patterns(regions, |pattern| {
            let f = rest.next().expect("as many patterns as regions");
            assert_eq!(pattern, complex.pattern(f), "region {f}");
        });
        assert_eq!(rest.next(), None, "a region was left out");
    }
}

/// A hash of everything there is to a complex, bit for bit.
fn fingerprint(c: &Complex) -> u64 {
    let mut hash = DefaultHasher::new();
    (0..c.n_vertices() as u32).for_each(|v| c.vertex(v).map(f64::to_bits).hash(&mut hash));
    (0..2 * c.n_edges() as u32).for_each(|h| (c.origin(h), c.next(h), c.face(h)).hash(&mut hash));
    (0..c.n_edges() as u32).for_each(|e| format!("{:?}", c.edge_kind(e)).hash(&mut hash));
    for f in 0..c.n_regions() as u32 {
        (c.face_half_edges(f).next(), c.pattern(f)).hash(&mut hash);
        c.maps(f).iter().for_each(|m| [m.gx, m.gy, m.c].map(f64::to_bits).hash(&mut hash));
    }
    hash.finish()
}

#[test]
fn limits_and_cancelling_end_it() {
    let network = trained(COUNTED[2].0);
    let limited = Complex::enumerate(
        &network,
        &Window::SQUARE,
        &Options { limits: Limits { regions: 100, ..Limits::default() }, ..Options::default() },
    );
    assert!(matches!(limited, Err(ComplexError::TooManyRegions { limit: 100, .. })), "{limited:?}");
    let window = Window::new([0.0, 0.0, 1.0, 1.0]).expect("a window");
    let few = Options { limits: Limits { regions: 10_000, ..Limits::default() }, ..Options::default() };
    let folded = Complex::enumerate(&tents(12), &window, &few);
    assert!(matches!(folded, Err(ComplexError::TooManyRegions { limit: 10_000, .. })), "48 units make 16 million regions: {folded:?}");
    let small = Options { limits: Limits { bytes: 1 << 14, ..Limits::default() }, ..Options::default() };
    let too_much = Complex::enumerate(&network, &Window::SQUARE, &small);
    assert!(matches!(too_much, Err(ComplexError::TooMuchMemory { regions: 1.., .. })), "{too_much:?}");
    let short = Options { limits: Limits { time: Some(Duration::ZERO), ..Limits::default() }, ..Options::default() };
    let too_long = Complex::enumerate(&network, &Window::SQUARE, &short);
    assert!(matches!(too_long, Err(ComplexError::TooLong { regions: 1.., .. })), "{too_long:?}");
    let cancel = AtomicBool::new(true);
    let cancelled = Complex::enumerate(&network, &Window::SQUARE, &Options { cancel: Some(&cancel), ..Options::default() });
    assert!(matches!(cancelled, Err(ComplexError::Cancelled)), "{cancelled:?}");
    let upside_down = Complex::enumerate(&network, &Window { min: [1.0, 1.0], max: [-1.0, -1.0] }, &Options::default());
    assert!(matches!(upside_down, Err(ComplexError::Window(_))), "{upside_down:?}");
}

#[test]
fn located_regions_hold_their_points() {
    let network = trained(COUNTED[2].0);
    let complex = enumerate(&network, &Window::SQUARE);
    let locator = Locator::new(&complex);
    let mut seed = Random(5);
    for _ in 0..2_000 {
        let p = [seed.signed(), seed.signed()];
        let f = locator.locate(p).expect("inside the window");
        assert_eq!(complex.pattern(f), network.pattern(&p), "{p:?}");
    }
    assert_eq!(locator.locate([1.5, 0.0]), None);
}

#[test]
fn streamed_regions_are_those_of_the_complex() {
    for threads in [1, 3] {
        let network = trained(COUNTED[2].0);
        let complex = enumerate(&network, &Window::SQUARE);
        let wanted: HashSet<Vec<bool>> = (0..complex.n_regions() as u32).map(|f| complex.pattern(f)).collect();
        let seen = Mutex::new(Vec::new());
        let options = Options { threads, limits: Limits { bytes: 1, ..Limits::default() }, ..Options::default() };
        let streamed = Complex::stream(&network, &Window::SQUARE, &options, &|region| {
            let mut on = vec![false; network.n_units()];
            region.pattern(&mut on);
            let p = region.polygon[0];
            assert!((region.maps[0].at(p) - network.forward(&p)[0]).abs() < 1e-9, "the map of the region at {p:?}");
            seen.lock().expect("nobody panics").push(on);
        });
        let streamed = streamed.expect("nothing is kept, so one byte is enough");
        let seen = seen.into_inner().expect("nobody panics");
        assert_eq!((streamed.regions, seen.len()), (complex.n_regions(), complex.n_regions()));
        assert!((streamed.area / 4.0 - 1.0).abs() < 1e-12, "{}", streamed.area);
        assert!(seen.into_iter().collect::<HashSet<_>>() == wanted, "other patterns");
    }
}
