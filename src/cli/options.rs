//! Validated options: the model with the network that is shown, its window and lift, and the enumeration of its complex.

use super::args::NetworkArgs;
use super::progress::Progress;
use super::{Usage, interrupt, output};
use crate::complex::{Complex, ComplexError, Options, Window};
use crate::model::{self, Model};
use crate::network::{Lift, Network, NetworkError};
use anyhow::{Context, Result, ensure};
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

/// Model files larger than this are refused before memory is taken; a plane's complex of such a network is out of reach.
const MAX_FILE_BYTES: u64 = 1 << 30;

/// What is looked at.
pub(super) struct Subject {
    pub model: Model,
    /// The model's network, or the part up to a layer.
    pub network: Network,
    pub window: Window,
    /// Coefficients of the network's outputs in the height, `[n_outputs]`.
    pub lift: Vec<f64>,
    /// What the height is, for the legend.
    pub lift_name: String,
    /// See [`NetworkArgs`].
    threads: usize,
    max_regions: usize,
}

impl Subject {
    /// Reads the model, the built-in one where none is named, and applies the options.
    pub(super) fn load(path: Option<&Path>, args: &NetworkArgs) -> Result<Self> {
        let model = read_model(path, args)?;
        let (network, lift, lift_name) = lifted(&model.network, args).map_err(|e| Usage(e.to_string()))?;
        let window = model.window_or(args.window);
        ensure!(args.max_regions > 0, Usage("--max-regions must be at least 1".to_owned()));
        Ok(Self { model, network, window, lift, lift_name, threads: args.threads, max_regions: args.max_regions })
    }

    /// The number of threads that compute.
    pub(super) fn threads(&self) -> usize {
        if self.threads > 0 { self.threads } else { std::thread::available_parallelism().map_or(1, std::num::NonZero::get) }
    }

    /// Computes the complex, with a progress bar and Ctrl-C; and the time it took.
    pub(super) fn enumerate(&self) -> Result<(Complex, Duration)> {
        let progress = Progress::new("regions");
        let report = |share| progress.set(share);
        let options = Options {
            max_regions: self.max_regions,
            threads: self.threads,
            cancel: Some(interrupt::flag()),
            progress: Some(&report),
            ..Options::default()
        };
        let started = Instant::now();
        match Complex::enumerate(&self.network, &self.window, &options) {
            Ok(complex) => Ok((complex, started.elapsed())),
            Err(ComplexError::Cancelled) => anyhow::bail!("interrupted; nothing was written"),
            Err(error) => Err(error.into()),
        }
    }
}

/// The network that is shown, the coefficients of its outputs in the height, and the height's name.
fn lifted(network: &Network, args: &NetworkArgs) -> Result<(Network, Vec<f64>, String), NetworkError> {
    let seed = args.project.unwrap_or(0);
    if let Some(k) = args.layers {
        return Ok((network.up_to_layer(k, seed)?, vec![1.0], format!("projection {seed} of layer {k}")));
    }
    let n = network.n_outputs();
    let lift = match (args.output, args.project) {
        (Some(j), _) => Lift::Output(j),
        (None, None) if n == 1 => Lift::Output(0),
        _ => Lift::Projection(seed),
    };
    let name = match lift {
        Lift::Output(_) if n == 1 => "output".to_owned(),
        Lift::Output(j) => format!("output {j}"),
        Lift::Projection(seed) => format!("projection {seed} of {n} outputs"),
    };
    Ok((network.clone(), lift.coefficients(n)?, name))
}

fn read_model(path: Option<&Path>, args: &NetworkArgs) -> Result<Model> {
    let Some(path) = path else { return Ok(model::builtin()) };
    let name = if output::is_stdin_or_stdout(path) { "standard input".into() } else { path.to_string_lossy() };
    let bytes = read_bytes(path).with_context(|| format!("cannot read {name}"))?;
    model::load(&name, &bytes, args.activation).with_context(|| name.into_owned())
}

/// The file's bytes, at most [`MAX_FILE_BYTES`].
fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_FILE_BYTES + 1;
    if output::is_stdin_or_stdout(path) {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(path)?;
        let found = file.metadata()?;
        ensure!(!found.is_dir(), "it is a folder; name a model file in it");
        ensure!(found.len() <= MAX_FILE_BYTES, "it has {} bytes, more than the limit of {MAX_FILE_BYTES}", found.len());
        file.take(limit).read_to_end(&mut bytes)?;
    }
    ensure!(bytes.len() as u64 <= MAX_FILE_BYTES, "it has more than {MAX_FILE_BYTES} bytes, the limit");
    Ok(bytes)
}
