//! Thousands of small networks, most of them degenerate, against rational clipping; what fails is made small and printed.

use crate::families::Family;
use crate::networks::affine;
use crate::oracle;
use crate::shrink::{as_test, shrink};
use foldscape::complex::{Complex, Law, Options, Plane, Window};
use foldscape::network::Network;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

const NETWORKS: usize = 3_300;

/// All that must hold of one network; how many of its signs were decided exactly.
fn exact_decisions(network: &Network, window: &Window) -> Result<u64, String> {
    let with = |all_exact| Complex::enumerate(network, window, &Options { threads: 1, all_exact, ..Options::default() });
    let complex = with(false).map_err(|e| e.to_string())?;
    let cut =
        Complex::enumerate(network, window, &Options { threads: 1, cut_all: true, ..Options::default() }).map_err(|e| e.to_string())?;
    oracle::compare(&complex, network, window)?;
    oracle::compare(&cut, network, window).map_err(|e| format!("all cells cut: {e}"))?;
    let report = complex.verify(network, &Options { threads: 1, ..Options::default() }).map_err(|e| e.to_string())?;
    if let Some(law) = Law::ALL.into_iter().find(|law| report.finding(*law).failed > 0) {
        return Err(format!("{law:?} is broken: {:?}", report.finding(law)));
    }
    let everything_exact = with(true).map_err(|e| format!("all decisions exact: {e}"))?;
    if shown(&complex) != shown(&everything_exact) {
        return Err("another complex than with all decisions exact".to_owned());
    }
    Ok(complex.stats().exact_decisions)
}

fn check(network: &Network, window: &Window) -> Result<(), String> {
    exact_decisions(network, window).map(|_| ())
}

/// All arrays of a complex as text, but for the number of exact decisions.
fn shown(complex: &Complex) -> String {
    let text = format!("{complex:?}");
    text.split("exact_decisions").next().unwrap_or_default().to_owned()
}

/// The `case`-th network.
fn drawn(case: usize) -> (Family, Network, Window) {
    let family = Family::ALL[case % Family::ALL.len()];
    let (network, window) = family.draw(case as u64);
    (family, network, window)
}

/// Runs `work` on `0..n`, on all of the machine's threads.
fn in_parallel<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let one =
        || std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&k| k < n)).map(|k| (k, work(k))).collect::<Vec<_>>();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut results: Vec<(usize, T)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("no panic")).collect()
    });
    results.sort_by_key(|(k, _)| *k);
    results.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn thousands_of_networks_equal_rational_clipping() {
    let results = in_parallel(NETWORKS, |case| {
        let (family, network, window) = drawn(case);
        let found = std::panic::catch_unwind(|| exact_decisions(&network, &window)).unwrap_or_else(|_| Err("panicked".to_owned()));
        (family, found)
    });
    if let Some(case) = results.iter().position(|(_, found)| found.is_err()) {
        let failed = results.iter().filter(|(_, found)| found.is_err()).count();
        let (family, network, window) = drawn(case);
        let (small, message) = shrink(&network, |network| check(network, &window));
        panic!("{failed} of {NETWORKS} networks fail; the first, {family:?} {case}, made small:\n{}", as_test(&small, &window, &message));
    }
    let mut ran: BTreeMap<Family, u64> = BTreeMap::new();
    for (family, exact) in results {
        *ran.entry(family).or_default() += exact.expect("none failed");
    }
    println!("exact decisions by family: {ran:?}");
    for family in Family::ALL.into_iter().filter(|f| *f != Family::Generic) {
        assert!(ran[&family] > 100, "{family:?} asked for exact arithmetic only {} times", ran[&family]);
    }
}

