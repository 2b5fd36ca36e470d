//! Numbers as people read them.

use crate::mesh::number::with_commas;

/// `2 → 16 → 16 → 1`.
pub(super) fn chain(widths: &[usize]) -> String {
    widths.iter().map(|&n| with_commas(n)).collect::<Vec<_>>().join(" → ")
}

/// The line below a picture's name.
pub(super) fn subtitle(widths: &[usize], n_regions: usize) -> String {
    format!("{}  ·  {} region{}", chain(widths), with_commas(n_regions), if n_regions == 1 { "" } else { "s" })
}
