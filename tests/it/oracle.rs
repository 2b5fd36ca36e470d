//! The complex of a small network by rational arithmetic: every cell is clipped by every unit's line, in layer order.
//!
//! In: a network and a window. Out: every region with its pattern, its exact polygon, the unit of each side and its maps, and
//! [`compare`], which holds a [`Complex`] against that. Shares no code with the program. Slow and simple, for a few hundred
//! regions. A rational point is `(x : y : w)` with integers and `w > 0`. A form is `[g_x, g_y, c]` with integers: every
//! weight is one after scaling by a power of two, and so are the forms of a layer, all by the same power.

use foldscape::complex::{Complex, EdgeKind, Window};
use foldscape::network::{Affine, Network, Unit};
use num_bigint::{BigInt, Sign};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A vertex may be this far from its rational position, in units of the window's longer side: rounding of f64
/// (2^-53) times what the condition of two crossing lines of the small networks here may cost. The law of positions in
/// `verify` bounds the distance from each line by itself.
pub const VERTEX_BOUND: f64 = 1e-9;
/// Positions are compared in units of 2^-100.
const FRACTION_BITS: u32 = 100;

type Form = [BigInt; 3];

/// An activation region: `sides[i]` runs from `polygon[i]` to the vertex after it, counter-clockwise.
#[derive(Debug, Clone)]
pub struct Region {
    pub pattern: Vec<bool>,
    /// `(x : y : w)`.
    pub polygon: Vec<[BigInt; 3]>,
    pub sides: Vec<EdgeKind>,
    /// The forms of the outputs, scaled alike in all regions.
    pub maps: Vec<Form>,
}

/// A region on its way: the forms of its sides, the activations of the last finished layer, the pre-activations of the next.
#[derive(Clone)]
struct Cell {
    region: Region,
    lines: Vec<Form>,
    inputs: Vec<Form>,
    pre_activations: Vec<Form>,
}

/// All regions of `network` on `window`, in no particular order.
pub fn regions(network: &Network, window: &Window) -> Vec<Region> {
    let mut cells = vec![start(window)];
    let mut scale = 0;
    for (l, layer) in network.hidden().iter().enumerate() {
        scale = pre_activate(&mut cells, layer, scale);
        for j in 0..layer.n_out {
            let unit = Unit { layer: l as u32, index: j as u32 };
            cells = cells.into_iter().flat_map(|cell| split(cell, unit)).collect();
        }
        let slope = network.slope_of(l);
        let (one, slope) = (integer(1.0, fraction_bits(slope)), (integer(slope, fraction_bits(slope)), fraction_bits(slope)));
        for cell in &mut cells {
            let on = &cell.region.pattern[cell.region.pattern.len() - layer.n_out..];
            let act = |(z, on): (&Form, &bool)| z.clone().map(|c| c * if *on { &one } else { &slope.0 });
            cell.inputs = cell.pre_activations.iter().zip(on).map(act).collect();
        }
        scale += slope.1;
    }
    pre_activate(&mut cells, network.output(), scale);
    cells.into_iter().map(|cell| Region { maps: cell.pre_activations, ..cell.region }).collect()
}

/// Computes all cells' pre-activations of a layer from inputs that are scaled by `2^scale`; gives the scale of the result.
fn pre_activate(cells: &mut [Cell], layer: &Affine, scale: u32) -> u32 {
    let weight_bits = layer.weights.iter().map(|&w| fraction_bits(w)).max().unwrap_or(0);
    let bias_bits = layer.bias.iter().map(|&b| fraction_bits(b)).max().unwrap_or(0);
    let bits = weight_bits.max(bias_bits.saturating_sub(scale));
    let weights: Vec<BigInt> = layer.weights.iter().map(|&w| integer(w, bits)).collect();
    let biases: Vec<BigInt> = layer.bias.iter().map(|&b| integer(b, bits + scale)).collect();
    for cell in cells {
        let row = |(w, b): (&[BigInt], &BigInt)| combine(w, b, &cell.inputs);
        cell.pre_activations = weights.chunks_exact(layer.n_in).zip(&biases).map(row).collect();
    }
    scale + bits
}

/// Fails with a message unless `complex` has exactly the regions of the rational clipping: the same patterns, round each
/// region the same units in the same order, vertices within [`VERTEX_BOUND`], and linear regions where the maps are equal.
pub fn compare(complex: &Complex, network: &Network, window: &Window) -> Result<(), String> {
    let expected: BTreeMap<Vec<bool>, Region> = regions(network, window).into_iter().map(|r| (r.pattern.clone(), r)).collect();
    if complex.n_regions() != expected.len() {
        return Err(format!("{} regions, rational clipping has {}", complex.n_regions(), expected.len()));
    }
    let mut seen = BTreeMap::new();
    for f in 0..complex.n_regions() as u32 {
        let pattern = complex.pattern(f);
        let region = expected.get(&pattern).ok_or_else(|| format!("region {f} has a pattern that does not exist: {pattern:?}"))?;
        if let Some(other) = seen.insert(pattern, f) {
            return Err(format!("regions {other} and {f} have one pattern"));
        }
        compare_region(complex, f, region, window).map_err(|e| format!("region {f}, pattern {:?}: {e}", region.pattern))?;
    }
    compare_linear_regions(complex, network, &expected)
}

