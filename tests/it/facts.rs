//! Laws of complexes that hold whatever the weights: neighbours, refinement, symmetries, lines through the complex, ranges.

use crate::networks::{COUNTED, Random, Weights, affine, random, trained};
use foldscape::complex::{Complex, EdgeKind, Options, Window};
use foldscape::network::{Affine, Network};
use std::collections::{BTreeMap, BTreeSet};

fn enumerate(network: &Network) -> Complex {
    Complex::enumerate(network, &Window::SQUARE, &Options::default()).expect("within the limits")
}

#[test]
fn a_region_has_fewer_than_four_neighbours_on_average() {
    // 2 Ei / F = 4 - (4 + Vb) / F: Gaines and Bi, ICLR 2026
    for (name, _) in &COUNTED[..4] {
        let s = enumerate(&trained(name)).stats();
        assert_eq!(2 * s.interior_edges, 4 * s.regions - (4 + s.border_vertices), "{name}");
    }
}

#[test]
fn the_gradient_jumps_across_an_edge_along_its_normal() {
    let complex = enumerate(&trained(COUNTED[2].0));
    for e in 0..complex.n_edges() as u32 {
        let (Some(f), Some(g)) = (complex.face(2 * e), complex.face(2 * e + 1)) else { continue };
        let [a, b] = [2 * e, 2 * e + 1].map(|h| complex.vertex(complex.origin(h)));
        let (m, n) = (complex.maps(f)[0], complex.maps(g)[0]);
        let along = (m.gx - n.gx) * (b[0] - a[0]) + (m.gy - n.gy) * (b[1] - a[1]);
        // the ends are rounded to 2^-53, the gradients are below 200
        assert!(along.abs() < 1e-12, "edge {e}: {along:e}");
    }
}

#[test]
fn later_layers_refine_and_edges_keep_their_layer() {
    let network = trained(COUNTED[2].0);
    let whole = enumerate(&network);
    for k in 1..=network.n_hidden() {
        let first = enumerate(&network.up_to_layer(k, 0).expect("a layer"));
        assert_eq!(whole.ancestors(k).1, first.n_regions(), "after layer {k}");
        let n: usize = network.hidden()[..k].iter().map(|a| a.n_out).sum();
        let patterns = |c: &Complex| {
            let cut = (0..c.n_regions() as u32).map(|f| c.pattern(f)[..n].to_vec());
            cut.collect::<BTreeSet<_>>()
        };
        assert_eq!(patterns(&whole), patterns(&first), "after layer {k}");
        assert_eq!(length_of_unit(&first, k - 1), length_of_unit(&whole, k - 1), "the lines of layer {k}");
    }
}

/// The length of the bent line of each unit of a layer, in billionths.
fn length_of_unit(complex: &Complex, layer: usize) -> BTreeMap<u32, i64> {
    let mut lengths: BTreeMap<u32, f64> = BTreeMap::new();
    for e in 0..complex.n_edges() as u32 {
        if let EdgeKind::Bent(unit) = complex.edge_kind(e)
            && unit.layer as usize == layer
        {
            let [a, b] = [2 * e, 2 * e + 1].map(|h| complex.vertex(complex.origin(h)));
            *lengths.entry(unit.index).or_default() += (a[0] - b[0]).hypot(a[1] - b[1]);
        }
    }
    lengths.into_iter().map(|(unit, length)| (unit, (length * 1e9).round() as i64)).collect()
}

#[test]
fn scaling_a_unit_by_a_power_of_two_changes_nothing() {
    let network = trained(COUNTED[1].0);
    let mut layers = network.layers().to_vec();
    let mut seed = Random(16);
    for l in 0..layers.len() - 1 {
        for j in 0..layers[l].n_out {
            let factor = 2_f64.powi(seed.below(13) as i32 - 6);
            let n_in = layers[l].n_in;
            layers[l].weights[j * n_in..(j + 1) * n_in].iter_mut().for_each(|w| *w *= factor);
            layers[l].bias[j] *= factor;
            let next = &mut layers[l + 1];
            next.weights.iter_mut().skip(j).step_by(next.n_in).for_each(|w| *w /= factor);
        }
    }
    let scaled = Network::new(layers, network.slope()).expect("shapes chain");
    assert!(scaled != network);
    let (a, b) = (enumerate(&network), enumerate(&scaled));
    assert_eq!((a.n_regions(), a.n_vertices(), a.n_edges()), (b.n_regions(), b.n_vertices(), b.n_edges()));
    assert!(sorted_regions(&a) == sorted_regions(&b), "positions and maps are the same, bit for bit");
}