#[test]
fn the_plane_has_the_regions_that_rational_clipping_finds_in_a_frame_round_all_vertices() {
    let failures = in_parallel(30 * Family::ALL.len(), |case| {
        let (family, network, _) = drawn(case);
        let with = |all_exact| Plane::enumerate(&network, &Options { threads: 1, all_exact, ..Options::default() }).expect("a plane");
        let plane = with(false);
        let patterns = |plane: &Plane| (0..plane.n_regions() as u32).map(|f| plane.pattern(f)).collect::<BTreeSet<_>>();
        let wanted: BTreeSet<_> = oracle::regions(&network, &plane.frame(&network)).into_iter().map(|r| r.pattern).collect();
        let found = patterns(&plane);
        let equal = found == wanted && found.len() == plane.n_regions() && found == patterns(&with(true));
        (!equal).then(|| format!("{family:?} {case}: {} regions, rational clipping has {}", plane.n_regions(), wanted.len()))
    });
    let failures: Vec<String> = failures.into_iter().flatten().collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_filter_that_trusts_rounding_is_found_out() {
    let found = in_parallel(40 * Family::ALL.len(), |case| {
        let (family, network, window) = drawn(case);
        let options = Options { threads: 1, trust_rounding: true, ..Options::default() };
        let complex = Complex::enumerate(&network, &window, &options).map_err(|e| e.to_string());
        (family, complex.and_then(|complex| oracle::compare(&complex, &network, &window)).is_err())
    });
    let wrong = |family: Family| found.iter().filter(|(f, wrong)| *f == family && *wrong).count();
    let wrong: BTreeMap<Family, usize> = Family::ALL.into_iter().map(|family| (family, wrong(family))).collect();
    println!("networks that rounding decides wrongly: {wrong:?}");
    assert_eq!(wrong[&Family::Generic], 0, "nothing is that close");
    assert!(wrong.values().filter(|n| **n > 0).count() > 5, "rounding must decide wrongly in most families: {wrong:?}");
}

#[test]
fn a_failing_network_is_made_small() {
    let (network, window) = Family::SmallIntegers.draw(1);
    let regions = |network: &Network| Complex::enumerate(network, &window, &Options::default()).map_or(0, |c| c.n_regions());
    assert!(regions(&network) > 3, "there is something to shrink");
    let (small, message) = shrink(&network, |network| if regions(network) > 2 { Err("more than two".to_owned()) } else { Ok(()) });
    assert_eq!((regions(&small) > 2, small.n_units(), message.as_str()), (true, 2, "more than two"));
    let text = as_test(&small, &window, &message);
    assert!(text.contains("fn found_by_chance") && text.contains("// it said: more than two"), "{text}");
}

#[test]
fn a_unit_of_a_unit_is_decided_by_its_cut() {
    let layers =
        vec![affine(&[&[1.0, 0.0]], &[0.0]), affine(&[&[1.0], &[-1.0], &[0.0]], &[0.0, 0.0, 0.0]), affine(&[&[1.0, 1.0, 1.0]], &[0.0])];
    let network = Network::new(layers, 0.0).expect("shapes chain");
    assert_eq!(check(&network, &Window::SQUARE), Ok(()));
}

#[test]
fn a_side_shorter_than_the_rounding_of_its_ends_does_not_mislead_point_location() {
    let layers = vec![
        affine(&[&[1.0, -2.0], &[1.0, -3.0], &[0.0, 1.0], &[3.0, -3.0], &[4.0, -3.0], &[-1.0, -2.0]], &[0.0, 0.0, 0.0, -0.75, -1.25, 0.0]),
        affine(&[&[-2.0, 0.0, 1.0, 2.0, 0.0, 2.0]], &[0.0]),
        affine(&[&[0.0]], &[0.0]),
    ];
    let network = Network::new(layers, 0.0).and_then(|n| n.with_slopes(vec![0.02, 0.0])).expect("shapes chain");
    let window = Window::new([-2.0, -0.5, 1.0, 1.5]).expect("a window");
    assert_eq!(check(&network, &window), Ok(()));
}

#[test]
fn a_quadrant_where_a_unit_is_0_all_over_is_not_cut() {
    // relu(x) - relu(y) is 0 in the quadrant where both are; dead units make the cell one of few undecided rows
    let mut ramps = [[0.0, 0.0]; 8];
    (ramps[4], ramps[7]) = ([1.0, 0.0], [0.0, 1.0]);
    let rows: Vec<&[f64]> = ramps.iter().map(|row| &row[..]).collect();
    let layers = vec![affine(&rows, &[0.0; 8]), affine(&[&[0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, -1.0]], &[0.0]), affine(&[&[0.0]], &[0.0])];
    let network = Network::new(layers, 0.0).expect("shapes chain");
    assert_eq!(check(&network, &Window::SQUARE), Ok(()));
    assert_eq!(Complex::enumerate(&network, &Window::SQUARE, &Options::default()).map(|c| c.n_regions()), Ok(5));
}
