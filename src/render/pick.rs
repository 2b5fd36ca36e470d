//! What lies under a pixel: the region that the GPU names, and the exact point of its plane.

use super::Frame;
use super::renderer::MeshNumbers;
use crate::mesh::Mesh;
use glam::{DVec3, Vec2};

/// What lies under a pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    pub region: u32,
    /// The point of the surface, world units.
    pub world: [f64; 3],
    /// The same point of the input plane.
    pub input: [f64; 2],
    /// The lifting scalar there.
    pub output: f64,
}

/// A region's plane: one of its corners, and its slope, as the mesh has them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Plane {
    corner: [f32; 3],
    slope: [f32; 2],
}

impl Plane {
    /// Of all regions, in their order.
    pub fn all(mesh: &Mesh) -> Vec<Self> {
        let mut planes = vec![Self::default(); mesh.n_regions];
        for corner in mesh.faces.iter().step_by(3) {
            if let Some(plane) = planes.get_mut(corner.face as usize) {
                *plane = Self { corner: [corner.xy[0], corner.xy[1], corner.t], slope: corner.slope };
            }
        }
        planes
    }

    /// Where the pixel's ray meets the plane; nothing where they are parallel.
    pub fn pick(&self, frame: &Frame, mesh: &MeshNumbers, region: u32, px: [f64; 2]) -> Option<Pick> {
        let rise = f64::from(mesh.rise(frame.style.height_factor));
        let [sx, sy] = self.slope.map(f64::from);
        let [x, y, t] = self.corner.map(f64::from);
        let normal = DVec3::new(-sx * rise, -sy * rise, 1.0);
        let ray = frame.camera.ray(Vec2::new(px[0] as f32, px[1] as f32), frame.size_px);
        let (origin, direction) = (ray.origin.as_dvec3(), ray.direction.as_dvec3());
        let along = normal.dot(DVec3::new(x, y, t * rise) - origin) / normal.dot(direction);
        let world = origin + direction * along;
        let height = t + sx * (world.x - x) + sy * (world.y - y);
        let output = mesh.lo + height * (mesh.hi - mesh.lo);
        along.is_finite().then(|| Pick { region, world: world.into(), input: input_of(mesh, [world.x, world.y]), output })
    }
}

/// A world point of the plane in input units.
fn input_of(mesh: &MeshNumbers, at: [f64; 2]) -> [f64; 2] {
    let ([x0, y0, x1, y1], per_world) = (mesh.window, (mesh.window[2] - mesh.window[0]) / (2.0 * f64::from(mesh.half_size[0])));
    [f64::midpoint(x0, x1) + at[0] * per_world, f64::midpoint(y0, y1) + at[1] * per_world]
}
