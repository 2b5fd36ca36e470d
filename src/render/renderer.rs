//! Draws frames of one mesh, or of one flat sheet, into a texture of its own.
//!
//! The scene is drawn with several samples a pixel; then, deepest layer first, each layer's lines are drawn as ink that the
//! surface hides, and laid over the picture; legend and captions come last. Uses nothing that WebGL2 lacks.

use super::color::{self, Palette};
use super::gpu::Faults;
use super::overlay::{Overlay, OverlayInput, PassTarget};
use super::pick::{Pick, Plane};
use super::pipeline::{self, COLOR_FORMAT, Depth, Layouts, SAMPLES};
use super::sheet::Sheet;
use super::targets::{self, IdTargets, Targets};
use super::tile::Tile;
use super::uniforms::{self, LayerUniform, SceneUniform};
use super::{Coloring, Frame, Gpu, Image, NO_FACE, RenderError, Theme, background, composite, face_id, faces, lines, still};
use crate::mesh::{FaceVertex, Mesh, Segment};
use std::ops::Range;

/// Offsets of uniforms are multiples of this on every device.
const UNIFORM_STEP: usize = 256;
/// Face and line ramp.
const RAMPS: u32 = 2;
/// Thinnest stroke in the legend, and the stroke where layers have colours; pixels at height 1000.
const LEGEND_STROKE: f32 = 0.6;
const LEGEND_LAYER_STROKE: f32 = 2.2;
/// Graphs have the colours of these layers.
const STRONG_LAYER: usize = 1;
const SECOND_LAYER: usize = 5;

/// What the uniforms need of a mesh.
#[derive(Debug, Clone, Default)]
pub struct MeshNumbers {
    height: f32,
    /// Greatest distance from the origin in the plane, greatest height in `t`.
    pub reach: f32,
    pub tallest_t: f32,
    /// Of the window, world units.
    pub area: f32,
    pub regions_per_layer: Vec<usize>,
    pub bounds_t: [f32; 2],
    pub floor_t: f32,
    pub lo: f64,
    pub hi: f64,
    pub window: [f64; 4],
    pub half_size: [f32; 2],
    pub marks: Vec<[f32; 3]>,
}

impl MeshNumbers {
    fn new(mesh: &Mesh) -> Self {
        let [x, y] = mesh.half_size;
        Self {
            height: mesh.height,
            reach: x.hypot(y),
            tallest_t: mesh.bounds_t().map(f32::abs).into_iter().fold(0.0, f32::max),
            area: 4.0 * x * y,
            regions_per_layer: mesh.regions_per_layer.clone(),
            bounds_t: mesh.bounds_t(),
            floor_t: mesh.floor_t(),
            lo: mesh.lo,
            hi: mesh.hi,
            window: mesh.window,
            half_size: mesh.half_size,
            marks: mesh.marks.clone(),
        }
    }

    /// World height of `t = 1`.
    pub fn rise(&self, factor: f32) -> f32 {
        2.0 * self.height * factor
    }
}

/// A mesh on the GPU.
#[derive(Debug)]
struct GpuMesh {
    numbers: MeshNumbers,
    planes: Vec<Plane>,
    faces: wgpu::Buffer,
    n_corners: u32,
    segments: wgpu::Buffer,
    /// Each layer's, then the border's.
    ranges: Vec<Range<u32>>,
}

impl GpuMesh {
    fn new(device: &wgpu::Device, queue: &wgpu::Queue, mesh: &Mesh) -> Self {
        // written through the queue: a mapped buffer of a lost device would panic
        let buffer = |label, contents: &[u8]| {
            let usage = wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST;
            let descriptor = wgpu::BufferDescriptor { label: Some(label), size: contents.len() as u64, usage, mapped_at_creation: false };
            let buffer = device.create_buffer(&descriptor);
            queue.write_buffer(&buffer, 0, contents);
            buffer
        };
        let mut ranges = mesh.layer_segments.clone();
        ranges.push(mesh.border_segments.clone());
        Self {
            numbers: MeshNumbers::new(mesh),
            planes: Plane::all(mesh),
            faces: buffer("faces", bytemuck::cast_slice::<FaceVertex, u8>(&mesh.faces)),
            n_corners: mesh.faces.len() as u32,
            segments: buffer("segments", bytemuck::cast_slice::<Segment, u8>(&mesh.segments)),
            ranges,
        }
    }
}

