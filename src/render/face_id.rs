//! Region numbers instead of colours; the shader is `face_id.wgsl`.

use super::pipeline::{Blueprint, Depth, ID_FORMAT, Layouts, face_vertices};

/// What [`super::Renderer::face_ids`] has where there is no surface.
pub const NO_FACE: u32 = u32::MAX;

pub(super) fn pipeline(device: &wgpu::Device, layouts: &Layouts) -> wgpu::RenderPipeline {
    let blueprint = Blueprint {
        name: "face_id",
        groups: &[&layouts.scene],
        vertices: Some(face_vertices()),
        topology: wgpu::PrimitiveTopology::TriangleList,
        format: ID_FORMAT,
        blend: None,
        depth: Depth::Write,
        samples: 1,
    };
    blueprint.build(device)
}
