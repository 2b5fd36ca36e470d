//! Surfaces over time on one stage: nothing but the surface moves.
//!
//! In: a timeline and what is looked at of its networks ([`Course`]). Out: [`Stage`]: one range and height for all of it, if it is
//! to have one, one outline to frame the camera by, and the exact picture of any phase. Shared by the window and films.

use crate::complex::{Complex, Window};
use crate::mesh::{Mesh, Scale};
use crate::picture::{self, Asked, Picture, PictureError, Subject};
use crate::timeline::Timeline;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The points of all surfaces are framed as one mesh of this height `h`; any would do.
const FRAMED_HEIGHT: f64 = 0.5;

/// Which outputs are at the ends of the colours and the height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Those of all key frames together, so that nothing but the surface moves.
    Common,
    /// Each surface's own, so that surfaces of very different size can be compared: a trained network unfolded to a plane
    /// rises hundreds of times as high as folded.
    Own,
}

/// What moves, and what is looked at of it.
#[derive(Debug, Clone)]
pub struct Course {
    /// Of the networks as they are shown.
    pub timeline: Arc<Timeline>,
    pub range: Range,
    /// Coefficients of the outputs in the height, `[n_outputs]`, and what the height is called.
    pub lift: Vec<f64>,
    pub lift_name: String,
    pub window: Window,
    /// What one face is; threads and limits of every complex.
    pub asked: Asked,
}

/// How closely a course is looked at before it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Looks {
    /// Key frames at most, evenly chosen, both ends among them.
    pub most_keys: usize,
    /// Even phases beside the key frames: between them the surface may rise higher.
    pub between: usize,
}

/// A course with what all its surfaces have in common.
#[derive(Debug, Clone)]
pub struct Stage {
    pub course: Course,
    scale: Option<Scale>,
    /// The points of all surfaces that were looked at, to frame the camera by.
    pub outline: Mesh,
}

impl Course {
    /// What `asked` shows of the networks of a timeline.
    ///
    /// # Errors
    /// [`PictureError::Network`] for a layer or an output that they do not have, [`PictureError::Timeline`].
    pub fn new(timeline: &Arc<Timeline>, range: Range, window: Window, asked: &Asked) -> Result<Self, PictureError> {
        let timeline = timeline.up_to_layer(asked.layers);
        let Subject { lift, lift_name, .. } = picture::subject(&timeline.whole(0.0)?, asked)?;
        let timeline = Arc::new(timeline.map(|network| Ok::<_, PictureError>(picture::subject(network, asked)?.network))?);
        Ok(Self { timeline, range, lift, lift_name, window, asked: *asked })
    }

    /// Looks at the surface along the course. `progress` hears the share that is done.
    ///
    /// # Errors
    /// See [`PictureError`].
    pub fn survey(self, looks: Looks, cancel: &AtomicBool, progress: &dyn Fn(f64)) -> Result<Stage, PictureError> {
        let phases = looks.phases(self.timeline.keys());
        let mut seen = Vec::new();
        for (i, &(phase, is_key)) in phases.iter().enumerate() {
            progress(i as f64 / phases.len() as f64);
            seen.push((self.look(phase, cancel)?, is_key));
        }
        let of_keys = seen.iter().filter(|(_, is_key)| *is_key).map(|((scale, _), _)| *scale);
        let scale = Scale::union(of_keys).filter(|_| self.range == Range::Common);
        let points = seen.iter().flat_map(|((own, mesh), _)| {
            let shown = scale.unwrap_or(*own);
            let risen = move |p: &[f32; 3]| [p[0], p[1], (own.carried(f64::from(p[2]), &shown) * shown.height / FRAMED_HEIGHT) as f32];
            mesh.points.iter().map(risen)
        });
        let half_size = seen.first().map(|((_, mesh), _)| mesh.half_size).unwrap_or_default();
        let ([x0, y0], [x1, y1]) = (self.window.min, self.window.max);
        let outline =
            Mesh { points: points.collect(), window: [x0, y0, x1, y1], half_size, height: FRAMED_HEIGHT as f32, ..Mesh::default() };
        Ok(Stage { course: self, scale, outline })
    }

    /// The surface at a phase, on its own scale: the points alone are kept.
    fn look(&self, phase: f64, cancel: &AtomicBool) -> Result<(Scale, Mesh), PictureError> {
        let network = self.timeline.network(phase)?;
        let options = picture::options(&self.asked, cancel, &|_| {});
        let complex = Complex::enumerate(&network, &self.window, &options)?;
        let scale = Scale::of(&complex, &self.lift);
        let Mesh { points, half_size, .. } = Mesh::build_at(&complex, &self.lift, scale);
        Ok((scale, Mesh { points, half_size, ..Mesh::default() }))
    }
}

impl Looks {
    /// The phases, and which of them are key frames.
    fn phases(self, keys: &[f64]) -> Vec<(f64, bool)> {
        let n = keys.len().min(self.most_keys);
        let chosen = (0..n).map(|i| keys[i * (keys.len() - 1) / (n - 1).max(1)]);
        let last = self.between.saturating_sub(1).max(1) as f64;
        let between = (0..self.between).map(|i| i as f64 / last).filter(|_| keys.len() > 1);
        chosen.map(|key| (key, true)).chain(between.map(|phase| (phase, false))).collect()
    }
}

impl Stage {
    /// The exact surface at a phase.
    ///
    /// # Errors
    /// See [`PictureError`].
    pub fn picture(&self, phase: f64, cancel: &AtomicBool, progress: &(dyn Fn(f64) + Sync)) -> Result<Picture, PictureError> {
        let Course { timeline, lift, lift_name, window, asked, .. } = &self.course;
        let subject = Subject { network: timeline.network(phase)?, lift: lift.clone(), lift_name: lift_name.clone() };
        let options = picture::options(asked, cancel, progress);
        Ok(picture::surface(&subject, &timeline.label(phase), window, asked, self.scale, &options)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_frames_are_chosen_evenly_with_both_ends() {
        let keys: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        let looks = Looks { most_keys: 5, between: 3 };
        let phases = looks.phases(&keys);
        assert_eq!(phases, [(0.0, true), (0.25, true), (0.5, true), (0.75, true), (1.0, true), (0.0, false), (0.5, false), (1.0, false)]);
        assert_eq!(looks.phases(&[0.0]), [(0.0, true)]);
        assert_eq!(Looks { most_keys: usize::MAX, between: 0 }.phases(&keys).len(), 101);
    }
}
