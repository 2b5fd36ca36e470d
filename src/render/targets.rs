//! The textures of a picture of one size, and their way back to the CPU.

use super::RenderError;
use super::pipeline::{COLOR_FORMAT, DEPTH_FORMAT, ID_FORMAT, Layouts, SAMPLES};

/// Bytes of a pixel in every texture that is read back.
const PIXEL_BYTES: u32 = 4;

/// What a picture is drawn into.
#[derive(Debug)]
pub(super) struct Targets {
    pub size_px: [u32; 2],
    pub color: wgpu::Texture,
    pub color_view: wgpu::TextureView,
    /// Several samples a pixel: first the scene, then each layer's ink.
    pub samples: wgpu::TextureView,
    pub depth: wgpu::TextureView,
    /// A layer's ink, averaged.
    pub ink: wgpu::TextureView,
    pub ink_group: wgpu::BindGroup,
}

impl Targets {
    pub fn new(device: &wgpu::Device, layouts: &Layouts, size_px: [u32; 2]) -> Self {
        use wgpu::TextureUsages as Usage;
        let drawn = Usage::RENDER_ATTACHMENT;
        let read = drawn | Usage::TEXTURE_BINDING;
        let color = texture(device, "picture", size_px, 1, COLOR_FORMAT, read | Usage::COPY_SRC);
        let ink = view(&texture(device, "ink", size_px, 1, COLOR_FORMAT, read));
        let ink_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("ink"),
            layout: &layouts.texture,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&ink) }],
        });
        Self {
            size_px,
            color_view: view(&color),
            color,
            samples: view(&texture(device, "samples", size_px, SAMPLES, COLOR_FORMAT, drawn)),
            depth: view(&texture(device, "depth", size_px, SAMPLES, DEPTH_FORMAT, drawn)),
            ink,
            ink_group,
        }
    }
}

/// A region number for every pixel, and their depths.
#[derive(Debug)]
pub(super) struct IdTargets {
    pub ids: wgpu::Texture,
    pub ids_view: wgpu::TextureView,
    pub depth: wgpu::TextureView,
}

impl IdTargets {
    pub fn new(device: &wgpu::Device, size_px: [u32; 2]) -> Self {
        use wgpu::TextureUsages as Usage;
        let drawn = Usage::RENDER_ATTACHMENT;
        let ids = texture(device, "face ids", size_px, 1, ID_FORMAT, drawn | Usage::COPY_SRC);
        let depth = view(&texture(device, "face id depth", size_px, 1, DEPTH_FORMAT, drawn));
        Self { ids_view: view(&ids), ids, depth }
    }
}

fn view(texture: &wgpu::Texture) -> wgpu::TextureView {
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

fn texture(
    device: &wgpu::Device,
    label: &'static str,
    [width, height]: [u32; 2],
    sample_count: u32,
    format: wgpu::TextureFormat,
    usage: wgpu::TextureUsages,
) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage,
        view_formats: &[],
    })
}

/// The bytes of a texture with four bytes a pixel, rows without gaps; waits for the GPU.
pub(super) fn read(device: &wgpu::Device, queue: &wgpu::Queue, texture: &wgpu::Texture) -> Result<Vec<u8>, RenderError> {
    let (row, padded) = row_bytes(texture.width());
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("read back"),
        size: u64::from(padded) * u64::from(texture.height()),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    copy(device, queue, texture, &buffer, padded);
    map(device, &buffer)?;
    let bytes = buffer.get_mapped_range(..).map_err(|cause| RenderError::ReadBack(cause.to_string()))?;
    Ok(bytes.chunks_exact(padded as usize).flat_map(|line| &line[..row as usize]).copied().collect())
}

/// Bytes of a row, without and with the gap that copying needs.
fn row_bytes(width: u32) -> (u32, u32) {
    let row = width * PIXEL_BYTES;
    (row, row.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT))
}

fn copy(device: &wgpu::Device, queue: &wgpu::Queue, from: &wgpu::Texture, to: &wgpu::Buffer, padded: u32) {
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(padded), rows_per_image: None };
    let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    encoder.copy_texture_to_buffer(from.as_image_copy(), wgpu::TexelCopyBufferInfo { buffer: to, layout }, from.size());
    queue.submit([encoder.finish()]);
}

fn map(device: &wgpu::Device, buffer: &wgpu::Buffer) -> Result<(), RenderError> {
    let (sender, receiver) = std::sync::mpsc::channel();
    buffer.map_async(wgpu::MapMode::Read, .., move |result| {
        // whoever asked may have given up
        let _ = sender.send(result);
    });
    let failed = |cause: String| RenderError::ReadBack(cause);
    device.poll(wgpu::PollType::wait_indefinitely()).map_err(|cause| failed(cause.to_string()))?;
    let answer = receiver.try_recv().map_err(|cause| failed(cause.to_string()))?;
    answer.map_err(|cause| failed(cause.to_string()))
}
