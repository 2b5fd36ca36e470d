//! The shaders' texts.

/// What every shader of the scene begins with.
const SCENE: &str = include_str!("../../shaders/scene.wgsl");

/// Names and own texts of the scene's shaders.
const PARTS: [(&str, &str); 5] = [
    ("background", include_str!("../../shaders/background.wgsl")),
    ("faces", include_str!("../../shaders/faces.wgsl")),
    ("lines", include_str!("../../shaders/lines.wgsl")),
    ("composite", include_str!("../../shaders/composite.wgsl")),
    ("face_id", include_str!("../../shaders/face_id.wgsl")),
];

/// Legend and axes: knows no scene.
const OVERLAY: (&str, &str) = ("overlay", include_str!("../../shaders/overlay.wgsl"));

/// All shaders as the GPU gets them: name and WGSL.
pub fn all() -> impl Iterator<Item = (&'static str, String)> {
    let scene = PARTS.iter().map(|&(name, own)| (name, format!("{SCENE}\n{own}")));
    scene.chain([(OVERLAY.0, OVERLAY.1.to_owned())])
}

/// The shader of this name.
pub(super) fn module(device: &wgpu::Device, name: &'static str) -> wgpu::ShaderModule {
    let text = all().find(|part| part.0 == name).map(|part| part.1).unwrap_or_default();
    let source = wgpu::ShaderSource::Wgsl(text.into());
    device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(name), source })
}