/// Two loops agree if they do after one of them is turned.
fn compare_region(complex: &Complex, f: u32, region: &Region, window: &Window) -> Result<(), String> {
    let half_edges: Vec<u32> = complex.face_half_edges(f).collect();
    let n = region.polygon.len();
    if half_edges.len() != n {
        return Err(format!("{} sides, rational clipping has {n}", half_edges.len()));
    }
    let bound = VERTEX_BOUND * (window.max[0] - window.min[0]).max(window.max[1] - window.min[1]);
    let near = |h: u32, p: &[BigInt; 3]| (0..2).all(|k| distance(complex.vertex(complex.origin(h))[k], &p[k], &p[2]) <= bound);
    let fits = |turn: usize| {
        (0..n).all(|i| {
            let j = (i + turn) % n;
            complex.edge_kind(half_edges[i] >> 1) == region.sides[j] && near(half_edges[i], &region.polygon[j])
        })
    };
    if (0..n).any(fits) {
        return Ok(());
    }
    let found: Vec<_> = half_edges.iter().map(|&h| (complex.vertex(complex.origin(h)), complex.edge_kind(h >> 1))).collect();
    let nearest = |p: &[BigInt; 3]| [0, 1].map(|k| to_f64(&fixed_point(&p[k], &p[2])));
    let wanted: Vec<_> = region.polygon.iter().map(nearest).zip(&region.sides).collect();
    Err(format!("sides and vertices differ:\n  found  {found:?}\n  wanted {wanted:?}"))
}

/// Two neighbours are in one linear region exactly if their rational maps are equal, and linear regions are connected through
/// such neighbours.
fn compare_linear_regions(complex: &Complex, network: &Network, expected: &BTreeMap<Vec<bool>, Region>) -> Result<(), String> {
    let linear = complex.linear_regions(network);
    let maps: Vec<&Vec<Form>> = (0..complex.n_regions() as u32).map(|f| &expected[&complex.pattern(f)].maps).collect();
    let mut joined = vec![vec![]; complex.n_regions()];
    for e in 0..complex.n_edges() as u32 {
        let (Some(a), Some(b)) = (complex.face(2 * e), complex.face(2 * e + 1)) else { continue };
        let equal = maps[a as usize] == maps[b as usize];
        if equal == linear.is_outline(complex, e) {
            return Err(format!("the maps of regions {a} and {b} are equal: {equal}; linear regions say otherwise"));
        }
        if equal {
            joined[a as usize].push(b);
            joined[b as usize].push(a);
        }
    }
    let mut seen = vec![false; complex.n_regions()];
    let mut n = 0;
    for start in 0..seen.len() as u32 {
        n += usize::from(!seen[start as usize]);
        let mut open = vec![start];
        while let Some(f) = open.pop() {
            if !std::mem::replace(&mut seen[f as usize], true) {
                open.extend(&joined[f as usize]);
            }
        }
    }
    if n == linear.count() { Ok(()) } else { Err(format!("{} linear regions, the rational maps make {n}", linear.count())) }
}

/// The window's sides are numbered bottom, right, top, left.
fn start(window: &Window) -> Cell {
    let ([x0, y0], [x1, y1]) = (window.min, window.max);
    let bits = [x0, y0, x1, y1].map(fraction_bits).into_iter().max().unwrap_or(0);
    let point = |p: [f64; 2]| [integer(p[0], bits), integer(p[1], bits), integer(1.0, bits)];
    let polygon = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map(point).to_vec();
    let line = |v: [f64; 3]| v.map(|v| integer(v, bits));
    let lines = [[0.0, 1.0, -y0], [1.0, 0.0, -x1], [0.0, 1.0, -y1], [1.0, 0.0, -x0]].map(line).to_vec();
    let region = Region { pattern: vec![], polygon, sides: (0..4).map(EdgeKind::Border).collect(), maps: vec![] };
    let inputs = [[1, 0, 0], [0, 1, 0]].map(|v| v.map(BigInt::from)).to_vec();
    Cell { region, lines, inputs, pre_activations: vec![] }
}

