// Two-dimensional quads over the picture: strokes with box-filtered edges, discs, and glyphs.
//
// One instance is one quad, in pixels from the picture's top left. All colours are linear; what comes out is premultiplied.

struct Screen {
    // Width and height of this tile of the picture in pixels; the atlas's texel size.
    size: vec4<f32>,
    // Where the tile begins in the picture, in pixels; unused.
    origin: vec4<f32>,
}

@group(0) @binding(0) var<uniform> screen: Screen;
@group(0) @binding(1) var atlas: texture_2d<f32>;
@group(0) @binding(2) var atlas_sampler: sampler;

struct Quad {
    // Stroke: its two ends. Glyph: its two corners. Disc: its centre, twice.
    @location(0) ends: vec4<f32>,
    // Stroke: half width, unused. Glyph: corners in the atlas, in texels. Disc: outer and inner radius, unused.
    @location(1) extra: vec4<f32>,
    @location(2) color: vec4<f32>,
    // Depth at both ends; kind: 0 stroke, 1 glyph, 2 disc.
    @location(3) depth_kind: vec4<f32>,
}

struct Varying {
    @builtin(position) position: vec4<f32>,
    // Stroke: along and across, from its middle. Glyph: place in the atlas. Disc: from its centre.
    @location(0) place: vec2<f32>,
    // Stroke: half length and half width. Disc: both radii.
    @location(1) @interpolate(flat) half_size: vec2<f32>,
    @location(2) @interpolate(flat) color: vec4<f32>,
    // Kind, exponent of the coverage.
    @location(3) @interpolate(flat) kind_weight: vec2<f32>,
}

// Room around a stroke for its soft edge.
const SOFT: f32 = 1.0;

// Exponent of the coverage. Mixed in linear light, dark text on white grows thin and light text on black keeps its weight: dark
// ink gets more cover at its edges.
fn weight(colour: vec3<f32>) -> f32 {
    let lightness = pow(dot(colour, vec3<f32>(0.2126, 0.7152, 0.0722)), 1.0 / 2.2);
    return clamp(0.2 + 1.33 * lightness, 0.6, 1.0);
}

fn to_clip(px: vec2<f32>, depth: f32) -> vec4<f32> {
    let ndc = (px - screen.origin.xy) / screen.size.xy * 2.0 - 1.0;
    return vec4<f32>(ndc.x, -ndc.y, clamp(depth, 0.0, 1.0), 1.0);
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, quad: Quad) -> Varying {
    let corner = vec2<f32>(f32(index & 1u), f32(index >> 1u));
    var out: Varying;
    out.color = quad.color;
    out.kind_weight = vec2<f32>(quad.depth_kind.z, weight(quad.color.rgb));
    let a = quad.ends.xy;
    let b = quad.ends.zw;
    if quad.depth_kind.z > 1.5 {
        out.half_size = quad.extra.xy;
        out.place = (corner * 2.0 - 1.0) * (quad.extra.x + SOFT);
        out.position = to_clip(a + out.place, quad.depth_kind.x);
        return out;
    }
    if quad.depth_kind.z > 0.5 {
        out.position = to_clip(mix(a, b, corner), quad.depth_kind.x);
        out.place = mix(quad.extra.xy, quad.extra.zw, corner) * screen.size.zw;
        out.half_size = vec2<f32>(0.0);
        return out;
    }
    let length = max(distance(a, b), 1e-6);
    let along = (b - a) / length;
    let across = vec2<f32>(-along.y, along.x);
    out.half_size = vec2<f32>(0.5 * length, quad.extra.x);
    out.place = (corner * 2.0 - 1.0) * (out.half_size + SOFT);
    let px = 0.5 * (a + b) + along * out.place.x + across * out.place.y;
    let share = out.place.x / length + 0.5;
    out.position = to_clip(px, mix(quad.depth_kind.x, quad.depth_kind.y, share));
    return out;
}

// Part of a pixel at `d` from the middle that an interval of half width `h` covers.
fn cover(d: f32, h: f32) -> f32 {
    return max(min(d + 0.5, h) - max(d - 0.5, -h), 0.0);
}

// Part of a pixel at `d` from the centre that a ring between these radii covers.
fn ring(d: f32, radii: vec2<f32>) -> f32 {
    let within = clamp(radii - d + 0.5, vec2<f32>(0.0), vec2<f32>(1.0));
    return within.x - select(0.0, within.y, radii.y > 0.0);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4<f32> {
    let stroke = cover(in.place.x, in.half_size.x) * cover(in.place.y, in.half_size.y);
    let glyph = textureSampleLevel(atlas, atlas_sampler, in.place, 0.0).r;
    let disc = ring(length(in.place), in.half_size);
    let covered = select(select(stroke, glyph, in.kind_weight.x > 0.5), disc, in.kind_weight.x > 1.5);
    let alpha = in.color.a * pow(covered, in.kind_weight.y);
    if alpha <= 0.0 {
        discard;
    }
    return vec4<f32>(in.color.rgb * alpha, alpha);
}
