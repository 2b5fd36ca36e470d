//! The mesh: it covers the window, shows the network's outputs and slopes, and holds every edge once, by layer.

use crate::networks::{COUNTED, Random, Weights, random, trained};
use foldscape::complex::{Complex, EdgeKind, Options, Window};
use foldscape::mesh::{FaceVertex, Mesh};
use foldscape::network::{Affine, Network};
use std::collections::HashSet;

const HALF: Window = Window { min: [-1.0, -0.25], max: [0.5, 0.5] };

fn complex(network: &Network, window: &Window) -> Complex {
    Complex::enumerate(network, window, &Options::default()).expect("within the limits")
}

/// The small trained networks on the whole window, and one on a window that is not square.
fn cases() -> Vec<(String, Network, Complex, Mesh)> {
    let windows = [Window::SQUARE, Window::SQUARE, Window::SQUARE, HALF];
    let names = COUNTED[..3].iter().map(|c| c.0).chain([COUNTED[2].0]);
    let case = |(name, window): (&str, Window)| {
        let network = trained(name);
        let complex = complex(&network, &window);
        let mesh = Mesh::build(&complex, &[1.0]);
        (format!("{name} on {window:?}"), network, complex, mesh)
    };
    names.zip(windows).map(case).collect()
}

fn area(t: &[FaceVertex]) -> f64 {
    let [a, b, c] = [0, 1, 2].map(|i| t[i].xy.map(f64::from));
    ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2.0
}

#[test]
fn the_triangles_cover_the_window_once() {
    for (name, _, complex, mesh) in cases() {
        let areas: Vec<f64> = mesh.faces.chunks_exact(3).map(area).collect();
        let [w, h] = mesh.half_size.map(f64::from);
        assert!((areas.iter().sum::<f64>() / (4.0 * w * h) - 1.0).abs() < 1e-6, "{name}");
        assert!((w.max(h) - 1.0).abs() < 1e-6, "{name}");
        // f32 corners: a sliver may turn over by a rounding error of 2^-24 times the window
        assert!(areas.iter().all(|&a| a > -2e-7), "{name}: a triangle runs clockwise");
        let corners: usize = (0..complex.n_regions() as u32).map(|f| complex.face_vertices(f).count()).sum();
        assert_eq!(mesh.faces.len(), 3 * (corners - 2 * complex.n_regions()), "{name}");
        assert_eq!(mesh.n_regions, complex.n_regions(), "{name}");
    }
}

#[test]
fn heights_are_the_networks_outputs() {
    for (name, network, _, mesh) in cases() {
        let size = mesh.bounds_t().iter().fold(1.0_f32, |s, t| s.max(t.abs()));
        let shows = |[x, y, t]: [f32; 3], what: &str| {
            let z = network.forward(&mesh.input_of([f64::from(x), f64::from(y)]))[0];
            // corners are f32: the error is that of the position times the slope
            assert!(
                (mesh.t_of(z) - f64::from(t)).abs() < 1e-4 * f64::from(size),
                "{name}: {what} at {x}, {y}: {t}, forward {}",
                mesh.t_of(z)
            );
        };
        mesh.points.iter().for_each(|&p| shows(p, "point"));
        mesh.faces.iter().for_each(|v| shows([v.xy[0], v.xy[1], v.t], "corner"));
        mesh.segments.iter().for_each(|s| [s.a, s.b].iter().for_each(|&p| shows(p, "segment")));
    }
}

