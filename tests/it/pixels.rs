//! The picture, pixel by pixel, on whatever adapter there is: the region under every pixel against point location, exact colours
//! and widths, transparency, tiles, a lost device. A machine without a driver fails here.

use crate::networks::trained;
use foldscape::complex::{Complex, Locator, Options, Window};
use foldscape::mesh::{Mesh, Regions};
use foldscape::network::{Affine, Network};
use foldscape::render::camera::Preset;
use foldscape::render::{
    AdapterChoice, Camera, Captions, Coloring, Frame, Gpu, Image, NO_FACE, RenderError, Renderer, Style, Theme, color, framed, still_scale,
};
use glam::Vec2;

const WIDE: Window = Window { min: [-1.0, -0.5], max: [1.0, 0.5] };

/// A network and its surface.
struct Case {
    name: String,
    complex: Complex,
    mesh: Mesh,
}

impl Case {
    fn new(name: &str, network: &Network, window: &Window) -> Self {
        let complex = Complex::enumerate(network, window, &Options::default()).expect("within the limits");
        let mesh = Mesh::build(&complex, &[1.0]);
        Self { name: format!("{name} on {window:?}"), complex, mesh }
    }

    fn trained(name: &str) -> Self {
        Self::new(name, &trained(name), &Window::SQUARE)
    }

    fn camera(&self, preset: Preset, style: &Style, size_px: [u32; 2]) -> Camera {
        framed(&self.mesh, style, preset.angles_deg(), size_px, still_scale(size_px))
    }
}

fn affine(weights: &[f64], n_in: usize, bias: &[f64]) -> Affine {
    Affine { n_out: bias.len(), n_in, weights: weights.to_vec(), bias: bias.to_vec() }
}

/// `z = slope . x + c`, without hidden units.
fn plane(slope: [f64; 2], c: f64) -> Network {
    Network::new(vec![affine(&slope, 2, &[c])], 0.0).expect("shapes chain")
}

/// One fold along x = 0.
fn fold() -> Network {
    Network::new(vec![affine(&[1.0, 0.0], 2, &[0.0]), affine(&[1.0], 1, &[0.0])], 0.5).expect("shapes chain")
}

fn gpu() -> Gpu {
    Gpu::headless(&AdapterChoice::Auto).expect("a graphics driver; tests/run installs one")
}

fn renderer(gpu: &Gpu, mesh: &Mesh) -> Renderer {
    let mut renderer = Renderer::new(gpu).expect("pipelines");
    renderer.set_mesh(mesh).expect("the mesh fits");
    renderer
}

/// Nothing but the surface.
fn bare() -> Style {
    Style { axes: false, legend: false, ..Style::default() }
}

fn still(renderer: &mut Renderer, camera: &Camera, style: &Style, size_px: [u32; 2], times: u32) -> Image {
    let captions = Captions::new("tiles", &[2, 16, 1], 1257, Regions::Activation, "output");
    renderer.still(&Frame::still(camera, style, &captions, size_px), times).expect("a picture")
}