#[derive(Debug)]
struct Pipelines {
    background: wgpu::RenderPipeline,
    faces: wgpu::RenderPipeline,
    lines: wgpu::RenderPipeline,
    composite: wgpu::RenderPipeline,
    face_id: wgpu::RenderPipeline,
}

impl Pipelines {
    fn new(device: &wgpu::Device, layouts: &Layouts) -> Self {
        Self {
            background: background::pipeline(device, layouts),
            faces: faces::pipeline(device, layouts),
            lines: lines::pipeline(device, layouts),
            composite: composite::pipeline(device, layouts),
            face_id: face_id::pipeline(device, layouts),
        }
    }
}

/// Pipelines and the mesh on the GPU, and the texture that the picture is drawn into.
pub struct Renderer {
    device: wgpu::Device,
    queue: wgpu::Queue,
    faults: Faults,
    layouts: Layouts,
    pipelines: Pipelines,
    overlay: Overlay,
    scene: wgpu::Buffer,
    ramps: wgpu::Texture,
    /// What the ramps hold.
    ramps_of: Option<(Theme, Coloring)>,
    scene_group: wgpu::BindGroup,
    layers: LayerBuffer,
    targets: Targets,
    /// Of stills, in pixels before averaging.
    pub(super) max_tile: [u32; 2],
    drawn: bool,
    transparent: bool,
    mesh: GpuMesh,
    /// Drawn instead of a surface, which there is none of then.
    sheet: Option<Sheet>,
}

/// The numbers of all layers and the border.
#[derive(Debug)]
struct LayerBuffer {
    buffer: wgpu::Buffer,
    group: wgpu::BindGroup,
}

impl LayerBuffer {
    fn new(device: &wgpu::Device, layouts: &Layouts, n: usize) -> Self {
        let buffer = uniform_buffer(device, "layers", n * UNIFORM_STEP);
        let binding = wgpu::BufferBinding { buffer: &buffer, offset: 0, size: wgpu::BufferSize::new(size_of::<LayerUniform>() as u64) };
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("layers"),
            layout: &layouts.layer,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Buffer(binding) }],
        });
        Self { buffer, group }
    }

    fn write(&self, queue: &wgpu::Queue, layers: &[LayerUniform]) {
        for (i, layer) in layers.iter().enumerate() {
            queue.write_buffer(&self.buffer, (i * UNIFORM_STEP) as u64, bytemuck::bytes_of(layer));
        }
    }
}

impl Renderer {
    /// Builds all pipelines. Without a mesh it draws the background.
    ///
    /// # Errors
    /// [`RenderError::DeviceLost`], [`RenderError::Refused`].
    pub fn new(gpu: &Gpu) -> Result<Self, RenderError> {
        let Gpu { device, queue, faults, .. } = gpu;
        let layouts = Layouts::new(device);
        let scene = uniform_buffer(device, "scene", size_of::<SceneUniform>());
        let ramps = ramp_texture(device);
        let renderer = Self {
            device: device.clone(),
            queue: queue.clone(),
            faults: faults.clone(),
            pipelines: Pipelines::new(device, &layouts),
            overlay: overlay(device),
            scene_group: scene_group(device, &layouts, &scene, &ramps),
            scene,
            ramps,
            ramps_of: None,
            layers: LayerBuffer::new(device, &layouts, 1),
            targets: Targets::new(device, &layouts, [1, 1]),
            max_tile: still::MAX_TILE,
            drawn: false,
            transparent: false,
            mesh: GpuMesh::new(device, queue, &Mesh::default()),
            sheet: None,
            layouts,
        };
        faults.check()?;
        Ok(renderer)
    }

