//! Every claim of the scenes, by other means than it was counted.

use super::fit::Kinked;
use super::networks::{INTERVAL, JUMP, Net};
use super::scenes::Shows;
use super::*;
use crate::complex::{EdgeKind, Plane, Window};
use crate::render::Theme;
use crate::render::color;

fn exhibit(number: usize) -> Exhibit {
    Scene::number(number).expect("a scene").exhibit(&AtomicBool::new(false)).expect("it can be shown")
}

fn complex(model: &Model) -> Complex {
    Complex::enumerate(&model.network, &model.window_or(None), &Options::default()).expect("a small network")
}

/// The sentence holds each of these words.
#[track_caller]
fn says(exhibit: &Exhibit, words: &[String]) {
    for word in words {
        assert!(exhibit.sentence.contains(word.as_str()), "`{word}` is missing in: {}", exhibit.sentence);
    }
}

#[test]
fn scenes_are_numbered_and_others_are_refused() {
    assert!(SCENES.iter().zip(1..).all(|(scene, number)| scene.number == number));
    for asked in [0, SCENES.len() + 1] {
        let error = Scene::number(asked).expect_err("no such scene");
        assert!(error.to_string().contains("scenes 1 to 11"), "{error}");
    }
}

#[test]
fn every_sentence_is_filled_and_no_number_in_it_is_written_down() {
    for scene in &SCENES {
        let text = exhibit(scene.number).sentence;
        assert!(!text.contains(['{', '}']) && text.ends_with('.'), "{text}");
        // the levels of the target and the 1 of the formula are no counts
        let digits: Vec<&str> =
            scene.sentence.split(' ').filter(|word| word.contains(|c: char| c.is_ascii_digit()) && !word.contains('{')).collect();
        assert!(digits.iter().all(|word| ["0", "1"].contains(word)), "scene {}: {digits:?}", scene.number);
    }
}

#[test]
fn a_cancelled_scene_says_so() {
    let error = SCENES[3].exhibit(&AtomicBool::new(true)).map(|exhibit| exhibit.sentence).expect_err("it was stopped");
    assert!(error.is_cancelled(), "{error}");
}

#[test]
fn one_unit_is_two_pieces_that_meet_where_its_sum_is_zero() {
    let exhibit = exhibit(1);
    let unit = &exhibit.model.network.hidden()[0];
    says(&exhibit, &["2 straight pieces".to_owned(), format!("x = {:.1}.", -unit.bias[0] / unit.weights[0])]);
    let sheet = exhibit.picture.sheet.as_ref().expect("a graph");
    let curve = &sheet.graphs[0].curves[1].points;
    assert!((3..=4).contains(&curve.len()), "{curve:?}");
    for &[x, y] in curve {
        assert!((y - exhibit.model.network.forward(&[x, 0.7])[0]).abs() < 1e-12, "{curve:?}");
    }
}

#[test]
fn one_unit_folds_the_plane_into_two_regions() {
    let exhibit = exhibit(2);
    assert_eq!((exhibit.picture.stats.regions, exhibit.picture.stats.interior_edges), (2, 1));
    says(&exhibit, &["1 unit", "1 straight line", "2 flat regions"].map(str::to_owned));
}

#[test]
fn no_network_jumps_and_the_fit_is_the_best_with_one_fold() {
    let exhibit = exhibit(3);
    let at = |x: f64| exhibit.model.network.forward(&[x, 0.0])[0];
    let [left, right] = [JUMP.left, JUMP.right].map(|line| line.at(JUMP.jump));
    says(&exhibit, &[format!("{} apart", right - left), format!("half the gap, {}", (right - left) / 2.0)]);
    let misses = [left, right].map(|end| (at(JUMP.jump) - end).abs());
    assert!(misses[0].max(misses[1]) >= (right - left) / 2.0, "{misses:?}");
    let (best, cost) = Kinked::best(&JUMP, INTERVAL);
    for i in 0..=20 {
        let x = f64::from(i) / 10.0 - 1.0;
        assert!((at(x) - best.at(x)).abs() < 1e-12, "the network is the fit at {x}");
        assert!(i == 0 || i == 20 || Kinked::with_kink(&JUMP, INTERVAL, x).1 >= cost, "a fold at {x} is no better");
    }
}

/// Zaslavsky's count for lines in general position: n (n + 1) / 2 + 1.
#[test]
fn a_layer_of_units_makes_the_regions_that_are_said() {
    let exhibit = exhibit(4);
    let n = exhibit.model.network.n_units();
    let plane = Plane::enumerate(&exhibit.model.network, &Options::default()).expect("a small network").n_regions();
    let window = exhibit.picture.stats.regions;
    assert_eq!(plane, n * (n + 1) / 2 + 1);
    assert!(window < plane);
    says(&exhibit, &[format!("{n} units"), format!("{plane} regions"), format!("{window} of")]);
}

#[test]
fn first_lines_run_straight_and_the_sum_is_right() {
    let exhibit = exhibit(5);
    let complex = complex(&exhibit.model);
    let bends = facts::BentLines::of(&complex, &exhibit.model.network, 0);
    let crossings = exhibit.picture.stats.interior_vertices;
    assert_eq!((bends.bends.len(), bends.ends_inside, bends.ends_on_sides), (0, 0, 2 * bends.lines));
    assert_eq!(1 + bends.lines + crossings, exhibit.picture.stats.regions);
    says(&exhibit, &[format!("1 + {} + {crossings} = {}", bends.lines, exhibit.picture.stats.regions)]);
}

