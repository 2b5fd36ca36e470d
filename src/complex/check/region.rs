//! Everything that is said of one region: its sides, its corners, the sign of every unit all over it, its maps, its neighbours.
//!
//! In: regions one after the other. Out: findings and the regions' patterns. At each corner the two lines that meet are known
//! by the labels of their sides; the stored vertex and a bound on its distance from the exact corner tell most signs, and
//! [`truth`] the rest.

use super::bounds::{Form, Forms, signs_at};
use super::truth::{self, Point};
use super::{Law, POSITION_TOLERANCE, Report, packed};
use crate::complex::agreement::elimination_roundings;
use crate::complex::{Complex, EdgeKind};
use crate::network::Network;
use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::collections::HashMap;

/// Checks regions; neighbours in the order of the recursion share most forms.
pub(super) struct Worker<'c> {
    complex: &'c Complex,
    network: &'c Network,
    map_error: &'c [[f64; 3]],
    /// One region in so many has all its signs decided in exact arithmetic, to hold them against those of f64.
    sample_step: usize,
    roundings: f64,
    tolerance: f64,
    forms: Forms<'c>,
    /// Exact signs at vertices that were asked for.
    truth: HashMap<u32, Vec<Ordering>>,
    patterns: Vec<Vec<u64>>,
    report: Report,
}

/// A region on its way.
struct Region {
    f: u32,
    on: Vec<bool>,
    half_edges: Vec<u32>,
    sides: Vec<Side>,
}

/// A side: the number of its unit, or the number of units plus that of the window's side; and its form, positive inside.
#[derive(Clone, Copy)]
struct Side {
    line: usize,
    form: Form,
}

impl<'c> Worker<'c> {
    pub(super) fn new(complex: &'c Complex, network: &'c Network, map_error: &'c [[f64; 3]], sample_step: usize) -> Self {
        let [x, y] = complex.window().reach();
        Self {
            complex,
            network,
            map_error,
            sample_step,
            roundings: elimination_roundings(network),
            tolerance: POSITION_TOLERANCE * x.max(y),
            forms: Forms::new(network),
            truth: HashMap::new(),
            patterns: Vec::new(),
            report: Report::default(),
        }
    }

    /// What was found out, and the pattern of each region in turn.
    pub(super) fn finish(self) -> (Report, Vec<Vec<u64>>) {
        (self.report, self.patterns)
    }

    /// Checks one region.
    pub(super) fn check(&mut self, f: u32) {
        let region = self.region(f);
        let mut positive = vec![false; region.on.len()];
        for i in 0..region.sides.len() {
            if let Some(signs) = self.corner(&region, i) {
                self.check_signs(&region, i, &signs, &mut positive);
            }
        }
        let flat = (0..positive.len()).find(|&u| region.on[u] && !positive[u]);
        self.report.expect(Law::Signs, flat.is_none(), || {
            format!("region {f}: {} is on in the pattern, but positive at no corner", self.forms.name(flat.unwrap_or(0)))
        });
        self.check_maps(&region);
        self.check_neighbours(&region);
        self.check_interior(&region);
        self.patterns.push(packed(&region.on));
    }

    fn region(&mut self, f: u32) -> Region {
        let on = self.complex.pattern(f);
        self.forms.set(&on);
        let half_edges: Vec<u32> = self.complex.face_half_edges(f).collect();
        let side = |&h: &u32| match self.complex.edge_kind(h / 2) {
            EdgeKind::Border(k) => Side { line: on.len() + usize::from(k), form: Form::border(&self.complex.window(), usize::from(k)) },
            EdgeKind::Bent(unit) => {
                let line = self.forms.first_unit[unit.layer as usize] + unit.index as usize;
                Side { line, form: self.forms.unit(line).times_sign(on[line]) }
            }
        };
        let sides = half_edges.iter().map(side).collect();
        Region { f, on, half_edges, sides }
    }

