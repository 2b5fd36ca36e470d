//! `foldscape render`: the picture into a PNG, without a window.

use super::args::{RenderArgs, StyleArgs};
use super::options::Opened;
use super::output::{self, Output};
use super::style::{regions, style, view};
use super::{Usage, interrupt};
use crate::host::headless::{self, View};
use crate::picture::Picture;
use crate::render::{AdapterChoice, Style};
use anyhow::{Result, ensure};
use std::path::Path;

/// Width and height of a picture in px where nothing is asked.
const DEFAULT_SIZE: [u32; 2] = [1600, 1000];

/// Runs the command.
pub(super) fn run(args: &RenderArgs) -> Result<()> {
    interrupt::listen();
    check_format(&args.output_file)?;
    headless::check_size(size(&args.style)).map_err(|e| Usage(e.to_string()))?;
    let out = Output::open(&args.output_file)?;
    let picture = Opened::load(Some(&args.model), &args.network)?.showing(regions(&args.faces)).picture()?;
    let view = view(&args.camera, &args.angles);
    let style = Style { transparent_background: args.transparent, ..style(&args.style) };
    write_png(&picture, &style, &view, size(&args.style), &args.camera.adapter, out)
}

/// The picture's size.
pub(super) fn size(args: &StyleArgs) -> [u32; 2] {
    args.size.unwrap_or(DEFAULT_SIZE)
}

/// Draws and writes a picture.
pub(super) fn write_png(
    picture: &Picture,
    style: &Style,
    view: &View,
    size_px: [u32; 2],
    adapter: &AdapterChoice,
    mut out: Output,
) -> Result<()> {
    let drawn = headless::write_png(picture, style, view, size_px, adapter, interrupt::flag(), &mut out);
    interrupt::check()?;
    drawn?;
    out.finish()
}

/// Whether it names a PNG.
pub(super) fn check_format(path: &Path) -> Result<()> {
    let is_png = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
    let sentence = "a picture is a PNG: name a file that ends in .png; `foldscape export` writes SVG";
    ensure!(is_png || output::is_stdin_or_stdout(path), Usage(format!("{}: {sentence}", path.display())));
    Ok(())
}
