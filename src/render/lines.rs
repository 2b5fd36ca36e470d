//! Lines as ink, one layer at a time; the shader is `lines.wgsl`.

use super::pipeline::{Blueprint, COLOR_FORMAT, Depth, Layouts, SAMPLES};
use crate::mesh::Segment;
use std::mem::offset_of;

/// Corners of a segment's strip: both ends of its left edge, of its middle and of its right edge.
pub(super) const CORNERS: u32 = 6;

const ATTRIBUTES: [wgpu::VertexAttribute; 7] = [
    attribute(0, offset_of!(Segment, a), wgpu::VertexFormat::Float32x3),
    attribute(1, offset_of!(Segment, b), wgpu::VertexFormat::Float32x3),
    attribute(2, offset_of!(Segment, crowd_a), wgpu::VertexFormat::Float32x2),
    attribute(3, offset_of!(Segment, crowd_b), wgpu::VertexFormat::Float32x2),
    attribute(4, offset_of!(Segment, slope_left), wgpu::VertexFormat::Float32x2),
    attribute(5, offset_of!(Segment, slope_right), wgpu::VertexFormat::Float32x2),
    attribute(6, offset_of!(Segment, flags), wgpu::VertexFormat::Uint32),
];

const fn attribute(shader_location: u32, offset: usize, format: wgpu::VertexFormat) -> wgpu::VertexAttribute {
    wgpu::VertexAttribute { format, offset: offset as u64, shader_location }
}

/// Where lines of one layer meet, the greater ink counts: no dots at joints.
const GREATER: wgpu::BlendComponent =
    wgpu::BlendComponent { src_factor: wgpu::BlendFactor::One, dst_factor: wgpu::BlendFactor::One, operation: wgpu::BlendOperation::Max };

pub(super) fn pipeline(device: &wgpu::Device, layouts: &Layouts) -> wgpu::RenderPipeline {
    let segments = wgpu::VertexBufferLayout {
        array_stride: size_of::<Segment>() as u64,
        step_mode: wgpu::VertexStepMode::Instance,
        attributes: &ATTRIBUTES,
    };
    let blueprint = Blueprint {
        name: "lines",
        groups: &[&layouts.scene, &layouts.layer],
        vertices: Some(segments),
        topology: wgpu::PrimitiveTopology::TriangleStrip,
        format: COLOR_FORMAT,
        blend: Some(wgpu::BlendState { color: GREATER, alpha: GREATER }),
        depth: Depth::Test,
        samples: SAMPLES,
    };
    blueprint.build(device)
}
