// The number of the region at every pixel.

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat, either) face: u32,
}

@vertex
fn vs_main(@location(0) xy: vec2<f32>, @location(1) t: f32, @location(3) face: u32) -> Corner {
    var out: Corner;
    out.position = scene.clip_from_world * vec4<f32>(world_of(vec3<f32>(xy, t)), 1.0);
    out.face = face;
    return out;
}

@fragment
fn fs_main(corner: Corner) -> @location(0) u32 {
    return corner.face;
}
