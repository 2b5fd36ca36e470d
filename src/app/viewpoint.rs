//! Where the surface is seen from: framed until somebody moves the camera, eased from pose to pose.
//!
//! In: what keys and mouse ask for, the size of the picture, the time. Out: the state's camera.

use super::easing::Motion;
use super::hit;
use super::pose;
use super::state::AppState;
use crate::render::camera::{Camera, Preset};
use glam::Vec3;
use std::time::Instant;

/// Elevation from which a view counts as top-down, in degrees: nobody drags as near by chance.
const STRAIGHT_DOWN_DEG: f32 = 89.9;

impl AppState {
    /// The picture's size in device pixels, and how many of them are one of the look's.
    pub fn set_size(&mut self, size_px: [u32; 2], pixel_scale: f32) {
        if size_px != self.size_px || pixel_scale != self.pixel_scale {
            (self.size_px, self.pixel_scale) = (size_px, pixel_scale);
            self.reframe();
        }
    }

    /// Fits the surface into the picture, unless somebody moved the camera.
    pub(super) fn reframe(&mut self) {
        if self.framed
            && let Some(camera) = self.home(self.view)
        {
            (self.camera, self.motion) = (camera, None);
        }
    }

    /// The camera jumps: it follows the hand.
    pub(super) fn set_camera(&mut self, camera: Camera) {
        (self.camera, self.motion, self.framed) = (camera, None, false);
    }

    pub(super) fn ease_to(&mut self, camera: Camera, now: Instant) {
        self.framed = false;
        self.motion = Some(Motion::new(self.camera, camera, now));
    }

    /// The point of the surface that is seen at a pixel.
    pub(super) fn point_at(&self, px: [f32; 2]) -> Option<Vec3> {
        let picture = self.picture.as_ref()?;
        hit::surface_point(&picture.mesh, self.style.height_factor, &self.camera.ray(px.into(), self.size_px))
    }

    /// Where the camera is or is going.
    pub(super) fn goal(&self) -> Camera {
        self.motion.as_ref().map_or(self.camera, |motion| *motion.target())
    }

    /// To the top-down view, or from there back.
    pub(super) fn flip(&mut self, now: Instant) {
        if self.goal().elevation_deg < STRAIGHT_DOWN_DEG {
            self.before_flip = Some((self.view, (!self.framed).then(|| self.goal())));
            return self.go_home(Preset::Top, now);
        }
        match self.before_flip.take().filter(|(view, _)| *view != Preset::Top) {
            Some((view, Some(camera))) => {
                self.view = view;
                self.ease_to(camera, now);
            }
            Some((view, None)) => self.go_home(view, now),
            None => self.go_home(Preset::Default, now),
        }
    }

    pub(super) fn go_home(&mut self, view: Preset, now: Instant) {
        self.view = view;
        if let Some(camera) = self.home(view) {
            self.ease_to(camera, now);
        }
        self.framed = true;
    }

    /// The camera that shows all of the surface, or of a timeline's surfaces.
    fn home(&self, view: Preset) -> Option<Camera> {
        let all = self.player().and_then(|player| Some(&player.stage.as_ref()?.outline));
        let mesh = all.or(self.picture.as_ref().map(|picture| &picture.mesh))?;
        Some(pose::home(view, mesh, self.size_px, self.pixel_scale, &self.style))
    }

    /// Whether the camera stands where the view's framing put it.
    #[must_use]
    pub fn is_framed(&self) -> bool {
        self.framed
    }

    /// Whether the camera is under way.
    #[must_use]
    pub fn is_easing(&self) -> bool {
        self.motion.is_some()
    }

    /// Moves an easing camera. Whether it goes on.
    pub fn step_motion(&mut self, now: Instant) -> bool {
        let Some((camera, on)) = self.motion.as_ref().map(|m| m.at(now)) else { return false };
        self.camera = camera;
        if !on {
            self.motion = None;
        }
        on
    }
}
