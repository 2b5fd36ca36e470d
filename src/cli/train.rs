//! `foldscape train`: a network fitted to a target, into a safetensors file. Ctrl-C keeps the best network so far.

use super::args::TrainArgs;
use super::options::read_bytes;
use super::output::{Output, tell};
use super::progress::Progress;
use super::{Usage, interrupt};
use crate::complex::{Complex, Limits, Options};
use crate::mesh::number::with_commas;
use crate::network::Network;
use crate::train::{Config, Recorder, Target, TrainError, Trainer};
use anyhow::{Context, Result, bail, ensure};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Steps between two looks at Ctrl-C.
const STEPS_AT_ONCE: u64 = 4;
/// Regions are counted only up to here.
const MOST_REGIONS: usize = 1_000_000;
/// Counting the regions may take this share of the time.
const COUNTING_SHARE: f64 = 0.05;

/// Runs the command.
pub(super) fn run(args: &TrainArgs) -> Result<()> {
    interrupt::listen();
    check_format(&args.output_file)?;
    let config = Config {
        hidden: args.hidden.clone(),
        slope: args.activation.slope(),
        steps: args.steps,
        seed: args.seed,
        learning_rate: args.lr,
        batch: args.batch,
        loss: args.loss,
        window: args.window,
    };
    let out = Output::open(&args.output_file)?;
    let target = target(args)?;
    let mut trainer = Trainer::new(&config, &target).map_err(|e| usage(&e))?;
    let mut recorder = Recorder::new(&mut trainer, args.history).map_err(|e| usage(&e))?;
    let trained = train(&mut trainer, &mut recorder, &target);
    let n_taken = trainer.n_done();
    let model = recorder.finish(&trainer, &target);
    write(&model.to_safetensors()?, out)?;
    let file = args.output_file.display();
    let best = format!("{file} holds the best network so far");
    trained.with_context(|| best.clone())?;
    ensure!(
        !interrupt::is_interrupted(),
        "interrupted after {} of {} steps; {best}",
        with_commas(n_taken as usize),
        with_commas(args.steps as usize)
    );
    let loss = model.metadata.get("final_loss").and_then(|loss| loss.parse().ok()).unwrap_or(f64::NAN);
    let regions = n_regions(&trainer, &model.network).map_or(String::new(), |n| format!(", {} regions", with_commas(n)));
    tell(&format!("{file}: loss {loss:.3e} after {} steps{regions}", with_commas(n_taken as usize)));
    Ok(())
}

/// A number or a target that does not fit is wrong usage.
fn usage(error: &TrainError) -> anyhow::Error {
    Usage(error.to_string()).into()
}

fn target(args: &TrainArgs) -> Result<Target> {
    let name = args.target.as_str();
    let path = Path::new(name);
    let looks_like_file = path.exists() || path.extension().is_some() || path.components().count() > 1;
    if Target::is_builtin(name) || !(looks_like_file || name == "-") {
        return Target::builtin(name).map_err(|e| usage(&e));
    }
    let bytes = read_bytes(path).with_context(|| format!("cannot read {name}"))?;
    Target::from_bytes(name, &bytes, args.channel.into()).with_context(|| name.to_owned())
}

/// Takes all steps, or as many as Ctrl-C leaves.
fn train(trainer: &mut Trainer, recorder: &mut Recorder, target: &Target) -> Result<(), TrainError> {
    let progress = Progress::new(target.name());
    let mut counter = Counter::new();
    while !trainer.is_done() && !interrupt::is_interrupted() {
        let to_next = recorder.steps_to_next(trainer);
        trainer.step(to_next.min(STEPS_AT_ONCE))?;
        if to_next <= STEPS_AT_ONCE {
            let loss = recorder.observe(trainer)?;
            if progress.is_seen() {
                progress.say(&format!("loss {loss:.2e}{}", counter.text(trainer)));
            }
        }
        progress.set(trainer.n_done() as f64 / trainer.config().steps as f64);
    }
    if !trainer.is_done() {
        recorder.observe(trainer)?;
    }
    Ok(())
}

/// The number of regions now and then, so that counting them costs little beside the training.
struct Counter {
    last: Option<(Instant, Duration)>,
    text: String,
}

impl Counter {
    fn new() -> Self {
        Self { last: None, text: String::new() }
    }

    fn text(&mut self, trainer: &Trainer) -> &str {
        let is_due = self.last.is_none_or(|(then, took)| then.elapsed().mul_f64(COUNTING_SHARE) > took);
        if is_due && let Ok(network) = trainer.network() {
            let start = Instant::now();
            self.text = n_regions(trainer, &network).map_or(String::new(), |n| format!(", {} regions", with_commas(n)));
            self.last = Some((Instant::now(), start.elapsed()));
        }
        &self.text
    }
}

/// `None` where they are too many or the work is interrupted.
fn n_regions(trainer: &Trainer, network: &Network) -> Option<usize> {
    let limits = Limits { regions: MOST_REGIONS, ..Limits::default() };
    let options = Options { limits, cancel: Some(interrupt::flag()), ..Options::default() };
    Complex::enumerate(network, &trainer.window(), &options).ok().map(|complex| complex.n_regions())
}

fn write(bytes: &[u8], mut out: Output) -> Result<()> {
    out.write_all(bytes)?;
    out.keep()
}

fn check_format(path: &Path) -> Result<()> {
    let is_safetensors = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("safetensors"));
    if is_safetensors || super::output::is_stdin_or_stdout(path) {
        return Ok(());
    }
    bail!(Usage(format!("{}: a model is written as safetensors; name a file that ends in .safetensors", path.display())))
}
