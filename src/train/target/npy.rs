//! Points from an array of numpy, `[n x 3]` or wider: columns x, y, values. Floats and integers of every size, in either order.
//!
//! Refuses other shapes and types, and sizes that do not fit the file, before memory is taken. The format: a magic word, the
//! version, the header's length, and as header a Python dictionary with `descr`, `fortran_order` and `shape`
//! (numpy.lib.format). The npyz crate reads it too, but overflows on shapes of strangers.

use super::TrainError;
use super::points::{MAX_POINTS, MAX_VALUES, Points};

/// The first bytes of the format.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

fn wrong(text: String) -> TrainError {
    TrainError::Points(text)
}

/// Reads the array.
pub(super) fn read(bytes: &[u8]) -> Result<Points, TrainError> {
    if bytes.is_empty() {
        return Err(wrong("the file is empty".to_owned()));
    }
    let broken = || wrong("the npy header cannot be read; save the array again with numpy.save".to_owned());
    let (header, data) = split(bytes).ok_or_else(broken)?;
    let header = Header::parse(header).ok_or_else(broken)?;
    let (n, width) = size(&header.shape)?;
    let (number, n_bytes) = number_reader(header.descr)
        .ok_or_else(|| wrong(format!("the array's type is {}; save it as float64, float32 or integers", header.descr)))?;
    let needed = n * width * n_bytes;
    if needed != data.len() {
        return Err(wrong(format!("the array takes {needed} bytes, but {} follow the header; save it again", data.len())));
    }
    let is_big_endian = header.descr.starts_with('>');
    let at = |row: usize, column: usize| {
        let i = if header.fortran_order { column * n + row } else { row * width + column };
        number(&data[i * n_bytes..][..n_bytes], is_big_endian)
    };
    for row in 0..n {
        if let Some(column) = (0..width).find(|&column| !at(row, column).is_finite()) {
            return Err(wrong(format!("row {row}, column {column} is {}; leave such rows out", at(row, column))));
        }
    }
    let places = (0..n).map(|row| [at(row, 0), at(row, 1)]).collect();
    Points::with_values(places, (0..n).flat_map(|row| (2..width).map(move |column| (row, column))).map(|(r, c)| at(r, c)).collect())
}

/// The header's text and the data.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let ([major, _minor], rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
    let (length, rest) = match major {
        1 => {
            let (length, rest) = rest.split_first_chunk()?;
            (u16::from_le_bytes(*length).into(), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk()?;
            (u32::from_le_bytes(*length), rest)
        }
        _ => return None,
    };
    let (header, data) = rest.split_at_checked(length as usize)?;
    Some((std::str::from_utf8(header).ok()?, data))
}

struct Header<'a> {
    descr: &'a str,
    fortran_order: bool,
    shape: Vec<u64>,
}

impl<'a> Header<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let after = |key: &str| Some(text.split_once(key)?.1.trim_start().strip_prefix(':')?.trim_start());
        let descr = after("'descr'")?;
        let descr = descr.strip_prefix('\'').and_then(|rest| rest.split_once('\'')).map_or(descr, |(descr, _)| descr);
        let order = after("'fortran_order'")?;
        let shape = after("'shape'")?.strip_prefix('(')?.split_once(')')?.0;
        let sides = shape.split(',').map(str::trim).filter(|side| !side.is_empty());
        Some(Self { descr, fortran_order: order.starts_with("True"), shape: sides.map(|side| side.parse().ok()).collect::<Option<_>>()? })
    }
}

/// Rows and columns.
fn size(shape: &[u64]) -> Result<(usize, usize), TrainError> {
    match shape {
        &[n, width] if (1..=MAX_POINTS as u64).contains(&n) && (3..=2 + MAX_VALUES as u64).contains(&width) => {
            Ok((n as usize, width as usize))
        }
        _ => Err(wrong(format!(
            "the array has shape {shape:?}; points are [n, 3] or wider: columns x, y, values; at most {MAX_POINTS} points and {MAX_VALUES} values"
        ))),
    }
}

/// Rounded beyond 2^53.
fn from_i64(v: i64) -> f64 {
    v as f64
}

/// Rounded beyond 2^53.
fn from_u64(v: u64) -> f64 {
    v as f64
}

/// A number from its bytes, big-endian or not.
type Number = fn(&[u8], bool) -> f64;

/// What reads numbers of type `descr`, such as `<f8`, and their size in bytes.
fn number_reader(descr: &str) -> Option<(Number, usize)> {
    macro_rules! reader {
        ($type:ty, $to_f64:expr) => {{
            let number: Number = |bytes, is_big_endian| {
                let mut raw = [0; size_of::<$type>()];
                raw.copy_from_slice(bytes);
                $to_f64(if is_big_endian { <$type>::from_be_bytes(raw) } else { <$type>::from_le_bytes(raw) })
            };
            Some((number, size_of::<$type>()))
        }};
    }
    match descr.trim_start_matches(['<', '>', '|', '=']) {
        "f8" => reader!(f64, f64::from),
        "f4" => reader!(f32, f64::from),
        "i8" => reader!(i64, from_i64),
        "i4" => reader!(i32, f64::from),
        "i2" => reader!(i16, f64::from),
        "i1" => reader!(i8, f64::from),
        "u8" => reader!(u64, from_u64),
        "u4" => reader!(u32, f64::from),
        "u2" => reader!(u16, f64::from),
        "u1" => reader!(u8, f64::from),
        _ => None,
    }
}
