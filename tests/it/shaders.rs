//! The shaders are valid, and their uniforms lie where the CPU writes them. Needs no GPU.

use foldscape::render::overlay::Screen;
use foldscape::render::shaders;
use foldscape::render::uniforms::{LayerUniform, SceneUniform};
use std::mem::offset_of;

fn parsed(name: &str) -> naga::Module {
    let (_, text) = shaders::all().find(|part| part.0 == name).expect("a shader of this name");
    naga::front::wgsl::parse_str(&text).unwrap_or_else(|cause| panic!("{name}: {}", cause.emit_to_string(&text)))
}

/// Offsets of a struct's members in the shader, and its size.
fn layout(module: &naga::Module, name: &str) -> (Vec<usize>, usize) {
    let found = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(name));
    match &found.expect("a struct of this name").1.inner {
        naga::TypeInner::Struct { members, span } => (members.iter().map(|m| m.offset as usize).collect(), *span as usize),
        other => panic!("{name} is no struct but {other:?}"),
    }
}

#[test]
fn all_shaders_validate() {
    for (name, _) in shaders::all() {
        let flags = naga::valid::ValidationFlags::all();
        let mut validator = naga::valid::Validator::new(flags, naga::valid::Capabilities::empty());
        validator.validate(&parsed(name)).unwrap_or_else(|cause| panic!("{name}: {cause:?}"));
    }
}

#[test]
fn the_scene_lies_as_written() {
    let ours = [
        offset_of!(SceneUniform, clip_from_world),
        offset_of!(SceneUniform, eye),
        offset_of!(SceneUniform, back),
        offset_of!(SceneUniform, key),
        offset_of!(SceneUniform, fill),
        offset_of!(SceneUniform, tint),
        offset_of!(SceneUniform, range),
        offset_of!(SceneUniform, view),
        offset_of!(SceneUniform, middle),
        offset_of!(SceneUniform, rim),
        offset_of!(SceneUniform, mode),
        offset_of!(SceneUniform, tile),
    ];
    assert_eq!(layout(&parsed("faces"), "Scene"), (ours.to_vec(), size_of::<SceneUniform>()));
}

#[test]
fn a_layer_lies_as_written() {
    let ours = vec![offset_of!(LayerUniform, colour), offset_of!(LayerUniform, stroke)];
    assert_eq!(layout(&parsed("lines"), "Layer"), (ours, size_of::<LayerUniform>()));
}

#[test]
fn the_screen_lies_as_written() {
    let ours = vec![offset_of!(Screen, size), offset_of!(Screen, origin)];
    assert_eq!(layout(&parsed("overlay"), "Screen"), (ours, size_of::<Screen>()));
}
