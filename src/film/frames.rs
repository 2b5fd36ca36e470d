//! Numbered PNGs in a folder: `frame_0001.png` and on, for any program that makes films of pictures.

use super::{Encoder, FilmError, Spec};
use crate::render::Image;
use std::path::PathBuf;

/// Digits of a number at least.
const DIGITS: usize = 4;

/// Writes numbered PNGs.
pub struct Frames {
    folder: PathBuf,
    digits: usize,
    n_added: usize,
}

impl Frames {
    /// Into a folder that exists.
    #[must_use]
    pub fn new(folder: PathBuf, spec: Spec) -> Self {
        Self { folder, digits: spec.n_frames.to_string().len().max(DIGITS), n_added: 0 }
    }
}

impl Encoder for Frames {
    fn add(&mut self, image: &Image) -> Result<(), FilmError> {
        self.n_added += 1;
        let name = format!("frame_{:0digits$}.png", self.n_added, digits = self.digits);
        Ok(std::fs::write(self.folder.join(name), image.to_png()?)?)
    }

    fn finish(self: Box<Self>) -> Result<(), FilmError> {
        Ok(())
    }
}
