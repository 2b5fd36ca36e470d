//! A recording: a film of what the window shows, shot beside it by an adapter of its own.
//!
//! In: a [`Take`]. Out: the file's name: an MP4 where there is an encoder, otherwise a GIF. The file appears only when it is
//! whole, and none is written over.

use super::snapshot;
use crate::app::{FPS, TURN_SECONDS, Take, Task};
use crate::film::{self, Format, Spec};
use crate::host::film::{CameraPath, Film};
use crate::host::headless::{Studio, View};
use crate::host::reel::Reel;
use crate::render::AdapterChoice;
use std::error::Error;
use std::io::Write;
use std::path::Path;

/// Shoots it into the current folder.
///
/// # Errors
/// A sentence.
pub(super) fn record(take: Take, adapter: &AdapterChoice, task: &Task) -> Result<String, String> {
    shoot(take, adapter, task, Path::new(".")).map_err(|error| {
        let reasons = std::iter::successors(Some(&*error as &dyn Error), |&error| error.source());
        reasons.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    })
}

fn shoot(take: Take, adapter: &AdapterChoice, task: &Task, folder: &Path) -> Result<String, Box<dyn Error>> {
    let (format, ending) = if film::mp4_encoder().is_ok() { (Format::Mp4, "mp4") } else { (Format::Gif, "gif") };
    let spec = Spec { size_px: take.size_px, fps: FPS, n_frames: take.phases.len(), repeats: take.repeats };
    format.check(&spec)?;
    let mut file = snapshot::new_file(folder)?;
    let view = View::Camera(take.camera);
    let film = Film {
        course: take.course,
        style: take.style,
        size_px: take.size_px,
        pixel_scale: take.pixel_scale,
        path: if take.turns { CameraPath::Turntable { view, seconds: TURN_SECONDS } } else { CameraPath::Fixed(view) },
        phases: take.phases,
        fps: f64::from(FPS),
    };
    let scene = film.survey(&task.cancel, &|_| {})?;
    let mut studio = Studio::new(adapter)?;
    let progress = |share| task.set_progress(share);
    let mut reel = Reel { scene: &scene, studio: &mut studio, spec, cancel: &task.cancel, progress: &progress };
    let path = file.path().to_owned();
    reel.write(format, file.as_file_mut(), &path)?;
    file.as_file_mut().flush()?;
    Ok(snapshot::keep(file, folder, ["foldscape", ending])?)
}
