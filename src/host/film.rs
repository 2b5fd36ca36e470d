//! A film without a window: every frame its own exact complex, drawn by the same code as a still.
//!
//! In: a timeline, what lifts its surfaces, a style and where the camera is when. Out: the frames as [`Image`]s, one after
//! the other. The framing is fixed for the whole film, and range and height too unless every frame should have its own.
//! While a frame is drawn, the complex of the next one is computed and the one before is taken by the caller. The same film
//! gives the same frames.

use super::headless::{self, StillError, Studio, View};
use crate::mesh::Mesh;
use crate::picture::stage::{Course, Looks, Stage};
use crate::picture::{Picture, PictureError};
use crate::render::camera::Camera;
use crate::render::{Frame, Image, Style};
use crate::timeline::Easing;
use glam::Vec3;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use thiserror::Error;

/// Frames that wait between two stages at most: each is a surface or a picture in memory.
const QUEUE: usize = 2;
/// How closely the film is looked at for framing.
const LOOKS: Looks = Looks { most_keys: usize::MAX, between: 33 };
/// Directions from which a turntable's framing looks: every 5 degrees, between which a window's corner comes nearer by a
/// thousandth of its distance, far less than the margin.
const N_DIRECTIONS: usize = 72;

/// Why there is no film.
#[derive(Debug, Error)]
pub enum ShootError {
    /// No network at some time, or a frame's complex was refused.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A frame could not be drawn.
    #[error(transparent)]
    Still(#[from] StillError),
    /// Somebody stopped it.
    #[error("the film was stopped")]
    Cancelled,
}

/// Where the camera is.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraPath {
    /// In one place.
    Fixed(View),
    /// Round the vertical axis, counter-clockwise seen from above, one turn in so many seconds; at the distance that the
    /// widest direction needs.
    Turntable { view: View, seconds: f64 },
    /// From pose to pose at these times in seconds (ascending, at least one), slow at both ends of each way.
    Keys(Vec<(f64, Camera)>),
}

/// Everything that a film shows.
#[derive(Debug, Clone)]
pub struct Film {
    pub course: Course,
    pub style: Style,
    pub size_px: [u32; 2],
    /// Device pixels for one of the look's, as in [`Frame`].
    pub pixel_scale: f32,
    pub path: CameraPath,
    /// The timeline's phase in every frame.
    pub phases: Vec<f64>,
    /// Frames a second.
    pub fps: f64,
}

/// A film whose framing is fixed, and its range if that is common.
#[derive(Debug)]
pub struct Scene<'f> {
    film: &'f Film,
    stage: Stage,
    /// The framed camera; at the beginning of a turn.
    camera: Camera,
}

impl Film {
    /// Looks at the surface along the timeline. `progress` hears the share that is done.
    ///
    /// # Errors
    /// See [`ShootError`].
    pub fn survey(&self, cancel: &AtomicBool, progress: &dyn Fn(f64)) -> Result<Scene<'_>, ShootError> {
        let mut stage = self.course.clone().survey(LOOKS, cancel, progress)?;
        let camera = self.framed(std::mem::take(&mut stage.outline));
        Ok(Scene { film: self, stage, camera })
    }

    fn framed(&self, mut all: Mesh) -> Camera {
        match &self.path {
            CameraPath::Keys(keys) => keys.first().map(|(_, camera)| *camera).unwrap_or_default(),
            CameraPath::Fixed(view) => headless::camera(&all, &self.style, view, self.size_px),
            CameraPath::Turntable { view, .. } => {
                all.points = turned_all_round(&all.points);
                headless::camera(&all, &self.style, &explicit(view), self.size_px)
            }
        }
    }
}

