//! Names of tensors: their natural order, in which `10.weight` comes after `2.weight`, and the layer they belong to.

use std::cmp::Ordering;

/// What a tensor is to its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Weight,
    Bias,
}

/// Splits `net.0.weight` into the layer `net.0` and the role. `None` for any other name.
pub(super) fn split(name: &str) -> Option<(&str, Role)> {
    let (layer, last) = name.rsplit_once('.').unwrap_or(("", name));
    match last {
        "weight" => Some((layer, Role::Weight)),
        "bias" => Some((layer, Role::Bias)),
        _ => None,
    }
}

/// The order in which runs of digits count as numbers. Equal only for equal names.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let by_runs = runs(a).map(key).cmp(runs(b).map(key));
    by_runs.then_with(|| a.cmp(b))
}

/// The runs of digits and of other characters, in order.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// Numbers before text; numbers by length without leading zeros, then by digits.
fn key(run: &str) -> (bool, usize, &str) {
    if run.as_bytes()[0].is_ascii_digit() {
        let digits = run.trim_start_matches('0');
        (false, digits.len(), digits)
    } else {
        (true, 0, run)
    }
}
