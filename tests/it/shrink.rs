//! Makes a failing network as small and plain as it stays failing, and writes it as a test.

use foldscape::complex::Window;
use foldscape::network::{Affine, Network};
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Attempts after which it is small enough.
const MOST_ATTEMPTS: usize = 5_000;

/// The smallest network found for which `check` still fails, and its message. A panic is a failure.
pub fn shrink(network: &Network, check: impl Fn(&Network) -> Result<(), String>) -> (Network, String) {
    let fails = |network: &Network| match catch_unwind(AssertUnwindSafe(|| check(network))) {
        Ok(result) => result.err(),
        Err(_) => Some("panicked".to_owned()),
    };
    let (mut best, mut message) = (network.clone(), fails(network).unwrap_or_default());
    let mut attempts = 0;
    loop {
        let smaller = candidates(&best).into_iter().take(MOST_ATTEMPTS - attempts).find_map(|network| {
            attempts += 1;
            fails(&network).map(|message| (network, message))
        });
        match smaller {
            Some(found) if attempts < MOST_ATTEMPTS => (best, message) = found,
            _ => return (best, message),
        }
    }
}

/// The network and window as the source of a test that checks them.
pub fn as_test(network: &Network, window: &Window, message: &str) -> String {
    let mut text = String::from("#[test]\nfn found_by_chance() {\n    let layers = vec![\n");
    for layer in network.layers() {
        let rows: Vec<String> = layer.weights.chunks_exact(layer.n_in).map(|row| format!("&{row:?}")).collect();
        writeln!(text, "        affine(&[{}], &{:?}),", rows.join(", "), layer.bias).expect("memory");
    }
    let ([x0, y0], [x1, y1]) = (window.min, window.max);
    writeln!(
        text,
        "    ];\n    let network = Network::new(layers, 0.0).and_then(|n| n.with_slopes(vec!{:?})).expect(\"shapes chain\");",
        network.slopes()
    )
    .expect("memory");
    writeln!(text, "    let window = Window::new([{x0:?}, {y0:?}, {x1:?}, {y1:?}]).expect(\"a window\");").expect("memory");
    text + "    assert_eq!(check(&network, &window), Ok(()));\n}\n// it said: " + &message.replace('\n', "\n// ")
}

/// Smaller and plainer networks, the boldest steps first.
fn candidates(network: &Network) -> Vec<Network> {
    let mut found = Vec::new();
    let mut add = |layers: Vec<Affine>, slopes: Vec<f64>| {
        if let Ok(network) = Network::new(layers, 0.0).and_then(|n| n.with_slopes(slopes)) {
            found.push(network);
        }
    };
    let (layers, slopes) = (network.layers(), network.slopes());
    for l in 0..slopes.len() {
        if let Some((layers, slopes)) = without_layer(layers, slopes, l) {
            add(layers, slopes);
        }
    }
    for l in 0..layers.len() {
        for j in 0..layers[l].n_out {
            add(without_unit(layers, l, j), slopes.to_vec());
        }
    }
    for l in 0..slopes.len() {
        let mut plain = slopes.to_vec();
        plain[l] = 0.0;
        if plain != slopes {
            add(layers.to_vec(), plain);
        }
    }
    for l in 0..layers.len() {
        for k in 0..layers[l].weights.len() + layers[l].bias.len() {
            for plain in [|_: f64| 0.0, f64::signum, f64::round, |v: f64| (v * 8.0).round() / 8.0] {
                let mut changed = layers.to_vec();
                let n = changed[l].weights.len();
                let value = if k < n { &mut changed[l].weights[k] } else { &mut changed[l].bias[k - n] };
                let before = std::mem::replace(value, plain(*value));
                // each step leaves fewer digits, so that no two follow each other in a circle
                if *value != before
                    && format!("{value}").len() <= format!("{before}").len()
                    && before != 0.0
                    && value.abs() <= before.abs().max(1.0)
                {
                    add(changed, slopes.to_vec());
                }
            }
        }
    }
    found
}

/// Without hidden layer `l`, where the layer after it can read the one before it once it is cut to fit.
fn without_layer(layers: &[Affine], slopes: &[f64], l: usize) -> Option<(Vec<Affine>, Vec<f64>)> {
    let mut layers = layers.to_vec();
    let removed = layers.remove(l);
    let next = layers.get_mut(l)?;
    let n_in = removed.n_in;
    let row = |row: &[f64]| (0..n_in).map(|i| row.get(i).copied().unwrap_or(1.0)).collect::<Vec<_>>();
    next.weights = next.weights.chunks_exact(next.n_in).flat_map(row).collect();
    next.n_in = n_in;
    let mut slopes = slopes.to_vec();
    slopes.remove(l);
    Some((layers, slopes))
}

fn without_unit(layers: &[Affine], l: usize, j: usize) -> Vec<Affine> {
    let mut layers = layers.to_vec();
    let n_in = layers[l].n_in;
    layers[l].weights.drain(j * n_in..(j + 1) * n_in);
    layers[l].bias.remove(j);
    layers[l].n_out -= 1;
    if let Some(next) = layers.get_mut(l + 1) {
        let mut i = 0;
        let n_in = next.n_in;
        next.weights.retain(|_| {
            i += 1;
            (i - 1) % n_in != j
        });
        next.n_in -= 1;
    }
    layers
}
