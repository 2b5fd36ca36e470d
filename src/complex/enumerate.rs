//! The recursion: a convex cell with the triangular system of its undecided units is cut until nothing is undecided.
//!
//! In: a network and a window. Out: a [`Tree`] of parts, each stitched. A unit with one sign all over a cell is decided there and
//! substituted; units of the first layer with undecided ones are affine on the cell and get their exact signs at its corners,
//! those of later layers are decided where a bound by linear relaxation allows it. Among the affine ones the unit whose line passes
//! nearest the cell's centre cuts it, which keeps the recursion shallow. Leaves and regions correspond one to one: two
//! leaves differ in the unit that separated them, and every unit has one sign on a region.

use super::assemble::{Seam, Tree};
use super::bounds::{Bounds, Strip};
use super::bulk::Bulk;
use super::cell::{Cell, Side};
use super::crossing::meeting;
use super::predicate::{Corner, MAX_ROWS, Predicate, value};
use super::stitch::{Chain, Part};
use super::stream::{Visit, hand_out};
use super::system::{BoundedForm, Decisions, Operator, System};
use super::{AffineForm, BORDER_LABEL, ComplexError, Options, Window};
use pulp::{Simd, WithSimd};
use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

/// Cells are handed to other threads while they have at least this many undecided units, thus some hundred regions: smaller
/// ones are done sooner than another thread starts.
const PARALLEL_UNITS: usize = 16;
/// Every doubling of the threads needs one more level of cuts; so many more make the parts even.
const PARALLEL_SPARE_DEPTH: u32 = 3;
/// A cell with all layers open and at most so many undecided units is subdivided at once.
const BULK_ROWS: usize = 48;
const _: () = assert!(BULK_ROWS <= MAX_ROWS);
/// Regions are counted, and progress is told, in batches of so many.
const COUNT_BATCH: usize = 1 << 10;
/// Arrays that are nearly full grow by at least and at most so many times what they hold, whatever the area done lets expect.
const GROWTH: [f64; 2] = [0.25, 7.0];
/// Shares of the window's area are added up in units of 2^-40, which a u64 holds for 2^24 windows.
const AREA_UNIT: f64 = (1_u64 << 40) as f64;

/// One run of the recursion: what all its threads share.
pub struct Run<'o> {
    options: &'o Options<'o>,
    operator: &'o Operator<'o>,
    n_regions: AtomicUsize,
    area_done: AtomicU64,
    double_area: f64,
    bytes: AtomicUsize,
    parallel_depth: u32,
    /// Who gets the regions, if nothing is to be kept.
    visit: Option<Visit<'o>>,
    /// When a limit on time began; without one no clock is read.
    started: Option<Instant>,
}

/// What one thread works with.
struct Worker<'n> {
    predicate: Predicate<'n>,
    part: Part,
    /// Stacks: the chains of finished cells, the cutting unit's signs at the corners of cells on the way.
    chains: Vec<Chain>,
    signs: Vec<Ordering>,
    room: Box<Room>,
    /// Twice the area of its cell, and of that what is finished.
    cell_area: f64,
    area_done: f64,
    /// Not yet told to [`Run`].
    n_regions: usize,
    double_area: f64,
    /// Of the part, told to [`Run`] already.
    bytes: usize,
}

/// Where a worker calculates. Cells and systems are handed back after use, so that the recursion allocates nothing, and all of it
/// stays with the thread for its next enumeration: fresh memory would cost a fifth of a small one.
#[derive(Default)]
struct Room {
    cells: Vec<Cell>,
    systems: Vec<System>,
    bounds: Bounds,
    decisions: Decisions,
    bulk: Bulk,
}

thread_local! {
    static ROOM: std::cell::Cell<Option<Box<Room>>> = const { std::cell::Cell::new(None) };
}

/// A cell, the system of the cell it was cut from, and what the cut decided.
struct Task<'t> {
    cell: &'t Cell,
    system: &'t System,
    cut: Option<(usize, bool)>,
    /// The node of the patterns this one hangs from.
    node: u32,
    depth: u32,
}

