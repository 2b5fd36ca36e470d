//! `foldscape tour`: how a network folds a sheet, scene by scene, in the window or as figures.

use super::args::{ThemeArg, TourArgs};
use super::output::{self, Output, OutputFolder};
use super::progress::Progress;
use super::{Usage, interrupt, small_png};
use crate::host::figure::{self, Look};
use crate::host::headless::{self, Studio};
use crate::render::Theme;
use crate::tour::{Exhibit, SCENES, Scene};
use anyhow::{Result, ensure};
use std::io::Write;
use std::path::Path;

/// Width and height in px where nothing is asked.
const DEFAULT_SIZE: [u32; 2] = [1600, 1000];

/// Runs the command.
pub(super) fn run(args: &TourArgs) -> Result<()> {
    let scene = args.figure.map(Scene::number).transpose().map_err(|e| Usage(e.to_string()))?;
    match &args.output_file {
        _ if args.list => list(scene),
        Some(path) => draw(args, scene, path),
        None => open_window(args, scene),
    }
}

/// Opens the window on a scene, the first where none is named.
#[cfg(feature = "viewer")]
fn open_window(args: &TourArgs, scene: Option<&'static Scene>) -> Result<()> {
    use crate::app::Start;
    use crate::host::window::{self, HostError, ViewerOptions};
    use crate::render::Style;
    let default = ViewerOptions::default();
    let options = ViewerOptions {
        tour: Some(scene.unwrap_or(&SCENES[0])),
        start: Start { style: Style { theme: theme(args), ..Style::default() }, ..Start::default() },
        size: args.size.unwrap_or(default.size),
        adapter: args.adapter.clone(),
        ..default
    };
    match window::run(options) {
        Err(error @ (HostError::NoDisplay(_) | HostError::NoAdapter(_))) => {
            Err(anyhow::Error::from(error).context(format!("the tour has no window; {WITHOUT}")))
        }
        done => Ok(done?),
    }
}

#[cfg(not(feature = "viewer"))]
fn open_window(_: &TourArgs, _: Option<&'static Scene>) -> Result<()> {
    anyhow::bail!("the viewer is not built in (feature `viewer`); {WITHOUT}")
}

/// What works without a window.
const WITHOUT: &str = "`foldscape tour -o FOLDER` draws its figures";

fn theme(args: &TourArgs) -> Theme {
    if args.theme == ThemeArg::Dark { Theme::Dark } else { Theme::Light }
}

/// One scene or all of them.
fn chosen(scene: Option<&'static Scene>) -> &'static [Scene] {
    scene.map_or(&SCENES, std::slice::from_ref)
}

fn exhibit(scene: &'static Scene) -> Result<Exhibit> {
    let exhibit = scene.exhibit(interrupt::flag());
    interrupt::check()?;
    Ok(exhibit?)
}

/// Prints titles and sentences.
fn list(scene: Option<&'static Scene>) -> Result<()> {
    interrupt::listen();
    let mut out = std::io::stdout().lock();
    for (i, scene) in chosen(scene).iter().enumerate() {
        let gap = if i > 0 { "\n" } else { "" };
        writeln!(out, "{gap}{}  {}\n{}", scene.number, scene.title, exhibit(scene)?.sentence)?;
    }
    Ok(out.flush()?)
}

fn draw(args: &TourArgs, scene: Option<&'static Scene>, path: &Path) -> Result<()> {
    interrupt::listen();
    let look =
        Look { theme: theme(args), size_px: args.size.unwrap_or(DEFAULT_SIZE), caption: args.caption, transparent: args.transparent };
    headless::check_size(look.size_px).map_err(|e| Usage(e.to_string()))?;
    if let Some(scene) = scene {
        super::render::check_format(path)?;
        let mut out = Output::open(path)?;
        out.write_all(&png(scene, &look, args.small, &mut Studio::new(&args.adapter)?)?)?;
        return out.finish();
    }
    let is_folder = !output::is_stdin_or_stdout(path) && path.extension().is_none();
    let sentence = "all figures go into a folder: name one without an ending, or choose one figure with --figure N";
    ensure!(is_folder, Usage(format!("{}: {sentence}", path.display())));
    draw_all(path, &look, args)
}

fn draw_all(path: &Path, look: &Look, args: &TourArgs) -> Result<()> {
    let folder = OutputFolder::open(path)?;
    let mut studio = Studio::new(&args.adapter)?;
    let progress = Progress::new("figures");
    for (i, scene) in SCENES.iter().enumerate() {
        progress.set(i as f64 / SCENES.len() as f64);
        std::fs::write(folder.path().join(format!("figure_{:02}.png", scene.number)), png(scene, look, args.small, &mut studio)?)?;
    }
    folder.finish()
}

fn png(scene: &'static Scene, look: &Look, small: bool, studio: &mut Studio) -> Result<Vec<u8>> {
    let image = figure::draw(&exhibit(scene)?, look, studio, interrupt::flag());
    interrupt::check()?;
    let image = image?;
    Ok(if small { small_png::encode(&image)? } else { image.to_png()? })
}
