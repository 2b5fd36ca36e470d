//! The camera: a pose round a target, in world units (the window's longer side is 2) and degrees.
//!
//! In: drags in pixels, wheel steps, points to frame, a text. Out: [`Camera`], its matrices for depths 0 to 1, rays and
//! positions in the picture. Pixels count from the upper left corner, y down. Refuses texts that name no pose; drags and
//! wheel steps beyond the limits stop there. Knows nothing of the GPU.

use glam::{DMat4, DVec2, DVec3, DVec4, Mat4, Vec2, Vec3};
use std::str::FromStr;
use thiserror::Error;

/// Vertical field of view of the 3-D view, degrees.
pub const FOV_DEG: f32 = 26.0;
/// Field of view of an orthographic camera, degrees: at this one a perspective camera can be swapped for it unseen.
pub const ORTHOGRAPHIC_FOV_DEG: f32 = 1.0;
/// Least height of the world in a picture, world units: positions are f32, known to 6e-8 at the window's rim, which is then
/// still less than a sixth of a pixel in a picture 1000 high.
pub const MIN_VIEW_HEIGHT: f32 = 4.0e-4;
/// Greatest height of the world in a picture, world units: the window is a stamp then.
pub const MAX_VIEW_HEIGHT: f32 = 40.0;
/// The target stays within this of the origin in every coordinate, world units.
pub const TARGET_REACH: f32 = 10.0;
/// Turn of the camera for one pixel of a drag, degrees.
pub const ORBIT_DEG_PER_PX: f32 = 0.25;
/// What a text may give: the distances that the least and the greatest view height need with any field of view, and fields
/// of view in degrees.
const DISTANCES: [f32; 2] = [1.0e-4, 1.0e4];
const FOVS_DEG: [f32; 2] = [ORTHOGRAPHIC_FOV_DEG, 120.0];
/// Points nearer to the eye than this share of the target's distance are cut off.
const NEAR_SHARE: f64 = 0.01;
/// Rays of an orthographic camera start this far in front of the target's plane: before every surface that can be drawn.
const RAY_START: f64 = 100.0;

/// A pose: the eye is at `target + distance * (cos az cos el, sin az cos el, sin el)` and z points up in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Direction from the target to the eye seen from above, degrees counter-clockwise from x.
    pub azimuth_deg: f32,
    /// Height of the eye over the plane, -90 to 90 degrees.
    pub elevation_deg: f32,
    /// Vertical field of view, degrees; [`ORTHOGRAPHIC_FOV_DEG`] where orthographic.
    pub fov_deg: f32,
    /// Parallel rays, at the scale that this field of view and distance have at the target.
    pub orthographic: bool,
    /// What is in the middle of the picture, world units.
    pub target: Vec3,
    /// From the target to the eye, world units.
    pub distance: f32,
}

/// A ray in world units; `direction` has length 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ray {
    pub origin: Vec3,
    pub direction: Vec3,
}

/// What framing leaves free at each side of the picture, in picture heights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margins {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
}

/// World points, and what framing leaves free round them.
#[derive(Debug, Clone)]
pub struct Fit {
    pub points: Vec<Vec3>,
    pub margins: Margins,
}

/// Named directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    Default,
    /// From the side of small y, at the height of the plane.
    Front,
    /// From the side of large x, at the height of the plane.
    Right,
    /// From above, north up, orthographic.
    Top,
    /// Along the diagonal of a cube.
    Iso,
}

impl Preset {
    pub const ALL: [Self; 5] = [Self::Default, Self::Front, Self::Right, Self::Top, Self::Iso];

    /// Azimuth, elevation and field of view in degrees, as [`Camera::frame`] takes them.
    #[must_use]
    pub fn angles_deg(self) -> [f32; 3] {
        match self {
            Self::Default => [-60.0, 44.0, FOV_DEG],
            Self::Front => [-90.0, 0.0, FOV_DEG],
            Self::Right => [0.0, 0.0, FOV_DEG],
            Self::Top => [-90.0, 90.0, ORTHOGRAPHIC_FOV_DEG],
            Self::Iso => [-45.0, 35.264_39, FOV_DEG],
        }
    }

