//! Enumeration beside regioncam 0.5.2, one thread each, in one process: `cargo run --release --manifest-path benches/peer/Cargo.toml`.
//!
//! In: the trained rings networks and random ones made here. Out: a Markdown table of regions, seconds (the best of a
//! few runs) and ratios. Stitching is included on both sides, reading files and regioncam's output layer are not.
//! `--quick` leaves out regioncam where it needs more than about a second. regioncam comes first, since foldscape makes the allocator keep
//! memory, which whoever comes after it in one process profits from, too.

use foldscape::complex::{Complex, Options, Window};
use foldscape::network::Network;
use ndarray::{Array1, Array2};
use regioncam::{NNBuilder, Regioncam};

#[path = "../../networks/mod.rs"]
mod networks;
#[path = "../../timing/mod.rs"]
mod timing;

const WINDOW: Window = Window { min: [-1.0, -1.0], max: [1.0, 1.0] };
/// Where regioncam takes more than about a second.
const SLOW: [&str; 4] = ["rings_64x4", "rings_128x4", "random 256x3", "random 512x2"];
/// Where it takes minutes, and is left out altogether.
const LEFT_OUT: [&str; 2] = ["random 1024x2", "random 512x4"];

fn main() {
    let quick = std::env::args().any(|a| a == "--quick");
    let peer = |name: &&str| {
        let runs = match SLOW.contains(name) {
            _ if LEFT_OUT.contains(name) => return None,
            true if quick => return None,
            true => 1,
            false => 5,
        };
        let network = networks::by_name(name);
        Some(best_of(runs, || peer(&network)))
    };
    let peers: Vec<_> = networks::NAMES.iter().map(peer).collect();
    println!("| net | regions | foldscape, 1 thread | regions a second | gain of a 2nd thread | regioncam | ratio |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (name, peer) in networks::NAMES.iter().zip(peers) {
        row(name, &networks::by_name(name), peer);
    }
}

/// `peer` is the number of regions that regioncam found, and its seconds.
fn row(name: &str, network: &Network, peer: Option<(usize, f64)>) {
    let (regions, one) = best_of(5, || enumerate(network, 1));
    let (_, two) = best_of(5, || enumerate(network, 2));
    let rate = regions as f64 / one / 1e6;
    let theirs = match peer {
        None => "| |".to_owned(),
        Some((found, seconds)) => {
            let found = if found == regions { String::new() } else { format!(" ({found} regions)") };
            format!("| {:.2} ms{found} | {:.1}x |", seconds * 1e3, seconds / one)
        }
    };
    println!("| {name} | {regions} | {:.2} ms | {rate:.2} M | {:.2}x {theirs}", one * 1e3, one / two);
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
