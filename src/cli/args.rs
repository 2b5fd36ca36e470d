//! The raw arguments as clap reads them. An option means the same in every command that takes it.

#![expect(clippy::doc_markdown, reason = "the help texts are plain text")]

use crate::complex::Window;
use crate::film::MAX_FPS;
use crate::model::{ActivationChoice, parse_window};
use crate::render::{AdapterChoice, Camera};
use crate::timeline::Easing;
use crate::train::{Channel, Loss};
use clap::{ArgAction, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// A trained piecewise-linear network is an exactly folded surface; this program shows it.
///
/// With a model file (safetensors or JSON) the viewer opens on it, with several on the way between them, without one on the
/// built-in network rings_16x4.
/// `-` as a file is standard input or output. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 110)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub view: ViewArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Draw the picture without a window, into a PNG
    Render(RenderArgs),
    /// Make a film: between models, along a training, while the sheet folds, or round a turntable
    Film(FilmArgs),
    /// Say what the network is: counts, sizes, times
    Info(InfoArgs),
    /// Check the complex against exact arithmetic and the network itself
    Verify(VerifyArgs),
    /// Write the exact top-down map as SVG; needs no GPU
    Export(ExportArgs),
    /// Train a network with two inputs to draw a shape, a picture or points of your own
    Train(TrainArgs),
    /// Show how a network folds a sheet, scene by scene: in the window, or as figures
    Tour(TourArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ViewArgs {
    /// Model file, .safetensors or .json; none: the built-in rings_16x4; several of one architecture: a timeline
    #[arg(value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub models: Vec<PathBuf>,
    /// Permute the hidden units of each model (the same function) so that they fit those of the model before
    #[arg(long)]
    pub align: bool,
    /// Reload the file whenever it changes: a training that saves checkpoints is seen live
    #[arg(long)]
    pub watch: bool,
    #[command(flatten)]
    pub network: NetworkArgs,
    #[command(flatten)]
    pub faces: FaceArgs,
    #[command(flatten)]
    pub style: StyleArgs,
    #[command(flatten)]
    pub camera: CameraArgs,
    /// For tests: Ctrl+Shift+D loses the graphics device
    #[arg(long, hide = true)]
    pub test_hooks: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct RenderArgs {
    /// Model file, .safetensors or .json; - is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// Picture file to write; - is standard output
    #[arg(short, long, value_name = "FILE.png")]
    pub output_file: PathBuf,
    #[command(flatten)]
    pub network: NetworkArgs,
    #[command(flatten)]
    pub faces: FaceArgs,
    #[command(flatten)]
    pub style: StyleArgs,
    #[command(flatten)]
    pub camera: CameraArgs,
    #[command(flatten)]
    pub angles: AngleArgs,
    /// Leave the background transparent
    #[arg(long, help_heading = "Picture")]
    pub transparent: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct FilmArgs {
    /// Model files of one architecture, in the order in which they are shown; one alone shows its recorded training or turns
    #[arg(required = true, value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub models: Vec<PathBuf>,
    /// Film to write: .gif, .png (animated), .mp4, or a folder (no ending) for numbered PNGs
    #[arg(short, long, value_name = "FILE")]
    pub output_file: PathBuf,
    /// Show the recorded training of each model, one after the other
    #[arg(long, help_heading = "Film", conflicts_with_all = ["fold", "reveal"])]
    pub training: bool,
    /// Fold the sheet, from slope 1 (a plane) to the network's own: layers one by one, or all together
    #[arg(long, value_enum, value_name = "ORDER", num_args = 0..=1, require_equals = true, default_missing_value = "layers",
          help_heading = "Film", conflicts_with = "reveal")]
    pub fold: Option<FoldArg>,
    /// Let the layers come in one by one
    #[arg(long, help_heading = "Film")]
    pub reveal: bool,
    /// Turn the camera round, once in so many seconds [default: 8 where nothing else moves]
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, help_heading = "Film")]
    pub turntable: Option<f64>,
    /// Put the camera there at that time, such as 2.5:azimuth=-60 elevation=44 distance=5 (the text that Ctrl+C copies in the
    /// viewer); may be given several times
    #[arg(long, value_name = "SECONDS:CAMERA", value_parser = parse_camera_at, help_heading = "Film",
          conflicts_with_all = ["turntable", "camera", "view", "azimuth", "elevation", "zoom"])]
    pub camera_at: Vec<(f64, Camera)>,
    /// Permute the hidden units of each model (the same function) so that they fit those of the model before
    #[arg(long, help_heading = "Film")]
    pub align: bool,
    /// Pace between two models
    #[arg(long, value_enum, default_value_t = EasingArg::Smooth, help_heading = "Film")]
    pub easing: EasingArg,
    /// Rest so long at each model [default: 0.5, less in a short film]
    #[arg(long, value_name = "SECONDS", value_parser = parse_hold, help_heading = "Film")]
    pub hold: Option<f64>,
    /// Length of the film [default: 8, or one turn of the table]
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, help_heading = "Film")]
    pub seconds: Option<f64>,
    /// Frames a second
    #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_FPS)), help_heading = "Film")]
    pub fps: u32,
    /// What comes after the end
    #[arg(long = "loop", value_enum, default_value_t = LoopArg::Repeat, help_heading = "Film")]
    pub repeat: LoopArg,
    #[command(flatten)]
    pub network: NetworkArgs,
    #[command(flatten)]
    pub style: StyleArgs,
    #[command(flatten)]
    pub camera: CameraArgs,
    #[command(flatten)]
    pub angles: AngleArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct InfoArgs {
    /// Model file, .safetensors or .json; - is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Only count regions and areas, keeping none: for networks whose regions do not fit in memory
    #[arg(long, conflicts_with = "plane")]
    pub stream: bool,
    #[command(flatten)]
    pub network: NetworkArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Model file, .safetensors or .json; - is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: NetworkArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// Model file, .safetensors or .json; - is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// File to write, .svg (other formats are not there yet); - is standard output and means SVG
    #[arg(short, long, value_name = "FILE.svg")]
    pub output_file: PathBuf,
    #[command(flatten)]
    pub network: NetworkArgs,
    #[command(flatten)]
    pub style: StyleArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct TrainArgs {
    /// rings, circles, disc, star, checker, spiral, moons, text:AB (any letters), or a file: a picture (PNG, JPEG, GIF, BMP,
    /// WebP) or points (CSV or npy: x, y, values; or in CSV x, y, label); - is standard input
    pub target: String,
    /// Model file to write; - is standard output
    #[arg(short, long, value_name = "FILE.safetensors")]
    pub output_file: PathBuf,
    /// Widths of the hidden layers
    #[arg(long, value_name = "N,N,...", value_delimiter = ',', default_value = "8,8,8,8,8,8")]
    pub hidden: Vec<usize>,
    /// The activation: relu, or leaky_relu:SLOPE
    #[arg(long, value_name = "NAME", default_value = "leaky_relu:0.02")]
    pub activation: ActivationChoice,
    /// Training steps; 0 writes the untrained network
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub steps: u64,
    /// Everything random comes from it
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub seed: u64,
    /// The largest learning rate of Adam; it falls to zero over the steps
    #[arg(long, alias = "learning-rate", value_name = "RATE", default_value_t = 0.01)]
    pub lr: f64,
    /// Samples of a step
    #[arg(long, value_name = "N", default_value_t = 1024)]
    pub batch: usize,
    /// What is made small: mse or logistic [default: logistic for labels, otherwise mse]
    #[arg(long, value_name = "NAME")]
    pub loss: Option<Loss>,
    /// The window of the input plane; shapes and pictures are centred in it, points keep their places [default: fits the target]
    #[arg(long, value_name = "X0,Y0,X1,Y1", allow_hyphen_values = true, value_parser = parse_window)]
    pub window: Option<Window>,
    /// Keep N snapshots of the training in the file, the first and last network among them, more of the early steps
    #[arg(long, value_name = "N")]
    pub history: Option<u64>,
    /// Which channel of a picture is high
    #[arg(long, value_enum, default_value_t = ChannelArg::Grey)]
    pub channel: ChannelArg,
}

#[derive(Debug, clap::Args)]
pub(super) struct TourArgs {
    /// The scene of this number, counted from 1; without -o the window opens on it
    #[arg(long, value_name = "N")]
    pub figure: Option<usize>,
    /// Draw the figure into this PNG, or without --figure all of them into this folder; - is standard output
    #[arg(short, long, value_name = "FILE.png", value_hint = ValueHint::AnyPath)]
    pub output_file: Option<PathBuf>,
    /// Print titles and sentences instead
    #[arg(long, conflicts_with = "output_file")]
    pub list: bool,
    /// Write title and sentence under the picture
    #[arg(long, requires = "output_file")]
    pub caption: bool,
    /// Leave the background transparent
    #[arg(long, requires = "output_file")]
    pub transparent: bool,
    /// 256 colours at most, for pages of the web: a third of the size
    #[arg(long, requires = "output_file")]
    pub small: bool,
    /// Width and height in pixels [default: 1600x1000 for figures, 1280x800 for the window]
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    pub size: Option<[u32; 2]>,
    /// Dark for screens, light for print
    #[arg(long, value_enum, default_value_t = ThemeArg::Dark)]
    pub theme: ThemeArg,
    /// The graphics adapter: auto (the system's choice), low-power, fast, software, or a part of an adapter's name
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = parse_adapter)]
    pub adapter: AdapterChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ChannelArg {
    /// Brightness
    Grey,
    Red,
    Green,
    Blue,
    /// Opacity
    Alpha,
}

