//! The shaders' uniforms, computed from a frame and the mesh's few numbers.

use super::Frame;
use super::color::{self, Palette};
use super::renderer::MeshNumbers;
use super::style::{Coloring, Theme};
use super::tile::Tile;
use bytemuck::{Pod, Zeroable};
use glam::{DMat4, Vec3};

/// Shade of the sky, the ground and the fill light, as in the shader of the faces.
const SKY: f32 = 0.42;
const FILL: f32 = 0.15;
/// Lights: degrees to the left of the camera in the 3-D and the top view, degrees over the plane.
const KEY_LEFT_DEG: [f32; 2] = [60.0, 135.0];
const KEY_UP_DEG: f32 = 30.0;
const FILL_LEFT_DEG: f32 = -60.0;
const FILL_UP_DEG: f32 = 20.0;
/// Elevations between which the light turns to the map's.
const TOP_FROM_DEG: f32 = 44.0;
const TOP_DEG: f32 = 90.0;
/// Strength of the relief in the top view.
const TOP_RELIEF: f32 = 0.6;
const UNDERSIDE: f32 = 0.85;
/// Width of the first layer's lines and of the last one's, pixels at height 1000.
const FIRST_WIDTH: f32 = 3.0;
const LAST_WIDTH: f32 = 0.6;
const LAST_LAYERS_WIDTH: f32 = 1.0;
const WIDTH_RATIO: [f32; 2] = [0.62, 0.80];
/// Widest line, of the mean region's side.
const CAP: f32 = 0.055;
const BORDER_WIDTH: f32 = 1.4;
const BORDER_ALPHA: f32 = 0.9;
const DARK_PATTERN_ALPHA: f32 = 0.9;
/// Room round the surface for what is drawn beside it, world units.
const SURROUNDINGS: f32 = 0.5;

/// `Scene` of `scene.wgsl`, which says what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct SceneUniform {
    pub clip_from_world: [[f32; 4]; 4],
    pub eye: [f32; 4],
    pub back: [f32; 4],
    pub key: [f32; 4],
    pub fill: [f32; 4],
    pub tint: [f32; 4],
    pub range: [f32; 4],
    pub view: [f32; 4],
    pub middle: [f32; 4],
    pub rim: [f32; 4],
    pub mode: [u32; 4],
    pub tile: [f32; 4],
}

/// `Layer` of `lines.wgsl`, which says what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct LayerUniform {
    pub colour: [f32; 4],
    pub stroke: [f32; 4],
}

impl SceneUniform {
    /// For a tile of the frame's picture.
    pub(super) fn new(frame: &Frame, mesh: &MeshNumbers, tile: &Tile) -> Self {
        let (camera, style) = (frame.camera, frame.style);
        let [width, height] = frame.size_px.map(|n| n as f32);
        let [[tile_x, tile_y], [tile_width, tile_height]] = [tile.origin_px, tile.size_px].map(|px| px.map(|n| n as f32));
        let top = top_share(camera.elevation_deg);
        let rise = mesh.rise(style.height_factor);
        let eye = camera.eye();
        let back = direction(camera.azimuth_deg, camera.elevation_deg);
        let key_left = KEY_LEFT_DEG[0] + (KEY_LEFT_DEG[1] - KEY_LEFT_DEG[0]) * top;
        let key = direction(camera.azimuth_deg - key_left, KEY_UP_DEG);
        let fill = direction(camera.azimuth_deg - FILL_LEFT_DEG, FILL_UP_DEG);
        let level = key.z + FILL * fill.z + SKY;
        let [darkest, brightest] = shade_range(style.theme);
        let [middle, rim] = color::palette(style.theme).background.map(color::linear);
        let noise = if style.theme == Theme::Dark { 1.0 } else { 0.0 };
        let opaque = if style.transparent_background { 0.0 } else { 1.0 };
        Self {
            clip_from_world: (tile.clip_from_picture(frame.size_px) * clip_from_world(frame, mesh)).as_mat4().to_cols_array_2d(),
            eye: eye.extend(camera.distance).into(),
            back: back.extend(f32::from(u8::from(camera.orthographic))).into(),
            key: key.extend(1.0 + (TOP_RELIEF - 1.0) * top).into(),
            fill: fill.extend(1.0 / level).into(),
            tint: with(shadow_tint(style.theme, style.coloring), UNDERSIDE),
            range: [darkest, brightest, camera.px_per_world_at_target(height), frame.pixel_scale],
            view: [tile_width, tile_height, rise, top],
            middle: with(middle, opaque),
            rim: with(rim, noise),
            mode: [style.coloring as u32, style.theme as u32, 0, 0],
            tile: [tile_x, tile_y, width, height],
        }
    }
}

