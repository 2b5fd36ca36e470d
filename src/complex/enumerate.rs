//! The recursion: a cell is cut by the undecided units of one layer, then handed to the next layer, until it is a region.
//!
//! In: a network and a window. Out: [`Leaves`], stitched. Inside a region of the first `l` layers every unit of layer
//! `l + 1` is one affine form. A unit with one sign at all corners of a cell is decided there; among the others the one
//! whose line passes nearest the cell's centre cuts it, which keeps the recursion shallow. Leaves and regions correspond
//! one to one: two leaves differ in the unit that separated them.

use super::cell::{Cell, Part, Side};
use super::context::{Context, ROUNDING};
use super::predicate::{Corner, Line, Predicate, value};
use super::stitch::{Chain, Leaves};
use super::{AffineForm, BORDER_LABEL, ComplexError, Options, Window};
use crate::network::Network;
use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Cells are handed to other threads down to this depth of cuts: 2^10 tasks balance two to some dozens of threads.
const PARALLEL_DEPTH: u32 = 10;
/// Progress is told once in so many regions.
const PROGRESS_STRIDE: usize = 1 << 12;
/// Shares of the window's area are added up in units of 2^-40, which a u64 holds for 2^24 windows.
const AREA_UNIT: f64 = (1_u64 << 40) as f64;

/// One run of the recursion: what all its threads share.
pub struct Run<'o> {
    options: &'o Options<'o>,
    predicate: Predicate,
    n_regions: AtomicUsize,
    area_done: AtomicU64,
    double_area: f64,
    first_unit: Vec<u32>,
    parallel: bool,
}

/// A cell on its way through one layer.
struct Task<'a> {
    cell: Cell<'a>,
    /// Units of the layer that have no sign yet.
    pending: Vec<u32>,
    /// Of every unit of the layer, whether it is on; only decided ones count.
    on: Vec<bool>,
    /// The pattern of the layers before.
    node: u32,
    depth: u32,
}

impl<'o> Run<'o> {
    pub fn new(network: &Network, window: &Window, options: &'o Options<'o>, parallel: bool) -> Self {
        let first_unit = network.hidden().iter().scan(0, |next, layer| Some(std::mem::replace(next, *next + layer.n_out as u32))).collect();
        let [w, h] = window.size();
        let predicate = Predicate::new(options.all_exact);
        let (n_regions, area_done) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self { options, predicate, n_regions, area_done, double_area: 2.0 * w * h, first_unit, parallel }
    }

    /// All regions of the network on the window, stitched.
    pub fn leaves(&self, network: &Network, window: &Window) -> Result<Leaves, ComplexError> {
        let context = Context::root(network, window);
        let mut leaves = Leaves::new();
        self.layer(&context, start(window), 0, 0, &mut leaves)?;
        Ok(leaves)
    }

    pub fn exact_decisions(&self) -> u64 {
        self.predicate.exact_decisions()
    }