#[test]
fn slopes_are_those_of_the_network() {
    for (name, network, complex, mesh) in cases() {
        let mut seen_in_both = 0;
        for corners in mesh.faces.chunks_exact(3) {
            let p = complex.interior_point(corners[0].face);
            let centre = mesh.world_of(p);
            let reach = corners
                .iter()
                .map(|v| (f64::from(v.xy[0]) - centre[0]).hypot(f64::from(v.xy[1]) - centre[1]))
                .fold(f64::INFINITY, f64::min);
            let step = (reach / 1e3).max(1e-9);
            for k in 0..2 {
                let at = |d: f64| {
                    let mut q = centre;
                    q[k] += d;
                    let input = mesh.input_of(q);
                    (network.pattern(&input) == complex.pattern(corners[0].face)).then(|| mesh.t_of(network.forward(&input)[0]))
                };
                if let (Some(a), Some(b)) = (at(-step), at(step)) {
                    seen_in_both += 1;
                    let (slope, seen) = (f64::from(corners[0].slope[k]), (b - a) / (2.0 * step));
                    assert!(
                        (slope - seen).abs() < 1e-4 * (1.0 + slope.abs()),
                        "{name}: region {}: {slope}, differences {seen}",
                        corners[0].face
                    );
                }
            }
        }
        assert!(seen_in_both > mesh.n_regions, "{name}: only {seen_in_both} slopes could be compared");
    }
}

#[test]
fn every_edge_is_one_segment_of_its_layer() {
    for (name, _, complex, mesh) in cases() {
        let mut counts = vec![0; complex.n_layers() + 1];
        for e in 0..complex.n_edges() as u32 {
            match complex.edge_kind(e) {
                EdgeKind::Bent(unit) => counts[unit.layer as usize] += 1,
                EdgeKind::Border(_) => counts[complex.n_layers()] += 1,
            }
        }
        let ranges: Vec<_> = mesh.layer_segments.iter().chain([&mesh.border_segments]).cloned().collect();
        assert_eq!(ranges.iter().map(ExactSizeIterator::len).collect::<Vec<_>>(), counts, "{name}");
        assert!(ranges.windows(2).all(|r| r[0].end == r[1].start), "{name}");
        assert_eq!((ranges[0].start, mesh.border_segments.end as usize), (0, mesh.segments.len()), "{name}");
        for (l, range) in ranges.iter().enumerate() {
            assert!(mesh.segments[range.start as usize..range.end as usize].iter().all(|s| s.layer as usize == l), "{name}: layer {l}");
        }
        assert_eq!(mesh.regions_per_layer, complex.stats().regions_per_layer, "{name}");
    }
}

#[test]
fn ends_on_the_border_are_flagged() {
    for (name, _, _, mesh) in cases() {
        let on_border = |p: [f32; 3]| p[0].abs() == mesh.half_size[0] || p[1].abs() == mesh.half_size[1];
        for s in &mesh.segments[..mesh.border_segments.start as usize] {
            assert_eq!(s.flags, u32::from(on_border(s.a)) | u32::from(on_border(s.b)) << 1, "{name}: {s:?}");
        }
    }
}

#[test]
fn crowding_shrinks_from_the_first_layer_to_the_last_and_grows_with_the_lift() {
    for (name, _, complex, mesh) in cases() {
        let window = (4.0 * mesh.half_size[0] * mesh.half_size[1]).sqrt();
        for s in &mesh.segments {
            for [flat, lifted] in [s.crowd_a, s.crowd_b] {
                assert!(flat > 0.0 && flat <= window * 1.000_001 && lifted >= flat, "{name}: {s:?}");
            }
        }
        let mean = |l: &std::ops::Range<u32>| {
            let part = &mesh.segments[l.start as usize..l.end as usize];
            part.iter().map(|s| f64::midpoint(f64::from(s.crowd_a[0]), f64::from(s.crowd_b[0]))).sum::<f64>() / part.len() as f64
        };
        let means: Vec<f64> = mesh.layer_segments.iter().map(mean).collect();
        assert!(means.iter().all(|m| (means[means.len() - 1]..=means[0]).contains(m)), "{name}: {means:?}");
        assert_eq!(means.len(), complex.n_layers());
    }
}