/// Every region by its pattern: its vertices from the lowest one on, and its maps.
fn sorted_regions(complex: &Complex) -> BTreeMap<Vec<bool>, String> {
    let region = |f: u32| {
        let mut p: Vec<[f64; 2]> = complex.face_vertices(f).map(|v| complex.vertex(v)).collect();
        let lowest = (0..p.len()).min_by(|&i, &j| p[i].partial_cmp(&p[j]).expect("numbers")).unwrap_or(0);
        p.rotate_left(lowest);
        (complex.pattern(f), format!("{p:?} {:?}", complex.maps(f)))
    };
    (0..complex.n_regions() as u32).map(region).collect()
}

#[test]
fn permuting_units_permutes_labels_only() {
    let network = trained(COUNTED[1].0);
    let mut layers = network.layers().to_vec();
    for l in 0..layers.len() - 1 {
        // the first unit of each layer becomes its last
        let n_in = layers[l].n_in;
        layers[l].weights.rotate_left(n_in);
        layers[l].bias.rotate_left(1);
        let n = layers[l].n_out;
        layers[l + 1].weights.chunks_exact_mut(n).for_each(|row| row.rotate_left(1));
    }
    let permuted = Network::new(layers, network.slope()).expect("shapes chain");
    let (a, b) = (enumerate(&network), enumerate(&permuted));
    assert_eq!((a.n_regions(), a.n_vertices(), a.n_edges()), (b.n_regions(), b.n_vertices(), b.n_edges()));
    let back = |pattern: Vec<bool>| pattern.chunks_exact(8).flat_map(|layer| [&layer[7..], &layer[..7]].concat()).collect::<Vec<bool>>();
    let patterns = |c: &Complex, f: fn(Vec<bool>) -> Vec<bool>| (0..c.n_regions() as u32).map(|k| f(c.pattern(k))).collect::<BTreeSet<_>>();
    assert_eq!(patterns(&a, |p| p), patterns(&b, back));
}

#[test]
fn splitting_a_unit_in_two_adds_no_region() {
    let network = random(&[6, 5, 4], 0.1, Weights::Generic, &mut Random(61));
    for l in 0..3 {
        let mut layers = network.layers().to_vec();
        let n_in = layers[l].n_in;
        let row = layers[l].weights[..n_in].to_vec();
        layers[l].weights.extend(row);
        let b = layers[l].bias[0];
        layers[l].bias.push(b);
        layers[l].n_out += 1;
        let next = &mut layers[l + 1];
        let halved = |row: &[f64]| [&[row[0] / 2.0], &row[1..], &[row[0] / 2.0]].concat();
        next.weights = next.weights.chunks_exact(next.n_in).flat_map(halved).collect();
        next.n_in += 1;
        let split = enumerate(&Network::new(layers, 0.1).expect("shapes chain"));
        let whole = enumerate(&network);
        assert_eq!(split.n_regions(), whole.n_regions(), "layer {l}");
        assert_eq!(split.n_vertices(), whole.n_vertices(), "layer {l}");
        for f in 0..whole.n_regions() as u32 {
            let twin = foldscape::complex::Locator::new(&split).locate(whole.interior_point(f)).expect("inside");
            assert!((split.area(twin) - whole.area(f)).abs() < 1e-12, "layer {l}: region {f}");
        }
    }
}