    /// Enters the context's layer with a cell on which all layers before are decided.
    fn layer<'a>(
        &self,
        context: &'a Context<'a>,
        cell: Cell<'a>,
        node: u32,
        depth: u32,
        leaves: &mut Leaves,
    ) -> Result<Vec<Chain>, ComplexError> {
        if context.layer == context.network.n_hidden() {
            self.count(&cell)?;
            return Ok(leaves.push_face(&cell, node, context.forms.iter().map(|f| f.form)));
        }
        let n = context.forms.len();
        let task = Task { cell, pending: (0..n as u32).collect(), on: vec![false; n], node, depth };
        self.divide(context, task, leaves)
    }

    /// Decides what has one sign on the cell, cuts by a unit that has not, and goes on with both parts.
    fn divide<'a>(&self, context: &'a Context<'a>, mut task: Task<'a>, leaves: &mut Leaves) -> Result<Vec<Chain>, ComplexError> {
        if self.options.cancel.is_some_and(|c| c.load(Relaxed)) {
            return Err(ComplexError::Cancelled);
        }
        self.decide(context, &mut task);
        let Some(unit) = nearest(context, &task) else {
            let node = leaves.push_node(task.node, &task.on);
            let next = Context::next(context, task.on);
            return self.layer(&next, task.cell, node, task.depth, leaves);
        };
        let signs: Vec<Ordering> = task.cell.corners.iter().map(|c| self.predicate.sign(context, unit, c)).collect();
        let parts = self.cut(context, &task, unit, &signs)?;
        let child = |part: &Part<'a>, on: bool| {
            let mut child = Task { cell: part.cell.clone(), pending: task.pending.clone(), on: task.on.clone(), ..task };
            child.pending.retain(|&k| k != unit);
            child.on[unit as usize] = on;
            child.depth += 1;
            child
        };
        let (above, below) = (child(&parts[0], true), child(&parts[1], false));
        let chains = self.both(context, above, below, leaves)?;
        leaves.sew(&signs, [&parts[0], &parts[1]], [&chains[0], &chains[1]])
    }

    /// Both children of a cut, on two threads near the root. The result does not depend on which it was.
    fn both<'a>(
        &self,
        context: &'a Context<'a>,
        above: Task<'a>,
        below: Task<'a>,
        leaves: &mut Leaves,
    ) -> Result<[Vec<Chain>; 2], ComplexError> {
        if !self.parallel || above.depth > PARALLEL_DEPTH {
            let first = self.divide(context, above, leaves)?;
            return Ok([first, self.divide(context, below, leaves)?]);
        }
        let node = below.node;
        let mut apart = Leaves::new();
        let below = Task { node: 0, ..below };
        let (first, second) = rayon::join(|| self.divide(context, above, leaves), || self.divide(context, below, &mut apart));
        let (first, mut second) = (first?, second?);
        leaves.append(apart, node, &mut second);
        Ok([first, second])
    }

    /// Takes the units that have one sign on the cell off the pending ones. A unit that is 0 all over is off.
    fn decide(&self, context: &Context, task: &mut Task) {
        let Task { cell, pending, on, .. } = task;
        pending.retain(|&unit| {
            let (above, below) = self.reach(context, unit, cell);
            if above && below {
                return true;
            }
            on[unit as usize] = above;
            false
        });
    }

    /// Whether the unit is + at some corner, and whether it is - at some.
    fn reach(&self, context: &Context, unit: u32, cell: &Cell) -> (bool, bool) {
        let (mut above, mut below, mut uncertain) = (false, false, self.options.all_exact);
        for corner in &cell.corners {
            match value(context, unit, corner).certain_sign() {
                Some(Greater) => above = true,
                Some(_) => below = true,
                None => uncertain = true,
            }
        }
        if uncertain && !(above && below) {
            for corner in &cell.corners {
                let sign = self.predicate.sign(context, unit, corner);
                above |= sign == Greater;
                below |= sign == Less;
            }
        }
        (above, below)
    }

    /// The parts of the cell where the unit is + and where it is -.
    fn cut<'a>(&self, context: &'a Context<'a>, task: &Task<'a>, unit: u32, signs: &[Ordering]) -> Result<[Part<'a>; 2], ComplexError> {
        let line = Line::Bent { context, unit };
        let cell = &task.cell;
        let crossing = |i: usize| crossing(context, unit, cell, i, line);
        let mut parts = [Greater, Less].map(|keep| cell.part(signs, keep, Side { line, label: 0 }, crossing));
        let ends = cut_ends(&parts[0]);
        if ends.iter().any(|c| !(c.position[0].is_finite() && c.position[1].is_finite())) {
            return Err(ComplexError::Overflow { layer: context.layer + 1, unit: unit as usize });
        }
        let along = |&&k: &&u32| k != unit && ends.iter().all(|end| self.predicate.sign(context, k, end) == Equal);
        let lowest = task.pending.iter().find(|&k| *k < unit && along(&k)).copied().unwrap_or(unit);
        for part in &mut parts {
            part.cell.sides[part.cut_side].label = self.first_unit[context.layer] + lowest;
        }
        Ok(parts)
    }

    /// Counts a region against the limit and tells the progress.
    fn count(&self, cell: &Cell) -> Result<(), ComplexError> {
        let n = self.n_regions.fetch_add(1, Relaxed) + 1;
        let share = (cell.double_area() / self.double_area * AREA_UNIT) as u64;
        let done = (self.area_done.fetch_add(share, Relaxed) + share) as f64 / AREA_UNIT;
        if n > self.options.max_regions {
            return Err(ComplexError::TooManyRegions { limit: self.options.max_regions, done: 100.0 * done });
        }
        if let Some(progress) = self.options.progress.filter(|_| n.is_multiple_of(PROGRESS_STRIDE)) {
            progress(done.min(1.0));
        }
        Ok(())
    }
}

