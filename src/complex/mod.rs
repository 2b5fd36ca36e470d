//! The polyhedral complex of a network over a window of the input plane.
//!
//! In: a two-input [`Network`](crate::network::Network) and a [`Window`]. Out: [`Complex`], one half-edge mesh with the
//! affine output of every region, its activation pattern, and the unit that made every edge. Refuses other numbers of
//! inputs and more regions than asked for. Knows nothing of meshes, files or the GPU.
//!
//! The files in the order of the flow: `system` (the undecided units of a cell as a triangular system, with error bounds),
//! `bounds` (what these units stay in on a cell),
//! `predicate` (the only place where a float becomes a sign) over `exact`, `cell` (the cut of a polygon), `crossing` (where two
//! lines meet), `enumerate` (the recursion), `bulk` (its end: small cells), `stitch` (cells sewn together), `pattern`,
//! `assemble`, `halfedge` (the finished [`Complex`]), `plane` (no window at all), `stream` (no complex at all), `stats`, `range`,
//! `locate`, `linear` (regions merged where their maps are equal) over `agreement`, `check` (all of it verified by other means).
//!
//! ```
//! use foldscape::complex::{Complex, Options, Window};
//! use foldscape::network::{Affine, Network};
//!
//! let hidden = Affine { n_out: 1, n_in: 2, weights: vec![1.0, 0.0], bias: vec![0.0] };
//! let output = Affine { n_out: 1, n_in: 1, weights: vec![1.0], bias: vec![0.0] };
//! let fold = Network::new(vec![hidden, output], 0.02)?;
//! let complex = Complex::enumerate(&fold, &Window::SQUARE, &Options::default())?;
//! assert_eq!(complex.n_regions(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod agreement;
mod assemble;
mod bounds;
mod bulk;
mod cell;
mod check;
mod crossing;
mod enumerate;
mod exact;
mod halfedge;
mod linear;
mod locate;
mod pattern;
mod plane;
mod predicate;
mod range;
mod stats;
mod stitch;
mod stream;
mod system;

pub use check::{Finding, Law, Report};
pub use halfedge::Complex;
pub use linear::{LinearRegions, Outlines};
pub use locate::Locator;
pub use plane::Plane;
pub use range::OutputRange;
pub use stats::Stats;
pub(crate) use stats::polygon_area;
pub use stream::{Region, Streamed};

use crate::network::{Affine, Network, Unit};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;
use thiserror::Error;

/// No half-edge, face or node.
const NONE: u32 = u32::MAX;
/// Labels of the window's sides stand above those of the units.
const BORDER_LABEL: u32 = u32::MAX - 8;
/// What [`Limits::regions`] is by default: some 1.5 GB of complex.
pub const DEFAULT_MAX_REGIONS: usize = 5_000_000;
/// What [`Limits::bytes`] is by default: 8 GiB.
pub const DEFAULT_MAX_BYTES: usize = 1 << 33;
/// More half-edges than this do not fit the indices; a region has fewer than four on average.
pub const MOST_REGIONS: usize = 500_000_000;
/// Stack of one enumerating thread in bytes: a cut takes about a kilobyte, and a cell has at most as many as there are units.
const STACK_BYTES: usize = 1 << 28;
/// So few cuts do not need more stack than any thread has.
const FEW_UNITS: usize = 256;

/// The rectangle of the input plane that is looked at, in input units; `min < max` in both coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Left, bottom.
    pub min: [f64; 2],
    /// Right, top.
    pub max: [f64; 2],
}

impl Window {
    /// `[-1, 1]^2`.
    pub const SQUARE: Self = Self { min: [-1.0, -1.0], max: [1.0, 1.0] };

    /// The window from `(x0, y0)` to `(x1, y1)`; `None` unless all are finite, `x0 < x1`, `y0 < y1` and the sizes are finite.
    #[must_use]
    pub fn new([x0, y0, x1, y1]: [f64; 4]) -> Option<Self> {
        let fits = [x0, y0, x1, y1].iter().all(|v| v.is_finite()) && x0 < x1 && y0 < y1 && ((x1 - x0) * (y1 - y0)).is_finite();
        fits.then_some(Self { min: [x0, y0], max: [x1, y1] })
    }

    fn check(&self) -> Result<(), ComplexError> {
        let ([x0, y0], [x1, y1]) = (self.min, self.max);
        Self::new([x0, y0, x1, y1]).map(|_| ()).ok_or(ComplexError::Window(*self))
    }

    /// Width and height.
    #[must_use]
    pub fn size(&self) -> [f64; 2] {
        [self.max[0] - self.min[0], self.max[1] - self.min[1]]
    }

