//! Timelines: their ends are the networks themselves, what is between lies between, folds begin as a plane, alignment
//! keeps the function.

use crate::networks::{Random, Weights, random, trained};
use foldscape::complex::{Complex, ComplexError, Options, Window};
use foldscape::mesh::{Mesh, Scale};
use foldscape::model::{self, Model, Snapshot};
use foldscape::network::{Affine, Network};
use foldscape::timeline::{Easing, FoldOrder, Keyframe, Timeline, TimelineError, align, region_counts};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn network(hidden: &[usize], seed: u64) -> Network {
    random(hidden, 0.02, Weights::Generic, &mut Random(seed))
}

fn morph(networks: &[Network]) -> Timeline {
    let frames = networks.iter().enumerate().map(|(i, n)| Keyframe::new(format!("net {i}"), n.clone()));
    Timeline::morph(frames.collect(), Easing::Smooth).expect("one architecture")
}

fn at(timeline: &Timeline, phase: f64) -> Network {
    timeline.network(phase).expect("numbers stay finite")
}

/// All weights, biases and slopes.
fn numbers(network: &Network) -> Vec<f64> {
    let of = |a: &Affine| [a.weights.clone(), a.bias.clone()].concat();
    network.layers().iter().flat_map(of).chain(network.slopes().iter().copied()).collect()
}

#[test]
fn key_frames_are_shown_bit_for_bit_and_the_rest_lies_between() {
    let networks = [1, 2, 3].map(|seed| network(&[8, 5], seed));
    let timeline = morph(&networks);
    assert_eq!(timeline.keys(), [0.0, 0.5, 1.0]);
    for (key, network) in timeline.keys().iter().zip(&networks) {
        assert_eq!(&at(&timeline, *key), network, "phase {key}");
    }
    assert_eq!(at(&timeline, -3.0), networks[0]);
    assert_eq!(at(&timeline, f64::NAN), networks[0]);
    assert_eq!(at(&timeline, 7.0), networks[2]);
    // half of an eased way is half of the way
    let (middle, [a, b]) = (numbers(&at(&timeline, 0.25)), [&networks[0], &networks[1]].map(numbers));
    for ((m, a), b) in middle.iter().zip(&a).zip(&b) {
        assert!((m - a.midpoint(*b)).abs() < 1e-15, "{m} is not between {a} and {b}");
    }
    let early = numbers(&at(&timeline, 0.05));
    let share = (early[0] - a[0]) / (b[0] - a[0]);
    assert!((share - 0.028).abs() < 1e-12, "a tenth of an eased way is 0.1^2 (3 - 0.2), not {share}");
    assert_eq!([0.0, 0.2, 0.5].map(|phase| timeline.label(phase)), ["net 0", "net 0 \u{2192} net 1", "net 1"]);
}

#[test]
fn what_two_networks_share_stays_bit_for_bit() {
    let a = network(&[6, 6], 4);
    let mut layers = a.layers().to_vec();
    layers[1].weights[3] += 1.0;
    let b = Network::new(layers, a.slope()).expect("shapes chain");
    let timeline = morph(&[a.clone(), b, a.clone()]);
    assert!(timeline.is_closed() && !morph(&[a.clone(), network(&[6, 6], 5)]).is_closed());
    for i in 0..=100 {
        let (shown, own) = (numbers(&at(&timeline, f64::from(i) / 100.0)), numbers(&a));
        assert_eq!(shown.iter().zip(&own).filter(|(s, o)| s != o).count(), usize::from(i % 100 != 0), "phase {i} %");
    }
}