/// The region that a ray through every pixel's centre meets first, by its plane and its sides in f64; [`NO_FACE`] beside the surface.
fn seen(case: &Case, camera: &Camera, style: &Style, [width, height]: [u32; 2]) -> Vec<u32> {
    let mut nearest = vec![(f64::INFINITY, NO_FACE); (width * height) as usize];
    let rise = f64::from(case.mesh.z_world(1.0, style.height_factor));
    for f in 0..case.complex.n_regions() as u32 {
        let z = |p: [f64; 2]| case.mesh.t_of(case.complex.maps(f)[0].at(p)) * rise;
        let corners: Vec<[f64; 3]> =
            case.complex.face_vertices(f).map(|v| case.complex.vertex(v)).map(|p| at_height(case, p, z(p))).collect();
        let on_screen: Vec<Vec2> =
            corners.iter().filter_map(|c| camera.project(c.map(|v| v as f32).into(), [width, height])).map(|(px, _)| px).collect();
        let low = on_screen.iter().copied().reduce(Vec2::min).expect("corners").max(Vec2::ZERO);
        let high = on_screen.iter().copied().reduce(Vec2::max).expect("corners");
        for y in low.y as u32..(high.y.max(0.0) as u32 + 1).min(height) {
            for x in low.x as u32..(high.x.max(0.0) as u32 + 1).min(width) {
                let ray = camera.ray(Vec2::new(x as f32 + 0.5, y as f32 + 0.5), [width, height]);
                let along = meets(&corners, ray.origin.to_array().map(f64::from), ray.direction.to_array().map(f64::from));
                let best = &mut nearest[(y * width + x) as usize];
                if along < best.0 {
                    *best = (along, f);
                }
            }
        }
    }
    nearest.into_iter().map(|n| n.1).collect()
}

fn at_height(case: &Case, p: [f64; 2], z: f64) -> [f64; 3] {
    let [x, y] = case.mesh.world_of(p);
    [x, y, z]
}

/// How far along a ray it meets a convex polygon over the plane; infinite where it does not.
fn meets(corners: &[[f64; 3]], o: [f64; 3], d: [f64; 3]) -> f64 {
    // the plane through the corners: that of the triangle with the largest area, flat
    let [a, b, c] = (1..corners.len() - 1)
        .map(|i| [corners[0], corners[i], corners[i + 1]])
        .max_by(|s, t| turn(s[0], s[1], s[2]).total_cmp(&turn(t[0], t[1], t[2])))
        .expect("three corners");
    let (u, v) = ([0, 1, 2].map(|k| b[k] - a[k]), [0, 1, 2].map(|k| c[k] - a[k]));
    let normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    let dot = |p: [f64; 3], q: [f64; 3]| p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    let along = dot(normal, [0, 1, 2].map(|k| a[k] - o[k])) / dot(normal, d);
    let p = [0, 1, 2].map(|k| o[k] + along * d[k]);
    let inside = (0..corners.len()).all(|i| turn(corners[i], corners[(i + 1) % corners.len()], p) >= 0.0);
    if inside { along } else { f64::INFINITY }
}

/// Twice the area of a triangle seen from above, positive counter-clockwise.
fn turn(a: [f64; 3], b: [f64; 3], c: [f64; 3]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Compares the GPU's region numbers with the ray's wherever the eight pixels round agree, which is a pixel from every edge on the
/// picture. At least `share` of the surface's pixels must be so.
#[track_caller]
fn regions_are_seen(case: &Case, preset: Preset, size_px: [u32; 2], share: f64) {
    let style = bare();
    let camera = case.camera(preset, &style, size_px);
    let ids = renderer(&gpu(), &case.mesh).face_ids(&Frame::still(&camera, &style, &Captions::default(), size_px)).expect("numbers");
    let expected = seen(case, &camera, &style, size_px);
    let [width, height] = size_px.map(|n| n as usize);
    let (mut compared, mut surface) = (0, 0);
    for (y, x) in (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (y, x))) {
        let here = expected[y * width + x];
        surface += usize::from(here != NO_FACE);
        let round = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| y * width + x));
        if round.into_iter().all(|i| expected[i] == here) {
            compared += usize::from(here != NO_FACE);
            assert_eq!(ids[y * width + x], here, "{} from {}: pixel {x}, {y}", case.name, preset.name());
        }
    }
    let found = f64::from(compared as u32) / f64::from(surface as u32);
    assert!(found >= share, "{} from {}: only {found} of the surface's pixels could be compared", case.name, preset.name());
}

