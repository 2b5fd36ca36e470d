// Lays a layer's ink over the picture.

@group(1) @binding(0) var ink: texture_2d<f32>;

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    return corner_of_screen(index);
}

@fragment
fn fs_main(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let drop = textureLoad(ink, vec2<i32>(position.xy), 0);
    if drop.a == 0.0 {
        discard;
    }
    return drop;
}
