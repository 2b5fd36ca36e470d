//! Where a ray of sight meets the surface.
//!
//! In: a ray in world units, a mesh, the factor on its heights. Out: the nearest point, both sides of a facet counting. Looks
//! at every triangle: a million take some milliseconds, once for a click or a notch of the wheel.

use crate::mesh::Mesh;
use crate::render::camera::Ray;
use glam::{DVec3, Vec3};

/// The nearest point of the surface on the ray.
pub(super) fn surface_point(mesh: &Mesh, height_factor: f32, ray: &Ray) -> Option<Vec3> {
    let (origin, direction) = (ray.origin.as_dvec3(), ray.direction.as_dvec3());
    let corner = |i: usize| {
        let corner = &mesh.faces[i];
        Vec3::new(corner.xy[0], corner.xy[1], mesh.z_world(corner.t, height_factor)).as_dvec3() - origin
    };
    let triangles = (0..mesh.faces.len() / 3).map(|i| [3 * i, 3 * i + 1, 3 * i + 2].map(corner));
    let distance = triangles.filter_map(|triangle| crossing(triangle, direction)).reduce(f64::min)?;
    Some((origin + direction * distance).as_vec3())
}

/// How far from the origin along `direction` the triangle is met, before it and not beside it.
fn crossing([a, b, c]: [DVec3; 3], direction: DVec3) -> Option<f64> {
    // volumes that the ray spans with the sides: of one sign inside
    let [u, v, w] = [b.cross(c), c.cross(a), a.cross(b)].map(|side| side.dot(direction));
    let volume = u + v + w;
    let inside = volume != 0.0 && [u, v, w].into_iter().all(|part| part * volume >= 0.0);
    let distance = a.dot(b.cross(c)) / volume;
    (inside && distance > 0.0).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::picture::{self, Asked};
    use crate::render::camera::Camera;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn a_triangle_is_met_inside_only_and_from_both_sides() {
        let triangle = [DVec3::new(0.0, 0.0, -2.0), DVec3::new(1.0, 0.0, -2.0), DVec3::new(0.0, 1.0, -2.0)];
        let towards = |x: f64, y: f64| DVec3::new(x, y, -2.0);
        assert_eq!(crossing(triangle, towards(0.25, 0.25)), Some(1.0));
        assert_eq!(crossing(triangle, towards(0.75, 0.75)), None);
        let [a, b, c] = triangle;
        assert_eq!(crossing([a, c, b], towards(0.25, 0.25)), Some(1.0));
        assert_eq!(crossing(triangle, -towards(0.25, 0.25)), None, "what is behind the eye is not seen");
    }

    #[test]
    fn the_point_under_a_pixel_is_projected_back_onto_it() {
        let asked = Asked { threads: 1, ..Asked::default() };
        let picture = picture::compute(&model::builtin(), &asked, &AtomicBool::new(false), &|_| {}).expect("it is a good model");
        let (camera, size) = (Camera::default(), [400, 300]);
        let mut hits = 0;
        for at in [[200.0, 150.0], [120.0, 170.0], [260.0, 100.0], [2.0, 2.0]] {
            let Some(point) = surface_point(&picture.mesh, 1.0, &camera.ray(at.into(), size)) else { continue };
            let (back, _) = camera.project(point, size).expect("it is before the eye");
            assert!((back - glam::Vec2::from(at)).length() < 0.01, "{at:?} came back as {back}");
            hits += 1;
        }
        assert_eq!(hits, 3, "the surface lies in the middle of the picture, not in its corner");
    }
}
