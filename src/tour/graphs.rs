//! The tour's graphs of functions of one number, as sheets.
//!
//! In: the complex of a network that ignores its second input. Out: [`Sheet`].

use super::facts;
use super::fit::Line;
use super::networks::{INTERVAL, JUMP};
use crate::complex::Complex;
use crate::network::Affine;
use crate::render::sheet::{Curve, Dot, Graph, Ink, Note, Sheet};
use crate::render::text::Anchor;

/// Widths of what the graph is about and of what it is compared with, in pixels of the look.
const THICK: f32 = 6.0;
const THIN: f32 = 2.5;

/// One unit: its sum, and what becomes of it. `unit` is the layer that it stands in alone.
pub(super) fn one_unit(complex: &Complex, unit: &Affine) -> Sheet {
    let profile = facts::profile(complex);
    let (weight, bias) = (unit.weights[0], unit.bias[0]);
    let at = |x: f64| weight * x + bias;
    let sign = if bias < 0.0 { '\u{2212}' } else { '+' };
    let title = format!("max(0, {weight} x {sign} {})", bias.abs());
    let ends = INTERVAL.map(|x| [x, at(x)]);
    let kink = profile.get(1).copied().unwrap_or_default();
    let line = Curve { points: vec![ends[0], kink], ink: Ink::Pale, width: THIN };
    let (on_line, on_floor, on_slope) = (0.5 * (ends[0][0] + kink[0]), 0.75 * ends[0][0], 0.5 * (kink[0] + ends[1][0]));
    let notes = vec![
        Note { at: [on_line + CLEAR, at(on_line)], text: "the sum".to_owned(), anchor: Anchor::Left, ink: Ink::Pale },
        Note { at: [on_floor, RAISED], text: "off".to_owned(), anchor: Anchor::Left, ink: Ink::Strong },
        Note { at: [on_slope - CLEAR, at(on_slope)], text: "on".to_owned(), anchor: Anchor::Right, ink: Ink::Strong },
        Note { at: [kink[0], -RAISED], text: "the fold".to_owned(), anchor: Anchor::Left, ink: Ink::Strong },
    ];
    let curve = Curve { points: profile, ink: Ink::Strong, width: THICK };
    let dots = vec![Dot { at: kink, ink: Ink::Strong, open: false }];
    Sheet { graphs: vec![Graph { y: [-2.0, 1.5], curves: vec![line, curve], dots, notes, ..graph(&title) }], ..Sheet::default() }
}

/// Where a word stands over a level line, and beside a slope.
const RAISED: f64 = 0.13;
const CLEAR: f64 = 0.02;

/// Two pieces that do not meet, and beside them the network's best.
pub(super) fn jump(complex: &Complex) -> Sheet {
    let y = [-1.0, 1.0];
    let wanted = |ink: Ink, width: f32| {
        let piece = |line: Line, [a, b]: [f64; 2]| Curve { points: vec![[a, line.at(a)], [b, line.at(b)]], ink, width };
        vec![piece(JUMP.left, [INTERVAL[0], JUMP.jump]), piece(JUMP.right, [JUMP.jump, INTERVAL[1]])]
    };
    let ends =
        [(JUMP.left, true), (JUMP.right, false)].map(|(line, open)| Dot { at: [JUMP.jump, line.at(JUMP.jump)], ink: Ink::Second, open });
    let target = Graph { y, curves: wanted(Ink::Second, THICK), dots: ends.to_vec(), ..graph("wanted") };
    let profile = facts::profile(complex);
    let dots = profile.iter().skip(1).take(profile.len().saturating_sub(2)).map(|&at| Dot { at, ink: Ink::Strong, open: false });
    let mut fit = Graph { y, dots: dots.collect(), curves: wanted(Ink::Second, THIN), ..graph("the best line with one fold") };
    fit.curves.push(Curve { points: profile, ink: Ink::Strong, width: THICK });
    Sheet { graphs: vec![target, fit], ..Sheet::default() }
}

fn graph(title: &str) -> Graph {
    Graph {
        title: title.to_owned(),
        x: INTERVAL,
        y: INTERVAL,
        names: ["x", "output"].map(str::to_owned),
        curves: Vec::new(),
        dots: Vec::new(),
        notes: Vec::new(),
    }
}
