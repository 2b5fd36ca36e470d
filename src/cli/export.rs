//! `foldscape export`: files from the exact complex, without a GPU. SVG for now.

use super::args::{ColorArg, ExportArgs, StyleArgs, ThemeArg};
use super::options::Opened;
use super::output::{self, Output};
use super::render::size;
use super::{Usage, interrupt};
use crate::export::svg;
use crate::mesh::Regions;
use crate::picture;
use anyhow::{Result, bail};
use std::path::Path;

/// Runs the command.
pub(super) fn run(args: &ExportArgs) -> Result<()> {
    interrupt::listen();
    check_format(&args.output_file)?;
    coloring(&args.style)?;
    let out = Output::open(&args.output_file)?;
    write_svg(&Opened::load(Some(&args.model), &args.network)?, &args.style, out)
}

/// Writes the top-down map.
pub(super) fn write_svg(opened: &Opened, style: &StyleArgs, mut out: Output) -> Result<()> {
    let (complex, _) = opened.complex()?;
    let captions = picture::captions(&opened.model.name, &opened.subject, complex.n_regions(), Regions::Activation);
    let options = svg::Options {
        size_px: size(style),
        dark: style.theme == ThemeArg::Dark,
        coloring: coloring(style)?,
        faces: style.faces,
        edges: style.edges,
        axes: style.axes,
        legend: style.legend,
        height: style.height.into(),
        line_width: style.line_width.into(),
        name: captions.name,
        subtitle: captions.subtitle,
        lift_name: captions.lift,
    };
    svg::write(&complex, &opened.subject.lift, &options, &mut out)?;
    out.finish()
}

fn coloring(style: &StyleArgs) -> Result<svg::Coloring> {
    match style.color {
        ColorArg::Output => Ok(svg::Coloring::Output),
        ColorArg::Layers => Ok(svg::Coloring::Layers),
        ColorArg::Pattern => bail!(Usage("--color pattern is not there yet in SVG maps; use output or layers, or render a PNG".to_owned())),
    }
}

fn check_format(path: &Path) -> Result<()> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("svg") => Ok(()),
        None if output::is_stdin_or_stdout(path) => Ok(()),
        Some(known @ ("ply" | "obj" | "glb" | "gltf" | "json")) => {
            bail!(Usage(format!(".{known} is not there yet; name a file that ends in .svg")))
        }
        Some("png") => bail!(Usage("a PNG is written by `foldscape render`; name a file that ends in .svg".to_owned())),
        _ => bail!(Usage(format!("{}: the format is told by the extension; name a file that ends in .svg", path.display()))),
    }
}
