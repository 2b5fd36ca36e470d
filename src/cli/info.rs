//! `foldscape info`: what the network is, as text or as one JSON object. A number that is not computed has no key.

use super::args::InfoArgs;
use super::interrupt;
use super::options::Opened;
use super::output::Output;
use crate::complex::{OutputRange, Streamed};
use crate::mesh::number::with_commas;
use crate::picture::widths_text;
use anyhow::Result;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Of so many outputs the text says the range; the JSON object has all.
const MOST_RANGES: usize = 16;

/// The JSON object. Areas in square input units, `regions_per_layer` after each hidden layer.
#[derive(Serialize)]
struct Info {
    model: String,
    widths: Vec<usize>,
    parameters: usize,
    activation: String,
    /// None, as is the area, of the whole plane.
    window: Option<[f64; 4]>,
    regions: usize,
    linear_regions: usize,
    vertices: usize,
    edges: usize,
    interior_vertices: usize,
    border_vertices: usize,
    interior_edges: usize,
    area: Option<f64>,
    euler: i64,
    regions_per_layer: Vec<usize>,
    /// Not of the whole plane, where outputs have no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    output_ranges: Option<Vec<Range>>,
    exact_decisions: u64,
    threads: usize,
    seconds_enumerate: f64,
}

/// The range of an output on the window and where it is reached.
#[derive(Serialize)]
struct Range {
    min: f64,
    min_at: [f64; 2],
    max: f64,
    max_at: [f64; 2],
}

/// Runs the command.
pub(super) fn run(args: &InfoArgs) -> Result<()> {
    interrupt::listen();
    let opened = Opened::load(Some(&args.model), &args.network)?;
    if args.stream {
        return stream(args, &opened);
    }
    let info = gather(&opened)?;
    let mut out = Output::open(Path::new("-"))?;
    if args.json {
        serde_json::to_writer_pretty(&mut out, &info).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        print(&info, &mut out)?;
    }
    out.finish()
}

/// What is known of a network whose regions are not kept.
#[derive(Serialize)]
struct StreamInfo {
    model: String,
    widths: Vec<usize>,
    parameters: usize,
    activation: String,
    window: [f64; 4],
    regions: usize,
    area: f64,
    exact_decisions: u64,
    threads: usize,
    seconds_enumerate: f64,
}

/// Counts without keeping.
fn stream(args: &InfoArgs, opened: &Opened) -> Result<()> {
    let (Streamed { regions, area, exact_decisions }, time) = opened.stream(args.network.max_regions)?;
    let (window, network) = (opened.window(), &opened.subject.network);
    let info = StreamInfo {
        model: opened.model.name.clone(),
        widths: network.widths(),
        parameters: network.n_parameters(),
        activation: opened.model.activation_text(),
        window: [window.min[0], window.min[1], window.max[0], window.max[1]],
        regions,
        area,
        exact_decisions,
        threads: opened.threads(),
        seconds_enumerate: time.as_secs_f64(),
    };
    let mut out = Output::open(Path::new("-"))?;
    if args.json {
        serde_json::to_writer_pretty(&mut out, &info).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        let seconds = info.seconds_enumerate;
        let rows = [
            ("model", info.model),
            ("widths", widths_text(&info.widths)),
            ("regions", with_commas(regions)),
            ("area", area.to_string()),
            ("exact decisions", exact_decisions.to_string()),
            ("time", format!("{seconds:.3} s on {} threads", info.threads)),
        ];
        rows.iter().try_for_each(|(label, value)| writeln!(out, "{label:<18}{value}"))?;
    }
    out.finish()
}

fn gather(opened: &Opened) -> Result<Info> {
    let network = &opened.subject.network;
    let (stats, linear_regions, ranges, time) = if opened.asked.plane {
        let (plane, time) = opened.plane()?;
        (plane.stats(), plane.n_linear_regions(network), None, time)
    } else {
        let (complex, time) = opened.complex()?;
        (complex.stats(), complex.linear_regions(network).count(), Some(complex.output_ranges()), time)
    };
    let window = (!opened.asked.plane).then(|| opened.window());
    Ok(Info {
        model: opened.model.name.clone(),
        widths: network.widths(),
        parameters: network.n_parameters(),
        activation: opened.model.activation_text(),
        window: window.map(|w| [w.min[0], w.min[1], w.max[0], w.max[1]]),
        regions: stats.regions,
        linear_regions,
        vertices: stats.vertices,
        edges: stats.edges,
        interior_vertices: stats.interior_vertices,
        border_vertices: stats.border_vertices,
        interior_edges: stats.interior_edges,
        area: Some(stats.area).filter(|a| a.is_finite()),
        euler: stats.euler,
        regions_per_layer: stats.regions_per_layer,
        output_ranges: ranges.map(|ranges| ranges.into_iter().map(range).collect()),
        exact_decisions: stats.exact_decisions,
        threads: opened.threads(),
        seconds_enumerate: time.as_secs_f64(),
    })
}

fn range(OutputRange { min, min_at, max, max_at }: OutputRange) -> Range {
    Range { min, min_at, max, max_at }
}

fn print(info: &Info, out: &mut impl Write) -> std::io::Result<()> {
    let per_layer: Vec<String> = info.regions_per_layer.iter().map(|&n| with_commas(n)).collect();
    let window = info.window.map_or("the whole plane".to_owned(), |[x0, y0, x1, y1]| format!("[{x0}, {x1}] × [{y0}, {y1}]"));
    let rows = [
        ("model", info.model.clone()),
        ("widths", widths_text(&info.widths)),
        ("parameters", with_commas(info.parameters)),
        ("activation", info.activation.clone()),
        ("window", window),
        ("regions", with_commas(info.regions)),
        ("linear regions", with_commas(info.linear_regions)),
        ("after each layer", per_layer.join(", ")),
        (
            "vertices",
            format!(
                "{} ({} inside, {} on sides)",
                with_commas(info.vertices),
                with_commas(info.interior_vertices),
                with_commas(info.border_vertices)
            ),
        ),
        ("edges", format!("{} ({} inside)", with_commas(info.edges), with_commas(info.interior_edges))),
        ("V − E + F", info.euler.to_string()),
        ("area", info.area.map_or("infinite".to_owned(), |a| a.to_string())),
        ("exact decisions", info.exact_decisions.to_string()),
        ("time", format!("{:.3} s on {} threads", info.seconds_enumerate, info.threads)),
    ];
    rows.iter().try_for_each(|(label, value)| writeln!(out, "{label:<18}{value}"))?;
    info.output_ranges.iter().flatten().enumerate().take(MOST_RANGES).try_for_each(|(j, Range { min, min_at, max, max_at })| {
        let label = format!("output {j}");
        writeln!(out, "{label:<18}{min} at ({}, {}) to {max} at ({}, {})", min_at[0], min_at[1], max_at[0], max_at[1])
    })
}
