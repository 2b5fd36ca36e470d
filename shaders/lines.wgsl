// One layer's lines, or the border, as ink: premultiplied colour and coverage, joined by taking the greater.
//
// Every segment is a strip on the screen, bent along its middle so that it lies on the two faces that meet there: a flat one would
// sink into a face that rises towards the eye. The distance of a pixel to the segment gives smooth edges. Crowded lines get thinner
// first and fade only below a part of their width.

struct Layer {
    // colour; w: 1 where the colour comes from the ramp
    colour: vec4<f32>,
    // width in device pixels, opacity, 1 where crowding counts, factor on the finished width
    stroke: vec4<f32>,
}

@group(1) @binding(0) var<uniform> layer: Layer;

// Share of the distance to the eye by which lines come nearer.
const PULL: f32 = 0.0012;
// Width for a pixel of a region's size.
const CROWD: f32 = 0.095;
// Thinnest crowded line, of its full width.
const THINNEST: f32 = 0.4;
const PERSPECTIVE: vec2<f32> = vec2<f32>(0.7, 1.4);
const MARGIN_PX: f32 = 1.0;
const NEAREST_W: f32 = 1e-4;
// A short segment is continued over its end by that many of its lengths at most.
const LONGEST_REACH: f32 = 4.0;
// Share of its area that a face shows, under which it is seen as a line.
const EDGE_ON: f32 = 1e-6;
// A face that is seen nearly edge-on lifts the strip's edge by that much of its world at most, in half widths.
const LIFT_REACH: f32 = 12.0;
const A_ON_BORDER: u32 = 1u;
const B_ON_BORDER: u32 = 2u;

struct Stroke {
    @builtin(position) position: vec4<f32>,
    // both ends in pixels
    @location(0) @interpolate(flat, either) ends: vec4<f32>,
    // width and opacity at both ends
    @location(1) @interpolate(flat, either) pens: vec4<f32>,
    // t at both ends, clip w at both ends
    @location(2) @interpolate(flat, either) heights: vec4<f32>,
    @location(3) @interpolate(flat, either) flags: u32,
}

// A little nearer to the eye, at the same place on the screen.
fn pulled(p: vec3<f32>) -> vec3<f32> {
    let parallel = p + scene.back.xyz * (PULL * scene.eye.w);
    return select(mix(p, scene.eye.xyz, PULL), parallel, scene.back.w == 1.0);
}

// Distance of the target over the distance of the point.
fn nearness(p: vec3<f32>) -> f32 {
    let depth = dot(scene.eye.xyz - p, scene.back.xyz);
    return select(scene.eye.w / max(depth, NEAREST_W), 1.0, scene.back.w == 1.0);
}

// Width in pixels, and opacity.
fn pen(p: vec3<f32>, crowd: vec2<f32>) -> vec2<f32> {
    let near = nearness(p);
    let full = layer.stroke.x * clamp(near, PERSPECTIVE.x, PERSPECTIVE.y);
    let space = CROWD * mix(crowd.y, crowd.x, scene.view.w) * scene.range.z * near;
    let thinned = clamp(space, THINNEST * full, full);
    let crowded = layer.stroke.z == 1.0;
    let width = select(full, thinned, crowded) * layer.stroke.w;
    let opacity = layer.stroke.y * select(1.0, min(1.0, space / max(thinned, NEAREST_W)), crowded);
    return vec2<f32>(max(width, 1.0), opacity * min(width, 1.0));
}

fn px_of(clip: vec4<f32>) -> vec2<f32> {
    let ndc = clip.xy / clip.w;
    return (ndc * vec2<f32>(0.5, -0.5) + 0.5) * scene.view.xy;
}

// The part of the segment before the eye: its end behind it moves up to the plane of the eye.
fn before_eye(from_end: vec4<f32>, other: vec4<f32>) -> vec4<f32> {
    if from_end.z >= 0.0 {
        return from_end;
    }
    return mix(from_end, other, clamp(from_end.z / (from_end.z - other.z), 0.0, 1.0));
}

// Depth of a face at a place on the screen: the face with this slope through `middle`, an end of the line. No nearer than where the
// face is LIFT_REACH half widths away, and no farther than `here`, the line's; that, too, where the face lies on its other side.
fn depth_on_face(here: f32, middle: vec4<f32>, ndc: vec2<f32>, slope: vec2<f32>, side: f32, half_width: f32) -> f32 {
    let along_x = scene.clip_from_world * vec4<f32>(1.0, 0.0, slope.x * scene.view.z, 0.0);
    let along_y = scene.clip_from_world * vec4<f32>(0.0, 1.0, slope.y * scene.view.z, 0.0);
    // ndc * w = x, y of middle + u * along_x + v * along_y
    let a = along_x.xy - ndc * along_x.w;
    let b = along_y.xy - ndc * along_y.w;
    let c = ndc * middle.w - middle.xy;
    let det = a.x * b.y - a.y * b.x;
    // a face that is seen from below appears on the other side
    if det * side < EDGE_ON {
        return here;
    }
    let uv = vec2<f32>(c.x * b.y - c.y * b.x, a.x * c.y - a.y * c.x) / det;
    let reach = length(uv);
    let kept = uv * min(1.0, LIFT_REACH * half_width / max(reach, NEAREST_W * half_width));
    let clip = middle + kept.x * along_x + kept.y * along_y;
    return select(here, min(here, clip.z / clip.w), clip.w > 0.0);
}

