//! Every kind of damage to a complex is found, by the law it breaks.

use super::Law;
use crate::complex::{Complex, Options, Report, Window};
use crate::model;
use crate::network::Network;

/// Regions of [`network`].
const N_REGIONS: u32 = 1257;

/// Four layers of 16 that draw rings.
fn network() -> Network {
    let bytes = include_bytes!("../../../tests/models/rings_16x4.safetensors");
    model::load("rings_16x4.safetensors", bytes, None).expect("a valid file").network
}

/// What is said of the network's complex after `damage`.
fn report_of(damage: impl FnOnce(&mut Complex)) -> Report {
    let network = network();
    let mut complex = Complex::enumerate(&network, &Window::SQUARE, &Options::default()).expect("within the limits");
    damage(&mut complex);
    complex.verify(&network, &Options::default()).expect("not cancelled")
}

#[track_caller]
fn breaks(law: Law, damage: impl FnOnce(&mut Complex)) {
    let report = report_of(damage);
    assert!(!report.passed());
    assert!(report.finding(law).failed > 0 && report.finding(law).first.is_some(), "{law:?} does not see it: {report:#?}");
}

/// An edge with a region on both sides.
fn inner_edge(complex: &Complex) -> u32 {
    (0..complex.n_edges() as u32).find(|&e| complex.face(2 * e).is_some() && complex.face(2 * e + 1).is_some()).expect("an inner edge")
}

#[test]
fn an_undamaged_complex_passes() {
    let report = report_of(|_| {});
    assert!(report.passed(), "{report:#?}");
    for law in Law::ALL {
        assert!(report.finding(law).checked > 0, "{law:?} was not checked");
    }
    assert_eq!(report.finding(Law::Interiors).checked, u64::from(N_REGIONS));
    assert!(report.finding(Law::Sample).checked > 10_000, "{report:#?}");
}

#[test]
fn a_wrong_successor() {
    breaks(Law::Links, |c| (c.half_edges[100].next, c.half_edges[200].next) = (c.half_edges[200].next, c.half_edges[100].next));
}

#[test]
fn a_wrong_origin() {
    breaks(Law::Links, |c| c.half_edges[100].origin = c.half_edges[200].origin);
}

#[test]
fn a_half_edge_of_another_region() {
    breaks(Law::Links, |c| c.half_edges[100].face = (c.half_edges[100].face + 1) % N_REGIONS);
}

#[test]
fn a_lost_vertex() {
    breaks(Law::Links, |c| c.vertices.push([0.0, 0.0]));
}

#[test]
fn a_moved_vertex() {
    breaks(Law::Positions, |c| c.vertices[500][0] += 1e-9);
}

#[test]
fn a_wrong_label() {
    breaks(Law::Labels, |c| {
        let e = inner_edge(c) as usize;
        c.label[e] = (c.label[e] + 1) % 64;
    });
}

#[test]
fn a_wrong_map() {
    breaks(Law::Maps, |c| c.maps[700].c += 1e-9);
    breaks(Law::Continuity, |c| c.maps[700].gx += 1e-6);
}

#[test]
fn a_wrong_pattern() {
    breaks(Law::Signs, |c| *c.mask.last_mut().expect("regions") ^= 1);
    breaks(Law::Interiors, |c| *c.mask.last_mut().expect("regions") ^= 1);
    breaks(Law::RandomPoints, |c| c.mask.iter_mut().for_each(|m| *m ^= 1));
}

#[test]
fn a_pattern_twice() {
    breaks(Law::Patterns, |c| c.mask[3] = c.mask[4]);
}

#[test]
fn two_regions_with_each_others_sides() {
    breaks(Law::Convexity, |c| {
        let e = inner_edge(c);
        let (a, b) = (c.face(2 * e).expect("a region") as usize, c.face(2 * e + 1).expect("a region") as usize);
        c.mask.swap(a, b);
    });
}
