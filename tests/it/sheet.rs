//! Graphs, discs and the layers' colours have the sizes that are asked for.

use foldscape::render::sheet::{Caption, Curve, Dot, Graph, Ink, Sheet};
use foldscape::render::{AdapterChoice, Camera, Captions, Frame, Gpu, Image, Renderer, Style, Theme, color};

const SIDE: u32 = 1000;

/// A graph without axes' names, of these curves and dots.
fn drawn(curves: Vec<Curve>, dots: Vec<Dot>) -> Image {
    let names = [String::new(), String::new()];
    let graph = Graph { title: String::new(), x: [1.0, 2.0], y: [1.0, 2.0], names, curves, dots, notes: Vec::new() };
    picture(&Sheet { graphs: vec![graph], ..Sheet::default() })
}

fn picture(sheet: &Sheet) -> Image {
    let gpu = Gpu::headless(&AdapterChoice::Auto).expect("the pixel tests need a Vulkan driver: apt-get install mesa-vulkan-drivers");
    let mut renderer = Renderer::new(&gpu).expect("a renderer");
    renderer.set_sheet(sheet).expect("a sheet");
    let (camera, style, captions) = (Camera::default(), Style { theme: Theme::Light, ..Style::default() }, Captions::default());
    renderer.still(&Frame::still(&camera, &style, &captions, [SIDE; 2]), 2).expect("a picture")
}

/// How much of a pixel of white is covered, by the green channel.
fn ink(image: &Image, x: u32, y: u32, full: f32) -> f32 {
    (1.0 - color::linear_of_srgb(f32::from(image.at(x, y)[1]) / 255.0)) / (1.0 - full)
}

#[test]
fn a_curve_is_as_wide_as_it_says() {
    let curve = |width| Curve { points: vec![[1.1, 1.5], [1.5, 1.5], [1.9, 1.5]], ink: Ink::Strong, width };
    let strong = color::layer(Theme::Light, 1)[1];
    for width in [3.0, 6.0, 12.0] {
        let image = drawn(vec![curve(width)], Vec::new());
        // beside the joint, on it, and beside the ends
        for x in [400, 528, 700] {
            let across: f32 = (300..700).map(|y| ink(&image, x, y, strong)).sum();
            // a dark edge gets more cover: see the shader
            assert!((0.0..0.6).contains(&(across - width)), "{across} px at {x}, not {width}");
        }
    }
}

#[test]
fn an_open_dot_is_a_ring_that_hides_what_is_under_it() {
    let line = Curve { points: vec![[1.0, 1.5], [2.0, 1.5]], ink: Ink::Pale, width: 4.0 };
    let dot = |open| vec![Dot { at: [1.5, 1.5], ink: Ink::Strong, open }];
    let strong = color::layer(Theme::Light, 1)[1];
    let [open, filled] = [true, false].map(|open| drawn(vec![line.clone()], dot(open)));
    // the graph's middle: margins of 104 and 48 beside, of 120 and 92 over and under it
    let [x, y] = [528, 514];
    assert!(ink(&open, x, y, strong) < 0.05 && ink(&filled, x, y, strong) > 0.95);
    let area: f32 = (x - 20..x + 20).flat_map(|x| (y - 20..y - 2).map(move |y| (x, y))).map(|(x, y)| ink(&filled, x, y, strong)).sum();
    // half a disc of radius 8.5, less the line's half
    let expected = std::f32::consts::PI * 8.5 * 8.5 / 2.0 - 2.0 * 17.0;
    assert!((area - expected).abs() < 0.1 * expected, "{area}, not {expected}");
}

#[test]
fn every_layer_has_a_stroke_of_its_colour_over_the_caption() {
    let caption = Some(Caption { title: "Title".to_owned(), text: "Some words.".to_owned() });
    let keyed = Sheet { caption, n_layers: 6, ..Sheet::default() };
    let image = picture(&keyed);
    let y = |sheet: &Sheet| SIDE as f32 - sheet.foot_px(SIDE as f32, 1.0);
    let [top, bottom] = [y(&keyed), y(&Sheet { n_layers: 0, ..keyed })];
    for layer in 0..6 {
        let wanted = color::layer(Theme::Light, layer);
        let is_it = |x, y| (0..3).all(|k| (color::linear_of_srgb(f32::from(image.at(x, y)[k]) / 255.0) - wanted[k]).abs() < 0.01);
        let rows: Vec<u32> = (0..SIDE).filter(|&y| (0..SIDE).filter(|&x| is_it(x, y)).count() >= 30).collect();
        assert!((1..=3).contains(&rows.len()), "layer {}: {rows:?}", layer + 1);
        assert!(rows.iter().all(|&y| (top..bottom).contains(&(y as f32))), "layer {}: {rows:?} not in {top}..{bottom}", layer + 1);
    }
}
