//! How long one waits: for a model to be read, for a frame while weights move, for an enumeration to stop when it is told to.
//!
//! In: the networks of `networks`. Out: three Markdown tables of medians and worst cases. `cargo bench --bench wait` runs it. The
//! frames are complex, mesh and upload of `rings_32x4` on its way from random weights, by all threads, on the adapter that is named.

mod networks;
mod timing;

use foldscape::complex::{Complex, ComplexError, Options, Window};
use foldscape::mesh::Mesh;
use foldscape::model;
use foldscape::network::{Affine, Network};
use foldscape::render::{AdapterChoice, Gpu, Renderer};
use foldscape::timeline::{Easing, Keyframe, Timeline};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const LOADS: usize = 51;
const FRAMES: u32 = 100;
/// When enumerations are told to stop.
const STOPS: [u64; 5] = [20, 70, 150, 310, 630];

fn main() {
    loading();
    frames();
    stopping();
}

fn loading() {
    println!("| file | bytes | parameters | median to read |\n| --- | ---: | ---: | ---: |");
    let narrow = read("tests/models/rings_128x4.safetensors");
    row_of_loading("rings_128x4.safetensors", &narrow);
    let wide = networks::by_name("random 1024x4");
    let names: Vec<(String, String)> = (0..wide.layers().len()).map(|i| (format!("{i}.weight"), format!("{i}.bias"))).collect();
    row_of_loading("random 1024x4 as f32.safetensors", &safetensors(&wide, &names));
    row_of_loading("random 256x4.json", json(&networks::by_name("random 256x4")).as_bytes());
}

fn row_of_loading(name: &str, bytes: &[u8]) {
    let load = || model::load(name, bytes, Some("relu".parse().expect("an activation"))).expect("a valid file");
    let (model, times) = timing::runs(LOADS, load);
    println!("| {name} | {} | {} | {:.3} ms |", bytes.len(), model.network.n_parameters(), ms(times[LOADS / 2]));
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("the repository holds its networks")
}

/// A file of f32 tensors.
fn safetensors(network: &Network, names: &[(String, String)]) -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView};
    let narrow = |values: &[f64]| values.iter().flat_map(|&v| (v as f32).to_le_bytes()).collect::<Vec<u8>>();
    let data: Vec<[Vec<u8>; 2]> = network.layers().iter().map(|l| [narrow(&l.weights), narrow(&l.bias)]).collect();
    let views = network.layers().iter().zip(names).zip(&data).flat_map(|((layer, (weight, bias)), [w, b])| {
        let view = |shape, data| TensorView::new(Dtype::F32, shape, data).expect("the shape is that of the data");
        [(weight, view(vec![layer.n_out, layer.n_in], w)), (bias, view(vec![layer.n_out], b))]
    });
    safetensors::serialize(views, None).expect("valid tensors")
}

fn json(network: &Network) -> String {
    let layer = |a: &Affine| serde_json::json!({ "weights": a.weights.chunks(a.n_in).collect::<Vec<_>>(), "bias": a.bias });
    let layers: Vec<_> = network.layers().iter().map(layer).collect();
    serde_json::json!({ "activation": "relu", "layers": layers }).to_string()
}

fn frames() {
    let trained = networks::by_name("rings_32x4");
    let random = Network::new(networks::by_name("random 32x4").layers().to_vec(), trained.slope()).expect("the shapes chain");
    let keys = vec![Keyframe::new("random", random), Keyframe::new("trained", trained)];
    let timeline = Timeline::morph(keys, Easing::Linear).expect("of one architecture");
    let gpu = adapter();
    let mut renderer = Renderer::new(&gpu).expect("the bundled fonts");
    let mut rows = Vec::new();
    for i in 0..=FRAMES {
        let start = Instant::now();
        let network = timeline.network(f64::from(i) / f64::from(FRAMES)).expect("a network at every time");
        let complex = Complex::enumerate(&network, &Window::SQUARE, &Options::default()).expect("within the limits");
        let enumerated = start.elapsed();
        let mesh = Mesh::build(&complex, &[1.0]);
        let built = start.elapsed();
        renderer.set_mesh(&mesh).expect("a small mesh");
        gpu.queue.submit([]);
        gpu.device.poll(wgpu::PollType::wait_indefinitely()).expect("a device that works");
        rows.push((start.elapsed(), enumerated, built.saturating_sub(enumerated), complex.n_regions()));
    }
    rows.sort_unstable();
    println!("\nframes on {}\n", gpu.describe());
    println!("| of {} frames | whole | complex | mesh | upload | regions |\n| --- | ---: | ---: | ---: | ---: | ---: |", rows.len());
    for (name, k) in [("median", rows.len() / 2), ("worst", rows.len() - 1)] {
        let (whole, complex, mesh, regions) = rows[k];
        let upload = whole.saturating_sub(complex + mesh);
        println!("| {name} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} ms | {regions} |", ms(whole), ms(complex), ms(mesh), ms(upload));
    }
}

fn adapter() -> Gpu {
    Gpu::headless(&AdapterChoice::default()).expect("an adapter; software Vulkan is one: mesa-vulkan-drivers")
}

fn stopping() {
    println!("\n| net | threads | stops | median to stop | worst |\n| --- | ---: | ---: | ---: | ---: |");
    for name in &networks::NAMES[5..] {
        let network = networks::by_name(name);
        for threads in [1, 2] {
            let mut times: Vec<Duration> = STOPS.iter().filter_map(|&after| stop(&network, threads, after)).collect();
            times.sort_unstable();
            let Some(&worst) = times.last() else { continue };
            println!("| {name} | {threads} | {} | {:.2} ms | {:.2} ms |", times.len(), ms(times[times.len() / 2]), ms(worst));
        }
    }
}

/// From the wish to stop to the end; `None` if it was done before.
fn stop(network: &Network, threads: usize, after_ms: u64) -> Option<Duration> {
    let cancel = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let options = Options { threads, cancel: Some(&cancel), ..Options::default() };
        let running = scope.spawn(move || (Complex::enumerate(network, &Window::SQUARE, &options).err(), Instant::now()));
        std::thread::sleep(Duration::from_millis(after_ms));
        let asked = Instant::now();
        cancel.store(true, Ordering::Relaxed);
        let (error, ended) = running.join().expect("it does not panic");
        (error == Some(ComplexError::Cancelled)).then(|| ended.saturating_duration_since(asked))
    })
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
