//! The surface; its shader is `faces.wgsl`.

use super::pipeline::{Blueprint, COLOR_FORMAT, Depth, Layouts, SAMPLES, face_vertices};

pub(super) fn pipeline(device: &wgpu::Device, layouts: &Layouts) -> wgpu::RenderPipeline {
    let blueprint = Blueprint {
        name: "faces",
        groups: &[&layouts.scene],
        vertices: Some(face_vertices()),
        topology: wgpu::PrimitiveTopology::TriangleList,
        format: COLOR_FORMAT,
        blend: None,
        depth: Depth::Write,
        samples: SAMPLES,
    };
    blueprint.build(device)
}
