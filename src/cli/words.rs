//! Numbers as people read them.

/// A number with commas between thousands.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `2 → 16 → 16 → 1`.
pub(super) fn chain(widths: &[usize]) -> String {
    widths.iter().map(|&n| grouped(n)).collect::<Vec<_>>().join(" → ")
}

/// The line below a picture's name.
pub(super) fn subtitle(widths: &[usize], n_regions: usize) -> String {
    format!("{} · {} region{}", chain(widths), grouped(n_regions), if n_regions == 1 { "" } else { "s" })
}