    /// Its name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Front => "front",
            Self::Right => "right",
            Self::Top => "top",
            Self::Iso => "iso",
        }
    }
}

impl Default for Camera {
    /// The default 3-D view of a window that is 2 x 2, not framed.
    fn default() -> Self {
        Self::preset(Preset::Default)
    }
}

/// A text that is no camera.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CameraError {
    /// A part is neither `name=value` nor `orthographic`, or a value is not a finite number (three for the target).
    #[error("camera: cannot read `{0}`; a camera looks like `azimuth=-60 elevation=44 fov=26 target=0,0,0.1 distance=5.2`")]
    Part(String),
    /// A name that no camera has.
    #[error("camera: there is no `{0}`; the names are azimuth, elevation, fov, target, distance, orthographic")]
    Name(String),
    /// A number out of its range.
    #[error("camera: {name} is {value}; it must lie between {min} and {max}")]
    Range { name: &'static str, value: f32, min: f32, max: f32 },
}

/// The picture's directions in the world: x to the right, y up, z to the eye.
#[derive(Debug, Clone, Copy)]
struct Axes {
    right: DVec3,
    up: DVec3,
    back: DVec3,
}

impl Axes {
    fn view(&self, p: DVec3) -> DVec3 {
        DVec3::new(p.dot(self.right), p.dot(self.up), p.dot(self.back))
    }

    fn world(&self, v: DVec3) -> DVec3 {
        self.right * v.x + self.up * v.y + self.back * v.z
    }
}

/// Matrices and positions.
impl Camera {
    /// Where the eye is; an orthographic camera's is only a place on its axis.
    #[must_use]
    pub fn eye(&self) -> Vec3 {
        self.eye_f64().as_vec3()
    }

    /// Height of the world that the picture shows at the target, world units.
    #[must_use]
    pub fn view_height(&self) -> f32 {
        self.view_height_f64() as f32
    }

    /// Pixels per world unit at the target, in a picture `height_px` high.
    #[must_use]
    pub fn px_per_world_at_target(&self, height_px: f32) -> f32 {
        (f64::from(height_px) / self.view_height_f64()) as f32
    }

    /// To the eye's space: x right, y up, looking along -z.
    #[must_use]
    pub fn view_from_world(&self) -> Mat4 {
        self.view_from_world_f64().as_mat4()
    }

    /// To clip space, depth 0 near and 1 far, such that a ball of `radius` world units round the origin is inside; in
    /// perspective all of it that is not very close to the eye. `aspect` is width / height.
    #[must_use]
    pub fn clip_from_world(&self, aspect: f32, radius: f32) -> Mat4 {
        self.clip_from_world_f64(aspect, radius).as_mat4()
    }

    pub(super) fn clip_from_world_f64(&self, aspect: f32, radius: f32) -> DMat4 {
        let [near, far] = self.near_far(radius);
        let half = self.view_height_f64() / 2.0;
        let half_width = half * f64::from(aspect);
        let depth = 1.0 / (near - far);
        let clip_from_view = if self.orthographic {
            let [x, y] = [1.0 / half_width, 1.0 / half];
            DMat4::from_cols(DVec4::X * x, DVec4::Y * y, DVec4::Z * depth, DVec4::new(0.0, 0.0, near * depth, 1.0))
        } else {
            let [x, y] = [f64::from(self.distance) / half_width, f64::from(self.distance) / half];
            let last = DVec4::new(0.0, 0.0, near * far * depth, 0.0);
            DMat4::from_cols(DVec4::X * x, DVec4::Y * y, DVec4::new(0.0, 0.0, far * depth, -1.0), last)
        };
        clip_from_view * self.view_from_world_f64()
    }