    /// The surface to draw from now on.
    ///
    /// # Errors
    /// [`RenderError::TooLarge`], [`RenderError::DeviceLost`], [`RenderError::Refused`].
    pub fn set_mesh(&mut self, mesh: &Mesh) -> Result<(), RenderError> {
        let (needed, limit) = (largest_buffer(mesh), self.device.limits().max_buffer_size);
        if needed > limit {
            return Err(RenderError::TooLarge { needed, limit });
        }
        self.mesh = GpuMesh::new(&self.device, &self.queue, mesh);
        self.layers = LayerBuffer::new(&self.device, &self.layouts, self.mesh.ranges.len());
        self.sheet = None;
        self.faults.check()
    }

    /// The graphs and words to draw from now on, instead of a surface.
    ///
    /// # Errors
    /// [`RenderError::DeviceLost`], [`RenderError::Refused`].
    pub fn set_sheet(&mut self, sheet: &Sheet) -> Result<(), RenderError> {
        self.set_mesh(&Mesh::default())?;
        self.sheet = Some(sheet.clone());
        Ok(())
    }

    /// Draws into the renderer's own texture and hands it out (`TEXTURE_BINDING | COPY_SRC`, `Rgba8UnormSrgb`, alpha 1 unless
    /// the background is transparent, then premultiplied). The same view comes back until the size changes.
    ///
    /// # Errors
    /// [`RenderError::Size`] beyond the adapter's limit, [`RenderError::DeviceLost`], [`RenderError::Refused`].
    pub fn draw(&mut self, frame: &Frame) -> Result<&wgpu::TextureView, RenderError> {
        self.check_size(frame.size_px)?;
        self.prepare(frame);
        self.draw_tile(frame, &Tile::whole(frame.size_px))?;
        Ok(&self.targets.color_view)
    }

    /// What [`Renderer::draw`] drew last. Waits for the GPU.
    ///
    /// # Errors
    /// [`RenderError::ReadBack`], [`RenderError::DeviceLost`].
    pub fn read_back(&mut self) -> Result<Image, RenderError> {
        if !self.drawn {
            return Err(RenderError::ReadBack("nothing has been drawn".to_owned()));
        }
        let mut rgba = self.read(&self.targets.color)?;
        if self.transparent {
            rgba.chunks_exact_mut(4).for_each(color::unmultiply);
        }
        Ok(Image { size_px: self.targets.size_px, rgba })
    }

    /// What all tiles of a picture share.
    pub(super) fn prepare(&mut self, frame: &Frame) {
        let layers = uniforms::layers(frame, &self.mesh.numbers);
        // the mesh may lack layers, never the border
        self.layers.write(&self.queue, &layers[..layers.len().min(self.mesh.ranges.len())]);
        let look = (frame.style.theme, frame.style.coloring);
        if self.ramps_of != Some(look) {
            write_ramps(&self.queue, &self.ramps, look);
            self.ramps_of = Some(look);
        }
        self.prepare_overlay(frame);
    }

    /// A part of a prepared picture, into the renderer's own texture, which gets the tile's size.
    pub(super) fn draw_tile(&mut self, frame: &Frame, tile: &Tile) -> Result<(), RenderError> {
        if self.targets.size_px != tile.size_px {
            self.targets = Targets::new(&self.device, &self.layouts, tile.size_px);
        }
        self.write_scene(frame, tile);
        self.overlay.set_tile(&self.queue, tile);
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.draw_scene(&mut encoder, frame);
        if frame.style.edges {
            self.draw_lines(&mut encoder);
        }
        self.draw_overlay(&mut encoder);
        self.queue.submit([encoder.finish()]);
        (self.drawn, self.transparent) = (true, frame.style.transparent_background);
        self.faults.check()
    }

    /// The bytes of the tile drawn last, premultiplied.
    pub(super) fn read_tile(&self) -> Result<Vec<u8>, RenderError> {
        self.read(&self.targets.color)
    }

    /// A failure that has a deeper cause is told by that.
    fn read(&self, texture: &wgpu::Texture) -> Result<Vec<u8>, RenderError> {
        let bytes = targets::read(&self.device, &self.queue, texture);
        self.faults.check()?;
        bytes
    }

