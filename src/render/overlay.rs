//! Legend, captions, axes and grid, or the graphs and words of a sheet: one batch of quads in pixels.
//!
//! In: [`OverlayInput`]. Out: draws into passes of the caller's. Axes and grid carry depth and go into the scene's pass
//! ([`Overlay::draw_scene`]), so the surface hides them where it should; legend and captions lie on top ([`Overlay::draw`]).
//! All colours are linear with straight alpha, the target must be sRGB or linear, blending is premultiplied. Of a mesh it knows the window.

mod axes;
mod batch;
mod legend;
mod marks;
mod sheet;

pub(super) use legend::HEIGHT as LEGEND_HEIGHT;

use std::ops::Range;

use glam::{Mat4, Vec2, Vec3};

use self::batch::{Batch, Quad};
use super::Style;
use super::camera::Fit;
use super::shaders;
use super::sheet::Sheet;
use super::text::{ATLAS_SIDE, Atlas, Fonts};
use super::tile::Tile;
use super::uniforms::top_share;
use crate::mesh::Mesh;

/// Instances the buffer holds at first.
const FIRST_CAPACITY: usize = 1024;
const CORNERS: u32 = 4;
/// Smallest clip w that counts as before the eye.
const MIN_W: f32 = 1e-4;
const ATTRIBUTES: [wgpu::VertexAttribute; 4] = wgpu::vertex_attr_array![0 => Float32x4, 1 => Float32x4, 2 => Float32x4, 3 => Float32x4];

/// `Screen` of `overlay.wgsl`, which says what is in it.
#[derive(Debug, Clone, Copy, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Screen {
    pub size: [f32; 4],
    pub origin: [f32; 4],
}

/// What a pass looks like that the overlay is drawn in.
#[derive(Debug, Clone)]
pub struct PassTarget {
    pub format: wgpu::TextureFormat,
    pub samples: u32,
    /// The pass's depth attachment, with the comparison wanted; none where the pass has none.
    pub depth: Option<wgpu::DepthStencilState>,
}

/// What framing must leave free for the axes' numbers and names; heights and widths in picture heights. `scale` as in
/// [`OverlayInput`].
pub(super) fn label_fits(mesh: &Mesh, style: &Style, angles_deg: [f32; 2], scale: f32, height_px: f32) -> Vec<Fit> {
    let below_px = if style.legend { legend::HEIGHT } else { 0.0 };
    let room = axes::Room {
        fonts: &Fonts::new(),
        window: mesh.window,
        half_size: mesh.half_size,
        floor: mesh.z_world(mesh.floor_t(), style.height_factor),
        scale,
        height_px,
        below_px,
    };
    axes::fits(&room, angles_deg, top_share(angles_deg[1]) > 0.5)
}

/// Everything the overlay shows. Sizes scale with `scale`, 1 for a picture 1,000 pixels high.
#[derive(Debug, Clone)]
pub struct OverlayInput<'a> {
    pub size_px: [u32; 2],
    pub scale: f32,
    pub clip_from_world: Mat4,
    pub eye: Vec3,
    pub azimuth_deg: f32,
    pub elevation_deg: f32,
    /// Theme.
    pub text: [f32; 4],
    pub dim: [f32; 4],
    pub axis: [f32; 4],
    /// Of a sheet: the background behind open dots, and the colours of [`Ink`](super::sheet::Ink)'s strong and second.
    pub ground: [f32; 4],
    pub inks: [[f32; 4]; 2],
    /// Drawn instead of everything else.
    pub sheet: Option<&'a Sheet>,
    /// Colours of the bar from `lo` to `hi`; empty for no bar.
    pub face_ramp: &'a [[f32; 4]],
    /// Width in pixels of this picture and colour of each layer's lines; empty for no such legend.
    pub lines: &'a [(f32, [f32; 4])],
    pub lo: f64,
    pub hi: f64,
    /// Window in input units: x0, y0, x1, y1.
    pub window: [f64; 4],
    pub half_size: [f32; 2],
    /// World x, y and height `t` of points to ring, and world height of `t = 1`.
    pub marks: &'a [[f32; 3]],
    pub rise: f32,
    /// Lowest world z of the surface, and that of the axes.
    pub bottom: f32,
    pub floor: f32,
    pub title: &'a str,
    pub subtitle: &'a str,
    /// Heading of the bar.
    pub lift: &'a str,
    pub show_axes: bool,
    pub show_grid: bool,
    pub show_legend: bool,
    /// 0 in 3-D, 1 from above; the axes of both fade into each other.
    pub top_blend: f32,
}

