//! The camera that shows the whole surface with everything that belongs to it: numbers of the axes, legend.
//!
//! In: a mesh, a style, a direction, the picture's size. Out: [`Camera`]. Sizes on the screen follow the look (pixels of a
//! picture whose shorter side is 1000), so the surface leaves the same room at every size.

use super::camera::{Camera, Fit, Margins};
use super::{Style, overlay};
use crate::mesh::Mesh;
use glam::Vec3;

/// Free round the surface, and under it where the legend stands; pixels of the look.
const MARGIN: f32 = 50.0;
const LEGEND_MARGIN: f32 = 150.0;

/// The nearest camera in a direction (azimuth, elevation and field of view, degrees) that shows everything in a picture of
/// `size_px`, with `pixel_scale` device pixels for one of the look's.
#[must_use]
pub fn framed(mesh: &Mesh, style: &Style, angles_deg: [f32; 3], size_px: [u32; 2], pixel_scale: f32) -> Camera {
    let [azimuth, elevation, fov] = angles_deg;
    let height = size_px[1].max(1) as f32;
    let (side, bottom) = (MARGIN * pixel_scale / height, if style.legend { LEGEND_MARGIN } else { MARGIN } * pixel_scale / height);
    let points = mesh.points.iter().map(|&[x, y, t]| Vec3::new(x, y, mesh.z_world(t, style.height_factor))).collect();
    let mut fits = vec![Fit { points, margins: Margins { left: side, right: side, top: side, bottom } }];
    if style.axes && !mesh.points.is_empty() {
        fits.extend(overlay::label_fits(mesh, style, [azimuth, elevation], pixel_scale, height));
    }
    Camera::frame(&fits, azimuth, elevation, fov, size_px)
}
