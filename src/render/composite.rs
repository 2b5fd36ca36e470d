//! Lays ink over the picture; the shader is `composite.wgsl`.

use super::pipeline::{Blueprint, COLOR_FORMAT, Depth, Layouts};

pub(super) fn pipeline(device: &wgpu::Device, layouts: &Layouts) -> wgpu::RenderPipeline {
    let blueprint = Blueprint {
        name: "composite",
        groups: &[&layouts.scene, &layouts.texture],
        vertices: None,
        topology: wgpu::PrimitiveTopology::TriangleList,
        format: COLOR_FORMAT,
        blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
        depth: Depth::None,
        samples: 1,
    };
    blueprint.build(device)
}