/// The window itself.
fn start(window: &Window) -> Cell<'_> {
    let ([x0, y0], [x1, y1]) = (window.min, window.max);
    let border = |side: u8| Line::Border(side % 4);
    let corner = |(i, position): (u8, [f64; 2])| Corner { position, radius: 0.0, lines: [border(i + 3), border(i)] };
    let side = |i: u8| Side { line: border(i), label: BORDER_LABEL + u32::from(i) };
    Cell { corners: (0..4).zip([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]).map(corner).collect(), sides: (0..4).map(side).collect() }
}

/// The pending unit whose line passes nearest the cell's centre.
fn nearest(context: &Context, task: &Task) -> Option<u32> {
    let [x, y] = task.cell.centre();
    let distance = |unit: u32| {
        let f: &AffineForm = &context.forms[unit as usize].form;
        (f.gx * x + f.gy * y + f.c).abs() / f.gx.hypot(f.gy)
    };
    task.pending.iter().copied().min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
}

/// The ends of a part's side along the cut.
fn cut_ends<'a>(part: &Part<'a>) -> [Corner<'a>; 2] {
    let corners = &part.cell.corners;
    [corners[part.cut_side], corners[(part.cut_side + 1) % corners.len()]]
}

/// Where the unit's line crosses side `i` of the cell, whose ends have opposite signs.
///
/// With `a`, `b` the computed values at the ends `p`, `q`, off by at most `e_a`, `e_b`, the share `t = a / (a - b)` is off by
/// at most `(e_a |b| + e_b |a|) / (|a - b| d)`, where `d = |a - b| - e_a - e_b` bounds the true difference from below;
/// it is never off by more than 1, since both shares lie in [0, 1]. The ends' own errors are interpolated.
fn crossing<'a>(context: &Context, unit: u32, cell: &Cell<'a>, i: usize, line: Line<'a>) -> Corner<'a> {
    let (p, q) = (&cell.corners[i], &cell.corners[(i + 1) % cell.corners.len()]);
    let (a, b) = (value(context, unit, p), value(context, unit, q));
    let difference = (a.value - b.value).abs();
    let certain = difference - a.error - b.error;
    // signs are exact, values are not: where the values do not tell, any share will do, with the whole side as its error
    let t = (a.value / (a.value - b.value)).clamp(0.0, 1.0);
    let t = if t.is_nan() { 0.5 } else { t };
    let off = (a.error * b.value.abs() + b.error * a.value.abs()) / (difference * certain);
    let off = if certain > 0.0 && off < 1.0 { off + 4.0 * ROUNDING } else { 1.0 };
    let span = [q.position[0] - p.position[0], q.position[1] - p.position[1]];
    let position = [p.position[0] + span[0] * t, p.position[1] + span[1] * t];
    let size = p.position.iter().chain(&q.position).fold(0.0_f64, |m, v| m.max(v.abs()));
    let radius = p.radius.max(q.radius) + off * span[0].abs().max(span[1].abs()) + 4.0 * ROUNDING * size;
    Corner { position, radius: radius * (1.0 + 8.0 * ROUNDING), lines: [cell.sides[i].line, line] }
}