/// The cut of a cell: the row of its system and the ends of the chord.
struct Cut {
    row: usize,
    line: Side,
    /// The new corners and the sides they lie on.
    crossings: [Option<(usize, Corner)>; 2],
}

impl<'n> Worker<'n> {
    /// `decided` is what the pattern of the predicate says of the worker's own cell.
    fn new(predicate: Predicate<'n>, decided: Vec<u32>, cell: &Cell) -> Self {
        let room = ROOM.take().unwrap_or_default();
        let (part, chains, signs) = (Part::new(decided), Vec::new(), Vec::new());
        let cell_area = cell.double_area();
        Self { predicate, part, chains, signs, room, cell_area, area_done: 0.0, n_regions: 0, double_area: 0.0, bytes: 0 }
    }
}

impl Cut {
    /// The two parts of the cut cell, + and -, in the place of `parts`.
    fn parts(&self, cell: &Cell, signs: &[Ordering], mut parts: [Cell; 2]) -> [Cell; 2] {
        let crossing = |i: usize| match self.crossings {
            [Some((side, corner)), _] if side == i => corner,
            [_, Some((_, corner))] => corner,
            _ => unreachable!("a cut crosses the sides it found"),
        };
        for (part, keep) in parts.iter_mut().zip([Greater, Less]) {
            cell.part(signs, keep, self.line, crossing, part);
        }
        parts
    }
}

