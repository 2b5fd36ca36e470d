// The surface: colour of the height, the facet's exact normal, two lights and the sky, tinted shadows, a darker underside.

const SKY: f32 = 0.42;
const GROUND: f32 = 0.12;
const FILL: f32 = 0.15;
// A facet this much darker than a level one has the whole tint.
const TINT_SPAN: f32 = 0.5;

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) t: f32,
    @location(1) @interpolate(flat, either) slope: vec2<f32>,
    @location(2) @interpolate(flat, either) pattern: u32,
}

@vertex
fn vs_main(
    @location(0) xy: vec2<f32>,
    @location(1) t: f32,
    @location(2) slope: vec2<f32>,
    @location(3) face: u32,
    @location(4) pattern_dark: u32,
    @location(5) pattern_light: u32,
) -> Corner {
    var out: Corner;
    out.position = scene.clip_from_world * vec4<f32>(world_of(vec3<f32>(xy, t)), 1.0);
    out.t = t;
    out.slope = slope;
    out.pattern = select(pattern_dark, pattern_light, scene.mode.y == 1u);
    return out;
}

fn decoded(srgb: vec3<f32>) -> vec3<f32> {
    let high = pow((srgb + 0.055) / 1.055, vec3<f32>(2.4));
    return select(high, srgb / 12.92, srgb <= vec3<f32>(0.04045));
}

fn shade(n: vec3<f32>) -> f32 {
    let lamps = max(0.0, dot(n, scene.key.xyz)) + FILL * max(0.0, dot(n, scene.fill.xyz));
    return lamps + SKY * (0.5 + 0.5 * n.z) + GROUND * (0.5 - 0.5 * n.z);
}

fn facet_shade(slope: vec2<f32>, up: f32) -> f32 {
    let n = up * normalize(vec3<f32>(-slope * scene.view.z, 1.0));
    let s = 1.0 + scene.key.w * (shade(n) * scene.fill.w - 1.0);
    return clamp(s, scene.range.x, scene.range.y);
}

@fragment
fn fs_main(corner: Corner, @builtin(front_facing) from_above: bool) -> @location(0) vec4<f32> {
    var colour = ramp(FACE_RAMP, corner.t);
    if scene.mode.x == 2u {
        colour = decoded(unpack4x8unorm(corner.pattern).rgb);
    }
    let s = facet_shade(corner.slope, select(-1.0, 1.0, from_above));
    if !from_above {
        return vec4<f32>(colour * s * scene.tint.w, 1.0);
    }
    let tint = mix(vec3<f32>(1.0), scene.tint.rgb, clamp((1.0 - s) / TINT_SPAN, 0.0, 1.0));
    return vec4<f32>(colour * s * tint, 1.0);
}
