//! `foldscape film`: the surface over time into a film file, without a window.

use super::args::{FilmArgs, FoldArg, LoopArg};
use super::options::{self, Opened};
use super::output::{self, Output, OutputFolder};
use super::progress::Progress;
use super::style::{style, view};
use super::{Usage, interrupt};
use crate::film::{self, FilmError, Format, Spec};
use crate::host::film::{CameraPath, Film, Scene};
use crate::host::headless::{self, Studio};
use crate::host::reel::{Reel, ReelError};
use crate::model::Model;
use crate::picture;
use crate::picture::stage::{Course, Range};
use crate::render::still_scale;
use crate::timeline::{Easing, FoldOrder, Keyframe, Playback, Repeat, Timeline};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::sync::Arc;

/// Width and height in px where nothing is asked: fits into every player.
const DEFAULT_SIZE: [u32; 2] = [1280, 720];
/// Seconds where nothing is asked; a turn of the table too.
const DEFAULT_SECONDS: f64 = 8.0;
/// Seconds at a model where nothing is asked, and the share of the film that all rests together may then take.
const DEFAULT_HOLD: f64 = 0.5;
const DEFAULT_HOLDS: f64 = 0.4;
/// All rests together may take this share of the film.
const MOST_HOLDS: f64 = 0.9;
/// Frames of a film at most: an hour at 25 a second.
const MAX_FRAMES: usize = 90_000;
/// Between two trainings of one film, the way from one network to the next lasts so long beside a training.
const BETWEEN_TRAININGS: f64 = 0.2;

/// Runs the command.
pub(super) fn run(args: &FilmArgs) -> Result<()> {
    interrupt::listen();
    let format = Format::of(&args.output_file).map_err(|e| usage(&e))?;
    let plan = Plan::new(args)?;
    format.check(&plan.spec()).map_err(|e| usage(&e))?;
    let out = Target::open(&args.output_file, format)?;
    let film = plan.film(args)?;
    let scene = survey(&film)?;
    let mut studio = Studio::new(&args.camera.adapter)?;
    out.write(&scene, &mut studio, plan.spec())
}

/// Where the film goes.
enum Target {
    File(Output, Format),
    Folder(OutputFolder),
}

impl Target {
    /// Opens it before the long work, and makes sure that there is an encoder.
    fn open(path: &Path, format: Format) -> Result<Self> {
        if format == Format::Frames {
            return Ok(Self::Folder(OutputFolder::open(path)?));
        }
        let encoder = if format == Format::Mp4 { Some(film::mp4_encoder()?) } else { None };
        let out = Output::open(path)?;
        if let Some(encoder) = encoder {
            output::tell(&format!("foldscape: {} is encoded by {encoder}", path.display()));
        }
        Ok(Self::File(out, format))
    }

    fn write(self, scene: &Scene, studio: &mut Studio, spec: Spec) -> Result<()> {
        let progress = Progress::with_time_left("frames");
        let report = |share| progress.set(share);
        let mut reel = Reel { scene, studio, spec, cancel: interrupt::flag(), progress: &report };
        match self {
            Self::Folder(folder) => {
                stopped(reel.write_frames(folder.path()))?;
                folder.finish()
            }
            Self::File(mut out, format) => {
                let path = out.unfinished().to_owned();
                stopped(reel.write(format, &mut out, &path))?;
                out.finish()
            }
        }
    }
}

fn survey(film: &Film) -> Result<Scene<'_>> {
    let progress = Progress::new("range");
    let scene = film.survey(interrupt::flag(), &|share| progress.set(share));
    interrupt::check()?;
    Ok(scene?)
}

/// An interruption is told as one, whatever it broke.
fn stopped(result: Result<(), ReelError>) -> Result<()> {
    interrupt::check()?;
    Ok(result?)
}

fn usage(error: &FilmError) -> anyhow::Error {
    Usage(error.to_string()).into()
}

/// Times and sizes, checked.
struct Plan {
    size_px: [u32; 2],
    fps: u32,
    seconds: f64,
    n_frames: usize,
    repeat: Repeat,
}

impl Plan {
    fn new(args: &FilmArgs) -> Result<Self> {
        let size_px = args.style.size.unwrap_or(DEFAULT_SIZE);
        headless::check_size(size_px).map_err(|e| Usage(e.to_string()))?;
        let seconds = args.seconds.or(args.turntable).unwrap_or(DEFAULT_SECONDS);
        let n_frames = (seconds * f64::from(args.fps)).round().max(1.0) as usize;
        ensure!(
            n_frames <= MAX_FRAMES,
            Usage(format!("{n_frames} frames are more than the limit of {MAX_FRAMES}; choose fewer --seconds or a smaller --fps"))
        );
        let repeat = match args.repeat {
            LoopArg::Once => Repeat::Once,
            LoopArg::Repeat => Repeat::Loop,
            LoopArg::PingPong => Repeat::PingPong,
        };
        Ok(Self { size_px, fps: args.fps, seconds, n_frames, repeat })
    }

    fn spec(&self) -> Spec {
        Spec { size_px: self.size_px, fps: self.fps, n_frames: self.n_frames, repeats: self.repeat != Repeat::Once }
    }