    /// Checks how the sides before and after corner `i` meet, and gives the signs of all lines there.
    fn corner(&mut self, region: &Region, i: usize) -> Option<Vec<Ordering>> {
        let (a, b) = (region.sides[(i + region.sides.len() - 1) % region.sides.len()], region.sides[i]);
        self.report.count(Law::Convexity, 1);
        let [cross, off] = a.form.cross(&b.form);
        let left = if cross.abs() > off { cross > 0.0 } else { self.turns_left(region, [a, b]) };
        self.report.expect(Law::Convexity, left, || format!("region {} does not turn left at its corner {i}", region.f));
        if !left {
            return None;
        }
        let v = self.complex.origin(region.half_edges[i]);
        let p = self.complex.vertex(v);
        self.check_position(region, [a, b], p);
        let radius = a.form.meeting_radius(&b.form, p);
        let certain = |form: &Form| {
            let (value, off) = (form.value(p), form.near_off(p, radius));
            if value > off { Some(Greater) } else { (value < -off).then_some(Less) }
        };
        let window = self.complex.window();
        let all = self.forms.units().chain((0..4).map(|side| Form::border(&window, side)));
        let mut signs: Vec<Option<Ordering>> = all.map(|form| certain(&form)).collect();
        (signs[a.line], signs[b.line]) = (Some(Equal), Some(Equal));
        let (n, sampled) = (signs.len(), (region.f as usize).is_multiple_of(self.sample_step));
        self.report.count(Law::Signs, n);
        let open = signs.iter().filter(|s| s.is_none()).count();
        if open > 0 || sampled {
            self.decide_exactly(region, [a, b], v, sampled, &mut signs);
            self.report.count_exact(Law::Signs, open);
        }
        Some(signs.into_iter().flatten().collect())
    }

    /// The turn between two sides, in exact arithmetic.
    fn turns_left(&mut self, region: &Region, sides: [Side; 2]) -> bool {
        self.report.count_exact(Law::Convexity, 1);
        let [a, b] = sides.map(|side| self.exact_form(region, side.line));
        let flipped = sides.iter().filter(|s| region.on.get(s.line) == Some(&false)).count();
        truth::turn(&a, &b) == if flipped == 1 { Less } else { Greater }
    }

    fn exact_form(&self, region: &Region, line: usize) -> [crate::complex::exact::Dyadic; 3] {
        match line.checked_sub(region.on.len()) {
            Some(side) => truth::border(&self.complex.window(), side),
            None => truth::form(self.network, &region.on, &self.forms.first_unit, line),
        }
    }

    /// Fills in the signs that f64 did not tell; where `sampled`, holds all others against the exact ones.
    fn decide_exactly(&mut self, region: &Region, sides: [Side; 2], v: u32, sampled: bool, signs: &mut [Option<Ordering>]) {
        if !self.truth.contains_key(&v) {
            let [a, b] = sides.map(|side| self.exact_form(region, side.line));
            // the sides turn left, so their lines are not parallel
            let Some(point) = Point::meeting(&a, &b) else { return };
            self.truth.insert(v, point.signs(self.network, &self.complex.window()));
        }
        let truth = &self.truth[&v];
        let meet = sides.iter().all(|side| truth[side.line] == Equal);
        self.report.expect(Law::Positions, meet, || {
            format!("region {}: its sides do not meet in vertex {v}, where those of another region do", region.f)
        });
        for (line, (sign, exact)) in signs.iter_mut().zip(truth).enumerate() {
            let agrees = sign.is_none_or(|sign| sign == *exact);
            *sign = Some(*exact);
            if sampled {
                self.report.count(Law::Sample, 1);
                self.report.count_exact(Law::Sample, 1);
                self.report.expect(Law::Sample, agrees, || format!("region {}: line {line} at vertex {v} is {exact:?}", region.f));
            }
        }
    }

    /// Whether the stored vertex lies on both lines.
    fn check_position(&mut self, region: &Region, sides: [Side; 2], p: [f64; 2]) {
        self.report.count(Law::Positions, 1);
        for side in sides {
            let (value, steepness) = (side.form.value(p).abs(), side.form.steepness());
            let allowed = steepness * self.tolerance + side.form.value_off(p, self.roundings);
            self.report.deviation(Law::Positions, value / steepness);
            self.report.expect(Law::Positions, value <= allowed, || {
                format!("region {}: the vertex {p:?} is {:e} off the line of {}", region.f, value / steepness, self.forms.name(side.line))
            });
        }
    }

    /// Whether the signs at corner `i` fit the pattern, and the corner lies strictly inside of the other sides.
    fn check_signs(&mut self, region: &Region, i: usize, signs: &[Ordering], positive: &mut [bool]) {
        let n = region.on.len();
        for (line, &sign) in signs.iter().enumerate() {
            let on = region.on.get(line).copied().unwrap_or(true);
            let holds = if on { sign != Less } else { sign != Greater };
            if line < n {
                positive[line] |= sign == Greater;
            }
            self.report.expect(if line < n { Law::Signs } else { Law::Convexity }, holds, || {
                format!("region {}: {} is {sign:?} at its corner {i}", region.f, self.forms.name(line))
            });
        }
        let m = region.sides.len();
        for side in (0..m).filter(|&k| k != i && (k + 1) % m != i).map(|k| region.sides[k]) {
            self.report.expect(Law::Convexity, signs.get(side.line).is_some_and(|s| *s != Equal), || {
                format!("region {}: its corner {i} lies on its side along {}", region.f, self.forms.name(side.line))
            });
        }
    }