/// Angle of a bend that one may trust, in radians: positions are exact to some 1e-15.
const CLEAR_BEND: f64 = 1e-9;

#[test]
fn second_lines_bend_on_first_ones_only_and_end_on_the_windows_sides() {
    let exhibit = exhibit(6);
    let (complex, network) = (complex(&exhibit.model), &exhibit.model.network);
    let found = facts::BentLines::of(&complex, network, 1);
    assert_eq!((found.bends_elsewhere, found.ends_inside), (0, 0));
    says(&exhibit, &[format!("{} lines", found.lines), format!("{} rings", found.bends.len()), format!("{} ends", found.ends_on_sides)]);
    assert_eq!(exhibit.picture.mesh.marks.len(), found.bends.len(), "a ring for each bend");
    // geometry alone: the two pieces of a line at a vertex, and the angle between them
    let mut bent = Vec::new();
    for unit in 0..network.hidden()[1].n_out as u32 {
        let is_own = |e: &u32| complex.edge_kind(*e) == EdgeKind::Bent(crate::network::Unit { layer: 1, index: unit });
        let own: Vec<u32> = (0..complex.n_edges() as u32).filter(is_own).collect();
        for v in 0..complex.n_vertices() as u32 {
            let halves = own.iter().flat_map(|&e| [2 * e, 2 * e + 1]).filter(|&h| complex.origin(h) == v);
            let ways: Vec<f64> = halves
                .map(|h| {
                    let (p, q) = (complex.vertex(v), complex.vertex(complex.origin(h ^ 1)));
                    (q[1] - p[1]).atan2(q[0] - p[0])
                })
                .collect();
            if let [a, b] = ways[..] {
                let turn = ((a - b).rem_euclid(std::f64::consts::TAU) - std::f64::consts::PI).abs();
                bent.extend((turn > CLEAR_BEND).then_some(v));
            }
        }
    }
    let mut counted = found.bends.clone();
    counted.sort_unstable();
    bent.sort_unstable();
    assert_eq!(counted, bent);
}

#[test]
fn layers_refine_each_other_and_the_reveal_stops_at_their_counts() {
    let (second, reveal) = (exhibit(7), exhibit(8));
    let counts = |exhibit: &Exhibit| complex(&exhibit.model).stats().regions_per_layer;
    says(&second, &[format!("{} regions become {}", counts(&second)[0], counts(&second)[1])]);
    let after = counts(&reveal);
    assert!(after.is_sorted() && after.len() == 6, "{after:?}");
    says(&reveal, &after[1..].iter().map(|&n| with_commas(n)).collect::<Vec<_>>());
    let stops = &reveal.journey.as_ref().expect("it moves").stops;
    let expected: Vec<String> = (3..=6).map(|k| format!("{k} layers \u{b7} {} regions", with_commas(after[k - 1]))).collect();
    assert_eq!(stops.iter().map(|stop| stop.1.clone()).collect::<Vec<_>>(), expected);
}

#[test]
fn brighter_is_higher_and_the_share_is_right() {
    let exhibit = exhibit(9);
    for theme in [Theme::Dark, Theme::Light] {
        let luminance = |c: &[f32; 3]| 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
        assert!(color::face_ramp(theme, exhibit.scene.coloring).windows(2).all(|c| luminance(&c[0]) < luminance(&c[1])));
    }
    let share = facts::share_above(&complex(&exhibit.model), scenes::HALF);
    says(&exhibit, &[format!("{} %", (100.0 * share).round())]);
    // points of a grid, each by the network itself
    let n = 200;
    let at = |i: usize| f64::from(2 * i as u32 + 1) / f64::from(n) - 1.0;
    let above = (0..n as usize * n as usize).filter(|&i| {
        let [x, y] = [at(i % n as usize), at(i / n as usize)];
        exhibit.model.network.forward(&[x, y])[0] > scenes::HALF
    });
    let sampled = above.count() as f64 / f64::from(n * n);
    assert_eq!(exhibit.model.window_or(None), Window::SQUARE);
    assert!((share - sampled).abs() < 0.005, "{share} {sampled}");
}

#[test]
fn the_whole_sheet_is_counted() {
    let exhibit = exhibit(10);
    let stats = complex(&exhibit.model).stats();
    says(&exhibit, &[with_commas(stats.regions), with_commas(stats.interior_edges), exhibit.model.network.n_units().to_string()]);
}

#[test]
fn the_film_begins_untrained_and_ends_with_the_rings() {
    let exhibit = exhibit(11);
    let journey = exhibit.journey.as_ref().expect("it moves");
    let [untrained, rings] = [Net::Untrained, Net::Rings].map(|net| net.model().expect("bundled"));
    assert_eq!(journey.timeline.network(0.0).expect("a key frame"), untrained.network);
    assert_eq!(journey.timeline.network(1.0).expect("a key frame"), rings.network);
    let [first, last] = [&untrained, &rings].map(|model| with_commas(complex(model).n_regions()));
    says(&exhibit, &[format!("{first} regions at first"), format!("{last} in the end")]);
    assert_eq!(
        (journey.stops[0].1.as_str(), journey.stops[3].1.as_str()),
        (&*format!("untrained \u{b7} {first} regions"), &*format!("trained \u{b7} {last} regions"))
    );
    assert!(matches!(exhibit.scene.shows, Shows::Morph(..)));
}