    /// The region at every pixel's centre, rows from the top, [`NO_FACE`] beside the surface. Waits for the GPU.
    ///
    /// # Errors
    /// [`RenderError::Size`], [`RenderError::ReadBack`], [`RenderError::DeviceLost`].
    pub fn face_ids(&mut self, frame: &Frame) -> Result<Vec<u32>, RenderError> {
        self.check_size(frame.size_px)?;
        let targets = IdTargets::new(&self.device, frame.size_px);
        self.write_scene(frame, &Tile::whole(frame.size_px));
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.draw_ids(&mut encoder, &targets);
        self.queue.submit([encoder.finish()]);
        let bytes = self.read(&targets.ids)?;
        Ok(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    /// What lies under a position in the picture (pixels, x right, y down).
    ///
    /// # Errors
    /// [`RenderError::Size`], [`RenderError::ReadBack`], [`RenderError::DeviceLost`].
    pub fn pick(&mut self, frame: &Frame, px: [f64; 2]) -> Result<Option<Pick>, RenderError> {
        let inside = |k: usize| px[k] >= 0.0 && px[k] < f64::from(frame.size_px[k]);
        if !(inside(0) && inside(1)) {
            return Ok(None);
        }
        let ids = self.face_ids(frame)?;
        let region = ids[px[1] as usize * frame.size_px[0] as usize + px[0] as usize];
        let plane = self.mesh.planes.get(region as usize);
        Ok(plane.and_then(|plane| plane.pick(frame, &self.mesh.numbers, region, px)))
    }

    /// The longest side of a texture.
    pub(super) fn max_side(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }

    fn check_size(&self, [width, height]: [u32; 2]) -> Result<(), RenderError> {
        let max = self.max_side();
        let fits = |side: u32| (1..=max).contains(&side);
        if fits(width) && fits(height) { Ok(()) } else { Err(RenderError::Size { width, height, max }) }
    }

    fn write_scene(&self, frame: &Frame, tile: &Tile) {
        let scene = SceneUniform::new(frame, &self.mesh.numbers, tile);
        self.queue.write_buffer(&self.scene, 0, bytemuck::bytes_of(&scene));
    }

    fn prepare_overlay(&mut self, frame: &Frame) {
        let (style, mesh) = (frame.style, &self.mesh.numbers);
        let palette = color::palette(style.theme);
        let rise = mesh.rise(style.height_factor);
        let ramp: Vec<[f32; 4]> = match style.coloring {
            Coloring::Pattern => Vec::new(),
            coloring => color::face_ramp(style.theme, coloring).into_iter().map(opaque).collect(),
        };
        let lines = match &self.sheet {
            Some(sheet) => (0..sheet.n_layers).map(|layer| layer_stroke(frame, layer)).collect(),
            None => legend_lines(frame, mesh, palette),
        };
        let input = OverlayInput {
            size_px: frame.size_px,
            scale: frame.pixel_scale,
            clip_from_world: uniforms::clip_from_world(frame, mesh).as_mat4(),
            eye: frame.camera.eye(),
            azimuth_deg: frame.camera.azimuth_deg,
            elevation_deg: frame.camera.elevation_deg,
            text: opaque(color::linear(palette.text)),
            dim: opaque(color::linear(palette.dim)),
            axis: axis_color(style.theme, palette),
            ground: opaque(color::linear(palette.background[0])),
            inks: [STRONG_LAYER, SECOND_LAYER].map(|layer| opaque(color::layer(style.theme, layer))),
            sheet: self.sheet.as_ref(),
            face_ramp: &ramp,
            lines: &lines,
            lo: mesh.lo,
            hi: mesh.hi,
            window: mesh.window,
            half_size: mesh.half_size,
            marks: &mesh.marks,
            rise,
            bottom: mesh.bounds_t[0] * rise,
            floor: mesh.floor_t * rise,
            title: &frame.captions.name,
            subtitle: &frame.captions.subtitle,
            lift: &frame.captions.lift,
            show_axes: style.axes,
            show_grid: style.grid,
            show_legend: style.legend,
            top_blend: uniforms::top_share(frame.camera.elevation_deg),
        };
        self.overlay.prepare(&self.device, &self.queue, &input);
    }

    fn draw_scene(&self, encoder: &mut wgpu::CommandEncoder, frame: &Frame) {
        let clear = wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT);
        let color = attachment(&self.targets.samples, Some(&self.targets.color_view), clear);
        let mut pass = begin(encoder, "scene", color, Some((&self.targets.depth, wgpu::LoadOp::Clear(1.0))));
        pass.set_bind_group(0, &self.scene_group, &[]);
        pass.set_pipeline(&self.pipelines.background);
        pass.draw(0..3, 0..1);
        if frame.style.faces && self.mesh.n_corners > 0 {
            pass.set_pipeline(&self.pipelines.faces);
            pass.set_vertex_buffer(0, self.mesh.faces.slice(..));
            pass.draw(0..self.mesh.n_corners, 0..1);
        }
        self.overlay.draw_scene(&mut pass);
    }

    fn draw_overlay(&self, encoder: &mut wgpu::CommandEncoder) {
        let color = attachment(&self.targets.color_view, None, wgpu::LoadOp::Load);
        self.overlay.draw(&mut begin(encoder, "overlay", color, None));
    }

    /// The deepest layer first, the border last.
    fn draw_lines(&self, encoder: &mut wgpu::CommandEncoder) {
        let border = self.mesh.ranges.len() - 1;
        for layer in (0..border).rev().chain([border]) {
            let range = self.mesh.ranges[layer].clone();
            if !range.is_empty() {
                self.draw_ink(encoder, layer, range);
                self.lay_ink(encoder);
            }
        }
    }

    fn draw_ink(&self, encoder: &mut wgpu::CommandEncoder, layer: usize, segments: Range<u32>) {
        let clear = wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT);
        let color = attachment(&self.targets.samples, Some(&self.targets.ink), clear);
        let mut pass = begin(encoder, "ink", color, Some((&self.targets.depth, wgpu::LoadOp::Load)));
        pass.set_pipeline(&self.pipelines.lines);
        pass.set_bind_group(0, &self.scene_group, &[]);
        pass.set_bind_group(1, &self.layers.group, &[(layer * UNIFORM_STEP) as u32]);
        pass.set_vertex_buffer(0, self.mesh.segments.slice(..));
        pass.draw(0..lines::CORNERS, segments);
    }