impl<'o> Run<'o> {
    /// `window` is `None` for the whole plane.
    pub fn new(
        operator: &'o Operator<'o>,
        window: Option<&Window>,
        options: &'o Options<'o>,
        n_threads: usize,
        visit: Option<Visit<'o>>,
    ) -> Self {
        let [w, h] = window.map_or([f64::INFINITY; 2], Window::size);
        let parallel_depth = if n_threads > 1 { n_threads.ilog2() + PARALLEL_SPARE_DEPTH } else { 0 };
        let (n_regions, area_done, bytes) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicUsize::new(0));
        let started = options.limits.time.map(|_| Instant::now());
        Self { options, operator, n_regions, area_done, double_area: 2.0 * w * h, bytes, parallel_depth, visit, started }
    }

    /// All regions of the network on the window, and the number of exact decisions.
    pub fn tree(&self, window: Option<&Window>) -> Result<(Tree, u64), ComplexError> {
        let predicate = Predicate::new(self.operator, window.copied(), self.options);
        let (cell, system) = (window.map_or_else(infinite, start), System::root(self.operator));
        let task = Task { cell: &cell, system: &system, cut: None, node: 0, depth: 0 };
        self.branch(Worker::new(predicate, Vec::new(), &cell), &task)
    }

    /// The task's cell, cut for several threads near the root.
    fn branch(&self, mut worker: Worker<'o>, task: &Task) -> Result<(Tree, u64), ComplexError> {
        if task.depth >= self.parallel_depth || (task.depth > 0 && task.system.units.len() < PARALLEL_UNITS) {
            self.divide(&mut worker, task)?;
            return self.finish(worker);
        }
        self.check_cancelled()?;
        let node = worker.part.patterns.push_node(task.node);
        let mut system = System::default();
        self.settle(&mut worker, task, &mut system);
        if self.ends(&system) && self.subdivide(&mut worker, task.cell, &mut system, node)? {
            return self.finish(worker);
        }
        let task = Task { system: &system, node, ..*task };
        let cut = self.cut(&mut worker, &task)?;
        let parts = cut.parts(task.cell, &worker.signs, [Cell::default(), Cell::default()]);
        let decided: Vec<u32> = worker.part.patterns.decisions(node).collect();
        let Worker { predicate, signs, room, .. } = worker;
        ROOM.set(Some(room));
        let child = |k: usize| {
            let task = Task { cell: &parts[k], system: &system, cut: Some((cut.row, k == 0)), node: 0, depth: task.depth + 1 };
            self.branch(Worker::new(predicate.fork(), decided.clone(), &parts[k]), &task)
        };
        let (above, below) = rayon::join(|| child(0), || child(1));
        let ((above, n), (below, m)) = (above?, below?);
        let exact_decisions = predicate.exact_decisions + n + m;
        let [a, b] = parts.map(|p| (p.parent_side, p.cut_side));
        let seam = Seam { signs, sides: [a, b], children: [above, below] };
        Ok((Tree::Cut(Box::new(seam)), exact_decisions))
    }

    fn check_cancelled(&self) -> Result<(), ComplexError> {
        if self.options.cancel.is_some_and(|c| c.load(Relaxed)) { Err(ComplexError::Cancelled) } else { Ok(()) }
    }

    fn finish(&self, mut worker: Worker<'o>) -> Result<(Tree, u64), ComplexError> {
        self.count(&mut worker)?;
        ROOM.set(Some(worker.room));
        Ok((Tree::Part(Box::new(worker.part), worker.chains), worker.predicate.exact_decisions))
    }

    /// Decides what has one sign on the cell, cuts by a unit that has not, and goes on with both parts, until few are left.
    /// Leaves the chains of the cell's sides on the worker's stack.
    fn divide(&self, worker: &mut Worker<'o>, task: &Task) -> Result<(), ComplexError> {
        self.check_cancelled()?;
        let node = worker.part.patterns.push_node(task.node);
        let mut system = worker.room.systems.pop().unwrap_or_default();
        self.settle(worker, task, &mut system);
        if !(self.ends(&system) && self.subdivide(worker, task.cell, &mut system, node)?) {
            self.split(worker, &Task { system: &system, node, ..*task })?;
        }
        if self.visit.is_some() {
            worker.part.patterns.forget_node(node);
        }
        worker.room.systems.push(system);
        Ok(())
    }

    /// Whether a cell with this system is subdivided at once.
    fn ends(&self, system: &System) -> bool {
        system.is_complete(self.operator) && system.units.len() <= if self.options.cut_all { 0 } else { BULK_ROWS }
    }

    /// Subdivides the cell and counts its regions. Returns false where they are too many for that: the cell is to be cut.
    fn subdivide(&self, worker: &mut Worker<'o>, cell: &Cell, system: &mut System, node: u32) -> Result<bool, ComplexError> {
        let Worker { room, predicate, part, chains, .. } = worker;
        let (before, first) = (chains.len(), part.mask.len() as u32);
        let Some(n) = room.bulk.subdivide(cell, system, predicate, part, chains)? else {
            self.settle_ready(worker, cell, system);
            return Ok(false);
        };
        part.patterns.finish(node, first, &system.units);
        if let Some(visit) = self.visit {
            hand_out(part, visit);
            chains.truncate(before);
        }
        worker.n_regions += n;
        worker.double_area += cell.double_area();
        if worker.n_regions >= COUNT_BATCH {
            self.count(worker)?;
            self.make_room(worker);
        }
        Ok(true)
    }

    /// Makes room for what the share of the cell that is done lets expect, within [`GROWTH`] and the limit; the plane has no such shares.
    fn make_room(&self, worker: &mut Worker<'o>) {
        if self.visit.is_some() || worker.part.room_for() >= COUNT_BATCH {
            return;
        }
        let left = worker.cell_area / worker.area_done - 1.0;
        let expected = if self.operator.plane { 1.0 } else { left.clamp(GROWTH[0], GROWTH[1]) };
        let allowed = self.options.limits.bytes.saturating_sub(self.bytes.load(Relaxed)) as f64;
        worker.part.reserve(expected.min(allowed / worker.part.bytes() as f64));
    }

    /// Makes `system` the system of the task's cell: decided units are substituted, layers opened as far as that is due.
    fn settle(&self, worker: &mut Worker<'o>, task: &Task, system: &mut System) {
        let mut spare = worker.room.systems.pop().unwrap_or_default();
        self.decide(worker, task.cell, task.system, task.cut);
        task.system.reduce_into(self.operator, &mut worker.room.decisions, system);
        let mut ready = task.system.ready().0;
        loop {
            let opens = system.may_open(self.operator);
            if opens {
                system.open_into(self.operator, &mut spare);
                std::mem::swap(system, &mut spare);
            }
            // units of a layer that has just become affine may have one sign, which only exact arithmetic tells
            let now = system.ready().0;
            if self.ends(system) || (!opens && now == ready) {
                break;
            }
            ready = now;
            self.decide_again(worker, task.cell, system, &mut spare);
        }
        worker.room.systems.push(spare);
    }

    /// Does what [`Self::settle`] leaves to the subdivision of a small cell: afterwards every ready unit cuts the cell.
    fn settle_ready(&self, worker: &mut Worker<'o>, cell: &Cell, system: &mut System) {
        let mut spare = worker.room.systems.pop().unwrap_or_default();
        while self.decide_again(worker, cell, system, &mut spare) {}
        worker.room.systems.push(spare);
    }

    /// Decides units of the cell's own system and substitutes them, by way of `spare`. Returns whether there were any.
    fn decide_again(&self, worker: &mut Worker<'o>, cell: &Cell, system: &mut System, spare: &mut System) -> bool {
        self.decide(worker, cell, system, None);
        let decisions = &mut worker.room.decisions;
        if decisions.decided.is_empty() {
            system.keep(decisions);
            return false;
        }
        system.reduce_into(self.operator, decisions, spare);
        std::mem::swap(system, spare);
        true
    }

    /// Finds the units that have one sign on the cell. A unit that is 0 all over is off.
    fn decide(&self, worker: &mut Worker<'o>, cell: &Cell, system: &System, cut: Option<(usize, bool)>) {
        self.operator.arch.dispatch(Decision { run: self, worker, cell, system, cut });
    }

    #[inline(always)]
    fn decide_rows<S: Simd>(&self, simd: S, worker: &mut Worker<'o>, cell: &Cell, system: &System, cut: Option<(usize, bool)>) {
        let Worker { predicate, part, room, .. } = worker;
        let Room { bounds, decisions, .. } = &mut **room;
        let Decisions { decided, kept, magnitude, .. } = decisions;
        decided.clear();
        kept.clear();
        magnitude.clear();
        bounds.start(system, &cell.corners);
        let ready = system.ready().0;
        for (layer, rows) in system.layers().filter(|(_, rows)| !rows.is_empty()) {
            let (end, slope) = (rows.end, self.operator.network.slope_of(layer));
            bounds.put_layer(simd, system, rows.clone(), &cell.corners);
            for row in rows {
                let [low, high] = bounds.interval(row);
                let on = match cut {
                    Some((r, on)) if r == row => Some(on),
                    _ if layer == ready => one_sign(predicate, layer, system, row, bounds, cell),
                    _ if low > 0.0 => Some(true),
                    _ if high < 0.0 => Some(false),
                    _ => None,
                };
                bounds.spread(simd, system, self.operator, row, end, Strip::new(slope, on, [low, high]));
                if let Some(on) = on {
                    decided.push((row, if on { 1.0 } else { slope }));
                    predicate.note(layer, system.units[row], on);
                    part.patterns.push_decision(system.units[row], on);
                } else {
                    kept.push(row);
                    let activation = [low, high].map(|z| if z > 0.0 { z } else { slope * z });
                    magnitude.push(system.magnitude(self.operator, row, activation));
                }
            }
        }
    }

    /// Cuts the task's cell by one of its system's units, does both parts and sews them together.
    fn split(&self, worker: &mut Worker<'o>, task: &Task) -> Result<(), ComplexError> {
        let base = worker.signs.len();
        let cut = self.cut(worker, task)?;
        let n = task.cell.corners.len();
        let spare = [(); 2].map(|()| worker.room.cells.pop().unwrap_or_default());
        let parts = cut.parts(task.cell, &worker.signs[base..], spare);
        let chains = worker.chains.len();
        for (cell, on) in [(&parts[0], true), (&parts[1], false)] {
            self.divide(worker, &Task { cell, system: task.system, cut: Some((cut.row, on)), node: task.node, depth: task.depth + 1 })?;
        }
        let Worker { part, signs, chains: stack, .. } = worker;
        if self.visit.is_none() {
            part.sew(&signs[base..base + n], [&parts[0], &parts[1]], stack, chains)?;
        }
        signs.truncate(base);
        worker.room.cells.extend(parts);
        Ok(())
    }

    /// Chooses the unit that cuts, pushes its signs at the cell's corners, and finds where its line meets the cell's sides.
    fn cut(&self, worker: &mut Worker, task: &Task) -> Result<Cut, ComplexError> {
        let Task { cell, system, .. } = task;
        let (layer, rows) = system.ready();
        let Some(row) = nearest(system, rows.clone(), cell.centre()) else { return Err(ComplexError::Inconsistent) };
        let (unit, form) = (system.units[row], system.form(row));
        let (base, n) = (worker.signs.len(), cell.corners.len());
        for corner in &cell.corners {
            let sign = worker.predicate.sign(layer, unit, &form, corner);
            worker.signs.push(sign);
        }
        let signs = &worker.signs[base..];
        let mut ends: [Option<(usize, Corner)>; 2] = [None; 2];
        let mut n_ends = 0;
        for i in 0..n {
            let end = match (signs[i], signs[if i + 1 == n { 0 } else { i + 1 }]) {
                (Equal, _) => (usize::MAX, cell.corners[i]),
                (Greater, Less) | (Less, Greater) => {
                    let ends = [&cell.corners[i], &cell.corners[if i + 1 == n { 0 } else { i + 1 }]];
                    let Side { label, form: side } = &cell.sides[i];
                    (i, meeting(&form, side.as_ref(), ends, [*label, unit], self.operator.plane))
                }
                _ => continue,
            };
            *ends.get_mut(n_ends).ok_or(ComplexError::Inconsistent)? = Some(end);
            n_ends += 1;
        }
        let [Some(a), Some(b)] = ends else { return Err(ComplexError::Inconsistent) };
        if [a, b].iter().any(|(_, c)| !c.is_finite()) {
            return Err(self.operator.overflow(layer, unit));
        }
        let mut along = |k: usize| {
            let (unit, form) = (system.units[k], system.form(k));
            [a, b].iter().all(|(_, end)| worker.predicate.sign(layer, unit, &form, end) == Equal)
        };
        let label = system.units[(rows.start..row).find(|&k| along(k)).unwrap_or(row)];
        let crossings =
            [a, b].map(|(side, corner)| (side != usize::MAX).then_some((side, Corner { lines: [corner.lines[0], label], ..corner })));
        Ok(Cut { row, line: Side { label, form: Some(form) }, crossings })
    }

    /// Counts the worker's regions against the limit and tells the progress.
    fn count(&self, worker: &mut Worker) -> Result<(), ComplexError> {
        let n = self.n_regions.fetch_add(worker.n_regions, Relaxed) + worker.n_regions;
        let share = (worker.double_area / self.double_area * AREA_UNIT) as u64;
        let done = (self.area_done.fetch_add(share, Relaxed) + share) as f64 / AREA_UNIT;
        // several parts are copied into one in the end
        let copies = if self.parallel_depth > 0 { 2 } else { 1 };
        let grown = copies * worker.part.bytes() - worker.bytes;
        let bytes = self.bytes.fetch_add(grown, Relaxed) + grown;
        worker.area_done += worker.double_area;
        (worker.n_regions, worker.double_area, worker.bytes) = (0, 0.0, worker.bytes + grown);
        let limits = self.options.limits;
        let per_cent = 100.0 * done;
        if n > limits.regions {
            return Err(ComplexError::TooManyRegions { limit: limits.regions, done: per_cent });
        }
        if bytes > limits.bytes {
            return Err(ComplexError::TooMuchMemory { limit: limits.bytes, regions: n, done: per_cent });
        }
        if let Some(limit) = limits.time.filter(|limit| self.started.is_some_and(|t| t.elapsed() > *limit)) {
            return Err(ComplexError::TooLong { limit, regions: n, done: per_cent });
        }
        if let Some(progress) = self.options.progress {
            progress(done.min(1.0));
        }
        Ok(())
    }
}