#[test]
fn the_crowding_of_one_fold_is_half_the_window() {
    let hidden = Affine { n_out: 1, n_in: 2, weights: vec![1.0, 0.0], bias: vec![0.0] };
    let output = Affine { n_out: 1, n_in: 1, weights: vec![1.0], bias: vec![0.0] };
    let network = Network::new(vec![hidden, output], 0.0).expect("a network");
    let mesh = Mesh::build(&complex(&network, &Window::SQUARE), &[1.0]);
    let fold = mesh.segments[0];
    assert_eq!((fold.crowd_a[0], fold.flags, mesh.layer_segments[0].len()), (2.0_f32.sqrt(), 3, 1));
    // the regions' means are 0 and 1/2; the right half rises by 1 per unit: 2 ranges, so half of it is lifted
    assert_eq!((mesh.lo, mesh.hi, mesh.bounds_t()), (0.0, 0.5, [0.0, 2.0]));
    let rise = f64::from(2.0 * mesh.height * 2.0);
    let lifted = (1.0 + (1.0 + rise * rise).sqrt()).sqrt();
    assert!((f64::from(fold.crowd_a[1]) - lifted).abs() < 1e-6);
}

/// The L of OKLab of a packed sRGB colour.
fn lightness(colour: u32) -> f64 {
    let [r, g, b, _] = colour.to_le_bytes().map(|v| {
        let v = f64::from(v) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    });
    let l = 0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b;
    let m = 0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b;
    let s = 0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b;
    0.210_454_255_3 * l.cbrt() + 0.793_617_785_0 * m.cbrt() - 0.004_072_046_8 * s.cbrt()
}

#[test]
fn neighbours_differ_in_the_lightness_of_their_patterns() {
    let complex = complex(&trained("tests/models/rings_8x6"), &Window::SQUARE);
    let mesh = Mesh::build(&complex, &[1.0]);
    let mut colours = vec![[0.0, 0.0]; complex.n_regions()];
    for v in &mesh.faces {
        colours[v.face as usize] = [lightness(v.pattern_dark), lightness(v.pattern_light)];
    }
    for e in 0..complex.n_edges() as u32 {
        if let (Some(a), Some(b)) = (complex.face(2 * e), complex.face(2 * e + 1)) {
            let (a, b) = (colours[a as usize], colours[b as usize]);
            // base lightnesses 0.09 and 0.08 apart, each shifted by up to 0.025; a hundredth for clipping to sRGB and 8 bits
            assert!((a[0] - b[0]).abs() > 0.03 && (a[1] - b[1]).abs() > 0.02, "edge {e}: {a:?} and {b:?}");
        }
    }
}

#[test]
fn heights_of_the_look() {
    for ((name, _, _, mesh), expected) in cases().into_iter().zip([0.29..0.37, 0.13..0.16, 0.13..0.16]) {
        assert!(expected.contains(&mesh.height), "{name}: {}", mesh.height);
    }
}

#[test]
fn a_surface_of_one_value_is_flat_and_a_lone_tilted_one_is_not() {
    let affine = |weights: [f64; 2]| Network::new(vec![Affine { n_out: 1, n_in: 2, weights: weights.to_vec(), bias: vec![3.0] }], 0.0);
    let level = Mesh::build(&complex(&affine([0.0, 0.0]).expect("a network"), &HALF), &[1.0]);
    assert_eq!((level.lo, level.hi, level.bounds_t()), (3.0, 3.0, [0.0, 0.0]));
    assert!(level.faces.iter().all(|v| v.t == 0.0 && v.slope == [0.0, 0.0]) && level.height.is_finite());
    let tilted = Mesh::build(&complex(&affine([1.0, 0.0]).expect("a network"), &HALF), &[1.0]);
    assert_eq!((tilted.lo, tilted.hi, tilted.bounds_t()), (2.0, 3.5, [0.0, 1.0]));
    assert_eq!(tilted.z_world(1.0, 2.0), 4.0 * tilted.height);
}

