//! The surface's picture into the window, under the panels: pixel for pixel, or stretched where it has fewer pixels.
//!
//! In: the picture's texture and where it belongs. Out: draws into the window's pass. egui could show the texture, too, but
//! its shader filters and dithers every pixel: on a software rasteriser that takes longer than drawing the surface.

/// Shader text of the pipeline.
const SHADER: &str = include_str!("../../../shaders/blit.wgsl");

pub(super) struct Blit {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    place: wgpu::Buffer,
    shown: Option<Shown>,
}

/// The copy that is read, its bytes not converted.
struct Shown {
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
}

impl Blit {
    /// For windows of this format, which must not be an sRGB one.
    pub(super) fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let layout = layout(device);
        let place = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("blit"),
            size: size_of::<[f32; 4]>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self { pipeline: pipeline(device, &layout, format), layout, place, shown: None }
    }

    /// Takes the picture over.
    pub(super) fn set_picture(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, picture: &wgpu::Texture) {
        if self.shown.as_ref().is_none_or(|shown| shown.texture.size() != picture.size()) {
            self.shown = Some(self.new_shown(device, picture.size()));
        }
        let Some(shown) = &self.shown else { return };
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("blit") });
        encoder.copy_texture_to_texture(picture.as_image_copy(), shown.texture.as_image_copy(), picture.size());
        queue.submit([encoder.finish()]);
    }

    fn new_shown(&self, device: &wgpu::Device, size: wgpu::Extent3d) -> Shown {
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("blit"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("blit"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
                wgpu::BindGroupEntry { binding: 1, resource: self.place.as_entire_binding() },
            ],
        });
        Shown { texture, group }
    }

    /// Where the picture's upper left corner will be in the window, and how many of its texels a pixel there is wide.
    pub(super) fn place(&self, queue: &wgpu::Queue, [x, y]: [u32; 2], texels: f32) {
        queue.write_buffer(&self.place, 0, bytemuck::cast_slice(&[x as f32, y as f32, texels, 0.0]));
    }

    /// Draws the picture over a rectangle of the window: x, y, width, height in pixels.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, [x, y, width, height]: [u32; 4]) {
        let Some(Shown { group, .. }) = &self.shown else { return };
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.set_scissor_rect(x, y, width, height);
        pass.draw(0..3, 0..1);
    }
}

fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding, ty| wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::FRAGMENT, ty, count: None };
    let texture = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: false },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    let uniform = wgpu::BindingType::Buffer { ty: wgpu::BufferBindingType::Uniform, has_dynamic_offset: false, min_binding_size: None };
    let entries = &[entry(0, texture), entry(1, uniform)];
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some("blit"), entries })
}

fn pipeline(device: &wgpu::Device, group: &wgpu::BindGroupLayout, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    let source = wgpu::ShaderSource::Wgsl(SHADER.into());
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some("blit"), source });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("blit"),
        bind_group_layouts: &[Some(group)],
        immediate_size: 0,
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("blit"),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vs_main"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fs_main"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(format.into())],
        }),
        multiview_mask: None,
        cache: None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_shader_is_valid() {
        let module = naga::front::wgsl::parse_str(super::SHADER).expect("the shader parses");
        let mut validator = naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::empty());
        validator.validate(&module).expect("the shader is valid");
    }
}
