//! Topology: links, Euler's formula, the sum of the areas. In: [`Complex`]. Out: findings; broken links end everything else.

use super::{AREA_TOLERANCE, Law, Report};
use crate::complex::{Complex, EdgeKind};

/// Checks everything that needs no network.
pub(super) fn check(complex: &Complex, report: &mut Report) {
    check_links(complex, report);
    if !report.passed() {
        return;
    }
    report.count(Law::Euler, 1);
    let euler = complex.n_vertices() as i64 - complex.n_edges() as i64 + complex.n_regions() as i64;
    report.expect(Law::Euler, euler == 1, || format!("V − E + F is {euler}"));
    let ([width, height], [x, y]) = (complex.window().size(), complex.window().reach());
    let sum: f64 = (0..complex.n_regions() as u32).map(|f| complex.area(f)).sum();
    let off = (sum / (width * height) - 1.0).abs();
    report.count(Law::Area, complex.n_regions());
    report.deviation(Law::Area, off);
    report.expect(Law::Area, off <= AREA_TOLERANCE * (x / width).max(y / height).max(1.0), || {
        format!("the areas sum to {sum}, the window has {}", width * height)
    });
}

/// Half-edges in one another's range, in closed loops of one face each, ends meeting.
fn check_links(complex: &Complex, report: &mut Report) {
    let n = 2 * complex.n_edges() as u32;
    report.count(Law::Links, n as usize);
    let in_range = |h: u32| {
        complex.next(h) < n
            && (complex.origin(h) as usize) < complex.n_vertices()
            && complex.face(h).is_none_or(|f| (f as usize) < complex.n_regions())
    };
    for h in 0..n {
        report.expect(Law::Links, in_range(h), || format!("half-edge {h} leads nowhere"));
    }
    if !report.passed() {
        return;
    }
    for h in 0..n {
        let next = complex.next(h);
        report.expect(Law::Links, complex.origin(next) == complex.origin(h ^ 1), || {
            format!("half-edge {h} does not end where {next} starts")
        });
        report.expect(Law::Links, complex.face(next) == complex.face(h), || format!("half-edge {next} after {h} has another face"));
        let border = matches!(complex.edge_kind(h / 2), EdgeKind::Border(_));
        let outside = complex.face(h).is_none() || complex.face(h ^ 1).is_none();
        report.expect(Law::Links, border == outside, || format!("half-edge {h} is on the border by its label or by its faces, not both"));
    }
    check_loops(complex, n, report);
}

/// Every half-edge is in one loop, every region has one loop, so has the outside, and every vertex one fan of half-edges.
fn check_loops(complex: &Complex, n: u32, report: &mut Report) {
    let loops = cycles(n, |h| complex.next(h), report);
    let wanted = complex.n_regions() + 1;
    report.expect(Law::Links, loops == wanted, || format!("{loops} loops of half-edges, {wanted} regions with the outside"));
    // the half-edges out of a vertex, clockwise
    let fans = cycles(n, |h| complex.next(h ^ 1), report);
    let wanted = complex.n_vertices();
    report.expect(Law::Links, fans == wanted, || format!("{fans} fans of half-edges, {wanted} vertices"));
    for f in 0..complex.n_regions() as u32 {
        let first = complex.face_half_edges(f).next();
        report.expect(Law::Links, first.and_then(|h| complex.face(h)) == Some(f), || {
            format!("region {f} starts with a half-edge of another")
        });
    }
}

/// The number of cycles of a permutation of half-edges; fails where it is none.
fn cycles(n: u32, step: impl Fn(u32) -> u32, report: &mut Report) -> usize {
    let mut seen = vec![false; n as usize];
    let mut count = 0;
    for start in 0..n {
        if seen[start as usize] {
            continue;
        }
        count += 1;
        let mut h = start;
        loop {
            seen[h as usize] = true;
            h = step(h);
            report.expect(Law::Links, h == start || !seen[h as usize], || format!("half-edge {h} comes after two others"));
            if seen[h as usize] {
                break;
            }
        }
    }
    count
}
