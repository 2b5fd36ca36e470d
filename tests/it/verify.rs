//! The complex of any network keeps its laws, whatever made it degenerate.

use crate::networks::{COUNTED, tents, trained};
use foldscape::complex::{Complex, Law, Options, Window};
use foldscape::network::Network;
use std::sync::atomic::AtomicBool;

#[track_caller]
fn keeps_its_laws(network: &Network, window: &Window) -> foldscape::complex::Report {
    let complex = Complex::enumerate(network, window, &Options::default()).expect("within the limits");
    let report = complex.verify(network, &Options::default()).expect("not cancelled");
    assert!(report.passed(), "{report:#?}");
    report
}

#[test]
fn trained_networks_keep_their_laws() {
    for (name, regions) in &COUNTED[..3] {
        let report = keeps_its_laws(&trained(name), &Window::SQUARE);
        assert_eq!(report.finding(Law::Patterns).checked, *regions as u64, "{name}");
    }
}

#[test]
fn a_grid_of_coinciding_lines_is_decided_exactly() {
    let report = keeps_its_laws(&tents(3), &Window::new([0.0, 0.0, 1.0, 1.0]).expect("a window"));
    assert!(report.finding(Law::Signs).exact > 100);
}

#[test]
fn a_window_of_a_billionth_far_from_the_origin_keeps_its_laws() {
    let window = Window::new([0.4, -0.3, 0.4 + 1e-9, -0.3 + 1e-9]).expect("a window");
    keeps_its_laws(&trained(COUNTED[4].0), &window);
}

#[test]
fn verifying_can_be_cancelled() {
    let network = trained(COUNTED[1].0);
    let complex = Complex::enumerate(&network, &Window::SQUARE, &Options::default()).expect("within the limits");
    let cancel = AtomicBool::new(true);
    assert!(complex.verify(&network, &Options { cancel: Some(&cancel), ..Options::default() }).is_err());
}