#[test]
fn the_region_under_every_pixel_is_the_first_on_its_ray() {
    let size = [900, 600];
    for (case, share) in [
        (Case::new("plane", &plane([0.3, -0.2], 0.1), &Window::SQUARE), 0.98),
        (Case::trained("tests/models/rand_8x2_s0_leaky"), 0.9),
        (Case::trained("tests/models/rings_16x4"), 0.5),
        (Case::new("rings_8x6", &trained("tests/models/rings_8x6"), &WIDE), 0.6),
    ] {
        for preset in [Preset::Default, Preset::Iso] {
            regions_are_seen(&case, preset, size, share);
        }
    }
}

/// From above the picture is the map: every pixel whose centre is more than a pixel from an edge shows the region that holds it.
#[test]
fn the_map_is_point_location() {
    let size = [1000, 800];
    for (case, share) in [
        (Case::new("plane", &plane([0.3, -0.2], 0.1), &WIDE), 0.98),
        (Case::trained("tests/models/rand_8x2_s0_leaky"), 0.95),
        (Case::trained("tests/models/rings_8x6"), 0.7),
        (Case::trained("tests/models/rings_16x4"), 0.7),
        (Case::new("rings_16x4", &trained("tests/models/rings_16x4"), &WIDE), 0.7),
        (Case::trained("tests/models/rings_32x4"), 0.4),
    ] {
        let style = bare();
        let camera = case.camera(Preset::Top, &style, size);
        let ids = renderer(&gpu(), &case.mesh).face_ids(&Frame::still(&camera, &style, &Captions::default(), size)).expect("numbers");
        let locator = Locator::new(&case.complex);
        let input_per_px = {
            let at = |x: f32| camera.on_target_plane(Vec2::new(x, 0.0), size);
            let [a, b] = [at(0.0), at(1000.0)].map(|p| case.mesh.input_of([f64::from(p.x), f64::from(p.y)]));
            (b[0] - a[0]) / 1000.0
        };
        let (mut compared, mut surface) = (0, 0);
        for (i, &id) in ids.iter().enumerate() {
            let px = Vec2::new((i % 1000) as f32 + 0.5, (i / 1000) as f32 + 0.5);
            let on_plane = camera.on_target_plane(px, size);
            let p = case.mesh.input_of([f64::from(on_plane.x), f64::from(on_plane.y)]);
            let region = locator.locate(p);
            surface += usize::from(region.is_some());
            let clear = region.map_or(outside(&case.complex.window(), p), |f| depth(&case.complex, f, p)) > input_per_px;
            if clear {
                compared += usize::from(region.is_some());
                assert_eq!(id, region.unwrap_or(NO_FACE), "{}: pixel {px}, input {p:?}", case.name);
            }
        }
        let found = f64::from(compared as u32) / f64::from(surface as u32);
        assert!(found >= share, "{}: only {found} of the surface's pixels could be compared", case.name);
    }
}

/// Distance of a point of a region to its nearest side, input units.
fn depth(complex: &Complex, f: u32, p: [f64; 2]) -> f64 {
    let distance = |h: u32| {
        let (a, b) = (complex.vertex(complex.origin(h)), complex.vertex(complex.origin(h ^ 1)));
        let d = [b[0] - a[0], b[1] - a[1]];
        (d[0] * (p[1] - a[1]) - d[1] * (p[0] - a[0])) / d[0].hypot(d[1])
    };
    complex.face_half_edges(f).map(distance).fold(f64::INFINITY, f64::min)
}