    /// Distances along the view between which the ball round the origin lies; negative is behind an orthographic eye.
    fn near_far(&self, radius: f32) -> [f64; 2] {
        let (middle, radius) = (self.eye_f64().dot(self.axes().back), f64::from(radius.max(MIN_VIEW_HEIGHT)));
        if self.orthographic {
            return [middle - radius, middle + radius];
        }
        let near = (middle - radius).max(NEAR_SHARE * f64::from(self.distance));
        let far = middle + radius;
        [near, if far > near { far } else { 2.0 * near }]
    }

    /// Where a world point is in the picture, in pixels, and its distance along the view relative to the target's (1 there,
    /// and everywhere if orthographic). `None` behind the eye.
    #[must_use]
    pub fn project(&self, world: Vec3, size_px: [u32; 2]) -> Option<(Vec2, f32)> {
        let v = self.axes().view(world.as_dvec3() - self.target.as_dvec3());
        let relative = if self.orthographic { 1.0 } else { 1.0 - v.z / f64::from(self.distance) };
        let size = DVec2::from(size_px.map(f64::from));
        let scale = size.y / self.view_height_f64() / relative;
        let at = size / 2.0 + DVec2::new(v.x, -v.y) * scale;
        (relative > 0.0).then(|| (at.as_vec2(), relative as f32))
    }

    /// The ray of sight through a pixel position.
    #[must_use]
    pub fn ray(&self, cursor_px: Vec2, size_px: [u32; 2]) -> Ray {
        let (on_plane, back) = (self.on_target_plane_f64(cursor_px, size_px), self.axes().back);
        let (origin, direction) = if self.orthographic {
            (on_plane + back * RAY_START, -back)
        } else {
            (self.eye_f64(), (on_plane - self.eye_f64()).normalize_or(-back))
        };
        Ray { origin: origin.as_vec3(), direction: direction.as_vec3() }
    }

    /// The point under a pixel position on the plane through the target that faces the eye.
    #[must_use]
    pub fn on_target_plane(&self, cursor_px: Vec2, size_px: [u32; 2]) -> Vec3 {
        self.on_target_plane_f64(cursor_px, size_px).as_vec3()
    }

    fn on_target_plane_f64(&self, cursor_px: Vec2, size_px: [u32; 2]) -> DVec3 {
        let size = DVec2::from(size_px.map(f64::from));
        let from_centre = (cursor_px.as_dvec2() - size / 2.0) * (self.view_height_f64() / size.y.max(1.0));
        self.target.as_dvec3() + self.axes().world(DVec3::new(from_centre.x, -from_centre.y, 0.0))
    }

    fn view_from_world_f64(&self) -> DMat4 {
        let (Axes { right, up, back }, eye) = (self.axes(), self.eye_f64());
        let column = |i: usize| DVec4::new(right[i], up[i], back[i], 0.0);
        DMat4::from_cols(column(0), column(1), column(2), (-self.axes().view(eye)).extend(1.0))
    }

    fn eye_f64(&self) -> DVec3 {
        self.target.as_dvec3() + self.axes().back * f64::from(self.distance)
    }

    fn view_height_f64(&self) -> f64 {
        2.0 * f64::from(self.distance) * half_tangent(self.fov_deg)
    }

    fn axes(&self) -> Axes {
        axes(self.azimuth_deg, self.elevation_deg)
    }
}

/// Moving.
impl Camera {
    /// Turns round the target by a drag; the surface follows the cursor.
    pub fn orbit(&mut self, dx_px: f32, dy_px: f32) {
        self.azimuth_deg = wrapped_deg(self.azimuth_deg - dx_px * ORBIT_DEG_PER_PX);
        self.elevation_deg = (self.elevation_deg + dy_px * ORBIT_DEG_PER_PX).clamp(-90.0, 90.0);
    }

