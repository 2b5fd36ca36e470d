//! The exact top-down map as SVG: every region a polygon filled by the output, every fold a line whose width falls with
//! its layer.
//!
//! In: a [`Complex`], the lift and [`Options`]. Out: text into a writer, as it is made. The coordinates of the paths are
//! the complex's own, in input units, each the shortest decimal that reads back as the same f64; one transform places
//! them on the page. Nothing is drawn on a GPU, and nothing is rounded.

use super::color::{self, Palette};
use super::relief::Relief;
use crate::complex::{AffineForm, Complex, EdgeKind};
use crate::mesh::number::{ramp_ends, ticks};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Stops of a gradient: enough that straight sRGB mixing between them is not seen.
const RAMP_STOPS: u32 = 16;
/// Numbers on an axis, about.
const TICKS: usize = 5;
/// Steps of the shade that are told apart.
const SHADE_STEP: f64 = 0.02;
/// Stroke of a face in its own paint, in px at a page height of 1000: closes the hairlines that viewers leave between polygons.
const SEAM_PX: f64 = 0.7;
/// A face whose colour value changes by less than this over the page is filled flat, as an edge is.
const FLAT: f64 = 1.0 / 64.0;
/// The width of a line over the size of its cells above which lines would crowd.
const CROWDED: f64 = 0.095;
/// A crowded line gets thinner down to this share of its width, then fades.
const THINNEST: f64 = 0.4;
/// A layer's stroke in the legend where layers have colours.
const LAYER_STROKE_PX: f64 = 2.2;
/// Steps in which crowded widths are told apart, for each halving.
const WIDTH_STEPS: f64 = 4.0;

/// What the colours say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coloring {
    /// Faces and lines by the output.
    Output,
    /// Lines by layer on faces that are pale by the output.
    Layers,
}

/// How the map is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Width and height of the page in px.
    pub size_px: [u32; 2],
    /// Dark for screens, or light for print.
    pub dark: bool,
    pub coloring: Coloring,
    pub faces: bool,
    pub edges: bool,
    pub axes: bool,
    pub legend: bool,
    /// Factor of the surface's height; only its light shows from above.
    pub height: f64,
    /// Factor of all line widths.
    pub line_width: f64,
    /// Name, bottom right.
    pub name: String,
    /// Line below the name.
    pub subtitle: String,
    /// What the height is, such as `output`.
    pub lift_name: String,
}

/// Writes the map. `lift` holds the coefficients of the outputs in the height, `[n_outputs]`.
///
/// # Errors
/// Those of the writer.
pub fn write(complex: &Complex, lift: &[f64], options: &Options, out: &mut impl Write) -> io::Result<()> {
    let relief = Relief::new(complex, lift);
    let page = Page::new(complex, options);
    let map = Map { complex, relief: &relief, page: &page, options, palette: if options.dark { &color::DARK } else { &color::LIGHT } };
    map.head(out)?;
    writeln!(out, r#"<g transform="matrix({0} 0 0 -{0} {1} {2})">"#, number(page.scale), number(page.origin[0]), number(page.origin[1]))?;
    if options.faces {
        map.faces(out)?;
    }
    let widths = map.widths();
    if options.edges {
        map.edges(&widths, out)?;
    }
    map.border(out)?;
    writeln!(out, "</g>")?;
    if options.axes {
        map.axes(out)?;
    }
    if options.legend {
        map.legend(&widths, out)?;
    }
    writeln!(out, "</svg>")
}

/// Where the window lies on the page.
struct Page {
    /// Px at a page height of 1000.
    px: f64,
    /// Px for an input unit.
    scale: f64,
    /// The page's point of the input plane's origin.
    origin: [f64; 2],
}

impl Page {
    fn new(complex: &Complex, options: &Options) -> Self {
        let [width, height] = options.size_px.map(f64::from);
        let (margin, bottom) = (0.05 * height, if options.legend { 0.15 } else { 0.05 } * height);
        let w = complex.window();
        let scale = ((width - 2.0 * margin) / w.size()[0]).min((height - margin - bottom) / w.size()[1]);
        let centre = [width / 2.0, (margin + height - bottom) / 2.0];
        let origin = [centre[0] - scale * (w.min[0] / 2.0 + w.max[0] / 2.0), centre[1] + scale * (w.min[1] / 2.0 + w.max[1] / 2.0)];
        Self { px: height / 1000.0, scale, origin }
    }

    fn place(&self, p: [f64; 2]) -> [f64; 2] {
        [self.origin[0] + self.scale * p[0], self.origin[1] - self.scale * p[1]]
    }
}

struct Map<'a> {
    complex: &'a Complex,
    relief: &'a Relief,
    page: &'a Page,
    options: &'a Options,
    palette: &'static Palette,
}