impl OverlayInput<'_> {
    /// Pixel position and depth of a point of the world; None behind the eye.
    fn project(&self, p: Vec3) -> Option<(Vec2, f32)> {
        let clip = self.clip_from_world * p.extend(1.0);
        if clip.w < MIN_W {
            return None;
        }
        let ndc = clip.truncate() / clip.w;
        let [w, h] = self.size_px.map(|v| v as f32);
        let px = Vec2::new((0.5 + 0.5 * ndc.x) * w, (0.5 - 0.5 * ndc.y) * h);
        px.is_finite().then_some((px, ndc.z))
    }
}

/// The overlay's pipelines, atlas and the last batch prepared.
pub struct Overlay {
    fonts: Fonts,
    atlas: Atlas,
    texture: wgpu::Texture,
    screen: wgpu::Buffer,
    group: wgpu::BindGroup,
    over: wgpu::RenderPipeline,
    scene: wgpu::RenderPipeline,
    quads: wgpu::Buffer,
    in_scene: Range<u32>,
    on_top: Range<u32>,
}

impl Overlay {
    /// `scene` is the pass of the surface, `over` the one after it.
    #[must_use]
    pub fn new(device: &wgpu::Device, scene: &PassTarget, over: &PassTarget) -> Self {
        let layout = group_layout(device);
        let texture = atlas_texture(device);
        let screen = uniform(device);
        let group = bind(device, &layout, &texture, &screen);
        let build = Build::new(device, &layout);
        Self {
            fonts: Fonts::new(),
            atlas: Atlas::new(),
            texture,
            screen,
            group,
            over: build.pipeline(device, over),
            scene: build.pipeline(device, scene),
            quads: quad_buffer(device, FIRST_CAPACITY),
            in_scene: 0..0,
            on_top: 0..0,
        }
    }

    /// Lays everything out and uploads it; what is drawn next is the whole picture.
    pub fn prepare(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, input: &OverlayInput) {
        let mut quads = self.gather(input);
        if self.atlas.is_full() {
            self.atlas = Atlas::new();
            quads = self.gather(input);
        }
        let bytes: &[u8] = bytemuck::cast_slice(&quads);
        if bytes.len() as u64 > self.quads.size() {
            self.quads = quad_buffer(device, quads.len().next_power_of_two());
        }
        queue.write_buffer(&self.quads, 0, bytes);
        self.upload_atlas(queue);
        self.set_tile(queue, &Tile::whole(input.size_px));
    }

    /// The part of the prepared picture that is drawn next.
    pub(super) fn set_tile(&self, queue: &wgpu::Queue, tile: &Tile) {
        let texel = 1.0 / ATLAS_SIDE as f32;
        let ([width, height], [x, y]) = (tile.size_px.map(|n| n as f32), tile.origin_px.map(|n| n as f32));
        let screen = Screen { size: [width, height, texel, texel], origin: [x, y, 0.0, 0.0] };
        queue.write_buffer(&self.screen, 0, bytemuck::bytes_of(&screen));
    }

    /// Axes and grid: in the scene's pass, with its depth.
    pub fn draw_scene(&self, pass: &mut wgpu::RenderPass) {
        self.draw_range(pass, &self.scene, self.in_scene.clone());
    }

    /// Legend and captions: after the scene.
    pub fn draw(&self, pass: &mut wgpu::RenderPass) {
        self.draw_range(pass, &self.over, self.on_top.clone());
    }

    fn gather(&mut self, input: &OverlayInput) -> Vec<Quad> {
        let mut batch = Batch { fonts: &self.fonts, atlas: &mut self.atlas, quads: Vec::new() };
        if input.sheet.is_none() {
            axes::draw(&mut batch, input);
        }
        let middle = batch.quads.len() as u32;
        if let Some(sheet) = input.sheet {
            sheet::draw(&mut batch, input, sheet);
        } else {
            marks::draw(&mut batch, input);
            legend::draw(&mut batch, input);
        }
        self.in_scene = 0..middle;
        self.on_top = middle..batch.quads.len() as u32;
        batch.quads
    }