    /// Moves the target so that what is at its depth follows a drag, in a picture `height_px` high.
    pub fn pan(&mut self, dx_px: f32, dy_px: f32, height_px: f32) {
        let per_px = self.view_height_f64() / f64::from(height_px.max(1.0));
        let drag = DVec3::new(-f64::from(dx_px), f64::from(dy_px), 0.0) * per_px;
        self.move_target(self.target.as_dvec3() + self.axes().world(drag));
    }

    /// Zooms in by `factor` (out if less than 1) with the point under the cursor, taken at the target's depth, kept in place.
    /// Stops at [`MIN_VIEW_HEIGHT`] and [`MAX_VIEW_HEIGHT`].
    pub fn zoom_at(&mut self, factor: f32, cursor_px: Vec2, size_px: [u32; 2]) {
        self.zoom_about(factor, self.on_target_plane_f64(cursor_px, size_px));
    }

    /// Zooms as [`Camera::zoom_at`], with a world point kept in its place in the picture.
    pub fn zoom_on(&mut self, factor: f32, anchor: Vec3) {
        self.zoom_about(factor, anchor.as_dvec3());
    }

    /// Eye and target shrink towards the anchor: it stays on its ray.
    fn zoom_about(&mut self, factor: f32, anchor: DVec3) {
        let now = self.view_height_f64();
        let wanted = if factor > 0.0 { now / f64::from(factor) } else { now };
        let ratio = wanted.clamp(f64::from(MIN_VIEW_HEIGHT), f64::from(MAX_VIEW_HEIGHT)) / now;
        self.distance = (f64::from(self.distance) * ratio) as f32;
        self.move_target(anchor + (self.target.as_dvec3() - anchor) * ratio);
    }

    fn move_target(&mut self, to: DVec3) {
        self.target = to.as_vec3().clamp(Vec3::splat(-TARGET_REACH), Vec3::splat(TARGET_REACH));
    }

    /// The pose a share `s` (0 to 1, eased by the caller) of the way from `a` to `b`: the shorter way round, with the scale at
    /// the target even to the eye. Between a perspective and an orthographic camera the field of view closes (or opens) while
    /// the scale is kept; the swap happens at the orthographic end.
    #[must_use]
    pub fn lerp(a: &Self, b: &Self, s: f32) -> Self {
        if s <= 0.0 || s >= 1.0 {
            return if s <= 0.0 { *a } else { *b };
        }
        let mix = |a: f32, b: f32| a + (b - a) * s;
        let fov_deg = mix(a.lens_deg(), b.lens_deg());
        let height = a.view_height_f64() * (b.view_height_f64() / a.view_height_f64()).powf(f64::from(s));
        Self {
            azimuth_deg: wrapped_deg(a.azimuth_deg + wrapped_deg(b.azimuth_deg - a.azimuth_deg) * s),
            elevation_deg: mix(a.elevation_deg, b.elevation_deg),
            fov_deg,
            orthographic: a.orthographic && b.orthographic,
            target: a.target.lerp(b.target, s),
            distance: (height / (2.0 * half_tangent(fov_deg))) as f32,
        }
    }

    fn lens_deg(&self) -> f32 {
        if self.orthographic { ORTHOGRAPHIC_FOV_DEG } else { self.fov_deg }
    }
}