impl From<ChannelArg> for Channel {
    fn from(arg: ChannelArg) -> Self {
        match arg {
            ChannelArg::Grey => Self::Grey,
            ChannelArg::Red => Self::Red,
            ChannelArg::Green => Self::Green,
            ChannelArg::Blue => Self::Blue,
            ChannelArg::Alpha => Self::Alpha,
        }
    }
}

/// Which surface.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Surface")]
pub(super) struct NetworkArgs {
    /// The activation: relu, leaky_relu:SLOPE, or leaky_relu (the file's slope, or else 0.01) [default: what the file says]
    #[arg(long, value_name = "NAME")]
    pub activation: Option<ActivationChoice>,
    /// The window of the input plane [default: what the file says, or else -1,-1,1,1]
    #[arg(long, value_name = "X0,Y0,X1,Y1", allow_hyphen_values = true, value_parser = parse_window)]
    pub window: Option<Window>,
    /// The whole plane, unbounded regions included: counted exactly, drawn cut at a frame round all vertices
    #[arg(long, conflicts_with = "window")]
    pub plane: bool,
    /// Show the network up to hidden layer K (from 1), lifted by a random projection of the layer's activations
    #[arg(long, value_name = "K", conflicts_with = "output")]
    pub layers: Option<usize>,
    /// Lift by output J (from 0) [default: 0 where there is one output, otherwise --project 0]
    #[arg(long, value_name = "J", conflicts_with = "project")]
    pub output: Option<usize>,
    /// Lift by a random linear projection of all outputs, drawn from this seed [default: 0]
    #[arg(long, value_name = "SEED")]
    pub project: Option<u64>,
    /// Threads that compute; 0: as many as the machine has
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Stop with an error at more regions than this [default: 5000000; with --stream none]
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = parse_count)]
    pub max_regions: Option<usize>,
    /// Stop with an error at more memory than this, in GiB
    #[arg(long, value_name = "GIB", help_heading = "Limits", default_value_t = 8.0, value_parser = parse_positive)]
    pub max_memory: f64,
    /// Stop with an error after this time, in seconds [default: none]
    #[arg(long, value_name = "SECONDS", help_heading = "Limits", value_parser = parse_positive)]
    pub max_time: Option<f64>,
}