    /// The largest |x| and the largest |y|.
    #[must_use]
    pub fn reach(&self) -> [f64; 2] {
        [0, 1].map(|k| self.min[k].abs().max(self.max[k].abs()))
    }
}

/// `g_x x + g_y y + c`, in input units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AffineForm {
    pub gx: f64,
    pub gy: f64,
    pub c: f64,
}

impl AffineForm {
    /// The value at a point.
    #[must_use]
    pub fn at(&self, [x, y]: [f64; 2]) -> f64 {
        self.gx * x + self.gy * y + self.c
    }

    /// The pre-activation of a hidden unit where the units of the layers before are on as `pattern` says. Computed alike for
    /// every pattern, so that patterns that differ in nothing that matters give the same numbers.
    pub(crate) fn of_unit(network: &Network, unit: Unit, pattern: &[bool]) -> Self {
        let mut inputs = vec![Self { gx: 1.0, ..Self::default() }, Self { gy: 1.0, ..Self::default() }];
        let mut on = pattern.iter();
        let (before, own) = network.hidden().split_at(unit.layer as usize);
        for (l, layer) in before.iter().enumerate() {
            let slope = |on: &bool| if *on { 1.0 } else { network.slope_of(l) };
            let forms = (0..layer.n_out).map(|j| Self::of_row(layer, j, &inputs)).zip(on.by_ref().map(slope));
            inputs = forms.map(|(f, s)| Self { gx: s * f.gx, gy: s * f.gy, c: s * f.c }).collect();
        }
        Self::of_row(&own[0], unit.index as usize, &inputs)
    }

    /// Row `j` of an affine layer applied to forms.
    fn of_row(layer: &Affine, j: usize, inputs: &[Self]) -> Self {
        let weights = &layer.weights[j * layer.n_in..][..layer.n_in];
        let sum = |pick: fn(&Self) -> f64| weights.iter().zip(inputs).map(|(w, f)| w * pick(f)).sum::<f64>();
        Self { gx: sum(|f| f.gx), gy: sum(|f| f.gy), c: sum(|f| f.c) + layer.bias[j] }
    }
}

/// What an enumeration may take; more is an error that says how far it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Regions; at most [`MOST_REGIONS`].
    pub regions: usize,
    /// Bytes, as estimated while the complex grows.
    pub bytes: usize,
    /// `None`: any time.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { regions: DEFAULT_MAX_REGIONS, bytes: DEFAULT_MAX_BYTES, time: None }
    }
}

/// Bounds and helpers of one enumeration.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    pub limits: Limits,
    /// 0: as many as the machine has. The result does not depend on it.
    pub threads: usize,
    /// Set it from another thread to stop.
    pub cancel: Option<&'a AtomicBool>,
    /// Called now and then with the share of the window's area that is done, 0 to 1.
    pub progress: Option<&'a (dyn Fn(f64) + Sync)>,
    /// Decide every sign in exact arithmetic: slow, for checking the filter.
    pub all_exact: bool,
    /// Believe every sign of f64: wrong, for checking that the tests find it out.
    #[doc(hidden)]
    pub trust_rounding: bool,
    /// Cut every cell until one region is left, never subdivide one at once: slow, for checking one against the other. The regions
    /// are the same, in another order.
    pub cut_all: bool,
    /// Only the instructions that every machine of this kind has. The result does not depend on it.
    pub portable: bool,
}

