//! The shaders' texts.

/// What every other shader begins with.
const SCENE: &str = include_str!("../../shaders/scene.wgsl");

/// Names and own texts.
const PARTS: [(&str, &str); 5] = [
    ("background", include_str!("../../shaders/background.wgsl")),
    ("faces", include_str!("../../shaders/faces.wgsl")),
    ("lines", include_str!("../../shaders/lines.wgsl")),
    ("composite", include_str!("../../shaders/composite.wgsl")),
    ("face_id", include_str!("../../shaders/face_id.wgsl")),
];

/// All shaders as the GPU gets them: name and WGSL.
pub fn all() -> impl Iterator<Item = (&'static str, String)> {
    PARTS.iter().map(|&(name, own)| (name, format!("{SCENE}\n{own}")))
}

/// The shader of this name.
pub(super) fn module(device: &wgpu::Device, name: &'static str) -> wgpu::ShaderModule {
    let text = all().find(|part| part.0 == name).map(|part| part.1).unwrap_or_default();
    let source = wgpu::ShaderSource::Wgsl(text.into());
    device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(name), source })
}
