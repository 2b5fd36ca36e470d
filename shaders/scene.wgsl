// What all shaders share: the scene's uniforms and the colour ramps. Put before each of the others. Colours are linear.

struct Scene {
    clip_from_world: mat4x4<f32>,
    // position; w: distance of the target
    eye: vec4<f32>,
    // from the target to the eye, length 1; w: 1 where rays are parallel
    back: vec4<f32>,
    // direction to the key light; w: strength of the relief
    key: vec4<f32>,
    // direction to the fill light; w: 1 / shade of a level facet
    fill: vec4<f32>,
    // tint of the shadows; w: factor of the underside
    tint: vec4<f32>,
    // least and greatest shade, pixels per world unit at the target, device pixels per pixel of a picture 1000 high
    range: vec4<f32>,
    // width and height of this tile of the picture in pixels, world height of t = 1, share of the top view
    view: vec4<f32>,
    // background in the middle and at the rim; alpha 0 where it is transparent. w of the rim: strength of the noise
    middle: vec4<f32>,
    rim: vec4<f32>,
    // colouring (0 output, 1 layers, 2 pattern), theme (0 dark, 1 light)
    mode: vec4<u32>,
    // where the tile begins in the picture, the picture's width and height; in pixels
    tile: vec4<f32>,
}

@group(0) @binding(0) var<uniform> scene: Scene;
@group(0) @binding(1) var ramps: texture_2d<f32>;

const RAMP_TEXELS: f32 = 256.0;
const FACE_RAMP: i32 = 0;
const LINE_RAMP: i32 = 1;

// Row of the ramp texture at t in [0, 1]; stops lie on the first and the last texel.
fn ramp(row: i32, t: f32) -> vec3<f32> {
    let x = clamp(t, 0.0, 1.0) * (RAMP_TEXELS - 1.0);
    let i = i32(min(floor(x), RAMP_TEXELS - 2.0));
    let a = textureLoad(ramps, vec2<i32>(i, row), 0).rgb;
    let b = textureLoad(ramps, vec2<i32>(i + 1, row), 0).rgb;
    return mix(a, b, x - f32(i));
}

fn world_of(p: vec3<f32>) -> vec3<f32> {
    return vec3<f32>(p.xy, p.z * scene.view.z);
}

// A triangle that covers the picture.
fn corner_of_screen(index: u32) -> vec4<f32> {
    let x = f32(i32(index & 1u) * 4 - 1);
    let y = f32(i32(index >> 1u) * 4 - 1);
    return vec4<f32>(x, y, 0.0, 1.0);
}
