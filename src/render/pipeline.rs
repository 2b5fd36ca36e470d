//! What the pipelines have in common: formats, layouts of the bindings, and one way to build them.

use super::shaders;
use crate::mesh::FaceVertex;

/// Of the finished picture, and of the ink: blending and averaging are done in linear light.
pub const COLOR_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8UnormSrgb;
pub(super) const ID_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::R32Uint;
pub(super) const DEPTH_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;
/// Samples in a pixel of the scene.
pub(super) const SAMPLES: u32 = 4;

/// Layouts of the bindings.
#[derive(Debug)]
pub(super) struct Layouts {
    /// Scene and ramps.
    pub scene: wgpu::BindGroupLayout,
    /// One layer's numbers, at an offset.
    pub layer: wgpu::BindGroupLayout,
    /// One texture.
    pub texture: wgpu::BindGroupLayout,
}

impl Layouts {
    pub fn new(device: &wgpu::Device) -> Self {
        let group = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        Self {
            scene: group("scene", &[uniform(0, false), texture(1)]),
            layer: group("layer", &[uniform(0, true)]),
            texture: group("texture", &[texture(0)]),
        }
    }
}

fn uniform(binding: u32, has_dynamic_offset: bool) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::Buffer { ty: wgpu::BufferBindingType::Uniform, has_dynamic_offset, min_binding_size: None };
    wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::VERTEX_FRAGMENT, ty, count: None }
}

fn texture(binding: u32) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: false },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::FRAGMENT, ty, count: None }
}

/// How a pipeline meets the depth of the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// There is none.
    None,
    /// In front of and behind everything.
    Ignore,
    /// Hidden by what is nearer.
    Test,
    /// Hidden by what is nearer, and hides.
    Write,
}

/// What makes a pipeline different from the others.
pub(super) struct Blueprint<'a> {
    /// Its name and its shader's.
    pub name: &'static str,
    pub groups: &'a [&'a wgpu::BindGroupLayout],
    pub vertices: Option<wgpu::VertexBufferLayout<'a>>,
    pub topology: wgpu::PrimitiveTopology,
    pub format: wgpu::TextureFormat,
    pub blend: Option<wgpu::BlendState>,
    pub depth: Depth,
    pub samples: u32,
}

impl Blueprint<'_> {
    pub fn build(&self, device: &wgpu::Device) -> wgpu::RenderPipeline {
        let module = shaders::module(device, self.name);
        let groups: Vec<_> = self.groups.iter().map(|&group| Some(group)).collect();
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(self.name),
            bind_group_layouts: &groups,
            immediate_size: 0,
        });
        let vertices: Vec<_> = self.vertices.iter().cloned().map(Some).collect();
        let target = wgpu::ColorTargetState { format: self.format, blend: self.blend, write_mask: wgpu::ColorWrites::ALL };
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(self.name),
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vs_main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &vertices,
            },
            primitive: wgpu::PrimitiveState { topology: self.topology, ..Default::default() },
            depth_stencil: depth_state(self.depth),
            multisample: wgpu::MultisampleState { count: self.samples, ..Default::default() },
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("fs_main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(target)],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}

pub(super) fn depth_state(depth: Depth) -> Option<wgpu::DepthStencilState> {
    let compare = match depth {
        Depth::None => return None,
        Depth::Ignore => wgpu::CompareFunction::Always,
        Depth::Test | Depth::Write => wgpu::CompareFunction::LessEqual,
    };
    Some(wgpu::DepthStencilState {
        format: DEPTH_FORMAT,
        depth_write_enabled: Some(depth == Depth::Write),
        depth_compare: Some(compare),
        stencil: wgpu::StencilState::default(),
        bias: wgpu::DepthBiasState::default(),
    })
}

const FACE_ATTRIBUTES: [wgpu::VertexAttribute; 6] = wgpu::vertex_attr_array![
    0 => Float32x2, 1 => Float32, 2 => Float32x2, 3 => Uint32, 4 => Uint32, 5 => Uint32
];

/// The corners of the mesh's triangles.
pub(super) fn face_vertices() -> wgpu::VertexBufferLayout<'static> {
    wgpu::VertexBufferLayout {
        array_stride: size_of::<FaceVertex>() as u64,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes: &FACE_ATTRIBUTES,
    }
}
