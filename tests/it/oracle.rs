//! The complex of a small network by rational arithmetic: every cell is clipped by every unit's line, in layer order.
//!
//! In: a network and a window. Out: every region with its pattern, its exact polygon and the unit of each side, and
//! [`compare`], which holds a [`Complex`] against that. Shares no code with the program: no forms, no predicates, no
//! half-edges. Slow and simple, for a few hundred regions.

use foldscape::complex::{Complex, EdgeKind, Window};
use foldscape::network::{Network, Unit};
use num_bigint::BigInt;
use num_rational::BigRational;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A vertex may be this far from its rational position, in units of the window's longer side: rounding of f64
/// (2^-53) times what the condition of two crossing lines of the small networks here may cost.
pub const VERTEX_BOUND: f64 = 1e-9;

pub type Point = [BigRational; 2];

/// An activation region: `sides[i]` runs from `polygon[i]` to the vertex after it, counter-clockwise.
#[derive(Debug, Clone)]
pub struct Region {
    pub pattern: Vec<bool>,
    pub polygon: Vec<Point>,
    pub sides: Vec<EdgeKind>,
    /// The affine map `[g_x, g_y, c]` of every output.
    pub maps: Vec<[BigRational; 3]>,
}

/// A region on its way: the polygon so far and the activations of the last finished layer as forms `[g_x, g_y, c]`.
#[derive(Clone)]
struct Cell {
    region: Region,
    inputs: Vec<[BigRational; 3]>,
    pre_activations: Vec<[BigRational; 3]>,
}

/// All regions of `network` on `window`, in no particular order.
pub fn regions(network: &Network, window: &Window) -> Vec<Region> {
    let mut cells = vec![start(window)];
    for (l, layer) in network.hidden().iter().enumerate() {
        for cell in &mut cells {
            let rows = layer.weights.chunks_exact(layer.n_in).zip(&layer.bias);
            cell.pre_activations = rows.map(|(w, &b)| combine(w, b, &cell.inputs)).collect();
        }
        for j in 0..layer.n_out {
            let unit = Unit { layer: l as u32, index: j as u32 };
            cells = cells.into_iter().flat_map(|cell| split(cell, unit)).collect();
        }
        let slope = exact(network.slope_of(l));
        for cell in &mut cells {
            let on = &cell.region.pattern[cell.region.pattern.len() - layer.n_out..];
            let act = |(z, on): (&[BigRational; 3], &bool)| if *on { z.clone() } else { z.clone().map(|c| c * &slope) };
            cell.inputs = cell.pre_activations.iter().zip(on).map(act).collect();
        }
    }
    let output = network.output();
    let maps =
        |cell: &Cell| output.weights.chunks_exact(output.n_in).zip(&output.bias).map(|(w, &b)| combine(w, b, &cell.inputs)).collect();
    cells.into_iter().map(|cell| Region { maps: maps(&cell), ..cell.region }).collect()
}

/// Fails with a message unless `complex` has exactly the regions of the rational clipping: the same patterns, round each
/// region the same units in the same order, and vertices within [`VERTEX_BOUND`].
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