/// Framing.
impl Camera {
    /// In a preset's direction on the middle of the window, which is 2 x 2; not framed.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        let [azimuth_deg, elevation_deg, fov_deg] = preset.angles_deg();
        let distance = (1.2 / half_tangent(fov_deg)) as f32;
        let orthographic = fov_deg <= ORTHOGRAPHIC_FOV_DEG;
        Self { azimuth_deg, elevation_deg, fov_deg, orthographic, target: Vec3::ZERO, distance }
    }

    /// The nearest camera in this direction that shows all points within their margins, in the middle of what is free; its
    /// target is at the origin's depth. Angles in degrees; orthographic if `fov_deg` is [`ORTHOGRAPHIC_FOV_DEG`] or less.
    /// Without points it is the preset's distance.
    #[must_use]
    pub fn frame(fits: &[Fit], azimuth_deg: f32, elevation_deg: f32, fov_deg: f32, size_px: [u32; 2]) -> Self {
        let orthographic = fov_deg <= ORTHOGRAPHIC_FOV_DEG;
        let fov_deg = fov_deg.clamp(FOVS_DEG[0], FOVS_DEG[1]);
        let (axes, tangent) = (axes(azimuth_deg, elevation_deg), half_tangent(fov_deg));
        let reach = |fit: &Fit| Reach::new(fit, &axes, usable(size_px, fit.margins).map(|share| share * 2.0 * tangent), orthographic);
        let mut reaches: Vec<Reach> = fits.iter().filter_map(reach).collect();
        if reaches.is_empty() {
            reaches.push(Reach { rays: [tangent; 4], sides: [1.2; 4], nearest: 0.0 });
        }
        let nearest = reaches.iter().map(|r| r.nearest).fold(0.0, f64::max);
        let shortest = f64::from(MIN_VIEW_HEIGHT) / (2.0 * tangent) + if orthographic { 0.0 } else { nearest };
        let distance = opening(&reaches, 0).max(opening(&reaches, 2)).max(shortest);
        let (x, y) = (shift(&reaches, 0, distance), shift(&reaches, 2, distance));
        let target = axes.world(DVec3::new(x, y, 0.0)).as_vec3();
        Self { azimuth_deg, elevation_deg, fov_deg, orthographic, target, distance: distance as f32 }
    }
}

/// How far the sides of the picture must be opened for the points of a [`Fit`]: right, left, top, bottom.
struct Reach {
    /// Tangents of the usable sides.
    rays: [f64; 4],
    /// Where the side's plane, parallel to its ray, through the outermost point meets the plane of the target.
    sides: [f64; 4],
    /// Towards the eye.
    nearest: f64,
}

impl Reach {
    fn new(fit: &Fit, axes: &Axes, rays: [f64; 4], orthographic: bool) -> Option<Self> {
        let tilt = if orthographic { [0.0; 4] } else { rays };
        let of_point = |p: DVec3| {
            let out = [p.x, -p.x, p.y, -p.y];
            Self { rays, sides: std::array::from_fn(|i| out[i] + tilt[i] * p.z), nearest: p.z }
        };
        let points = fit.points.iter().map(|p| of_point(axes.view(p.as_dvec3())));
        points.reduce(|a, b| Self { rays, sides: std::array::from_fn(|i| a.sides[i].max(b.sides[i])), nearest: a.nearest.max(b.nearest) })
    }
}

/// The distance at which side `k` and the one opposite, `k + 1`, are opened far enough for all.
fn opening(reaches: &[Reach], k: usize) -> f64 {
    let pair = |a: &Reach, b: &Reach| (a.sides[k] + b.sides[k + 1]) / (a.rays[k] + b.rays[k + 1]);
    reaches.iter().flat_map(|a| reaches.iter().map(move |b| pair(a, b))).fold(f64::NEG_INFINITY, f64::max)
}

/// Where the eye stands between the planes of side `k` and the one opposite: in the middle.
fn shift(reaches: &[Reach], k: usize, distance: f64) -> f64 {
    let most = |k: usize| reaches.iter().map(|r| r.sides[k] - r.rays[k] * distance).fold(f64::NEG_INFINITY, f64::max);
    (most(k) - most(k + 1)) / 2.0
}

/// From the picture's centre to its usable right, left, top and bottom side, in picture heights. Margins that would leave
/// less than half of a direction are shrunk.
fn usable(size_px: [u32; 2], margins: Margins) -> [f64; 4] {
    let [width, height] = size_px.map(|n| f64::from(n.max(1)));
    let sides = |extent: f64, a: f32, b: f32| {
        let [a, b] = [a, b].map(|m| f64::from(m.max(0.0)));
        let shrink = (extent / 2.0 / (a + b)).min(1.0);
        [extent / 2.0 - a * shrink, extent / 2.0 - b * shrink]
    };
    let ([right, left], [top, bottom]) = (sides(width / height, margins.right, margins.left), sides(1.0, margins.top, margins.bottom));
    [right, left, top, bottom]
}