    fn lay_ink(&self, encoder: &mut wgpu::CommandEncoder) {
        let color = attachment(&self.targets.color_view, None, wgpu::LoadOp::Load);
        let mut pass = begin(encoder, "composite", color, None);
        pass.set_pipeline(&self.pipelines.composite);
        pass.set_bind_group(0, &self.scene_group, &[]);
        pass.set_bind_group(1, &self.targets.ink_group, &[]);
        pass.draw(0..3, 0..1);
    }

    fn draw_ids(&self, encoder: &mut wgpu::CommandEncoder, targets: &IdTargets) {
        let none = wgpu::Color { r: f64::from(NO_FACE), ..wgpu::Color::TRANSPARENT };
        let color = attachment(&targets.ids_view, None, wgpu::LoadOp::Clear(none));
        let mut pass = begin(encoder, "face ids", color, Some((&targets.depth, wgpu::LoadOp::Clear(1.0))));
        if self.mesh.n_corners > 0 {
            pass.set_pipeline(&self.pipelines.face_id);
            pass.set_bind_group(0, &self.scene_group, &[]);
            pass.set_vertex_buffer(0, self.mesh.faces.slice(..));
            pass.draw(0..self.mesh.n_corners, 0..1);
        }
    }
}

/// Axes lie in the scene, legend and captions over it.
fn overlay(device: &wgpu::Device) -> Overlay {
    let scene = PassTarget { format: COLOR_FORMAT, samples: SAMPLES, depth: pipeline::depth_state(Depth::Test) };
    let over = PassTarget { format: COLOR_FORMAT, samples: 1, depth: None };
    Overlay::new(device, &scene, &over)
}