#[test]
fn other_architectures_are_refused_with_their_difference() {
    let refused = |a: &[usize], b: &[usize]| {
        let frames = vec![Keyframe::new("rings", network(a, 1)), Keyframe::new("star", network(b, 2))];
        Timeline::morph(frames, Easing::Linear).expect_err("they differ").to_string()
    };
    let width = refused(&[8, 16], &[8, 12]);
    assert!(width.contains("hidden layer 2 has 16 units in rings and 12 in star") && width.contains("2-8-16-1"), "{width}");
    let depth = refused(&[8, 8], &[8, 8, 8]);
    assert!(depth.contains("rings has 2 hidden layers and star has 3"), "{depth}");
    let alone = Timeline::morph(vec![Keyframe::new("rings", network(&[3], 1))], Easing::Linear);
    assert!(matches!(alone, Err(TimelineError::TooFew)));
    let no_time = Keyframe { lasts: 0.0, ..Keyframe::new("rings", network(&[3], 1)) };
    assert!(matches!(Timeline::morph(vec![no_time.clone(), no_time], Easing::Linear), Err(TimelineError::Lasts { .. })));
    assert!(matches!(Timeline::training(&model::builtin()), Err(TimelineError::NoHistory(_))));
    assert!(matches!(Timeline::fold("plane", network(&[], 1), FoldOrder::Together), Err(TimelineError::NoHidden(_))));
}

#[test]
fn a_recorded_training_runs_through_its_snapshots_to_the_finished_network() {
    let snapshot = |step: u64| Snapshot { step, loss: 1.0, network: network(&[4], step) };
    let model = Model { network: network(&[4], 9), history: vec![snapshot(0), snapshot(10), snapshot(100)], ..model::builtin() };
    let timeline = Timeline::training(&model).expect("it is recorded");
    assert_eq!(timeline.labels(), ["rings_16x4, step 0", "rings_16x4, step 10", "rings_16x4, step 100", "rings_16x4"]);
    assert_eq!(at(&timeline, 1.0 / 3.0), model.history[1].network);
    assert_eq!(at(&timeline, 1.0), model.network);
    let finished = Model { network: model.history[2].network.clone(), ..model };
    assert_eq!(Timeline::training(&finished).expect("it is recorded").labels().len(), 3, "the last snapshot is the network");
}

#[test]
fn a_fold_begins_as_a_plane_and_ends_as_the_network() {
    let network = trained("tests/models/rings_16x4");
    for order in [FoldOrder::Together, FoldOrder::LayerByLayer] {
        let timeline = Timeline::fold("rings", network.clone(), order).expect("it has hidden layers");
        let plane = at(&timeline, 0.0);
        let complex = Complex::enumerate(&plane, &Window::SQUARE, &Options::default()).expect("within the limits");
        assert_eq!(complex.linear_regions(&plane).count(), 1, "{order:?}");
        assert!(complex.n_regions() > 100, "the creases are there from the beginning: {}", complex.n_regions());
        assert_eq!(at(&timeline, 1.0), network, "{order:?}");
    }
    let by_layer = Timeline::fold("rings", network.clone(), FoldOrder::LayerByLayer).expect("it has hidden layers");
    assert_eq!(at(&by_layer, 0.5).slopes(), [network.slope(), network.slope(), 1.0, 1.0]);
    let halfway = at(&by_layer, 0.375).slopes()[1];
    assert!((halfway - f64::midpoint(1.0, network.slope())).abs() < 1e-15, "{halfway}");
}

#[test]
fn layers_are_revealed_one_by_one_without_a_jump() {
    let network = trained("tests/models/rings_16x4");
    let timeline = Timeline::fold("rings", network.clone(), FoldOrder::Reveal).expect("it has hidden layers");
    let folded = Timeline::fold("rings", network.clone(), FoldOrder::LayerByLayer).expect("it has hidden layers");
    let depth = |phase: f64| at(&timeline, phase).n_hidden();
    assert_eq!([0.0, 0.1, 0.25, 0.3, 0.9, 1.0].map(depth), [0, 1, 1, 2, 4, 4]);
    assert_eq!(at(&timeline, 1.0), network);
    let mut seed = Random(3);
    for i in 0..=40 {
        let phase = f64::from(i) / 40.0;
        let point = [seed.signed(), seed.signed()];
        let [revealed, folded] = [&timeline, &folded].map(|t| at(t, phase).forward(&point)[0]);
        assert!((revealed - folded).abs() < 1e-9 * (1.0 + folded.abs()), "phase {phase}: {revealed}, folding {folded}");
    }
}

