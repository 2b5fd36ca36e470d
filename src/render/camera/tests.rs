//! Tests of the camera: texts, framing, zoom, rays and matrices that agree.

use super::*;

const SIZE: [u32; 2] = [1200, 900];

fn lenses() -> [Camera; 2] {
    let top = Camera { target: Vec3::new(0.2, -0.1, 0.0), ..Camera::preset(Preset::Top) };
    [Camera { target: Vec3::new(0.2, -0.1, 0.3), ..Camera::default() }, top]
}

const PLAIN: Margins = Margins { left: 0.05, right: 0.05, top: 0.05, bottom: 0.05 };
const LEGEND: Margins = Margins { bottom: 0.15, ..PLAIN };

fn fit(points: &[Vec3], margins: Margins) -> Fit {
    Fit { points: points.to_vec(), margins }
}

fn seen(camera: &Camera, p: Vec3) -> Vec2 {
    camera.project(p, SIZE).expect("in front of the eye").0
}

#[test]
fn text_keeps_every_bit() {
    let odd = Camera { azimuth_deg: -60.1, target: Vec3::new(1.0 / 3.0, -2.0 / 7.0, 1e-17), distance: 0.123_456_79, ..Camera::default() };
    for camera in Preset::ALL.map(Camera::preset).into_iter().chain([odd]) {
        assert_eq!(camera.to_text().parse(), Ok(camera));
    }
    let line = "azimuth=-60 elevation=44 fov=26 target=0,0,0.1 distance=5.2";
    assert_eq!(line.parse::<Camera>().map(|c| c.to_text()).as_deref(), Ok(line));
}

#[test]
fn texts_that_name_no_pose_are_refused() {
    let refusal = |text: &str| text.parse::<Camera>().expect_err(text);
    for text in ["elevation", "elevation=nan", "target=1,2", "target=1,2,3,4", "distance=", "fov=1e99"] {
        assert!(matches!(refusal(text), CameraError::Part(_)), "{text}");
    }
    for text in ["elevation=91", "distance=0", "fov=180", "target=0,0,1e9"] {
        assert!(matches!(refusal(text), CameraError::Range { .. }), "{text}");
    }
    assert!(matches!(refusal("roll=3"), CameraError::Name(_)));
}

#[test]
fn framing_fits_exactly() {
    let tent = [[-1.0, -0.5, 0.0], [1.0, -0.5, 0.1], [1.0, 0.5, -0.2], [-1.0, 0.5, 0.3], [0.1, 0.2, 0.6]].map(Vec3::from);
    for [azimuth, elevation, fov] in Preset::ALL.map(Preset::angles_deg).into_iter().chain([[130.0, -20.0, 60.0], [10.0, 70.0, 1.0]]) {
        for (size, margins) in [(SIZE, LEGEND), ([300, 900], Margins { left: 0.1, ..PLAIN })] {
            let camera = Camera::frame(&[fit(&tent, margins)], azimuth, elevation, fov, size);
            let at: Vec<Vec2> = tent.iter().map(|&p| camera.project(p, size).expect("before the eye").0).collect();
            let least = |slack: &dyn Fn(&Vec2) -> f32| at.iter().map(slack).fold(f32::INFINITY, f32::min);
            let [width, height] = size.map(|n| n as f32);
            let across = [least(&|p| p.x - margins.left * height), least(&|p| width - margins.right * height - p.x)];
            let down = [least(&|p| p.y - margins.top * height), least(&|p| height - margins.bottom * height - p.y)];
            let what = format!("{azimuth} {elevation} {fov} in {size:?}: {across:?} {down:?}");
            assert!(across.iter().chain(&down).all(|&s| s > -0.01), "outside: {what}");
            assert!([across, down].iter().any(|s| s.iter().all(|s| s.abs() < 0.01)), "loose: {what}");
        }
    }
}

#[test]
fn points_have_margins_of_their_own() {
    let (near, far) = (Vec3::new(1.0, -1.0, 0.0), Vec3::new(-1.0, 1.0, 0.0));
    let wide = Margins { bottom: 0.3, right: 0.4, ..PLAIN };
    for [azimuth, elevation, fov] in Preset::ALL.map(Preset::angles_deg) {
        let camera = Camera::frame(&[fit(&[far, near], PLAIN), fit(&[near * 1.1], wide)], azimuth, elevation, fov, SIZE);
        for (p, margins) in [(near, PLAIN), (far, PLAIN), (near * 1.1, wide)] {
            let at = seen(&camera, p) / SIZE[1] as f32;
            let (width, sides) = (SIZE[0] as f32 / SIZE[1] as f32, 1e-4);
            assert!(at.x > margins.left - sides && at.x < width - margins.right + sides, "{azimuth}: {p} at {at}");
            assert!(at.y > margins.top - sides && at.y < 1.0 - margins.bottom + sides, "{azimuth}: {p} at {at}");
        }
    }
}

#[test]
fn the_top_view_is_the_window() {
    let corners = [Vec3::new(-1.0, -0.5, 0.0), Vec3::new(1.0, 0.5, 0.0)];
    let [azimuth, elevation, fov] = Preset::Top.angles_deg();
    let none = Margins { left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };
    let camera = Camera::frame(&[fit(&corners, none)], azimuth, elevation, fov, [2000, 1000]);
    assert!(camera.orthographic && camera.target == Vec3::ZERO);
    for (corner, px) in [([-1.0, -0.5], [0.0, 1000.0]), ([1.0, 0.5], [2000.0, 0.0])] {
        let at = camera.project(Vec3::new(corner[0], corner[1], 0.7), [2000, 1000]).expect("before the eye").0;
        assert!(at.distance(Vec2::from(px)) < 1e-2, "{corner:?} is at {at}");
    }
    assert!((camera.px_per_world_at_target(1000.0) - 1000.0).abs() < 1e-2);
}

