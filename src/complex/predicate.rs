//! The only place where a float becomes a sign: which side of a unit's line a corner is on.
//!
//! In: a unit's form and a corner (a position with a bound on its error, and the two lines that meet there). Out: the
//! sign that exact arithmetic on the stored weights gives. First in f64: the sign is certain where the value exceeds the
//! form's error, plus gradient times the corner's error, plus the rounding of the evaluation. Otherwise exactly.

use super::context::{Context, ROUNDING};
use super::exact::{Dyadic, ExactForm, sign_at_crossing};
use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A line that a corner lies on.
#[derive(Clone, Copy)]
pub enum Line<'a> {
    /// Side 0 bottom, 1 right, 2 top, 3 left of the window.
    Border(u8),
    /// Where unit `unit` of the context's layer is 0.
    Bent { context: &'a Context<'a>, unit: u32 },
}

/// A corner of a cell: its position, how far each coordinate may be off, and the two lines that meet there.
#[derive(Clone, Copy)]
pub struct Corner<'a> {
    pub position: [f64; 2],
    pub radius: f64,
    pub lines: [Line<'a>; 2],
}

/// Counts and settings of the predicate, shared by all threads of one enumeration.
#[derive(Debug)]
pub struct Predicate {
    exact_decisions: AtomicU64,
    /// Decide everything exactly, to test the filter against.
    all_exact: bool,
}

/// A value in f64 and how far it may be off.
#[derive(Clone, Copy)]
pub struct Value {
    pub value: f64,
    pub error: f64,
}

impl Value {
    /// The sign if it is certain. NaN never is.
    pub fn certain_sign(self) -> Option<Ordering> {
        if self.value > self.error {
            Some(Ordering::Greater)
        } else if self.value < -self.error {
            Some(Ordering::Less)
        } else {
            None
        }
    }
}

/// Unit `unit` of the context at a corner, in f64.
pub fn value(context: &Context, unit: u32, corner: &Corner) -> Value {
    let f = &context.forms[unit as usize];
    let [x, y] = corner.position;
    let value = f.form.gx * x + f.form.gy * y + f.form.c;
    let moved = (f.form.gx.abs() + f.form.gy.abs()) * corner.radius;
    // three roundings of terms within `size`, each at most ROUNDING of it, twice over for the sums of this line itself
    Value { value, error: (f.error + moved + 8.0 * ROUNDING * f.size) * (1.0 + 8.0 * ROUNDING) + f64::MIN_POSITIVE }
}

impl Predicate {
    pub fn new(all_exact: bool) -> Self {
        Self { exact_decisions: AtomicU64::new(0), all_exact }
    }

    /// The sign of unit `unit` of the context at a corner.
    pub fn sign(&self, context: &Context, unit: u32, corner: &Corner) -> Ordering {
        match value(context, unit, corner).certain_sign() {
            Some(sign) if !self.all_exact => sign,
            _ => self.exact_sign(context, unit, corner),
        }
    }

    /// How often [`Self::sign`] had to decide exactly.
    pub fn exact_decisions(&self) -> u64 {
        self.exact_decisions.load(Relaxed)
    }

    fn exact_sign(&self, context: &Context, unit: u32, corner: &Corner) -> Ordering {
        self.exact_decisions.fetch_add(1, Relaxed);
        let on_line = |line: &Line| matches!(line, Line::Bent { context: c, unit: u } if std::ptr::eq(*c, context) && *u == unit);
        if corner.lines.iter().any(on_line) {
            return Ordering::Equal;
        }
        let [a, b] = corner.lines.map(|line| exact_line(line, context));
        sign_at_crossing(context.exact(unit as usize), &a, &b)
    }
}

/// The line as an exact form; the window's are `x - x0` and `y - y0`.
fn exact_line(line: Line, context: &Context) -> ExactForm {
    let number = Dyadic::from_f64;
    let window = context.window;
    match line {
        Line::Bent { context, unit } => context.exact(unit as usize).clone(),
        Line::Border(0) => [number(0.0), number(1.0), number(-window.min[1])],
        Line::Border(1) => [number(1.0), number(0.0), number(-window.max[0])],
        Line::Border(2) => [number(0.0), number(1.0), number(-window.max[1])],
        Line::Border(_) => [number(1.0), number(0.0), number(-window.min[0])],
    }
}