#[test]
fn what_goes_layer_by_layer_has_all_its_time_for_the_layers_that_are_seen() {
    let network = trained("tests/models/rings_16x4");
    let timeline = |order| Arc::new(Timeline::fold("rings", network.clone(), order).expect("it has hidden layers"));
    for order in [FoldOrder::LayerByLayer, FoldOrder::Reveal] {
        let all = timeline(order);
        let two = all.up_to_layer(Some(2));
        let seen = two.map(|n| n.up_to_layer(2, 0)).expect("it has the layer");
        assert_eq!((two.keys(), seen.keys()), (&[0.0, 0.5, 1.0][..], two.keys()));
        let (own, slopes) = (network.slope(), |phase| two.whole(phase).expect("numbers stay finite").slopes().to_vec());
        assert_eq!([0.5, 1.0].map(slopes), [vec![own, 1.0, 1.0, 1.0], vec![own, own, 1.0, 1.0]], "{order:?}");
        assert_eq!(Ok(at(&seen, 1.0)), network.up_to_layer(2, 0), "{order:?}");
        for step in 0..10 {
            let [before, after] = [step, step + 1].map(|i| at(&seen, f64::from(i) / 10.0));
            assert_ne!(before, after, "{order:?} stands still at step {step}");
        }
        assert_eq!(two.up_to_layer(None), all);
    }
    let together = timeline(FoldOrder::Together);
    assert_eq!(together.up_to_layer(Some(2)), together);
}

#[test]
fn regions_are_counted_along_the_way_until_somebody_stops_it() {
    let networks = [network(&[8, 8], 1), network(&[8, 8], 2)];
    let timeline = morph(&networks);
    let count = |n: &Network| Complex::enumerate(n, &Window::SQUARE, &Options::default()).expect("within the limits").n_regions();
    let phases = [0.0, 0.3, 0.5, 1.0];
    let counted = |options: &Options| region_counts(&timeline, &Window::SQUARE, phases, options).collect::<Result<Vec<_>, _>>();
    assert_eq!(counted(&Options::default()), Ok(phases.map(|phase| count(&at(&timeline, phase))).to_vec()));
    let cancel = AtomicBool::new(true);
    let stopped = counted(&Options { cancel: Some(&cancel), ..Options::default() });
    assert!(matches!(stopped, Err(TimelineError::Complex(ComplexError::Cancelled))), "{stopped:?}");
}

#[test]
fn an_even_run_is_paced_between_key_frames_and_back() {
    let timeline = morph(&[network(&[4], 1), network(&[4], 2), network(&[4], 3)]);
    let paced = |time| timeline.paced(time, Easing::Smooth);
    assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(paced), [0.0, 0.25, 0.5, 0.75, 1.0]);
    assert!(paced(0.05) < 0.02 && paced(0.45) > 0.48, "slow at every key frame");
    for time in [0.0, 0.1, 0.5, 0.61, 1.0] {
        // some roundings of numbers up to 1
        assert!((timeline.unpaced(paced(time), Easing::Smooth) - time).abs() < 1e-12);
    }
}

#[test]
fn a_course_of_changed_networks_is_the_changed_course() {
    let networks = [network(&[4, 3], 1), network(&[4, 3], 2)];
    let cut = |n: &Network| n.up_to_layer(1, 7);
    let (whole, own) = (morph(&networks), morph(&networks.each_ref().map(|n| cut(n).expect("it has the layer"))));
    assert_eq!(whole.map(cut), Ok(own));
    assert!(whole.map(|n| n.up_to_layer(3, 0)).is_err());
}

/// The same function with its hidden units in another order.
fn shuffled(network: &Network, seed: u64) -> Network {
    let mut seed = Random(seed);
    let mut layers = network.layers().to_vec();
    for l in 0..network.n_hidden() {
        for k in (1..layers[l].n_out).rev() {
            swap_units(&mut layers, l, [k, seed.below(k + 1)]);
        }
    }
    Network::new(layers, network.slope()).expect("shapes chain")
}

fn swap_units(layers: &mut [Affine], l: usize, [a, b]: [usize; 2]) {
    let (n_in, n_out) = (layers[l].n_in, layers[l].n_out);
    layers[l].bias.swap(a, b);
    (0..n_in).for_each(|i| layers[l].weights.swap(a * n_in + i, b * n_in + i));
    (0..layers[l + 1].n_out).for_each(|k| layers[l + 1].weights.swap(k * n_out + a, k * n_out + b));
}