#[test]
fn coefficients_mix_the_outputs() {
    let mut seed = Random(5);
    let network = random(&[6, 6], 0.1, Weights::Generic, &mut seed);
    let complex = complex(&network, &Window::SQUARE);
    let (one, two) = (Mesh::build(&complex, &[1.0]), Mesh::build(&complex, &[-2.0]));
    let missing = Mesh::build(&complex, &[]);
    assert!((two.lo + 2.0 * one.hi).abs() <= 1e-9 + (one.hi - one.lo), "quantiles turn over with the sign");
    assert_eq!(missing.bounds_t(), [0.0, 0.0]);
}

/// Linear regions as faces: they cover their activation regions, whatever their shape, with every corner of their outline, and the
/// edges inside of them are gone.
#[test]
fn linear_regions_are_faces_with_their_own_outline() {
    let (mut n_merged, mut n_with_holes) = (0, 0);
    let any = |seed: u64| {
        let weights = [Weights::Generic, Weights::SmallIntegers, Weights::NoBias][seed as usize % 3];
        random(&[6, 6, 4], 0.0, weights, &mut Random(seed))
    };
    for (seed, network) in (0..60).map(any).chain([pyramid()]).enumerate() {
        let complex = complex(&network, &Window::SQUARE);
        let linear = complex.linear_regions(&network);
        let mesh = Mesh::build_linear(&complex, &linear, &[1.0]);
        assert_eq!(mesh.n_regions, linear.count(), "{seed}");
        let mut areas = vec![0.0; linear.count()];
        for f in 0..complex.n_regions() as u32 {
            areas[linear.class(f) as usize] += complex.area(f);
        }
        let mut corners = vec![HashSet::new(); linear.count()];
        for t in mesh.faces.chunks_exact(3) {
            areas[t[0].face as usize] -= area(t);
            assert!(area(t) > -2e-7 && t.iter().all(|c| c.face == t[0].face && c.slope == t[0].slope), "{seed}");
            corners[t[0].face as usize].extend(t.iter().map(|c| c.xy.map(f32::to_bits)));
        }
        assert!(areas.iter().all(|a| a.abs() < 1e-5), "{seed}: {areas:?}");
        let outlines = linear.outlines(&complex);
        for c in 0..linear.count() as u32 {
            n_with_holes += usize::from(outlines.loops(c).len() > 1);
            for &h in outlines.loops(c).flatten() {
                let [x, y, _] = mesh.points[complex.origin(h) as usize];
                assert!(corners[c as usize].contains(&[x.to_bits(), y.to_bits()]), "{seed}: region {c} lacks a corner");
            }
        }
        let outline = (0..complex.n_edges() as u32).filter(|&e| linear.is_outline(&complex, e)).count();
        assert_eq!(mesh.segments.len(), outline, "{seed}");
        n_merged += complex.n_regions() - linear.count();
    }
    assert!(n_merged > 100 && n_with_holes > 0, "{n_merged} merged, {n_with_holes} with holes: the test shows nothing");
}

/// max(0, 1 - 2 |x| - 2 |y|): a plane with a pyramid on it.
fn pyramid() -> Network {
    let sides = Affine { n_out: 4, n_in: 2, weights: vec![1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, -1.0], bias: vec![0.0; 4] };
    let top = Affine { n_out: 1, n_in: 4, weights: vec![-2.0; 4], bias: vec![1.0] };
    let output = Affine { n_out: 1, n_in: 1, weights: vec![1.0], bias: vec![0.0] };
    Network::new(vec![sides, top, output], 0.0).expect("shapes chain by construction")
}

/// Where no two regions have one map, both meshes are the same.
#[test]
fn without_merging_linear_regions_change_nothing() {
    let network = random(&[8], 0.25, Weights::Generic, &mut Random(5));
    let complex = complex(&network, &Window::SQUARE);
    let linear = complex.linear_regions(&network);
    assert_eq!(linear.count(), complex.n_regions());
    let (plain, merged) = (Mesh::build(&complex, &[1.0]), Mesh::build_linear(&complex, &linear, &[1.0]));
    assert_eq!((plain.faces, plain.segments, plain.regions_per_layer), (merged.faces, merged.segments, merged.regions_per_layer));
}
