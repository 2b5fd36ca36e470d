//! Enumeration beside regioncam 0.5.2, one thread each, in one process: `cargo run --release --manifest-path benches/peer/Cargo.toml`.
//!
//! In: the trained rings networks and random ones made here. Out: a Markdown table of regions, seconds (the best of a
//! few runs) and ratios. Stitching is included on both sides, reading files and regioncam's output layer are not.
//! `--quick` leaves out regioncam where it needs more than about a second.

use foldscape::complex::{Complex, Options, Window};
use foldscape::network::Network;
use ndarray::{Array1, Array2};
use regioncam::{NNBuilder, Regioncam};

#[path = "../../networks/mod.rs"]
mod networks;
#[path = "../../timing/mod.rs"]
mod timing;

const WINDOW: Window = Window { min: [-1.0, -1.0], max: [1.0, 1.0] };
/// Above about this many unit-regions (regions times hidden units) regioncam takes more than a second.
const QUICK_WORK: usize = 5_000_000;
/// Above about this many it takes minutes and is left out altogether.
const ANY_WORK: usize = 200_000_000;

fn main() {
    let quick = std::env::args().any(|a| a == "--quick");
    println!("| net | regions | foldscape 1 thread | regions/s | 2 threads | regioncam | its regions | ratio |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for name in networks::NAMES {
        row(name, &networks::by_name(name), if quick { QUICK_WORK } else { ANY_WORK });
    }
}

fn row(name: &str, network: &Network, most_work: usize) {
    let (regions, one) = best_of(5, || enumerate(network, 1));
    let (_, two) = best_of(5, || enumerate(network, 2));
    let ours = format!("| {name} | {regions} | {:.2} ms | {:.2} M | {:.2}x |", one * 1e3, regions as f64 / one / 1e6, one / two);
    if regions * network.n_units() > most_work {
        println!("{ours} | | |");
        return;
    }
    let runs = if regions * network.n_units() > QUICK_WORK { 1 } else { 5 };
    let (theirs, seconds) = best_of(runs, || peer(network));
    println!("{ours} {:.2} ms | {theirs} | {:.1} |", seconds * 1e3, seconds / one);
}

/// What `work` returned and the seconds of its fastest run.
fn best_of(runs: usize, work: impl Fn() -> usize) -> (usize, f64) {
    let (n, times) = timing::runs(runs, work);
    (n, times[0].as_secs_f64())
}

fn enumerate(network: &Network, threads: usize) -> usize {
    let options = Options { threads, ..Options::default() };
    Complex::enumerate(network, &WINDOW, &options).expect("the networks here are within the limits").n_regions()
}

fn peer(network: &Network) -> usize {
    let mut cam = Regioncam::square(1.0);
    for layer in network.hidden() {
        let weight = Array2::from_shape_fn((layer.n_in, layer.n_out), |(i, j)| layer.weights[j * layer.n_in + i] as f32);
        let bias = Array1::from_iter(layer.bias.iter().map(|&b| b as f32));
        cam.linear(&weight.view(), &bias.view());
        cam.leaky_relu(network.slope() as f32);
    }
    cam.num_faces()
}