/// From the world to the whole picture's clip space, with room for the axes.
pub(super) fn clip_from_world(frame: &Frame, mesh: &MeshNumbers) -> DMat4 {
    let [width, height] = frame.size_px.map(|n| n.max(1) as f32);
    let rise = mesh.tallest_t * mesh.rise(frame.style.height_factor);
    frame.camera.clip_from_world_f64(width / height, mesh.reach.hypot(rise) + SURROUNDINGS)
}

/// One for each hidden layer, then the border's.
pub(super) fn layers(frame: &Frame, mesh: &MeshNumbers) -> Vec<LayerUniform> {
    let style = frame.style;
    let palette = color::palette(style.theme);
    let widths = layer_widths(frame, mesh);
    let fold = |(layer, width): (usize, f32)| {
        let (colour, alpha) = line_color(frame, palette, layer);
        LayerUniform { colour, stroke: [width, alpha, 1.0, style.line_width_factor] }
    };
    let mut all: Vec<_> = widths.into_iter().enumerate().map(fold).collect();
    let border = if style.coloring == Coloring::Layers { palette.layers_border } else { palette.border };
    all.push(LayerUniform {
        colour: with(color::linear(border), 0.0),
        stroke: [BORDER_WIDTH * frame.pixel_scale, BORDER_ALPHA, 0.0, style.line_width_factor],
    });
    all
}

/// Colour with the mark of the ramp, and opacity.
fn line_color(frame: &Frame, palette: &Palette, layer: usize) -> ([f32; 4], f32) {
    match (frame.style.coloring, frame.style.theme) {
        (Coloring::Output, _) => ([0.0, 0.0, 0.0, 1.0], 1.0),
        (Coloring::Layers, theme) => (with(color::layer(theme, layer), 0.0), 1.0),
        (Coloring::Pattern, Theme::Dark) => (with(color::linear(palette.pattern_line), 0.0), DARK_PATTERN_ALPHA),
        (Coloring::Pattern, Theme::Light) => (with(color::linear(palette.pattern_line), 0.0), 1.0),
    }
}

/// Line widths before crowding, device pixels, first layer first.
pub(super) fn layer_widths(frame: &Frame, mesh: &MeshNumbers) -> Vec<f32> {
    let n = mesh.regions_per_layer.len();
    let last = if frame.style.coloring == Coloring::Layers { LAST_LAYERS_WIDTH } else { LAST_WIDTH };
    let steps = n.saturating_sub(1).max(1) as f32;
    let ratio = (last / FIRST_WIDTH).powf(1.0 / steps).clamp(WIDTH_RATIO[0], WIDTH_RATIO[1]);
    let px_per_world = frame.camera.px_per_world_at_target(frame.size_px[1] as f32);
    let width = |(layer, &regions): (usize, &usize)| {
        let own = (FIRST_WIDTH * ratio.powi(layer as i32)).max(last) * frame.pixel_scale;
        let side = px_per_world * (mesh.area / regions.max(1) as f32).sqrt();
        own.min(CAP * side)
    };
    mesh.regions_per_layer.iter().enumerate().map(width).collect()
}

fn shade_range(theme: Theme) -> [f32; 2] {
    match theme {
        Theme::Dark => [0.45, 1.28],
        Theme::Light => [0.62, 1.10],
    }
}

fn shadow_tint(theme: Theme, coloring: Coloring) -> [f32; 3] {
    match (coloring, theme) {
        (Coloring::Output, Theme::Dark) => [1.12, 0.72, 1.10],
        (Coloring::Output, Theme::Light) => [0.98, 0.90, 1.16],
        (Coloring::Layers, _) => [0.97, 0.97, 1.05],
        (Coloring::Pattern, _) => [1.0, 1.0, 1.0],
    }
}

/// 0 up to the default elevation, 1 from straight above.
pub(super) fn top_share(elevation_deg: f32) -> f32 {
    let x = ((elevation_deg - TOP_FROM_DEG) / (TOP_DEG - TOP_FROM_DEG)).clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

fn direction(azimuth_deg: f32, elevation_deg: f32) -> Vec3 {
    let (azimuth, elevation) = (azimuth_deg.to_radians(), elevation_deg.to_radians());
    Vec3::new(azimuth.cos() * elevation.cos(), azimuth.sin() * elevation.cos(), elevation.sin())
}

fn with([x, y, z]: [f32; 3], w: f32) -> [f32; 4] {
    [x, y, z, w]
}
