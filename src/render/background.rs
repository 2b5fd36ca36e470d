//! The stage behind the surface; its shader is `background.wgsl`.

use super::pipeline::{Blueprint, COLOR_FORMAT, Depth, Layouts, SAMPLES};

pub(super) fn pipeline(device: &wgpu::Device, layouts: &Layouts) -> wgpu::RenderPipeline {
    let blueprint = Blueprint {
        name: "background",
        groups: &[&layouts.scene],
        vertices: None,
        topology: wgpu::PrimitiveTopology::TriangleList,
        format: COLOR_FORMAT,
        blend: None,
        depth: Depth::Ignore,
        samples: SAMPLES,
    };
    blueprint.build(device)
}