impl Options<'_> {
    /// Does `work` on a network of `n_units` units, which is told how many threads there are, on these.
    fn on_threads<T: Send>(&self, n_units: usize, work: impl FnOnce(usize) -> Result<T, ComplexError> + Send) -> Result<T, ComplexError> {
        if self.threads == 1 && n_units <= FEW_UNITS {
            return work(1);
        }
        if self.threads == 1 {
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
            return std::thread::scope(|scope| {
                let running = thread.spawn_scoped(scope, || work(1)).map_err(|e| ComplexError::Threads(e.to_string()))?;
                running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
        }
        let pool = self.pool()?;
        pool.install(|| work(pool.current_num_threads()))
    }

    /// The threads. They rest until the next enumeration by as many: starting some takes as long as some hundred regions.
    fn pool(&self) -> Result<Arc<rayon::ThreadPool>, ComplexError> {
        static POOLS: Mutex<BTreeMap<usize, Arc<rayon::ThreadPool>>> = Mutex::new(BTreeMap::new());
        // the map is whole whatever happened to another thread
        let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(&self.threads) {
            return Ok(Arc::clone(pool));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).stack_size(STACK_BYTES).build();
        let pool = Arc::new(pool.map_err(|e| ComplexError::Threads(e.to_string()))?);
        pools.insert(self.threads, Arc::clone(&pool));
        Ok(pool)
    }
}

/// Why there is no complex.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ComplexError {
    /// The network does not have two inputs.
    #[error("the network has {0} inputs; a surface needs a network with 2 inputs, and slices of larger ones are not there yet")]
    Inputs(usize),
    /// [`Window::new`] would have refused it.
    #[error("the window {0:?} is no rectangle; it needs four finite numbers X0,Y0,X1,Y1 with X0 < X1 and Y0 < Y1")]
    Window(Window),
    /// More regions than [`Limits::regions`]; `done` is the share of the window that was finished, in per cent.
    #[error(
        "stopped at the limit of {limit} regions with {done:.1} % of the window done; raise --max-regions or choose a smaller --window"
    )]
    TooManyRegions { limit: usize, done: f64 },
    /// More memory than [`Limits::bytes`].
    #[error(
        "stopped at the limit of {limit} bytes, with {regions} regions and {done:.1} % of the window done; raise --max-memory, choose \
         a smaller --window, or count with `foldscape info --stream`, which keeps no region"
    )]
    TooMuchMemory { limit: usize, regions: usize, done: f64 },
    /// More time than [`Limits::time`].
    #[error(
        "stopped at the limit of {} s, with {regions} regions and {done:.1} % of the window done; raise --max-time or choose a \
         smaller --window",
        limit.as_secs_f64()
    )]
    TooLong { limit: Duration, regions: usize, done: f64 },
    /// Numbers grew beyond the range of f64.
    #[error("layer {layer}, unit {unit}: its values exceed the range of 64-bit floats; scale the weights down")]
    Overflow { layer: usize, unit: usize },
    /// [`Options::cancel`] was set.
    #[error("cancelled")]
    Cancelled,
    /// No thread could be started.
    #[error("could not start the threads: {0}; try --threads 1")]
    Threads(String),
    /// Two cells disagree along their common side: a wrong decision, and a defect of this program.
    #[error("two cells disagree along their common side; this is a defect of foldscape: please report the network")]
    Inconsistent,
}

/// What an edge lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// The bent line of this unit; where several change sign, of the lowest one.
    Bent(Unit),
    /// A side of the window: 0 bottom, 1 right, 2 top, 3 left.
    Border(u8),
}

impl Complex {
    /// Computes the complex of `network` over `window`.
    ///
    /// # Errors
    /// See [`ComplexError`].
    pub fn enumerate(network: &Network, window: &Window, options: &Options) -> Result<Self, ComplexError> {
        window.check()?;
        Self::enumerate_within(network, Some(window), options)
    }

    /// Over a window, or over the whole plane, of which [`Plane`] tells more.
    fn enumerate_within(network: &Network, window: Option<&Window>, options: &Options) -> Result<Self, ComplexError> {
        let limits = Limits { regions: options.limits.regions.min(MOST_REGIONS), ..options.limits };
        let options = Options { limits, ..*options };
        options.on_threads(network.n_units(), |n_threads| {
            let (tree, exact_decisions) = run(network, window, &options, n_threads, None)?;
            Self::assemble(tree, network, window.unwrap_or(&Window::SQUARE), exact_decisions)
        })
    }
}

/// The recursion on `n_threads` threads; `visit` gets the regions instead of the tree.
fn run(
    network: &Network,
    window: Option<&Window>,
    options: &Options,
    n_threads: usize,
    visit: Option<stream::Visit>,
) -> Result<(assemble::Tree, u64), ComplexError> {
    if network.n_inputs() != 2 {
        return Err(ComplexError::Inputs(network.n_inputs()));
    }
    keep_freed_memory();
    let arch = if options.portable { pulp::Arch::Scalar } else { pulp::Arch::new() };
    let operator = system::Operator::new(network, window, arch);
    enumerate::Run::new(&operator, window, options, n_threads, visit).tree(window)
}

/// Once in a process makes glibc's allocator keep up to 64 MiB that was given back, instead of handing them to the kernel and
/// asking for them again: enumerations come one after the other, and a fresh page costs as much as some regions. Whoever frees a block
/// of nearly 32 MiB has this effect (mallopt(3), `M_MMAP_THRESHOLD`); it need not even be touched.
fn keep_freed_memory() {
    const BLOCK: usize = (32 << 20) - (64 << 10);
    static ONCE: Once = Once::new();
    if cfg!(all(target_os = "linux", target_env = "gnu")) {
        ONCE.call_once(|| {
            let mut block: Vec<u8> = Vec::new();
            // where there is no room for it, nothing is kept
            let _ = std::hint::black_box(&mut block).try_reserve_exact(BLOCK);
            std::hint::black_box(&mut block);
        });
    }
}
