//! How fast meshes are built: triangles and segments a second, of the networks in `tests/models`, with activation and with linear
//! regions as faces. Best of several runs; the complex is computed before. `cargo bench --bench mesh` runs it.

use foldscape::complex::{Complex, Options, Window};
use foldscape::mesh::Mesh;
use foldscape::model;
use std::time::{Duration, Instant};

const MODELS: [&str; 4] = ["rings_16x4", "rings_32x4", "rings_64x4", "rings_128x4"];
const RUNS: usize = 7;

/// The best time of several runs, and what the last one made.
fn best<T>(make: impl Fn() -> T) -> (Duration, T) {
    let run = || {
        let start = Instant::now();
        let made = make();
        (start.elapsed(), made)
    };
    (1..RUNS).fold(run(), |(best, _), _| {
        let (time, made) = run();
        (best.min(time), made)
    })
}

fn report(name: &str, faces: &str, time: Duration, mesh: &Mesh) {
    let per_second = |n: usize| n as f64 / time.as_secs_f64() / 1e6;
    let (triangles, segments) = (mesh.faces.len() / 3, mesh.segments.len());
    println!(
        "{name:12} {faces:10} {triangles:8} triangles {segments:8} segments {:8.2} ms {:7.2} M triangles/s {:7.2} M segments/s",
        time.as_secs_f64() * 1e3,
        per_second(triangles),
        per_second(segments)
    );
}

fn main() {
    for name in MODELS {
        let path = format!("{}/tests/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).expect("the model is in the repository");
        let model = model::load(name, &bytes, None).expect("a valid model");
        let complex = Complex::enumerate(&model.network, &Window::SQUARE, &Options::default()).expect("within the limits");
        let (time, mesh) = best(|| Mesh::build(&complex, &[1.0]));
        report(name, "activation", time, &mesh);
        let linear = complex.linear_regions(&model.network);
        let (time, mesh) = best(|| Mesh::build_linear(&complex, &linear, &[1.0]));
        report(name, "linear", time, &mesh);
    }
}