/// [`Run::decide`], compiled for each set of instructions.
struct Decision<'d, 'o> {
    run: &'d Run<'o>,
    worker: &'d mut Worker<'o>,
    cell: &'d Cell,
    system: &'d System,
    cut: Option<(usize, bool)>,
}

impl WithSimd for Decision<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.run.decide_rows(simd, self.worker, self.cell, self.system, self.cut);
    }
}

/// The one sign of a ready row on the cell as on or off, if it has one.
fn one_sign(predicate: &mut Predicate, layer: usize, system: &System, row: usize, bounds: &Bounds, cell: &Cell) -> Option<bool> {
    let (low, high, margin) = (bounds.low[row], bounds.high[row], bounds.margin[row]);
    // an infinite bound says nothing of any corner
    let (mut above, mut below) = (high > margin && high.is_finite(), low < -margin && low.is_finite());
    if !predicate.all_exact {
        if above && below {
            return None;
        }
        if low > margin || high < -margin {
            return Some(low > margin);
        }
    }
    let form = system.form(row);
    let certain = |corner: &Corner| value(&form, corner).certain_sign();
    for sign in cell.corners.iter().filter_map(certain) {
        above |= sign == Greater;
        below |= sign == Less;
    }
    if !(above && below) {
        for corner in &cell.corners {
            let sign = predicate.sign(layer, system.units[row], &form, corner);
            above |= sign == Greater;
            below |= sign == Less;
        }
    }
    if above && below { None } else { Some(above) }
}