/// What its faces are.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Surface")]
pub(super) struct FaceArgs {
    /// What one face is
    #[arg(long, value_enum, default_value_t = RegionsArg::Activation)]
    pub regions: RegionsArg,
}

/// How it is drawn.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Picture")]
pub(super) struct StyleArgs {
    /// Width and height in pixels [default: 1600x1000 for pictures and maps, 1280x800 for the window]
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    pub size: Option<[u32; 2]>,
    /// What the colours say
    #[arg(long, value_enum, default_value_t = ColorArg::Output)]
    pub color: ColorArg,
    /// Dark for screens, light for print
    #[arg(long, value_enum, default_value_t = ThemeArg::Dark)]
    pub theme: ThemeArg,
    /// Height of the surface, as a factor from 0 to 4
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = parse_factor)]
    pub height: f32,
    /// Width of all lines, as a factor from 0 to 4
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = parse_factor)]
    pub line_width: f32,
    /// Leave out the fold lines
    #[arg(long = "no-edges", action = ArgAction::SetFalse)]
    pub edges: bool,
    /// Leave out the faces
    #[arg(long = "no-faces", action = ArgAction::SetFalse)]
    pub faces: bool,
    /// Leave out the axes
    #[arg(long = "no-axes", action = ArgAction::SetFalse)]
    pub axes: bool,
    /// Leave out legend and captions
    #[arg(long = "no-legend", action = ArgAction::SetFalse)]
    pub legend: bool,
    /// Draw the ground grid
    #[arg(long)]
    pub grid: bool,
}

/// From where it is seen, and by which adapter.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Camera")]
pub(super) struct CameraArgs {
    /// From where it is seen
    #[arg(long, value_enum, default_value_t = ViewArg::ThreeD)]
    pub view: ViewArg,
    /// The whole camera, as the text that Ctrl+C copies in the viewer: azimuth=-60 elevation=44 fov=26 target=0,0,0.1 distance=5
    #[arg(long, value_name = "TEXT", conflicts_with = "view")]
    pub camera: Option<Camera>,
    /// The graphics adapter: auto (the system's choice), low-power, fast, software, or a part of an adapter's name
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = parse_adapter)]
    pub adapter: AdapterChoice,
}

