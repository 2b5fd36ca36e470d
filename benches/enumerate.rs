//! Enumeration alone, by one and two threads: `cargo bench --no-default-features --bench enumerate [-- NAME_PART]`.
//!
//! In: the networks of `networks`. Out: a Markdown table of regions, the median seconds of a few runs, regions a second, the
//! gain of a second thread, exact decisions, and (on Linux) the peak of memory above the network itself in bytes a region.
//! With `--once` each network is enumerated once by one thread, for profilers.

mod networks;
mod timing;

use foldscape::complex::{Complex, Options, Stats, Window};
use foldscape::network::Network;

const RUNS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let once = arguments.iter().any(|a| a == "--once");
    let wanted = |name: &str| arguments.iter().filter(|a| !a.starts_with("--")).all(|part| name.contains(part.as_str()));
    if !once {
        println!("| net | regions | 1 thread | regions/s | 2 threads | exact decisions | bytes/region |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    }
    for name in networks::NAMES.iter().filter(|name| wanted(name)) {
        let network = networks::by_name(name);
        if once {
            println!("{name}: {} regions", enumerate(&network, 1).n_regions());
        } else {
            row(name, &network);
        }
    }
}

fn row(name: &str, network: &Network) {
    let before = memory("VmRSS:");
    // makes the kernel forget the peak so far
    let forgot = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let complex = enumerate(network, 1);
    let bytes = memory("VmHWM:").zip(before).filter(|_| forgot).map(|(peak, before)| peak.saturating_sub(before));
    let Stats { regions, exact_decisions, .. } = complex.stats();
    drop(complex);
    let (one, two) = (median(network, 1), median(network, 2));
    let bytes = bytes.map_or("?".to_owned(), |b| format!("{:.0}", b as f64 / regions as f64));
    let rate = regions as f64 / one / 1e6;
    println!("| {name} | {regions} | {:.2} ms | {rate:.2} M | {:.2}x | {exact_decisions} | {bytes} |", one * 1e3, one / two);
}

fn enumerate(network: &Network, threads: usize) -> Complex {
    let options = Options { threads, ..Options::default() };
    Complex::enumerate(network, &Window::SQUARE, &options).expect("the networks here are within the limits")
}

/// The median of the seconds of some runs; giving the memory back is part of each.
fn median(network: &Network, threads: usize) -> f64 {
    let ((), times) = timing::runs(RUNS, || drop(std::hint::black_box(enumerate(network, threads))));
    times[RUNS / 2].as_secs_f64()
}

/// A line of the process's own status, in bytes; `None` where there is none.
fn memory(line: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|l| l.strip_prefix(line))?;
    value.trim().strip_suffix(" kB")?.trim().parse().ok().map(|kb: usize| kb * 1024)
}