/// Two neighbours are in one linear region exactly if their rational maps are equal, and linear regions are connected through
/// such neighbours.
fn compare_linear_regions(complex: &Complex, network: &Network, expected: &BTreeMap<Vec<bool>, Region>) -> Result<(), String> {
    let linear = complex.linear_regions(network);
    let maps = |f: u32| &expected[&complex.pattern(f)].maps;
    let mut joined = vec![vec![]; complex.n_regions()];
    for e in 0..complex.n_edges() as u32 {
        let (Some(a), Some(b)) = (complex.face(2 * e), complex.face(2 * e + 1)) else { continue };
        if (maps(a) == maps(b)) == linear.is_outline(complex, e) {
            return Err(format!("edge {e} between regions {a} and {b} is an outline of linear regions: {}", maps(a) == maps(b)));
        }
        if maps(a) == maps(b) {
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

/// Two loops agree if they do after one of them is turned.
fn compare_region(complex: &Complex, f: u32, region: &Region, window: &Window) -> Result<(), String> {
    let half_edges: Vec<u32> = complex.face_half_edges(f).collect();
    let n = region.polygon.len();
    if half_edges.len() != n {
        return Err(format!("{} sides, rational clipping has {n}", half_edges.len()));
    }
    let scale = (window.max[0] - window.min[0]).max(window.max[1] - window.min[1]);
    let near = |h: u32, p: &Point| {
        let v = complex.vertex(complex.origin(h));
        (0..2).all(|k| magnitude(&(exact(v[k]) - &p[k])) <= VERTEX_BOUND * scale)
    };
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
    let wanted: Vec<_> = region.polygon.iter().map(|p| [approximate(&p[0]), approximate(&p[1])]).zip(&region.sides).collect();
    Err(format!("sides and vertices differ:\n  found  {found:?}\n  wanted {wanted:?}"))
}

/// The window's sides are numbered bottom, right, top, left.
fn start(window: &Window) -> Cell {
    let [x0, x1, y0, y1] = [window.min[0], window.max[0], window.min[1], window.max[1]].map(exact);
    let polygon = vec![[x0.clone(), y0.clone()], [x1.clone(), y0], [x1, y1.clone()], [x0, y1]];
    let region = Region { pattern: vec![], polygon, sides: (0..4).map(EdgeKind::Border).collect(), maps: vec![] };
    let [zero, one] = [exact(0.0), exact(1.0)];
    let inputs = vec![[one.clone(), zero.clone(), zero.clone()], [zero.clone(), one, zero]];
    Cell { region, inputs, pre_activations: vec![] }
}

/// The cell on either side of the unit's line, or the whole cell where the unit has one sign.
fn split(mut cell: Cell, unit: Unit) -> Vec<Cell> {
    let form = &cell.pre_activations[unit.index as usize];
    let values: Vec<BigRational> = cell.region.polygon.iter().map(|p| &form[0] * &p[0] + &form[1] * &p[1] + &form[2]).collect();
    let zero = exact(0.0);
    let has = |sign: Ordering| values.iter().any(|v| v.cmp(&zero) == sign);
    if !(has(Ordering::Greater) && has(Ordering::Less)) {
        cell.region.pattern.push(has(Ordering::Greater));
        return vec![cell];
    }
    [Ordering::Greater, Ordering::Less].into_iter().map(|side| clip(&cell, &values, unit, side)).collect()
}

/// The part of the cell where the unit's value has the sign `side`, or is 0.
fn clip(cell: &Cell, values: &[BigRational], unit: Unit, side: Ordering) -> Cell {
    let (polygon, sides) = (&cell.region.polygon, &cell.region.sides);
    let sign: Vec<Ordering> = values.iter().map(|v| v.cmp(&exact(0.0))).collect();
    let mut region = Region { pattern: cell.region.pattern.clone(), polygon: vec![], sides: vec![], maps: vec![] };
    region.pattern.push(side == Ordering::Greater);
    for i in 0..polygon.len() {
        let j = (i + 1) % polygon.len();
        let leaves = sign[j] == side.reverse();
        if sign[i] == side || sign[i] == Ordering::Equal {
            let keeps_side = sign[i] == side || sign[j] == side;
            if sign[i] == side || keeps_side || sign[(i + polygon.len() - 1) % polygon.len()] == side {
                region.polygon.push(polygon[i].clone());
                region.sides.push(if keeps_side { sides[i] } else { EdgeKind::Bent(unit) });
            }
        }
        if sign[i] == side && leaves {
            region.polygon.push(crossing(&polygon[i], &polygon[j], &values[i], &values[j]));
            region.sides.push(EdgeKind::Bent(unit));
        }
        if sign[i] == side.reverse() && sign[j] == side {
            region.polygon.push(crossing(&polygon[i], &polygon[j], &values[i], &values[j]));
            region.sides.push(sides[i]);
        }
    }
    Cell { region, inputs: cell.inputs.clone(), pre_activations: cell.pre_activations.clone() }
}

/// The point between `p` and `q` where an affine function with values `a` and `b` there is 0.
fn crossing(p: &Point, q: &Point, a: &BigRational, b: &BigRational) -> Point {
    let t = a / (a - b);
    [&p[0] + (&q[0] - &p[0]) * &t, &p[1] + (&q[1] - &p[1]) * &t]
}

/// `sum of w_i form_i, plus b`.
fn combine(weights: &[f64], bias: f64, forms: &[[BigRational; 3]]) -> [BigRational; 3] {
    let mut sum = [exact(0.0), exact(0.0), exact(bias)];
    for (&w, form) in weights.iter().zip(forms).filter(|(w, _)| **w != 0.0) {
        let w = exact(w);
        for k in 0..3 {
            sum[k] += &w * &form[k];
        }
    }
    sum
}

/// The f64 as the fraction it is.
pub fn exact(v: f64) -> BigRational {
    BigRational::from_float(v).expect("the networks of the tests are finite")
}

fn magnitude(v: &BigRational) -> f64 {
    approximate(v).abs()
}

/// The nearest f64, good to some 2^-60 of itself above 2^-200.
fn approximate(v: &BigRational) -> f64 {
    let scaled: BigInt = (v * BigRational::from_integer(BigInt::from(1) << 260)).to_integer();
    let text = scaled.to_string();
    text.parse::<f64>().unwrap_or(f64::NAN) * 2f64.powi(-260)
}