/// Changes to the view.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Camera")]
pub(super) struct AngleArgs {
    /// Degrees round the vertical axis; -90 is from the side of small x2 [default: that of --view, for 3d -60]
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true, value_parser = parse_azimuth, conflicts_with = "camera")]
    pub azimuth: Option<f32>,
    /// Degrees above the plane, -90 to 90 [default: that of --view, for 3d 44]
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true, value_parser = parse_elevation, conflicts_with = "camera")]
    pub elevation: Option<f32>,
    /// Magnification, 0.1 to 1000; at 1 the whole surface fills the picture
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = parse_zoom, conflicts_with = "camera")]
    pub zoom: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RegionsArg {
    /// An activation region: inputs with one activation pattern
    Activation,
    /// A linear region: neighbouring activation regions with one affine map, merged
    Linear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ViewArg {
    /// Perspective, from above one corner
    #[value(name = "3d")]
    ThreeD,
    /// The map, from above
    Top,
    /// From the side of small x2
    Front,
    /// From the side of large x1
    Right,
    /// Along the diagonal of a cube
    Iso,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorArg {
    /// Brighter where the output is higher
    Output,
    /// Lines by layer, faces pale by output
    Layers,
    /// Faces by activation pattern
    Pattern,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeArg {
    Dark,
    Light,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FoldArg {
    /// The first layer, then the second, and so on
    Layers,
    /// All at once
    Together,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EasingArg {
    /// Slow at both ends
    Smooth,
    /// Even
    Linear,
}

impl From<EasingArg> for Easing {
    fn from(easing: EasingArg) -> Self {
        match easing {
            EasingArg::Smooth => Self::Smooth,
            EasingArg::Linear => Self::Linear,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LoopArg {
    /// Nothing: players stop
    Once,
    /// The beginning, for ever
    Repeat,
    /// The way back, then the beginning, for ever
    PingPong,
}

fn parse_size(text: &str) -> Result<[u32; 2], String> {
    let sides = text.split_once(['x', 'X']).map(|(w, h)| (w.trim().parse(), h.trim().parse()));
    match sides {
        Some((Ok(width @ 16..), Ok(height @ 16..))) => Ok([width, height]),
        _ => Err("write width x height in pixels, both at least 16, such as 1600x1000".to_owned()),
    }
}

fn parse_count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&n| n > 0).ok_or_else(|| "write a whole number of at least 1".to_owned())
}

fn parse_positive(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|&x: &f64| x > 0.0 && x <= 1e9).ok_or_else(|| "write a number above 0, at most 1e9".to_owned())
}

fn parse_within(text: &str, lo: f32, hi: f32) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (lo..=hi).contains(&value) => Ok(value),
        _ => Err(format!("write a number from {lo} to {hi}")),
    }
}

/// With or without the unit: `8` or `8s`.
fn parse_seconds(text: &str) -> Result<f64, String> {
    match text.strip_suffix('s').unwrap_or(text).parse::<f64>() {
        Ok(seconds) if (0.01..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("write seconds from 0.01 to 3600, such as 8 or 2.5s".to_owned()),
    }
}

fn parse_hold(text: &str) -> Result<f64, String> {
    if text == "0" { Ok(0.0) } else { parse_seconds(text) }
}

fn parse_camera_at(text: &str) -> Result<(f64, Camera), String> {
    let Some((time, camera)) = text.split_once(':') else {
        return Err("write a time and a camera, such as 2.5:azimuth=-60 elevation=44 distance=5".to_owned());
    };
    let camera = camera.parse::<Camera>().map_err(|e| e.to_string())?;
    Ok((parse_hold(time)?, camera))
}

fn parse_factor(text: &str) -> Result<f32, String> {
    parse_within(text, 0.0, 4.0)
}

fn parse_azimuth(text: &str) -> Result<f32, String> {
    parse_within(text, -360.0, 360.0)
}

fn parse_elevation(text: &str) -> Result<f32, String> {
    parse_within(text, -90.0, 90.0)
}

fn parse_zoom(text: &str) -> Result<f32, String> {
    parse_within(text, 0.1, 1000.0)
}

fn parse_adapter(text: &str) -> Result<AdapterChoice, String> {
    match text {
        "" => Err("write auto, low-power, fast, software, or a part of an adapter's name".to_owned()),
        "auto" => Ok(AdapterChoice::Auto),
        "low-power" => Ok(AdapterChoice::LowPower),
        "fast" => Ok(AdapterChoice::HighPerformance),
        "software" => Ok(AdapterChoice::Software),
        name => Ok(AdapterChoice::Named(name.to_owned())),
    }
}