    /// Reads the models and puts together what the film shows.
    fn film(&self, args: &FilmArgs) -> Result<Film> {
        let mut opened = args.models.iter().map(|path| Opened::load(Some(path), &args.network)).collect::<Result<Vec<_>>>()?;
        let window = options::common_window(&opened)?;
        let way = Way::of(args, &opened[0].model)?;
        if args.align {
            options::align_all(&mut opened, &window)?;
        }
        let subject = opened[0].subject.clone();
        let asked = opened[0].asked;
        let models = opened.into_iter().map(shown).collect::<Result<Vec<_>>>()?;
        let (timeline, rests) = way.timeline(models, args.easing.into())?;
        let phases = self.phases(&timeline, &rests, args.hold)?;
        let path = camera_path(args, way == Way::Still);
        let range = if matches!(way, Way::Fold(_)) { Range::Own } else { Range::Common };
        let course = Course { timeline: Arc::new(timeline), range, lift: subject.lift, lift_name: subject.lift_name, window, asked };
        Ok(Film {
            course,
            style: style(&args.style),
            size_px: self.size_px,
            pixel_scale: still_scale(self.size_px),
            path,
            phases,
            fps: f64::from(self.fps),
        })
    }

    /// The phase of every frame.
    fn phases(&self, timeline: &Timeline, rests: &[f64], hold: Option<f64>) -> Result<Vec<f64>> {
        let seconds = if self.repeat == Repeat::PingPong { self.seconds / 2.0 } else { self.seconds };
        let n = rests.len().max(1) as f64;
        let hold = hold.unwrap_or_else(|| DEFAULT_HOLD.min(DEFAULT_HOLDS * seconds / n));
        ensure!(
            hold * n <= MOST_HOLDS * seconds,
            Usage(format!(
                "--hold {hold} at {n} places leaves no time to move in {seconds} seconds; choose a longer film or a shorter --hold"
            ))
        );
        let even = Playback::phases(self.n_frames, self.repeat, timeline.is_closed());
        Ok(even.into_iter().map(|time| Playback::resting(time, rests, hold / seconds)).collect())
    }
}

/// What moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The camera alone.
    Still,
    Morph,
    Training,
    Fold(FoldOrder),
}

impl Way {
    fn of(args: &FilmArgs, first: &Model) -> Result<Self> {
        let several = args.models.len() > 1;
        let way = match args.fold {
            Some(FoldArg::Layers) => Self::Fold(FoldOrder::LayerByLayer),
            Some(FoldArg::Together) => Self::Fold(FoldOrder::Together),
            None if args.reveal => Self::Fold(FoldOrder::Reveal),
            None if args.training => Self::Training,
            None if several => Self::Morph,
            None if !first.history.is_empty() && args.turntable.is_none() => Self::Training,
            None => Self::Still,
        };
        ensure!(!(matches!(way, Self::Fold(_)) && several), Usage("--fold and --reveal show one model; name one".to_owned()));
        Ok(way)
    }

    /// The timeline, and the phases at which the film rests: the models themselves.
    fn timeline(self, models: Vec<Model>, easing: Easing) -> Result<(Timeline, Vec<f64>)> {
        if self == Self::Training {
            return training(&models);
        }
        let only = |models: Vec<Model>| models.into_iter().next().map(|m| (m.name, m.network)).context("no model was named");
        let timeline = match self {
            Self::Morph => {
                let frames = models.into_iter().map(|m| Keyframe::new(m.name, m.network));
                Timeline::morph(frames.collect(), easing)?
            }
            Self::Fold(order) => only(models).map(|(name, network)| Timeline::fold(&name, network, order))??,
            Self::Still | Self::Training => only(models).map(|(name, network)| Timeline::still(name, network))?,
        };
        let rests = if self == Self::Morph { timeline.keys().to_vec() } else { [0.0, 1.0].to_vec() };
        Ok((timeline, rests))
    }
}

/// One recorded training after the other; it rests at the beginning and the end of each.
fn training(models: &[Model]) -> Result<(Timeline, Vec<f64>)> {
    let (mut frames, mut rests) = (Vec::new(), Vec::new());
    for model in models {
        rests.push(frames.len());
        frames.extend(Keyframe::training(model)?);
        rests.push(frames.len() - 1);
        if let Some(last) = frames.last_mut() {
            last.lasts = BETWEEN_TRAININGS;
        }
    }
    let timeline = Timeline::morph(frames, Easing::Linear)?;
    let rests = rests.into_iter().map(|i| timeline.keys()[i]).collect();
    Ok((timeline, rests))
}

/// The model with what is shown of its network, in its history too.
fn shown(opened: Opened) -> Result<Model> {
    let Opened { mut model, asked, subject } = opened;
    for snapshot in &mut model.history {
        snapshot.network = picture::subject(&snapshot.network, &asked)?.network;
    }
    model.network = subject.network;
    Ok(model)
}

/// A film in which nothing else moves turns.
fn camera_path(args: &FilmArgs, is_still: bool) -> CameraPath {
    if !args.camera_at.is_empty() {
        let mut keys = args.camera_at.clone();
        keys.sort_by(|a, b| a.0.total_cmp(&b.0));
        return CameraPath::Keys(keys);
    }
    let view = view(&args.camera, &args.angles);
    match args.turntable.or(is_still.then_some(DEFAULT_SECONDS)) {
        Some(seconds) => CameraPath::Turntable { view, seconds },
        None => CameraPath::Fixed(view),
    }
}