/// Bytes of the larger of the mesh's two buffers.
fn largest_buffer(mesh: &Mesh) -> u64 {
    size_of_val(mesh.faces.as_slice()).max(size_of_val(mesh.segments.as_slice())) as u64
}

/// Width and colour of the legend's strokes.
fn legend_lines(frame: &Frame, mesh: &MeshNumbers, palette: &Palette) -> Vec<(f32, [f32; 4])> {
    let stroke = |(layer, width): (usize, f32)| match frame.style.coloring {
        Coloring::Layers => layer_stroke(frame, layer),
        _ => (width.max(LEGEND_STROKE * frame.pixel_scale), opaque(color::linear(palette.text))),
    };
    uniforms::layer_widths(frame, mesh).into_iter().enumerate().map(stroke).collect()
}

/// The same where colours tell the layers apart.
fn layer_stroke(frame: &Frame, layer: usize) -> (f32, [f32; 4]) {
    (LEGEND_LAYER_STROKE * frame.pixel_scale, opaque(color::layer(frame.style.theme, layer)))
}

/// A hairline mixed in linear light is too bright on black and too pale on white.
fn axis_color(theme: Theme, palette: &Palette) -> [f32; 4] {
    let [r, g, b] = color::linear(palette.dim);
    [r, g, b, if theme == Theme::Dark { 0.5 } else { 0.9 }]
}

fn opaque([r, g, b]: [f32; 3]) -> [f32; 4] {
    [r, g, b, 1.0]
}

fn attachment<'a>(
    view: &'a wgpu::TextureView,
    resolve_target: Option<&'a wgpu::TextureView>,
    load: wgpu::LoadOp<wgpu::Color>,
) -> wgpu::RenderPassColorAttachment<'a> {
    // samples are of no use once they are averaged
    let store = if resolve_target.is_some() { wgpu::StoreOp::Discard } else { wgpu::StoreOp::Store };
    wgpu::RenderPassColorAttachment { view, depth_slice: None, resolve_target, ops: wgpu::Operations { load, store } }
}

fn begin<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    label: &'static str,
    color: wgpu::RenderPassColorAttachment<'_>,
    depth: Option<(&wgpu::TextureView, wgpu::LoadOp<f32>)>,
) -> wgpu::RenderPass<'a> {
    let depth_stencil_attachment = depth.map(|(view, load)| wgpu::RenderPassDepthStencilAttachment {
        view,
        depth_ops: Some(wgpu::Operations { load, store: wgpu::StoreOp::Store }),
        stencil_ops: None,
    });
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(label),
        color_attachments: &[Some(color)],
        depth_stencil_attachment,
        ..Default::default()
    })
}

fn uniform_buffer(device: &wgpu::Device, label: &'static str, size: usize) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: size as u64,
        usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

fn scene_group(device: &wgpu::Device, layouts: &Layouts, scene: &wgpu::Buffer, ramps: &wgpu::Texture) -> wgpu::BindGroup {
    let view = ramps.create_view(&wgpu::TextureViewDescriptor::default());
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("scene"),
        layout: &layouts.scene,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: scene.as_entire_binding() },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(&view) },
        ],
    })
}

fn ramp_size() -> wgpu::Extent3d {
    wgpu::Extent3d { width: color::RAMP_TEXELS as u32, height: RAMPS, depth_or_array_layers: 1 }
}

fn ramp_texture(device: &wgpu::Device) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("ramps"),
        size: ramp_size(),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba32Float,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

fn write_ramps(queue: &wgpu::Queue, ramps: &wgpu::Texture, (theme, coloring): (Theme, Coloring)) {
    let rows = [color::face_ramp(theme, coloring), color::line_ramp(theme)];
    let texels: Vec<[f32; 4]> = rows.into_iter().flatten().map(|[r, g, b]| [r, g, b, 1.0]).collect();
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some((color::RAMP_TEXELS * size_of::<[f32; 4]>()) as u32),
        rows_per_image: None,
    };
    queue.write_texture(ramps.as_image_copy(), bytemuck::cast_slice(&texels), layout, ramp_size());
}