#[test]
fn alignment_finds_the_order_again_and_keeps_the_function() {
    let rings = trained("tests/models/rings_16x4");
    let mixed = shuffled(&rings, 11);
    assert_ne!(mixed, rings);
    let aligned =
        align(["rings", "mixed"], &rings, &mixed, &Window::SQUARE).expect("one architecture").apply(&mixed).expect("shapes chain");
    assert_eq!(aligned, rings, "the same units stand at the same places");
    // two networks that have nothing in common
    let other = network(&[16, 16, 16, 16], 8);
    let alignment = align(["rings", "other"], &rings, &other, &Window::SQUARE).expect("one architecture");
    let aligned = alignment.apply(&other).expect("shapes chain");
    for places in alignment.places() {
        let mut sorted = places.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..16).collect::<Vec<_>>(), "every unit has one place");
    }
    assert_ne!(aligned, other);
    let mut seed = Random(12);
    for _ in 0..500 {
        let point = [seed.signed(), seed.signed()];
        let (found, wanted) = (aligned.forward(&point)[0], other.forward(&point)[0]);
        assert!((found - wanted).abs() <= 1e-12 * (1.0 + wanted.abs()), "{point:?}: {found}, {wanted}");
    }
    let narrow = align(["rings", "narrow"], &rings, &network(&[16, 16, 16, 8], 8), &Window::SQUARE);
    assert!(matches!(narrow, Err(TimelineError::Width(_))), "{narrow:?}");
}

/// The mean loss of the networks between two trained ones, against what both were trained to.
fn loss_between(a: &Network, b: &Network) -> f64 {
    let timeline =
        Timeline::morph(vec![Keyframe::new("a", a.clone()), Keyframe::new("b", b.clone())], Easing::Linear).expect("one architecture");
    let points: Vec<[f64; 2]> = (0..900).map(|i| [i % 30, i / 30].map(|k| f64::from(k) / 14.5 - 1.0)).collect();
    let target: Vec<f64> = points.iter().map(|p| a.forward(p)[0].midpoint(b.forward(p)[0])).collect();
    let networks = (1..10).map(|i| at(&timeline, f64::from(i) / 10.0));
    let loss = |n: Network| points.iter().zip(&target).map(|(p, t)| (n.forward(p)[0] - t).powi(2)).sum::<f64>() / 900.0;
    networks.map(loss).sum::<f64>() / 9.0
}

#[test]
fn the_way_between_two_trainings_is_better_aligned() {
    let [a, b] = ["tests/models/rings_8x6_seed_1", "tests/models/rings_8x6_seed_2"].map(trained);
    let aligned = align(["a", "b"], &a, &b, &Window::SQUARE).expect("one architecture").apply(&b).expect("shapes chain");
    let [plain, better] = [&b, &aligned].map(|end| loss_between(&a, end));
    assert!(better < 0.5 * plain, "the mean loss on the way is {better} aligned and {plain} without");
}

#[test]
fn one_scale_holds_for_a_whole_timeline() {
    let timeline = morph(&[network(&[8, 8], 1), network(&[8, 8], 2)]);
    let complexes =
        [0.0, 1.0].map(|phase| Complex::enumerate(&at(&timeline, phase), &Window::SQUARE, &Options::default()).expect("within the limits"));
    let own = complexes.each_ref().map(|c| Scale::of(c, &[1.0]));
    let scale = Scale::union(own).expect("there are two");
    assert_eq!([scale.lo, scale.hi], [own[0].lo.min(own[1].lo), own[0].hi.max(own[1].hi)]);
    for (complex, own) in complexes.iter().zip(&own) {
        let (alone, mesh) = (Mesh::build(complex, &[1.0]), Mesh::build_at(complex, &[1.0], scale));
        assert_eq!([alone.lo, alone.hi, mesh.lo, mesh.hi], [own.lo, own.hi, scale.lo, scale.hi]);
        assert_eq!(mesh.height, scale.height as f32);
        for (a, b) in alone.points.iter().zip(&mesh.points) {
            let output = alone.lo + f64::from(a[2]) * (alone.hi - alone.lo);
            assert!((mesh.t_of(output) - f64::from(b[2])).abs() < 1e-5, "{a:?} {b:?}");
        }
    }
    assert_eq!(Scale::union(None), None);
}