#[test]
fn a_line_changes_the_pattern_once_at_every_edge_it_crosses() {
    let network = trained(COUNTED[2].0);
    let complex = enumerate(&network);
    let mut seed = Random(19);
    for _ in 0..10 {
        let ([x0, y0], [x1, y1]) = ([-1.0, seed.signed()], [1.0, seed.signed()]);
        let side = |v: u32| {
            let [x, y] = complex.vertex(v);
            (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) > 0.0
        };
        let crosses = |e: &u32| {
            let inner = complex.face(2 * e).is_some() && complex.face(2 * e + 1).is_some();
            inner && side(complex.origin(2 * e)) != side(complex.origin(2 * e + 1))
        };
        let crossed = (0..complex.n_edges() as u32).filter(crosses).count();
        // every region that a line meets is met once, since it is convex
        let met = |f: &u32| {
            let sides: Vec<bool> = complex.face_vertices(*f).map(side).collect();
            sides.contains(&true) && sides.contains(&false)
        };
        let regions = (0..complex.n_regions() as u32).filter(met).count();
        assert_eq!(crossed + 1, regions);
        // between each edge and the next the pattern is one, and no two in a row are the same
        let mut t: Vec<f64> = (0..complex.n_edges() as u32).filter(crosses).map(|e| share([x0, y0], [x1, y1], &complex, e)).collect();
        t.extend([0.0, 1.0]);
        t.sort_by(f64::total_cmp);
        let at = |t: f64| network.pattern(&[x0 + t * (x1 - x0), y0 + t * (y1 - y0)]);
        let patterns: Vec<Vec<bool>> = t.windows(2).map(|t| at(f64::midpoint(t[0], t[1]))).collect();
        assert!(patterns.windows(2).all(|p| p[0] != p[1]));
        assert_eq!(patterns.len(), regions);
    }
}

/// Where between `p` and `q` edge `e` crosses.
fn share(p: [f64; 2], q: [f64; 2], complex: &Complex, e: u32) -> f64 {
    let [a, b] = [2 * e, 2 * e + 1].map(|h| complex.vertex(complex.origin(h)));
    let cross = |u: [f64; 2], v: [f64; 2]| u[0] * v[1] - u[1] * v[0];
    let minus = |u: [f64; 2], v: [f64; 2]| [u[0] - v[0], u[1] - v[1]];
    cross(minus(a, p), minus(b, a)) / cross(minus(q, p), minus(b, a))
}

#[test]
fn ranges_are_reached_at_vertices_and_never_exceeded() {
    let mut layers = trained(COUNTED[2].0).layers().to_vec();
    let output = layers.pop().expect("an output layer");
    let opposite: Vec<f64> = output.weights.iter().map(|w| -2.0 * w).collect();
    layers.push(affine(&[&output.weights, &opposite], &[output.bias[0], 1.0]));
    let network = Network::new(layers, 0.02).expect("shapes chain");
    let complex = enumerate(&network);
    let ranges = complex.output_ranges();
    for (j, range) in ranges.iter().enumerate() {
        for (value, at) in [(range.min, range.min_at), (range.max, range.max_at)] {
            assert!((0..complex.n_vertices() as u32).any(|v| complex.vertex(v) == at));
            assert!((network.forward(&at)[j] - value).abs() < 1e-9);
        }
        let mut seed = Random(3);
        for _ in 0..5_000 {
            let z = network.forward(&[seed.signed(), seed.signed()])[j];
            assert!(range.min - 1e-9 <= z && z <= range.max + 1e-9);
        }
    }
    assert_eq!((ranges[0].min_at, ranges[0].max_at), (ranges[1].max_at, ranges[1].min_at));
}

#[test]
fn a_plane_has_its_range_at_the_corners() {
    let network = Network::new(vec![Affine { n_out: 1, n_in: 2, weights: vec![2.0, -1.0], bias: vec![0.5] }], 0.0).expect("a network");
    let range = enumerate(&network).output_ranges()[0];
    assert_eq!((range.min, range.min_at, range.max, range.max_at), (-2.5, [-1.0, 1.0], 3.5, [1.0, -1.0]));
}
