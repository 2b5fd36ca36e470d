//! The poses that the keys and the mouse ask for.
//!
//! In: the present camera, a mesh, the picture's size. Out: another camera. All arithmetic is the camera's own.

use crate::mesh::Mesh;
use crate::render::camera::{Camera, FOV_DEG, ORTHOGRAPHIC_FOV_DEG, Preset};
use crate::render::{Style, framed};
use glam::{Vec2, Vec3};

/// The whole surface from a named direction; `pixel_scale` is device pixels for one of the look's.
pub(super) fn home(view: Preset, mesh: &Mesh, size_px: [u32; 2], pixel_scale: f32, style: &Style) -> Camera {
    framed(mesh, style, view.angles_deg(), size_px, pixel_scale)
}

/// Turned by a drag of `d` pixels.
pub(super) fn orbit(camera: &Camera, d: [f32; 2]) -> Camera {
    let mut camera = *camera;
    camera.orbit(d[0], d[1]);
    camera
}

/// Moved along with a drag of `d` pixels.
pub(super) fn pan(camera: &Camera, d: [f32; 2], size_px: [u32; 2]) -> Camera {
    let mut camera = *camera;
    camera.pan(d[0], d[1], size_px[1] as f32);
    camera
}

/// Closer by `factor`, with what lies under `px` kept there: `point`, or nothing of the surface.
pub(super) fn zoom(camera: &Camera, factor: f32, point: Option<Vec3>, px: [f32; 2], size_px: [u32; 2]) -> Camera {
    let mut camera = *camera;
    match point {
        Some(point) => camera.zoom_on(factor, point),
        None => camera.zoom_at(factor, Vec2::from(px), size_px),
    }
    camera
}

/// Perspective for orthographic and the other way round, at the same scale.
pub(super) fn other_projection(camera: &Camera) -> Camera {
    let scale = camera.view_height();
    let mut other = Camera { orthographic: !camera.orthographic, fov_deg: FOV_DEG, ..*camera };
    if other.orthographic {
        other.fov_deg = ORTHOGRAPHIC_FOV_DEG;
    }
    other.distance *= scale / other.view_height();
    other
}