fn outside() -> Stroke {
    var out: Stroke;
    out.position = vec4<f32>(2.0, 2.0, 2.0, 1.0);
    return out;
}

@vertex
fn vs_main(
    @builtin(vertex_index) index: u32,
    @location(0) a: vec3<f32>,
    @location(1) b: vec3<f32>,
    @location(2) crowd_a: vec2<f32>,
    @location(3) crowd_b: vec2<f32>,
    @location(4) slope_left: vec2<f32>,
    @location(5) slope_right: vec2<f32>,
    @location(6) flags: u32,
) -> Stroke {
    let world_a = world_of(a);
    let world_b = world_of(b);
    let raw_a = scene.clip_from_world * vec4<f32>(pulled(world_a), 1.0);
    let raw_b = scene.clip_from_world * vec4<f32>(pulled(world_b), 1.0);
    if raw_a.z < 0.0 && raw_b.z < 0.0 {
        return outside();
    }
    let clip_a = before_eye(raw_a, raw_b);
    let clip_b = before_eye(raw_b, raw_a);
    let px_a = px_of(clip_a);
    let px_b = px_of(clip_b);
    let pen_a = pen(world_a, crowd_a);
    let pen_b = pen(world_b, crowd_b);

    let span = px_b - px_a;
    let along = select(vec2<f32>(1.0, 0.0), span / length(span), length(span) > NEAREST_W);
    let across = vec2<f32>(-along.y, along.x);
    let reach = 0.5 * max(pen_a.x, pen_b.x) + MARGIN_PX;
    let at_b = (index & 1u) == 1u;
    // -1 left, 0 middle, 1 right
    let side = f32(index >> 1u) - 1.0;
    let px = select(px_a - along * reach, px_b + along * reach, at_b) + across * (side * reach);
    let end = select(clip_a, clip_b, vec4<bool>(at_b));
    let other = select(clip_b, clip_a, vec4<bool>(at_b));
    let ndc = (px / scene.view.xy - 0.5) * vec2<f32>(2.0, -2.0);
    // the strip reaches over the end, and so does its slope away from the eye
    let beyond = min(reach / max(length(span), NEAREST_W), LONGEST_REACH);
    let here = end.z / end.w + (end.z / end.w - other.z / other.w) * beyond;
    var depth = here;
    if side != 0.0 {
        let world = select(world_a, world_b, vec3<bool>(at_b));
        let half_width = reach / (scene.range.z * nearness(world));
        let left = depth_on_face(here, end, ndc, slope_left, -side, half_width);
        let right = depth_on_face(here, end, ndc, slope_right, side, half_width);
        depth = min(left, right);
    }

    var out: Stroke;
    out.position = vec4<f32>(ndc, depth, 1.0);
    out.ends = vec4<f32>(px_a, px_b);
    out.pens = vec4<f32>(pen_a, pen_b);
    out.heights = vec4<f32>(a.z, b.z, clip_a.w, clip_b.w);
    out.flags = flags;
    return out;
}

// Coverage of a pixel that lies `along` pixels after the start of a segment of this length.
fn butt(along: f32, span: f32, flags: u32) -> f32 {
    let before = select(1.0, clamp(along + 0.5, 0.0, 1.0), (flags & A_ON_BORDER) != 0u);
    let after = select(1.0, clamp(span - along + 0.5, 0.0, 1.0), (flags & B_ON_BORDER) != 0u);
    return before * after;
}

@fragment
fn fs_main(stroke: Stroke) -> @location(0) vec4<f32> {
    let from_a = stroke.position.xy - stroke.ends.xy;
    let span = stroke.ends.zw - stroke.ends.xy;
    let length_px = length(span);
    let along = dot(from_a, span) / max(length_px, NEAREST_W);
    let h = clamp(along / max(length_px, NEAREST_W), 0.0, 1.0);
    let pen = mix(stroke.pens.xy, stroke.pens.zw, h);
    let edge = clamp(0.5 * pen.x + 0.5 - length(from_a - span * h), 0.0, 1.0);
    let alpha = edge * pen.y * butt(along, length_px, stroke.flags);
    // straight in the world, not on the screen
    let u = h * stroke.heights.z / max(mix(stroke.heights.w, stroke.heights.z, h), NEAREST_W);
    let lit = ramp(LINE_RAMP, mix(stroke.heights.x, stroke.heights.y, u));
    let colour = select(layer.colour.rgb, lit, layer.colour.w == 1.0);
    return vec4<f32>(colour * alpha, alpha);
}