#[test]
fn nothing_to_frame_is_no_trouble() {
    for fits in [&[][..], &[fit(&[], LEGEND)]] {
        let camera = Camera::frame(fits, -60.0, 44.0, 26.0, [0, 0]);
        assert!(camera.distance.is_finite() && camera.distance > 0.0 && camera.target.is_finite());
    }
    let point = Camera::frame(&[fit(&[Vec3::X], LEGEND)], -60.0, 44.0, 26.0, SIZE);
    assert!(point.view_height() >= MIN_VIEW_HEIGHT * 0.999 && seen(&point, Vec3::X).is_finite());
}

#[test]
fn zoom_keeps_what_is_under_the_cursor() {
    let cursor = Vec2::new(911.0, 123.0);
    for camera in lenses() {
        let held = camera.on_target_plane(cursor, SIZE);
        for factor in [0.3, 1.1, 20.0] {
            let mut zoomed = camera;
            zoomed.zoom_at(factor, cursor, SIZE);
            assert!((camera.view_height() / zoomed.view_height() - factor).abs() < 1e-4 * factor);
            assert!(seen(&zoomed, held).distance(cursor) < 0.05, "{factor}: {}", seen(&zoomed, held));
            let anchor = Vec3::new(0.4, 0.3, 0.2);
            zoomed = camera;
            zoomed.zoom_on(factor, anchor);
            assert!(seen(&zoomed, anchor).distance(seen(&camera, anchor)) < 0.05);
        }
    }
}

#[test]
fn zoom_and_pan_stop_at_the_limits() {
    for camera in lenses() {
        let (mut near, mut far) = (camera, camera);
        for _ in 0..40 {
            near.zoom_at(3.0, Vec2::new(600.0, 450.0), SIZE);
            far.zoom_at(0.3, Vec2::new(0.0, 0.0), SIZE);
        }
        assert!((near.view_height() / MIN_VIEW_HEIGHT - 1.0).abs() < 1e-4 && (far.view_height() / MAX_VIEW_HEIGHT - 1.0).abs() < 1e-4);
        assert_eq!(near.to_text().parse(), Ok(near));
        far.pan(1e9, 1e9, 900.0);
        assert!(far.target.abs().max_element() <= TARGET_REACH);
        assert_eq!(far.to_text().parse(), Ok(far));
    }
}

#[test]
fn pan_follows_the_cursor_and_orbit_keeps_the_target() {
    for camera in lenses() {
        let held = camera.on_target_plane(Vec2::new(300.0, 400.0), SIZE);
        let mut moved = camera;
        moved.pan(25.0, -40.0, 900.0);
        assert!(seen(&moved, held).distance(Vec2::new(325.0, 360.0)) < 0.01);
        moved.orbit(123.0, 1e4);
        assert_eq!(moved.elevation_deg, 90.0);
        assert!(seen(&moved, moved.target).distance(Vec2::new(600.0, 450.0)) < 0.01);
    }
}

#[test]
fn rays_matrices_and_projection_agree() {
    for camera in lenses() {
        for px in [[0.0, 0.0], [1200.0, 900.0], [333.0, 444.0]].map(Vec2::from) {
            let ray = camera.ray(px, SIZE);
            let p = ray.origin + ray.direction * (ray.origin - camera.target).length() * 0.9;
            assert!(seen(&camera, p).distance(px) < 0.05, "{px} came back as {}", seen(&camera, p));
            let ndc = camera.clip_from_world(4.0 / 3.0, 60.0).project_point3(p);
            let back = Vec2::new((ndc.x + 1.0) * 600.0, (1.0 - ndc.y) * 450.0);
            assert!(back.distance(px) < 0.05 && (0.0..=1.0).contains(&ndc.z), "{px}: {ndc}");
        }
    }
}

#[test]
fn depth_runs_from_near_0_to_far_1() {
    for camera in lenses() {
        let to_eye = camera.view_from_world().row(2).truncate();
        let clip = camera.clip_from_world(1.0, 1.5);
        let [near, far] = [1.5, -1.5].map(|s| clip.project_point3(to_eye * s).z);
        assert!(near.abs() < 1e-3 && (far - 1.0).abs() < 1e-3, "{near} {far}");
        assert!(camera.view_from_world().transform_point3(camera.eye()).length() < 1e-3);
    }
}

#[test]
fn the_flip_keeps_the_scale_and_turns_the_short_way() {
    let a = Camera { azimuth_deg: 170.0, ..Camera::default() };
    let b = Camera { azimuth_deg: -170.0, ..Camera::preset(Preset::Top) };
    assert_eq!((Camera::lerp(&a, &b, 0.0), Camera::lerp(&a, &b, 1.0)), (a, b));
    for s in [0.1, 0.5, 0.999] {
        let between = Camera::lerp(&a, &b, s);
        assert!(!between.orthographic && (between.view_height() / a.view_height() - 1.0).abs() < 1e-4);
    }
    assert!((Camera::lerp(&a, &b, 0.5).azimuth_deg.abs() - 180.0).abs() < 1e-3);
    let end = Camera::lerp(&a, &b, 1.0 - 1e-6);
    let corner = Vec3::new(1.0, -1.0, 0.2);
    assert!(seen(&end, corner).distance(seen(&b, corner)) < 1.0, "the swap is seen");
}

#[test]
fn looking_down_the_axes_are_the_windows_own() {
    let axes = Camera::preset(Preset::Top).axes();
    assert_eq!((axes.right, axes.up, axes.back), (DVec3::X, DVec3::Y, DVec3::Z));
}
