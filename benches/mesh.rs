//! How fast meshes are built: triangles and segments a second, of the repository's networks, with activation and with linear
//! regions as faces. Best of several runs; the complex is computed before. `cargo bench --bench mesh` runs it.

mod networks;
mod timing;

use foldscape::complex::{Complex, Options, Window};
use foldscape::mesh::Mesh;
use std::time::Duration;

const RUNS: usize = 7;

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
    for name in networks::NAMES.into_iter().filter(|name| name.starts_with("rings")) {
        let network = networks::by_name(name);
        let complex = Complex::enumerate(&network, &Window::SQUARE, &Options::default()).expect("within the limits");
        let (mesh, times) = timing::runs(RUNS, || Mesh::build(&complex, &[1.0]));
        report(name, "activation", times[0], &mesh);
        let linear = complex.linear_regions(&network);
        let (mesh, times) = timing::runs(RUNS, || Mesh::build_linear(&complex, &linear, &[1.0]));
        report(name, "linear", times[0], &mesh);
    }
}