/// The cell on either side of the unit's line, or the whole cell where the unit has one sign.
fn split(mut cell: Cell, unit: Unit) -> Vec<Cell> {
    let form = &cell.pre_activations[unit.index as usize];
    let value = |p: &[BigInt; 3]| &form[0] * &p[0] + &form[1] * &p[1] + &form[2] * &p[2];
    let signs: Vec<Ordering> = cell.region.polygon.iter().map(|p| sign(&value(p))).collect();
    if !(signs.contains(&Ordering::Greater) && signs.contains(&Ordering::Less)) {
        cell.region.pattern.push(signs.contains(&Ordering::Greater));
        return vec![cell];
    }
    [Ordering::Greater, Ordering::Less].into_iter().map(|side| clip(&cell, &signs, unit, side)).collect()
}

/// The part of the cell where the unit's value has the sign `side`, or is 0.
fn clip(cell: &Cell, signs: &[Ordering], unit: Unit, side: Ordering) -> Cell {
    let n = signs.len();
    let cut = &cell.pre_activations[unit.index as usize];
    let mut part = Cell { region: Region { polygon: vec![], sides: vec![], ..cell.region.clone() }, lines: vec![], ..cell.clone() };
    part.region.pattern.push(side == Ordering::Greater);
    let mut push = |corner: [BigInt; 3], along: Option<usize>| {
        part.region.polygon.push(corner);
        part.region.sides.push(along.map_or(EdgeKind::Bent(unit), |i| cell.region.sides[i]));
        part.lines.push(along.map_or(cut, |i| &cell.lines[i]).clone());
    };
    for i in 0..n {
        let (before, here, next) = (signs[(i + n - 1) % n], signs[i], signs[(i + 1) % n]);
        let corner = || cell.region.polygon[i].clone();
        if here == side || (here == Ordering::Equal && next == side) {
            push(corner(), Some(i));
        } else if here == Ordering::Equal && before == side {
            push(corner(), None);
        }
        if here == side && next == side.reverse() {
            push(meeting(&cell.lines[i], cut), None);
        } else if here == side.reverse() && next == side {
            push(meeting(&cell.lines[i], cut), Some(i));
        }
    }
    part
}

/// Where two lines that are not parallel meet.
fn meeting(a: &Form, b: &Form) -> [BigInt; 3] {
    let minor = |i: usize, j: usize| &a[i] * &b[j] - &a[j] * &b[i];
    let point = [minor(1, 2), minor(2, 0), minor(0, 1)];
    if point[2].sign() == Sign::Minus { point.map(|v| -v) } else { point }
}

/// `sum of w_i form_i, plus b`.
fn combine(weights: &[BigInt], bias: &BigInt, forms: &[Form]) -> Form {
    let mut sum = [BigInt::ZERO, BigInt::ZERO, bias.clone()];
    for (w, form) in weights.iter().zip(forms).filter(|(w, _)| w.sign() != Sign::NoSign) {
        for k in 0..3 {
            sum[k] += w * &form[k];
        }
    }
    sum
}

fn sign(v: &BigInt) -> Ordering {
    v.cmp(&BigInt::ZERO)
}

/// An f64 as an odd integer (or 0) times a power of two.
fn decompose(v: f64) -> (i64, i32) {
    let bits = v.abs().to_bits();
    let (raw, fraction) = ((bits >> 52) as i32, (bits & ((1 << 52) - 1)) as i64);
    let (magnitude, exponent) = if raw == 0 { (fraction, -1074) } else { (fraction | (1 << 52), raw - 1075) };
    let trailing = if magnitude == 0 { 0 } else { magnitude.trailing_zeros() };
    ((magnitude >> trailing) * if v < 0.0 { -1 } else { 1 }, if magnitude == 0 { 0 } else { exponent + trailing as i32 })
}

/// Binary digits after the point.
fn fraction_bits(v: f64) -> u32 {
    (-decompose(v).1).max(0) as u32
}

/// `v 2^bits`, which is an integer.
fn integer(v: f64, bits: u32) -> BigInt {
    let (odd, exponent) = decompose(v);
    BigInt::from(odd) << (exponent + bits as i32)
}

/// `x / w` in units of `2^-FRACTION_BITS`, rounded down.
fn fixed_point(x: &BigInt, w: &BigInt) -> BigInt {
    (x << FRACTION_BITS) / w
}

/// `|v - x / w|`.
fn distance(v: f64, x: &BigInt, w: &BigInt) -> f64 {
    let (odd, exponent) = decompose(v);
    let shift = exponent + FRACTION_BITS as i32;
    let v = if shift < 0 { BigInt::from(odd) >> -shift } else { BigInt::from(odd) << shift };
    to_f64(&(v - fixed_point(x, w))).abs()
}

fn to_f64(fixed: &BigInt) -> f64 {
    fixed.to_string().parse::<f64>().unwrap_or(f64::NAN) * 2_f64.powi(-(FRACTION_BITS as i32))
}