    fn upload_atlas(&mut self, queue: &wgpu::Queue) {
        let Some((row, pixels)) = self.atlas.take_dirty() else { return };
        let rows = pixels.len() as u32 / ATLAS_SIDE;
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: 0, y: row, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            pixels,
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(ATLAS_SIDE), rows_per_image: Some(rows) },
            wgpu::Extent3d { width: ATLAS_SIDE, height: rows, depth_or_array_layers: 1 },
        );
    }

    fn draw_range(&self, pass: &mut wgpu::RenderPass, pipeline: &wgpu::RenderPipeline, quads: Range<u32>) {
        if quads.is_empty() {
            return;
        }
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &self.group, &[]);
        pass.set_vertex_buffer(0, self.quads.slice(..));
        pass.draw(0..CORNERS, quads);
    }
}

fn quad_buffer(device: &wgpu::Device, capacity: usize) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("overlay quads"),
        size: (capacity * size_of::<Quad>()) as u64,
        usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

fn uniform(device: &wgpu::Device) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("overlay screen"),
        size: size_of::<Screen>() as u64,
        usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

fn atlas_texture(device: &wgpu::Device) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("glyph atlas"),
        size: wgpu::Extent3d { width: ATLAS_SIDE, height: ATLAS_SIDE, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::R8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

fn group_layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding, visibility, ty| wgpu::BindGroupLayoutEntry { binding, visibility, ty, count: None };
    let buffer = wgpu::BindingType::Buffer { ty: wgpu::BufferBindingType::Uniform, has_dynamic_offset: false, min_binding_size: None };
    let texture = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: true },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    let sampler = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("overlay"),
        entries: &[
            entry(0, wgpu::ShaderStages::VERTEX, buffer),
            entry(1, wgpu::ShaderStages::FRAGMENT, texture),
            entry(2, wgpu::ShaderStages::FRAGMENT, sampler),
        ],
    })
}

fn bind(device: &wgpu::Device, layout: &wgpu::BindGroupLayout, texture: &wgpu::Texture, screen: &wgpu::Buffer) -> wgpu::BindGroup {
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
        label: Some("glyph atlas"),
        mag_filter: wgpu::FilterMode::Linear,
        min_filter: wgpu::FilterMode::Linear,
        ..Default::default()
    });
    let entry = |binding, resource| wgpu::BindGroupEntry { binding, resource };
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("overlay"),
        layout,
        entries: &[
            entry(0, screen.as_entire_binding()),
            entry(1, wgpu::BindingResource::TextureView(&view)),
            entry(2, wgpu::BindingResource::Sampler(&sampler)),
        ],
    })
}

/// What the pipelines share.
struct Build {
    shader: wgpu::ShaderModule,
    layout: wgpu::PipelineLayout,
}

impl Build {
    fn new(device: &wgpu::Device, group: &wgpu::BindGroupLayout) -> Self {
        let shader = shaders::module(device, "overlay");
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("overlay"),
            bind_group_layouts: &[Some(group)],
            immediate_size: 0,
        });
        Self { shader, layout }
    }

    fn pipeline(&self, device: &wgpu::Device, target: &PassTarget) -> wgpu::RenderPipeline {
        let buffer = wgpu::VertexBufferLayout {
            array_stride: size_of::<Quad>() as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &ATTRIBUTES,
        };
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("overlay"),
            layout: Some(&self.layout),
            vertex: wgpu::VertexState {
                module: &self.shader,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[Some(buffer)],
            },
            primitive: wgpu::PrimitiveState { topology: wgpu::PrimitiveTopology::TriangleStrip, ..Default::default() },
            depth_stencil: target.depth.clone(),
            multisample: wgpu::MultisampleState { count: target.samples, ..Default::default() },
            fragment: Some(wgpu::FragmentState {
                module: &self.shader,
                entry_point: Some("fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format: target.format,
                    blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}
