//! `foldscape [MODEL…]`: the viewer, on a timeline where there are several models. Where there is no display it draws a PNG, where there is no GPU driver either it writes
//! the exact map, so that there is always something to see.

use super::Usage;
use super::args::ViewArgs;
use super::export::write_svg;
use super::options::{self, Opened};
use super::output::{self, Output};
use super::render::{size, write_png};
use super::style::{preset, regions, style};
use crate::host::headless::{StillError, View};
use crate::render::RenderError;
use crate::timeline::Timeline;
use anyhow::{Result, ensure};
use std::path::PathBuf;
use std::time::Duration;

/// Between two looks for a file that is not there yet.
const PAUSE: Duration = Duration::from_millis(100);

/// Runs the command.
pub(super) fn run(args: &ViewArgs) -> Result<()> {
    ensure!(!args.watch || path(args).is_some(), Usage("--watch takes one model, a file".to_owned()));
    let load = |path| Ok(Opened::load(path, &args.network)?.showing(regions(&args.faces)));
    let (opened, timeline) = match &args.models[..] {
        [path] if args.watch => (wait_for(|| load(Some(path)))?, None),
        [] | [_] => (load(args.models.first().map(PathBuf::as_path))?, None),
        several => way(several.iter().map(|path| load(Some(path))).collect::<Result<_>>()?, args.align)?,
    };
    match open_window(args, &opened, timeline)? {
        None => Ok(()),
        Some(reason) => without_window(args, &opened, &reason),
    }
}

/// A watched file need not be there yet, or whole.
fn wait_for(load: impl Fn() -> Result<Opened>) -> Result<Opened> {
    let mut told = false;
    loop {
        match load() {
            Err(error) if !error.is::<Usage>() => {
                if !std::mem::replace(&mut told, true) {
                    output::tell(&format!("foldscape: waiting for the file: {error:#}"));
                }
                std::thread::sleep(PAUSE);
            }
            loaded => return loaded,
        }
    }
}

/// The first of several models, and the way from each to the next. The viewer paces it.
fn way(mut opened: Vec<Opened>, align: bool) -> Result<(Opened, Option<Timeline>)> {
    let window = options::common_window(&opened)?;
    if align {
        options::align_all(&mut opened, &window)?;
    }
    let timeline = Timeline::between(opened.iter().map(|o| &o.model))?;
    Ok((opened.swap_remove(0), Some(timeline)))
}

/// Why there can be no window, if so; otherwise returns when it is closed.
#[cfg(feature = "viewer")]
fn open_window(args: &ViewArgs, opened: &Opened, timeline: Option<Timeline>) -> Result<Option<String>> {
    use crate::app::Start;
    use crate::host::window::{self, HostError, ViewerOptions};
    let start = Start {
        model: Some(opened.model.clone()),
        path: path(args),
        timeline,
        watches: args.watch,
        activation: args.network.activation,
        asked: opened.asked,
        style: style(&args.style),
        view: preset(args.camera.view),
        camera: args.camera.camera,
    };
    let options = ViewerOptions { start, adapter: args.camera.adapter.clone(), test_hooks: args.test_hooks, ..ViewerOptions::default() };
    let options = ViewerOptions { size: args.style.size.unwrap_or(options.size), ..options };
    match window::run(options) {
        Ok(()) => Ok(None),
        Err(HostError::NoDisplay(detail)) => {
            log::info!("{detail}");
            Ok(Some("there is no display to open a window on".to_owned()))
        }
        Err(reason @ HostError::NoAdapter(_)) => Ok(Some(reason.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// The file that can be read again: the one model's, if it is a file.
fn path(args: &ViewArgs) -> Option<PathBuf> {
    let [path] = &args.models[..] else { return None };
    (!output::is_stdin_or_stdout(path)).then(|| path.clone())
}

#[cfg(not(feature = "viewer"))]
fn open_window(_: &ViewArgs, _: &Opened, _: Option<Timeline>) -> Result<Option<String>> {
    Ok(Some("the viewer is not built in (feature `viewer`)".to_owned()))
}

/// Draws the picture into the current folder instead.
fn without_window(args: &ViewArgs, opened: &Opened, reason: &str) -> Result<()> {
    super::interrupt::listen();
    let path = |extension: &str| PathBuf::from(format!("foldscape_{}.{extension}", opened.model.name));
    let png = path("png");
    output::tell(&format!("foldscape: {reason}; drawing the picture into {} instead", png.display()));
    let preset = preset(args.camera.view);
    let framed = View::Framed { preset, azimuth_deg: None, elevation_deg: None, zoom: 1.0 };
    let view = args.camera.camera.map_or(framed, View::Camera);
    let out = Output::open(&png)?;
    let drawn = write_png(&opened.picture()?, &style(&args.style), &view, size(&args.style), &args.camera.adapter, out);
    match drawn {
        Err(error) if is_no_driver(&error) => {
            let svg = path("svg");
            output::tell(&format!("foldscape: {error}; writing the exact top-down map into {} instead", svg.display()));
            write_svg(opened, &args.style, Output::open(&svg)?)
        }
        other => other,
    }
}

fn is_no_driver(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StillError::Render(RenderError::NoAdapter(_) | RenderError::Device(_))))
}