impl Scene<'_> {
    /// Shoots the frames with these numbers. `take` gets each picture in turn, on another thread.
    ///
    /// # Errors
    /// [`ShootError`], or what `take` says.
    pub fn shoot<E: From<ShootError> + Send>(
        &self,
        frames: &[usize],
        studio: &mut Studio,
        cancel: &AtomicBool,
        mut take: impl FnMut(Image) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        thread::scope(|scope| {
            let (surfaces, next_surface) = sync_channel(QUEUE);
            let (images, next_image) = sync_channel::<Image>(QUEUE);
            scope.spawn(move || self.compute(frames, cancel, &surfaces));
            let taker = scope.spawn(move || next_image.into_iter().try_for_each(&mut take));
            let drawn = self.draw(studio, cancel, &next_surface, &images);
            // both neighbours stop when their channels close
            drop((next_surface, images));
            let taken = taker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            taken.and(drawn.map_err(E::from))
        })
    }

    /// Sends the surface of each frame; ends where nobody listens any more.
    fn compute(&self, frames: &[usize], cancel: &AtomicBool, surfaces: &SyncSender<Result<(usize, Arc<Picture>), ShootError>>) {
        let mut last: Option<(f64, Arc<Picture>)> = None;
        for &frame in frames {
            let phase = self.film.phases[frame];
            let result = match last.take() {
                Some((same, picture)) if same == phase => Ok(picture),
                _ => self.stage.picture(phase, cancel, &|_| {}).map(Arc::new).map_err(ShootError::from),
            };
            if let Ok(picture) = &result {
                last = Some((phase, Arc::clone(picture)));
            }
            let failed = result.is_err();
            if surfaces.send(result.map(|picture| (frame, picture))).is_err() || failed {
                return;
            }
        }
    }

    /// Draws what comes.
    fn draw(
        &self,
        studio: &mut Studio,
        cancel: &AtomicBool,
        surfaces: &Receiver<Result<(usize, Arc<Picture>), ShootError>>,
        images: &SyncSender<Image>,
    ) -> Result<(), ShootError> {
        let &Film { ref style, size_px, pixel_scale, .. } = self.film;
        let mut shown: Option<Arc<Picture>> = None;
        for next in surfaces {
            let (frame, picture) = next?;
            if cancel.load(Ordering::Relaxed) {
                return Err(ShootError::Cancelled);
            }
            if shown.as_ref().is_none_or(|shown| !Arc::ptr_eq(shown, &picture)) {
                studio.show(&picture.mesh)?;
            }
            let camera = &self.camera_at(frame);
            let image = studio.shoot(&Frame { camera, style, captions: &picture.captions, size_px, pixel_scale })?;
            shown = Some(picture);
            if images.send(image).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Where the camera is in a frame.
    #[must_use]
    pub fn camera_at(&self, frame: usize) -> Camera {
        let time = frame as f64 / self.film.fps;
        match &self.film.path {
            CameraPath::Fixed(_) => self.camera,
            CameraPath::Turntable { seconds, .. } => turned(&self.camera, 360.0 * (time / seconds).fract()),
            CameraPath::Keys(keys) => between_poses(keys, time).unwrap_or(self.camera),
        }
    }
}

impl ShootError {
    /// Whether somebody stopped it on purpose.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        match self {
            Self::Cancelled => true,
            Self::Picture(error) => error.is_cancelled(),
            Self::Still(_) => false,
        }
    }
}

/// A view whose angles are said, so that the whole surface is framed from there, as seen from above too.
fn explicit(view: &View) -> View {
    match *view {
        View::Framed { preset, azimuth_deg, elevation_deg, zoom } => {
            let [azimuth, elevation, _] = preset.angles_deg();
            let [azimuth_deg, elevation_deg] = [azimuth_deg.or(Some(azimuth)), elevation_deg.or(Some(elevation))];
            View::Framed { preset, azimuth_deg, elevation_deg, zoom }
        }
        camera @ View::Camera(_) => camera,
    }
}

/// The camera turned round the vertical axis.
fn turned(camera: &Camera, degrees: f64) -> Camera {
    let (sin, cos) = (degrees.to_radians().sin() as f32, degrees.to_radians().cos() as f32);
    let Vec3 { x, y, z } = camera.target;
    let azimuth_deg = (camera.azimuth_deg + degrees as f32 + 180.0).rem_euclid(360.0) - 180.0;
    Camera { azimuth_deg, target: Vec3::new(cos * x - sin * y, sin * x + cos * y, z), ..*camera }
}

/// All points, each turned round the vertical axis in [`N_DIRECTIONS`] steps.
fn turned_all_round(points: &[[f32; 3]]) -> Vec<[f32; 3]> {
    let steps = (0..N_DIRECTIONS).map(|i| (i as f32 * std::f32::consts::TAU / N_DIRECTIONS as f32).sin_cos());
    steps.flat_map(|(sin, cos)| points.iter().map(move |&[x, y, z]| [cos * x - sin * y, sin * x + cos * y, z])).collect()
}

/// The pose at a time, the first one before the first time and the last one after the last.
fn between_poses(keys: &[(f64, Camera)], time: f64) -> Option<Camera> {
    let next = keys.partition_point(|(at, _)| *at <= time);
    let Some((from, a)) = next.checked_sub(1).map(|i| keys[i]) else { return keys.first().map(|(_, camera)| *camera) };
    let Some((to, b)) = keys.get(next) else { return Some(a) };
    Some(Camera::lerp(&a, b, Easing::Smooth.at((time - from) / (to - from)) as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poses_are_passed_in_time_and_slow_at_both_ends() {
        let pose = |elevation_deg: f32| Camera { elevation_deg, ..Camera::default() };
        let keys = [(1.0, pose(0.0)), (3.0, pose(80.0))];
        let at = |time| between_poses(&keys, time).map(|camera| camera.elevation_deg);
        assert_eq!([0.0, 1.0, 2.0, 3.0, 9.0].map(at), [0.0, 0.0, 40.0, 80.0, 80.0].map(Some));
        assert!(at(1.2) < Some(8.0), "a tenth of the way is less than a tenth of the turn");
        assert_eq!(between_poses(&[], 1.0), None);
    }

    #[test]
    fn a_turn_comes_back_and_carries_the_target_along() {
        let camera = Camera { azimuth_deg: 170.0, target: Vec3::new(0.5, 0.0, 0.2), ..Camera::default() };
        assert_eq!(turned(&camera, 0.0), camera);
        let quarter = turned(&camera, 90.0);
        assert_eq!(quarter.azimuth_deg, -100.0);
        assert!(quarter.target.distance(Vec3::new(0.0, 0.5, 0.2)) < 1e-6, "{:?}", quarter.target);
    }
}
