// The stage behind the surface: a radial glow with noise against banding, or one plain colour.

const CENTRE: vec2<f32> = vec2<f32>(0.50, 0.45);
const REACH_HEIGHTS: f32 = 0.8;

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    return corner_of_screen(index);
}

// Uniform in -0.5 to 0.5, different at every pixel.
fn noise(p: vec2<f32>) -> f32 {
    return fract(52.9829189 * fract(dot(p, vec2<f32>(0.06711056, 0.00583715)))) - 0.5;
}

fn encoded(linear: vec3<f32>) -> vec3<f32> {
    let high = 1.055 * pow(max(linear, vec3<f32>(0.0)), vec3<f32>(1.0 / 2.4)) - 0.055;
    return select(high, linear * 12.92, linear <= vec3<f32>(0.0031308));
}

fn decoded(srgb: vec3<f32>) -> vec3<f32> {
    let high = pow((max(srgb, vec3<f32>(0.0)) + 0.055) / 1.055, vec3<f32>(2.4));
    return select(high, srgb / 12.92, srgb <= vec3<f32>(0.04045));
}

@fragment
fn fs_main(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let in_picture = position.xy + scene.tile.xy;
    let from_centre = (in_picture - CENTRE * scene.tile.zw) / scene.tile.w;
    let share = smoothstep(0.0, REACH_HEIGHTS, length(from_centre));
    let colour = mix(scene.middle.rgb, scene.rim.rgb, share);
    // one step of eight bits, half of it to either side
    let grain = noise(floor(in_picture)) * scene.rim.w / 255.0;
    let alpha = scene.middle.a;
    return vec4<f32>(decoded(encoded(colour) + grain) * alpha, alpha);
}