/// Distance of a point outside of the window to it in the direction of the axes.
fn outside(window: &Window, p: [f64; 2]) -> f64 {
    (0..2).map(|k| (window.min[k] - p[k]).max(p[k] - window.max[k])).fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn a_plane_from_above_is_a_square_of_its_size() {
    let case = Case::new("plane", &plane([0.3, -0.2], 0.1), &Window::SQUARE);
    for side in [100, 1000] {
        let camera = case.camera(Preset::Top, &bare(), [side; 2]);
        let ids = renderer(&gpu(), &case.mesh).face_ids(&Frame::still(&camera, &bare(), &Captions::default(), [side; 2])).expect("numbers");
        // the margins are a twentieth of the side
        let covered = side * 9 / 10;
        assert_eq!(ids.iter().filter(|&&id| id == 0).count() as u32, covered * covered);
        assert!(ids.iter().all(|&id| id == 0 || id == NO_FACE));
    }
}

/// A level facet has exactly the legend's colour; the ends of the ramps are the look's.
#[test]
fn a_level_surface_has_the_ramps_colour() {
    for network in [plane([0.0, 0.0], 0.0), plane([0.0, 0.0], -7.5)] {
        let case = Case::new("level", &network, &Window::SQUARE);
        for (theme, colour) in [(Theme::Dark, [0x12, 0x15, 0x2e, 255]), (Theme::Light, [0x82, 0x94, 0xbb, 255])] {
            for preset in [Preset::Default, Preset::Top] {
                let style = Style { theme, ..bare() };
                let camera = case.camera(preset, &style, [200, 200]);
                let image = still(&mut renderer(&gpu(), &case.mesh), &camera, &style, [200, 200], 2);
                let at = image.at(100, 100);
                assert!(at.iter().zip(colour).all(|(&a, b)| a.abs_diff(b) <= 1), "{theme:?} from {}: {at:?}", preset.name());
            }
        }
    }
}

/// The ink across a fold adds up to the width that the look gives the first layer.
#[test]
fn a_first_fold_is_three_pixels_wide() {
    let case = Case::new("fold", &fold(), &Window::SQUARE);
    // each side has one colour
    let style = Style { theme: Theme::Light, coloring: Coloring::Pattern, ..bare() };
    let camera = case.camera(Preset::Top, &style, [1000, 1000]);
    let mut renderer = renderer(&gpu(), &case.mesh);
    for (factor, times) in [(1.0, 1), (1.0, 2), (0.2, 2), (2.0, 2)] {
        let style = Style { line_width_factor: factor, ..style.clone() };
        let image = still(&mut renderer, &camera, &style, [1000, 1000], times);
        let linear = |x: u32| color::linear_of_srgb(f32::from(image.at(x, 480)[1]) / 255.0);
        let line = color::linear(color::palette(Theme::Light).pattern_line)[1];
        let ink = |x: u32| {
            let face = linear(if x < 500 { 480 } else { 520 });
            (linear(x) - face) / (line - face)
        };
        let width: f32 = (482..518).map(ink).sum();
        assert!((width / (3.0 * factor) - 1.0).abs() < 0.05, "factor {factor}, {times}: {width} pixels");
    }
}

#[test]
fn a_transparent_background_leaves_the_surface_as_it_is() {
    let case = Case::trained("tests/models/rand_8x2_s0_leaky");
    let (solid, size) = (bare(), [320, 200]);
    let clear = Style { transparent_background: true, ..solid.clone() };
    let camera = case.camera(Preset::Default, &solid, size);
    let mut renderer = renderer(&gpu(), &case.mesh);
    let ids = renderer.face_ids(&Frame::still(&camera, &solid, &Captions::default(), size)).expect("numbers");
    let ids = &ids;
    let (solid, clear) = (still(&mut renderer, &camera, &solid, size, 2), still(&mut renderer, &camera, &clear, size, 2));
    let (mut inside, mut outside) = (0, 0);
    for (y, x) in (2..198_u32).flat_map(|y| (2..318_u32).map(move |x| (y, x))) {
        let round = (y - 2..=y + 2).flat_map(|y| (x - 2..=x + 2).map(move |x| ids[(y * 320 + x) as usize]));
        let on_surface = round.filter(|&id| id != NO_FACE).count();
        if on_surface == 25 {
            inside += 1;
            assert_eq!(clear.at(x, y), solid.at(x, y), "{x}, {y}");
        } else if on_surface == 0 {
            outside += 1;
            assert_eq!(clear.at(x, y), [0; 4], "{x}, {y}");
        }
    }
    assert!(inside > 10_000 && outside > 10_000, "{inside} {outside}");
}

/// A picture of many tiles is the picture of one: legend, axes, line widths and background do not know of tiles.
#[test]
fn tiles_leave_no_trace() {
    let case = Case::trained("tests/models/rings_16x4");
    for (theme, preset) in [(Theme::Dark, Preset::Default), (Theme::Light, Preset::Top)] {
        let (style, size) = (Style { theme, grid: true, ..Style::default() }, [501, 333]);
        let camera = case.camera(preset, &style, size);
        let mut renderer = renderer(&gpu(), &case.mesh);
        let whole = still(&mut renderer, &camera, &style, size, 2);
        renderer.set_max_tile([256, 190]);
        let tiled = still(&mut renderer, &camera, &style, size, 2);
        assert_eq!((tiled.size_px, tiled.rgba.len()), (size, whole.rgba.len()));
        let differ: Vec<(usize, u8, u8)> = whole
            .rgba
            .iter()
            .zip(&tiled.rgba)
            .enumerate()
            .filter(|(_, (a, b))| a.abs_diff(**b) > 1)
            .map(|(i, (&a, &b))| (i, a, b))
            .collect();
        // corners are rounded to a fraction of a pixel, differently in each tile: a sample on an edge may fall to the other side
        assert!(differ.len() * 1000 < whole.rgba.len(), "{theme:?}: {} of {} bytes differ", differ.len(), whole.rgba.len());
        assert!(differ.iter().all(|&(_, a, b)| a.abs_diff(b) < 64), "{theme:?}: {differ:?}");
    }
}

#[test]
fn a_lost_device_is_told_and_a_new_one_draws_on() {
    let case = Case::trained("tests/models/rand_8x2_s0_leaky");
    let (style, size) = (Style::default(), [320, 200]);
    let camera = case.camera(Preset::Default, &style, size);
    let captions = Captions::default();
    let frame = Frame::still(&camera, &style, &captions, size);
    let gpu = self::gpu();
    let (tell, told) = std::sync::mpsc::channel();
    gpu.on_lost(move |cause| {
        let _ = tell.send(cause);
    });
    let mut lost = renderer(&gpu, &case.mesh);
    let before = lost.still(&frame, 2).expect("a picture");
    gpu.device.destroy();
    let error = lost.still(&frame, 2).expect_err("the device is gone");
    assert!(matches!(&error, RenderError::DeviceLost(_)), "{error:?}");
    assert!(error.to_string().contains("lost"), "{error}");
    assert!(told.try_recv().is_ok(), "the host is told");
    assert!(matches!(lost.draw(&frame).err(), Some(RenderError::DeviceLost(_))));
    assert!(matches!(lost.face_ids(&frame), Err(RenderError::DeviceLost(_))));
    assert!(matches!(lost.set_mesh(&case.mesh), Err(RenderError::DeviceLost(_))));
    assert!(matches!(Renderer::new(&gpu).err(), Some(RenderError::DeviceLost(_))));
    assert_eq!(renderer(&self::gpu(), &case.mesh).still(&frame, 2).expect("a picture"), before);
}

#[test]
fn impossible_sizes_are_refused() {
    let case = Case::new("fold", &fold(), &Window::SQUARE);
    let (style, captions) = (bare(), Captions::default());
    let mut renderer = renderer(&gpu(), &case.mesh);
    for size in [[0, 10], [10, 0], [70_000, 10], [10, u32::MAX]] {
        let camera = Camera::default();
        let frame = Frame::still(&camera, &style, &captions, size);
        assert!(matches!(renderer.still(&frame, 2), Err(RenderError::Size { .. })), "{size:?}");
        assert!(matches!(renderer.draw(&frame).err(), Some(RenderError::Size { .. })), "{size:?}");
        assert!(matches!(renderer.face_ids(&frame), Err(RenderError::Size { .. })), "{size:?}");
    }
}
