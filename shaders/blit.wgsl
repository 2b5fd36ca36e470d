// The surface's picture into the window: pixel for pixel with its bytes as they are, or stretched while it moves.

@group(0) @binding(0) var picture: texture_2d<f32>;
// The picture's upper left corner in the window, in pixels; texels of the picture for one pixel. w: nothing
@group(0) @binding(1) var<uniform> place: vec4<f32>;

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    let x = f32(i32(index & 1u) * 4 - 1);
    let y = f32(i32(index >> 1u) * 4 - 1);
    return vec4<f32>(x, y, 0.0, 1.0);
}

fn texel(at: vec2<i32>) -> vec4<f32> {
    let last = vec2<i32>(textureDimensions(picture)) - 1;
    return textureLoad(picture, clamp(at, vec2<i32>(0), last), 0);
}

@fragment
fn fs_main(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let at = (position.xy - place.xy) * place.z;
    if place.z == 1.0 {
        return textureLoad(picture, vec2<i32>(at), 0);
    }
    let corner = vec2<i32>(floor(at - 0.5));
    let share = fract(at - 0.5);
    let upper = mix(texel(corner), texel(corner + vec2<i32>(1, 0)), share.x);
    let lower = mix(texel(corner + vec2<i32>(0, 1)), texel(corner + vec2<i32>(1, 1)), share.x);
    return mix(upper, lower, share.y);
}