/// The window itself.
fn start(window: &Window) -> Cell {
    let ([x0, y0], [x1, y1]) = (window.min, window.max);
    let border = |side: u32| BORDER_LABEL + side % 4;
    let corner =
        |(i, position): (u32, [f64; 2])| Corner { position, radius: 0.0, weight: 1.0, scale: 1.0, lines: [border(i + 3), border(i)] };
    let corners = (0..4).zip([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]).map(corner).collect();
    let [x, y] = window.reach();
    let forms = [(0.0, 1.0, y0, y), (1.0, 0.0, x1, x), (0.0, 1.0, y1, y), (1.0, 0.0, x0, x)];
    let side = |(i, (gx, gy, at, reach)): (u32, (f64, f64, f64, f64))| {
        let form = BoundedForm { form: AffineForm { gx, gy, c: -at }, error: 0.0, size: 2.0 * reach };
        Side { label: border(i), form: Some(form) }
    };
    Cell { corners, sides: (0..4).zip(forms).map(side).collect(), ..Cell::default() }
}

/// The whole plane: the square with corners at infinity.
fn infinite() -> Cell {
    let mut cell = start(&Window::SQUARE);
    cell.corners.iter_mut().for_each(|c| c.weight = 0.0);
    cell.sides.iter_mut().for_each(|s| s.form = None);
    cell
}

/// The row whose line passes nearest the cell's centre.
fn nearest(system: &System, rows: std::ops::Range<usize>, centre: [f64; 2]) -> Option<usize> {
    let distance = |row: usize| {
        let f = system.form(row).form;
        let v = f.at(centre);
        v * v / (f.gx * f.gx + f.gy * f.gy)
    };
    rows.map(|row| (row, distance(row))).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(row, _)| row)
}
