//! A film's frames into its file: the encoder of a format, the palette that it may need, all frames one after the other.
//!
//! In: a [`Reel`]. Out: the film's bytes, or numbered PNGs in a folder. Shared by `foldscape film` and the window's recordings.

use super::film::{Scene, ShootError};
use super::headless::Studio;
use crate::film::{self, Apng, Encoder, FilmError, Format, Frames, Gif, Palette, Spec};
use crate::render::Image;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use thiserror::Error;

/// Pictures of a film in which a GIF's palette is looked for.
const N_SAMPLES: usize = 8;

/// Why there is no film file.
#[derive(Debug, Error)]
pub enum ReelError {
    /// A frame could not be shot, or somebody stopped it.
    #[error(transparent)]
    Shoot(#[from] ShootError),
    /// A frame could not be written.
    #[error(transparent)]
    Film(#[from] FilmError),
}

/// A film to be shot.
pub struct Reel<'a> {
    pub scene: &'a Scene<'a>,
    pub studio: &'a mut Studio,
    pub spec: Spec,
    pub cancel: &'a AtomicBool,
    /// Hears the share that is done, 0 to 1.
    pub progress: &'a (dyn Fn(f64) + Sync),
}

impl Reel<'_> {
    /// Shoots everything into an open file of a format that is one; an encoder may open its path once more.
    ///
    /// # Errors
    /// See [`ReelError`].
    pub fn write(&mut self, format: Format, out: &mut (dyn Write + Send), path: &Path) -> Result<(), ReelError> {
        let n_samples = if format == Format::Gif { self.spec.n_frames.min(N_SAMPLES) } else { 0 };
        let encoder: Box<dyn Encoder + Send + '_> = match format {
            Format::Gif => Box::new(Gif::new(out, self.spec, Palette::new(&self.samples(n_samples)?))?),
            Format::Mp4 => film::mp4(out, path, self.spec)?,
            Format::Apng | Format::Frames => Box::new(Apng::new(out, self.spec)?),
        };
        self.shoot_into(encoder, n_samples)
    }

    /// Shoots everything into numbered PNGs in a folder that exists.
    ///
    /// # Errors
    /// See [`ReelError`].
    pub fn write_frames(&mut self, folder: &Path) -> Result<(), ReelError> {
        self.shoot_into(Box::new(Frames::new(folder.to_owned(), self.spec)), 0)
    }

    /// Some pictures of the film.
    fn samples(&mut self, n: usize) -> Result<Vec<Image>, ReelError> {
        let frames: Vec<usize> = (0..n).map(|i| i * (self.spec.n_frames - 1) / (n - 1).max(1)).collect();
        let mut images = Vec::new();
        let collect = |image| {
            images.push(image);
            Ok(())
        };
        self.shoot(&frames, [0, n + self.spec.n_frames], collect)?;
        Ok(images)
    }

    /// All frames, after so many samples.
    fn shoot_into(&mut self, mut encoder: Box<dyn Encoder + Send + '_>, n_samples: usize) -> Result<(), ReelError> {
        let frames: Vec<usize> = (0..self.spec.n_frames).collect();
        self.shoot(&frames, [n_samples, n_samples + frames.len()], |image| Ok(encoder.add(&image)?))?;
        Ok(encoder.finish()?)
    }

    /// Some frames; so many of all pictures are `done` before them.
    fn shoot(
        &mut self,
        frames: &[usize],
        [mut done, all]: [usize; 2],
        mut take: impl FnMut(Image) -> Result<(), ReelError> + Send,
    ) -> Result<(), ReelError> {
        let progress = self.progress;
        let take = |image: Image| {
            take(image)?;
            done += 1;
            progress(done as f64 / all as f64);
            Ok(())
        };
        self.scene.shoot(frames, self.studio, self.cancel, take)
    }
}