fn axes(azimuth_deg: f32, elevation_deg: f32) -> Axes {
    let [(sin_a, cos_a), (sin_e, cos_e)] = [azimuth_deg, elevation_deg].map(sin_cos);
    Axes {
        right: DVec3::new(-sin_a, cos_a, 0.0),
        up: DVec3::new(-cos_a * sin_e, -sin_a * sin_e, cos_e),
        back: DVec3::new(cos_a * cos_e, sin_a * cos_e, sin_e),
    }
}

/// Sine and cosine of degrees, exact at multiples of 90: the top view's axes must be the window's own.
fn sin_cos(deg: f32) -> (f64, f64) {
    match wrapped_deg(deg) {
        0.0 => (0.0, 1.0),
        90.0 => (1.0, 0.0),
        -90.0 => (-1.0, 0.0),
        180.0 => (0.0, -1.0),
        other => f64::from(other).to_radians().sin_cos(),
    }
}

/// The same angle in (-180, 180]; bit for bit if it is there already.
fn wrapped_deg(deg: f32) -> f32 {
    if deg > -180.0 && deg <= 180.0 {
        return deg;
    }
    let turned = deg.rem_euclid(360.0);
    if turned > 180.0 { turned - 360.0 } else { turned }
}

fn half_tangent(fov_deg: f32) -> f64 {
    (f64::from(fov_deg).to_radians() / 2.0).tan()
}

/// Text.
impl Camera {
    /// One line that [`Camera::from_str`] reads back to the same pose, bit for bit.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Vec3 { x, y, z } = self.target;
        let lens = if self.orthographic { " orthographic" } else { "" };
        let (azimuth, elevation, fov, distance) = (self.azimuth_deg, self.elevation_deg, self.fov_deg, self.distance);
        format!("azimuth={azimuth} elevation={elevation} fov={fov} target={x},{y},{z} distance={distance}{lens}")
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), CameraError> {
        let number = |text: &str| text.parse::<f32>().ok().filter(|v| v.is_finite());
        let one = || number(value).ok_or_else(|| CameraError::Part(short(&format!("{name}={value}"))));
        match name {
            "azimuth" => self.azimuth_deg = wrapped_deg(one()?),
            "elevation" => self.elevation_deg = within("elevation", one()?, [-90.0, 90.0])?,
            "fov" => self.fov_deg = within("fov", one()?, FOVS_DEG)?,
            "distance" => self.distance = within("distance", one()?, DISTANCES)?,
            "target" => {
                let parts: Option<Vec<f32>> = value.split(',').map(number).collect();
                let Some(&[x, y, z]) = parts.as_deref() else { return Err(CameraError::Part(short(&format!("{name}={value}")))) };
                let reach = |v| within("target", v, [-TARGET_REACH, TARGET_REACH]);
                self.target = Vec3::new(reach(x)?, reach(y)?, reach(z)?);
            }
            _ => return Err(CameraError::Name(short(name))),
        }
        Ok(())
    }
}

impl FromStr for Camera {
    type Err = CameraError;

    /// Reads [`Camera::to_text`], in any order; what is left out is as in [`Camera::default`].
    fn from_str(text: &str) -> Result<Self, CameraError> {
        let mut camera = Self::default();
        for part in text.split_whitespace() {
            match part.split_once('=') {
                Some((name, value)) => camera.set(name, value)?,
                None if part == "orthographic" => camera.orthographic = true,
                None => return Err(CameraError::Part(short(part))),
            }
        }
        Ok(camera)
    }
}

fn within(name: &'static str, value: f32, [min, max]: [f32; 2]) -> Result<f32, CameraError> {
    if (min..=max).contains(&value) { Ok(value) } else { Err(CameraError::Range { name, value, min, max }) }
}

/// A part of a text for a message, cut where it is long.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests;
