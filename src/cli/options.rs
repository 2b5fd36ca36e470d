//! Validated options: the model, which surface of it is looked at, and the enumeration of its complex.

use super::args::NetworkArgs;
use super::progress::Progress;
use super::{Usage, interrupt, output};
use crate::complex::{Complex, ComplexError, Limits, Options, Plane, Report, Streamed, Window};
use crate::mesh::Regions;
use crate::model::{self, Model};
use crate::network::Lift;
use crate::picture::{self, Asked, Picture, Subject};
use crate::timeline::{self, align};
use anyhow::{Context, Result, ensure};
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

/// Files larger than this are refused before memory is taken; a plane's complex of such a network is out of reach.
const MAX_FILE_BYTES: u64 = 1 << 30;

/// A model and what is asked of it.
pub(super) struct Opened {
    pub model: Model,
    pub asked: Asked,
    /// The part of the model that is shown, and what lifts it.
    pub subject: Subject,
}

impl Opened {
    /// Reads the model, the built-in one where none is named, and checks the options against it.
    pub(super) fn load(path: Option<&Path>, args: &NetworkArgs) -> Result<Self> {
        let model = read_model(path, args)?;
        let asked = asked(args);
        let subject = picture::subject(&model.network, &asked).map_err(|e| Usage(e.to_string()))?;
        Ok(Self { model, asked, subject })
    }

    /// With these regions as faces.
    pub(super) fn showing(mut self, regions: Regions) -> Self {
        self.asked.regions = regions;
        self
    }

    pub(super) fn window(&self) -> Window {
        self.model.window_or(self.asked.window)
    }

    /// The number of threads that compute.
    pub(super) fn threads(&self) -> usize {
        let of_machine = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if self.asked.threads > 0 { self.asked.threads } else { of_machine() }
    }

    /// Computes the complex, with a progress bar and Ctrl-C; and the time it took. In the whole plane it is cut at a frame.
    pub(super) fn complex(&self) -> Result<(Complex, Duration)> {
        self.timed(|options| {
            let network = &self.subject.network;
            let window = if self.asked.plane { picture::frame(network, options)? } else { self.window() };
            Complex::enumerate(network, &window, options)
        })
    }

    /// Computes the whole plane, in the same way.
    pub(super) fn plane(&self) -> Result<(Plane, Duration)> {
        self.timed(|options| Plane::enumerate(&self.subject.network, options))
    }

    /// Counts all regions and keeps none, in the same way; without a limit on regions where none is given.
    pub(super) fn stream(&self, max_regions: Option<usize>) -> Result<(Streamed, Duration)> {
        self.timed(|options| {
            let limits = Limits { regions: max_regions.unwrap_or(usize::MAX), ..options.limits };
            Complex::stream(&self.subject.network, &self.window(), &Options { limits, ..*options }, &|_| {})
        })
    }

    /// Checks a complex of this against its laws, in the same way.
    pub(super) fn verify(&self, complex: &Complex) -> Result<(Report, Duration)> {
        self.timed(|options| complex.verify(&self.subject.network, options))
    }

    fn timed<T>(&self, work: impl FnOnce(&Options) -> Result<T, ComplexError>) -> Result<(T, Duration)> {
        let progress = Progress::new("regions");
        let report = |share| progress.set(share);
        let options = Options {
            limits: self.asked.limits,
            threads: self.asked.threads,
            cancel: Some(interrupt::flag()),
            progress: Some(&report),
            ..Options::default()
        };
        let started = Instant::now();
        let done = work(&options);
        interrupt::check()?;
        Ok((done?, started.elapsed()))
    }

    /// Computes everything that a picture is made of, with a progress bar and Ctrl-C.
    pub(super) fn picture(&self) -> Result<Picture> {
        let progress = Progress::new("regions");
        let picture = picture::compute(&self.model, &self.asked, interrupt::flag(), &|share| progress.set(share));
        interrupt::check()?;
        Ok(picture?)
    }
}

/// The window that several models have in common.
pub(super) fn common_window(all: &[Opened]) -> Result<Window> {
    let first = &all[0];
    let sentence = "the surfaces of a way share one window; name it with --window instead of --plane";
    ensure!(!first.asked.plane, Usage(sentence.to_owned()));
    timeline::common_window(all.iter().map(|o| &o.model), first.asked.window).map_err(|e| Usage(e.to_string()).into())
}

/// Permutes the hidden units of each model so that they fit those of the one before.
pub(super) fn align_all(opened: &mut [Opened], window: &Window) -> Result<()> {
    for i in 1..opened.len() {
        let (done, rest) = opened.split_at_mut(i);
        let (before, next) = (&done[i - 1].model, &mut rest[0]);
        let alignment = align([&before.name, &next.model.name], &before.network, &next.model.network, window)?;
        next.model.network = alignment.apply(&next.model.network)?;
        for snapshot in &mut next.model.history {
            snapshot.network = alignment.apply(&snapshot.network)?;
        }
        next.subject = picture::subject(&next.model.network, &next.asked)?;
    }
    Ok(())
}

/// What the options ask for.
fn asked(args: &NetworkArgs) -> Asked {
    let lift = args.output.map(Lift::Output).or(args.project.map(Lift::Projection));
    let limits = Limits {
        regions: args.max_regions.unwrap_or(Limits::default().regions),
        bytes: (args.max_memory * f64::from(1 << 30)) as usize,
        time: args.max_time.map(Duration::from_secs_f64),
    };
    let regions = Regions::default();
    Asked { layers: args.layers, lift, window: args.window, plane: args.plane, regions, threads: args.threads, limits }
}

fn read_model(path: Option<&Path>, args: &NetworkArgs) -> Result<Model> {
    let Some(path) = path else { return Ok(model::builtin()) };
    let name = if output::is_stdin_or_stdout(path) { "standard input".into() } else { path.to_string_lossy() };
    let bytes = read_bytes(path).with_context(|| format!("cannot read {name}"))?;
    model::load(&name, &bytes, args.activation).with_context(|| name.into_owned())
}

/// The file's bytes, at most [`MAX_FILE_BYTES`].
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_FILE_BYTES + 1;
    if output::is_stdin_or_stdout(path) {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(path)?;
        let found = file.metadata()?;
        ensure!(!found.is_dir(), "it is a folder; name a file in it");
        ensure!(found.len() <= MAX_FILE_BYTES, "it has {} bytes, more than the limit of {MAX_FILE_BYTES}", found.len());
        file.take(limit).read_to_end(&mut bytes)?;
    }
    ensure!(bytes.len() as u64 <= MAX_FILE_BYTES, "it has more than {MAX_FILE_BYTES} bytes, the limit");
    Ok(bytes)
}