impl Map<'_> {
    fn head(&self, out: &mut impl Write) -> io::Result<()> {
        let [width, height] = self.options.size_px;
        writeln!(out, r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">"#)?;
        writeln!(out, "<title>{}</title>", escape(&self.options.name))?;
        writeln!(out, r##"<rect width="100%" height="100%" fill="#{:06x}"/>"##, self.palette.background)
    }

    /// The ramp of the faces and what full shadow makes of it.
    fn face_ramp(&self) -> (&'static [u32], color::Linear) {
        match self.options.coloring {
            Coloring::Output => (self.palette.faces, self.palette.shadow_tint),
            Coloring::Layers => (self.palette.neutral, self.palette.neutral_tint),
        }
    }

    /// The faces, each in its exact linear gradient of the output under its own light.
    fn faces(&self, out: &mut impl Write) -> io::Result<()> {
        let (stops, tint) = self.face_ramp();
        let shades: Vec<i32> = (0..self.relief.sheets.len()).map(|f| self.shade(f)).collect();
        writeln!(out, "<defs>")?;
        for shade in shades.iter().collect::<std::collections::BTreeSet<_>>() {
            let s = f64::from(*shade) * SHADE_STEP;
            gradient(&format!("s{shade}"), |t| color::hex(color::shaded(color::ramp(stops, t), s, tint)), out)?;
        }
        writeln!(out, "</defs>")?;
        writeln!(out, r#"<g stroke-width="{}" stroke-linejoin="round">"#, number(SEAM_PX * self.page.px / self.page.scale))?;
        let mut path = String::new();
        for (face, shade) in shades.iter().enumerate() {
            path.clear();
            for (i, h) in self.complex.face_half_edges(face as u32).enumerate() {
                let p = self.complex.vertex(self.complex.origin(h));
                let _ = write!(path, "{}{} {}", if i == 0 { 'M' } else { ' ' }, number(p[0]), number(p[1]));
            }
            let paint = if let Some([a, b]) = self.gradient_ends(&self.relief.sheets[face].map) {
                let ends = format!(r#"x1="{}" y1="{}" x2="{}" y2="{}""#, number(a[0]), number(a[1]), number(b[0]), number(b[1]));
                writeln!(out, r##"<linearGradient id="f{face}" href="#s{shade}" {ends}/>"##)?;
                format!("url(#f{face})")
            } else {
                let t = self.relief.t(self.relief.sheets[face].mean);
                color::hex(color::shaded(color::ramp(stops, t), f64::from(*shade) * SHADE_STEP, tint))
            };
            writeln!(out, r#"<path fill="{paint}" stroke="{paint}" d="{path}Z"/>"#)?;
        }
        writeln!(out, "</g>")
    }

    /// The face's shade in steps of [`SHADE_STEP`].
    fn shade(&self, face: usize) -> i32 {
        (self.relief.shade(face, self.palette.shade, self.options.height) / SHADE_STEP).round() as i32
    }

    /// Where the colours of a face's plane begin and end, in input units; `None` where they hardly change over the window.
    fn gradient_ends(&self, form: &AffineForm) -> Option<[[f64; 2]; 2]> {
        let (lo, range, g) = (self.relief.scale.lo, self.relief.scale.hi - self.relief.scale.lo, form.gx.hypot(form.gy));
        let w = self.complex.window();
        let side = w.size()[0].max(w.size()[1]);
        if range.is_nan() || range <= 0.0 || g * side < FLAT * range {
            return None;
        }
        // The foot of the level line `lo` nearest the window's centre keeps the numbers small.
        let centre = [w.min[0] / 2.0 + w.max[0] / 2.0, w.min[1] / 2.0 + w.max[1] / 2.0];
        let unit = [form.gx / g, form.gy / g];
        let to_lo = (lo - form.at(centre)) / g;
        let at = |along: f64| [centre[0] + unit[0] * along, centre[1] + unit[1] * along];
        Some([at(to_lo), at(to_lo + range / g)])
    }

    /// The widths of the layers' lines in page px, first layer first, before crowding at the single vertex.
    fn widths(&self) -> Vec<LayerWidth> {
        let n = self.complex.n_layers();
        let layered = self.options.coloring == Coloring::Layers;
        let last = if layered { 1.0 } else { 0.6 };
        let ratio = if n > 1 { (last / 3.0_f64).powf(1.0 / (n - 1) as f64).clamp(0.62, 0.80) } else { 1.0 };
        let w = self.complex.window();
        let area = w.size()[0] * w.size()[1];
        (0..n)
            .map(|l| {
                let (count, cell_size) = self.relief.cells(self.complex, l + 1);
                let mean_px = self.page.scale * (area / count.max(1) as f64).sqrt();
                let base = (3.0 * ratio.powi(l as i32)).max(last) * self.page.px;
                LayerWidth {
                    px: base.min(0.055 * mean_px) * self.options.line_width,
                    legend_px: if layered { LAYER_STROKE_PX * self.page.px } else { base * self.options.line_width },
                    cell_size,
                }
            })
            .collect()
    }

    /// The folds, deepest layer first; edges that look alike share a path.
    fn edges(&self, widths: &[LayerWidth], out: &mut impl Write) -> io::Result<()> {
        let mut groups: BTreeMap<(u32, i32, u32), String> = BTreeMap::new();
        let mut slopes: Vec<Sloping> = Vec::new();
        for e in 0..self.complex.n_edges() as u32 {
            let EdgeKind::Bent(unit) = self.complex.edge_kind(e) else { continue };
            let ends = [2 * e, 2 * e + 1].map(|h| self.complex.origin(h));
            let crowding = self.crowding(&widths[unit.layer as usize], ends);
            let points = ends.map(|v| self.complex.vertex(v));
            let t = self.edge_values(e, points);
            if self.options.coloring == Coloring::Output && (t[0] - t[1]).abs() > FLAT {
                slopes.push(Sloping { layer: unit.layer, crowding, points, t });
            } else {
                let step = (f64::midpoint(t[0], t[1]) / FLAT).round() as u32;
                let step = if self.options.coloring == Coloring::Layers { 0 } else { step };
                segment(groups.entry((u32::MAX - unit.layer, crowding, step)).or_default(), points);
            }
        }
        writeln!(out, r#"<g fill="none" stroke-linecap="round">"#)?;
        slopes.sort_by_key(|s| (u32::MAX - s.layer, s.crowding));
        let mut slopes = slopes.into_iter().enumerate().peekable();
        for layer in (0..widths.len() as u32).rev() {
            while let Some((i, edge)) = slopes.next_if(|(_, s)| s.layer == layer) {
                self.sloping_edge(i, &widths[layer as usize], &edge, out)?;
            }
            let mine = (u32::MAX - layer, i32::MIN, 0)..=(u32::MAX - layer, i32::MAX, u32::MAX);
            for (&(_, crowding, step), path) in groups.range(mine) {
                let stroke = stroke(&widths[layer as usize], crowding, self.page.scale);
                writeln!(out, r#"<path stroke="{}" {stroke} d="{path}"/>"#, self.line_color(layer, f64::from(step) * FLAT))?;
            }
        }
        writeln!(out, "</g>")
    }

    /// An edge whose colour changes along it.
    fn sloping_edge(&self, i: usize, width: &LayerWidth, edge: &Sloping, out: &mut impl Write) -> io::Result<()> {
        let ([a, b], t) = (edge.points, edge.t);
        let ends = format!(r#"x1="{}" y1="{}" x2="{}" y2="{}""#, number(a[0]), number(a[1]), number(b[0]), number(b[1]));
        write!(out, r#"<linearGradient id="e{i}" gradientUnits="userSpaceOnUse" {ends}>"#)?;
        let steps = ((t[1] - t[0]).abs() * f64::from(RAMP_STOPS)).ceil().max(1.0) as u32;
        for k in 0..=steps {
            let f = f64::from(k) / f64::from(steps);
            let color = color::hex(color::ramp(self.palette.lines, t[0] + f * (t[1] - t[0])));
            write!(out, r#"<stop offset="{}" stop-color="{color}"/>"#, number((f * 1e4).round() / 1e4))?;
        }
        let mut path = String::new();
        segment(&mut path, [a, b]);
        let stroke = stroke(width, edge.crowding, self.page.scale);
        writeln!(out, r#"</linearGradient><path stroke="url(#e{i})" {stroke} d="{path}"/>"#)
    }

    fn line_color(&self, layer: u32, t: f64) -> String {
        match self.options.coloring {
            Coloring::Output => color::hex(color::ramp(self.palette.lines, t)),
            Coloring::Layers => format!("#{:06x}", self.palette.layers[layer as usize % self.palette.layers.len()]),
        }
    }

    /// How much thinner than its layer's an edge's line must be, as a class: 0 is not at all, -[`WIDTH_STEPS`] is half.
    fn crowding(&self, width: &LayerWidth, ends: [u32; 2]) -> i32 {
        let size = ends.map(|v| f64::from(width.cell_size[v as usize]));
        let share = CROWDED * self.page.scale * (size[0] + size[1]) / 2.0 / width.px;
        (share.log2() * WIDTH_STEPS).floor().clamp(-64.0, 0.0) as i32
    }

    /// The colour values at an edge's ends.
    fn edge_values(&self, e: u32, points: [[f64; 2]; 2]) -> [f64; 2] {
        let face = self.complex.face(2 * e).or_else(|| self.complex.face(2 * e + 1));
        face.map_or([0.5; 2], |f| points.map(|p| self.relief.t(self.relief.sheets[f as usize].map.at(p))))
    }

    fn border(&self, out: &mut impl Write) -> io::Result<()> {
        let w = self.complex.window();
        let (color, alpha) = match self.options.coloring {
            Coloring::Output => (self.palette.border, self.palette.border_alpha),
            Coloring::Layers => (self.palette.layer_border, 1.0),
        };
        writeln!(
            out,
            r##"<path fill="none" stroke="#{color:06x}" stroke-opacity="{alpha}" stroke-width="{}" stroke-linejoin="round" d="M{x0} {y0}H{x1}V{y1}H{x0}Z"/>"##,
            number(1.4 * self.page.px / self.page.scale),
            x0 = number(w.min[0]),
            y0 = number(w.min[1]),
            x1 = number(w.max[0]),
            y1 = number(w.max[1])
        )
    }

    /// Ticks and round numbers along the lower and the left side, and the coordinates' names.
    fn axes(&self, out: &mut impl Write) -> io::Result<()> {
        let (w, px, dim) = (self.complex.window(), self.page.px, self.palette.dim);
        writeln!(
            out,
            r##"<g fill="#{dim:06x}" stroke="none" font-family="{FONT}" font-size="{}" text-anchor="middle">"##,
            number(17.0 * px)
        )?;
        let [left, low] = self.page.place(w.min);
        let [right, high] = self.page.place(w.max);
        let mut strokes = String::new();
        for (value, label) in ticks(w.min[0], w.max[0], TICKS) {
            let x = self.page.place([value, 0.0])[0];
            let _ = write!(strokes, "M{} {}v{}", coarse(x), coarse(low + 3.0 * px), coarse(7.0 * px));
            writeln!(out, r#"<text x="{}" y="{}">{label}</text>"#, coarse(x), coarse(low + 27.0 * px))?;
        }
        for (value, label) in ticks(w.min[1], w.max[1], TICKS) {
            let y = self.page.place([0.0, value])[1];
            let _ = write!(strokes, "M{} {}h{}", coarse(left - 3.0 * px), coarse(y), coarse(-7.0 * px));
            writeln!(out, r#"<text x="{}" y="{}" text-anchor="end">{label}</text>"#, coarse(left - 14.0 * px), coarse(y + 6.0 * px))?;
        }
        let name = |i: u32| {
            format!(r#"<tspan font-style="italic">x</tspan><tspan font-size="{}" dy="{}">{i}</tspan>"#, coarse(14.0 * px), coarse(4.0 * px))
        };
        let text = |x: f64, y: f64, i: u32| {
            format!(r#"<text x="{}" y="{}" font-size="{}">{}</text>"#, coarse(x), coarse(y), coarse(20.0 * px), name(i))
        };
        writeln!(out, "{}", text(f64::midpoint(left, right), low + 50.0 * px, 1))?;
        writeln!(out, "{}", text(left - 66.0 * px, f64::midpoint(low, high) + 6.0 * px, 2))?;
        writeln!(out, r##"<path fill="none" stroke="#{dim:06x}" stroke-width="{}" d="{strokes}"/></g>"##, coarse(px))
    }

    /// The colours' bar, the layers' widths, and the captions.
    fn legend(&self, widths: &[LayerWidth], out: &mut impl Write) -> io::Result<()> {
        let (px, [width, height], palette) = (self.page.px, self.options.size_px.map(f64::from), self.palette);
        let at = |x: f64, up: f64| format!(r#"x="{}" y="{}""#, coarse(x * px), coarse(height - up * px));
        writeln!(out, r##"<g fill="#{:06x}" font-family="{FONT}" font-size="{}">"##, palette.dim, coarse(17.0 * px))?;
        gradient("bar", |t| color::hex(color::ramp(self.face_ramp().0, t)), out)?;
        let heading = format!(r##"font-size="{}" fill="#{:06x}""##, coarse(20.0 * px), palette.text);
        writeln!(out, "<text {} {heading}>{}</text>", at(40.0, 58.0), escape(&self.options.lift_name))?;
        writeln!(
            out,
            r#"<g transform="translate({} {}) scale({})"><rect width="1" height="{}" fill="url(#bar)"/></g>"#,
            coarse(40.0 * px),
            coarse(height - 48.0 * px),
            coarse(220.0 * px),
            number(10.0 / 220.0)
        )?;
        let scale = &self.relief.scale;
        let [lo, hi] = ramp_ends(scale.lo, scale.hi);
        writeln!(out, r#"<text {}>{lo}</text><text {} text-anchor="end">{hi}</text>"#, at(40.0, 18.0), at(260.0, 18.0))?;
        writeln!(out, "<text {} {heading}>layer</text>", at(316.0, 58.0))?;
        for (l, w) in widths.iter().enumerate() {
            let (x, stroke) = (316.0 + 44.0 * l as f64, self.line_color(l as u32, 0.8));
            let (x0, y) = (coarse(x * px), coarse(height - 43.0 * px));
            let w_px = coarse(w.legend_px.max(0.6 * px));
            writeln!(out, r#"<path stroke="{stroke}" stroke-width="{w_px}" d="M{x0} {y}h{}"/>"#, coarse(34.0 * px))?;
            writeln!(out, r#"<text {} text-anchor="middle">{}</text>"#, at(x + 17.0, 18.0), l + 1)?;
        }
        let right = width / px - 40.0;
        writeln!(out, r#"<text {} {heading} font-weight="600" text-anchor="end">{}</text>"#, at(right, 46.0), escape(&self.options.name))?;
        writeln!(out, r#"<text {} text-anchor="end">{}</text></g>"#, at(right, 18.0), escape(&self.options.subtitle))
    }
}

const FONT: &str = "Source Sans 3, Source Sans Pro, Open Sans, sans-serif";

/// An edge whose colour changes along it.
struct Sloping {
    layer: u32,
    crowding: i32,
    points: [[f64; 2]; 2],
    /// Colour values at the ends.
    t: [f64; 2],
}

/// The lines of one layer.
struct LayerWidth {
    /// In page px where nothing crowds.
    px: f64,
    /// In the legend.
    legend_px: f64,
    /// For each vertex the size of the cells of this layer round it, in input units.
    cell_size: Vec<f32>,
}

/// A line's width in input units and its opacity.
fn stroke(width: &LayerWidth, crowding: i32, scale: f64) -> String {
    let share = (f64::from(crowding) / WIDTH_STEPS).exp2();
    let (thin, alpha) = (share.max(THINNEST), (share / THINNEST).min(1.0));
    let opacity = if alpha < 1.0 { format!(r#" stroke-opacity="{}""#, coarse(alpha)) } else { String::new() };
    format!(r#"stroke-width="{}"{opacity}"#, number(width.px * thin / scale))
}

/// A linear gradient over the unit interval of whoever refers to it, in the user's space.
fn gradient(id: &str, color: impl Fn(f64) -> String, out: &mut impl Write) -> io::Result<()> {
    write!(out, r#"<linearGradient id="{id}" gradientUnits="userSpaceOnUse" x1="0" x2="1" y1="0" y2="0">"#)?;
    for k in 0..=RAMP_STOPS {
        let t = f64::from(k) / f64::from(RAMP_STOPS);
        write!(out, r#"<stop offset="{t}" stop-color="{}"/>"#, color(t))?;
    }
    writeln!(out, "</linearGradient>")
}

fn segment(path: &mut String, [a, b]: [[f64; 2]; 2]) {
    let _ = write!(path, "M{} {} {} {}", number(a[0]), number(a[1]), number(b[0]), number(b[1]));
}

/// The shortest decimal that reads back as the same number.
fn number(x: f64) -> String {
    let plain = x == 0.0 || (1e-5..1e15).contains(&x.abs());
    if plain { format!("{x}") } else { format!("{x:e}") }
}

/// A place on the page, to a thousandth of a px.
fn coarse(x: f64) -> String {
    format!("{}", (x * 1e3).round() / 1e3)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(|c: char| c.is_control(), " ")
}