    /// Whether the stored maps are the outputs' forms.
    fn check_maps(&mut self, region: &Region) {
        for (j, (map, error)) in self.complex.maps(region.f).iter().zip(self.map_error).enumerate() {
            let form = self.forms.output(j);
            self.report.count(Law::Maps, 1);
            for (k, stored) in [map.gx, map.gy, map.c].into_iter().enumerate() {
                let off = (stored - form.coefficients[k]).abs();
                self.report.deviation(Law::Maps, off);
                self.report.expect(Law::Maps, off <= error[k] + form.off(k, 1.0), || {
                    format!("region {}, output {j}: coefficient {k} is {stored}, not {}", region.f, form.coefficients[k])
                });
            }
        }
    }

    /// Labels, and the continuity of the maps, along the edges to neighbours of higher number.
    fn check_neighbours(&mut self, region: &Region) {
        for (&h, side) in region.half_edges.iter().zip(&region.sides) {
            let Some(other) = self.complex.face(h ^ 1) else {
                self.report.count(Law::Labels, 1);
                continue;
            };
            if other < region.f {
                continue;
            }
            let pattern = self.complex.pattern(other);
            let lowest = (0..pattern.len()).find(|&u| pattern[u] != region.on[u]);
            self.report.count(Law::Labels, 1);
            self.report.expect(Law::Labels, lowest == Some(side.line), || {
                let lowest = lowest.map_or("no unit".to_owned(), |u| self.forms.name(u));
                format!("edge {}: it is labelled with {}, but {lowest} is the lowest that flips", h / 2, self.forms.name(side.line))
            });
            for end in [h, h ^ 1] {
                self.check_continuity(region.f, other, side, self.complex.vertex(self.complex.origin(end)));
            }
        }
    }

    /// Whether the maps of two regions agree at an end of their edge. Both may be off by their error, and the end may be
    /// off the edge's line, where they need not agree.
    fn check_continuity(&mut self, f: u32, other: u32, side: &Side, p: [f64; 2]) {
        let off_line = (side.form.value(p).abs() + side.form.value_off(p, 0.0)) / side.form.steepness();
        for (j, (a, b)) in self.complex.maps(f).iter().zip(self.complex.maps(other)).enumerate() {
            let [ex, ey, ec] = self.map_error[j];
            let error = 2.0 * (ex * p[0].abs() + ey * p[1].abs() + ec);
            let rounding = 4.0 * f64::EPSILON * [a, b].iter().map(|m| (m.gx * p[0]).abs() + (m.gy * p[1]).abs() + m.c.abs()).sum::<f64>();
            let jump = (a.at(p) - b.at(p)).abs();
            let allowed = error + rounding + (a.gx - b.gx).hypot(a.gy - b.gy) * off_line * (1.0 + 8.0 * f64::EPSILON);
            self.report.count(Law::Continuity, 1);
            self.report.deviation(Law::Continuity, jump);
            self.report.expect(Law::Continuity, jump <= allowed, || {
                format!("regions {f} and {other}, output {j}: their maps differ by {jump:e} at {p:?} on their edge")
            });
        }
    }

    /// Whether the network, evaluated at a rational point inside, has the pattern: at the vertices' mean, and where that is
    /// outside by rounding at the mean of three exact corners.
    fn check_interior(&mut self, region: &Region) {
        self.report.count(Law::Interiors, 1);
        let p = self.complex.interior_point(region.f);
        let fits = |signs: &[Ordering]| region.on.iter().zip(signs).all(|(&on, &sign)| on == (sign == Greater));
        let known: Option<Vec<Ordering>> = signs_at(self.network, p).into_iter().collect();
        if known.is_some_and(|signs| fits(&signs)) {
            return;
        }
        self.report.count_exact(Law::Interiors, 1);
        let window = self.complex.window();
        if fits(&Point::at(p).signs(self.network, &window)) {
            return;
        }
        let corner = |i: usize| {
            Point::meeting(
                &self.exact_form(region, region.sides[i].line),
                &self.exact_form(region, region.sides[(i + 1) % region.sides.len()].line),
            )
        };
        let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { return };
        let holds = fits(&Point::mean(&a, &b, &c).signs(self.network, &window));
        self.report.expect(Law::Interiors, holds, || format!("region {}: its pattern is not that of a point inside", region.f));
    }
}
