//! Film files: pictures go in one after the other, a file comes out; one file for each format.
//!
//! In: a [`Spec`] and [`Image`]s of its size. Out: GIF, animated PNG, numbered PNGs in a folder, or MP4 (by the bundled
//! encoder of feature `mp4`, or else by an `ffmpeg` that is installed). Refuses what a format cannot hold, before the first
//! picture is drawn. The same pictures give the same bytes. Knows nothing of networks, timelines and the GPU.

mod apng;
#[cfg(not(feature = "mp4"))]
mod ffmpeg;
mod frames;
mod gif;
#[cfg(feature = "mp4")]
mod mp4;

pub use self::gif::{Gif, Palette};
pub use apng::Apng;
pub use frames::Frames;

use crate::render::{Image, RenderError};
use std::io::Write;
use std::path::Path;
use thiserror::Error;

/// Frames a second at most.
pub const MAX_FPS: u32 = 120;
/// A GIF's delays are hundredths of a second, and players take less than two of them for ten.
const MAX_GIF_FPS: u32 = 50;
/// A GIF's sides are 16 bits.
const MAX_GIF_SIDE: u32 = 65_535;

/// What becomes of the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Gif,
    /// An animated PNG.
    Apng,
    Mp4,
    /// Numbered PNGs in a folder.
    Frames,
}

/// What all formats need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    pub size_px: [u32; 2],
    /// Frames a second, 1 to [`MAX_FPS`].
    pub fps: u32,
    pub n_frames: usize,
    /// Whether a player should start again at the end, for the formats that can say so.
    pub repeats: bool,
}

/// Why there is no film file.
#[derive(Debug, Error)]
pub enum FilmError {
    /// The name's ending is of no format.
    #[error("{0}: name a film that ends in .gif, .png (animated), .mp4, or a folder (no ending) for numbered PNGs")]
    Format(String),
    /// The format cannot hold such pictures.
    #[error("{0}")]
    Spec(String),
    /// Neither encoder of MP4 is there.
    #[error(
        "no MP4 encoder is at hand: install ffmpeg with libx264, or build foldscape with its own (`cargo install --path . --features mp4`, needs a C++ \
         compiler); .gif, .png and a folder of numbered PNGs need neither"
    )]
    NoMp4,
    /// The file, or the pipe to ffmpeg, does not take it.
    #[error("the film cannot be written")]
    Io(#[from] std::io::Error),
    /// The encoder says no.
    #[error("{0}")]
    Encode(String),
}

impl FilmError {
    fn encode(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Encode(format!("{what}: {error}"))
    }
}

impl From<RenderError> for FilmError {
    fn from(error: RenderError) -> Self {
        Self::Encode(error.to_string())
    }
}

/// The encoder that an MP4 is made with, in words.
///
/// # Errors
/// [`FilmError::NoMp4`].
#[cfg(feature = "mp4")]
pub fn mp4_encoder() -> Result<&'static str, FilmError> {
    Ok("the bundled OpenH264")
}

/// The encoder that an MP4 is made with, in words.
///
/// # Errors
/// [`FilmError::NoMp4`].
#[cfg(not(feature = "mp4"))]
pub fn mp4_encoder() -> Result<&'static str, FilmError> {
    if ffmpeg::Ffmpeg::is_there() { Ok("the installed ffmpeg") } else { Err(FilmError::NoMp4) }
}

/// Begins an MP4 in an open file.
///
/// # Errors
/// [`FilmError::Spec`], [`FilmError::Encode`].
#[cfg(feature = "mp4")]
pub fn mp4<'w>(out: &'w mut (dyn Write + Send), _path: &Path, spec: Spec) -> Result<Box<dyn Encoder + Send + 'w>, FilmError> {
    Ok(Box::new(mp4::Mp4::new(out, spec)?))
}

/// Begins an MP4 in the file at `path`, which ffmpeg opens itself.
///
/// # Errors
/// [`FilmError::NoMp4`], [`FilmError::Io`].
#[cfg(not(feature = "mp4"))]
pub fn mp4<'w>(_out: &'w mut (dyn Write + Send), path: &Path, spec: Spec) -> Result<Box<dyn Encoder + Send + 'w>, FilmError> {
    Ok(Box::new(ffmpeg::Ffmpeg::new(path, spec)?))
}

/// Takes the pictures of a film in order.
pub trait Encoder {
    /// The next picture, of the film's size.
    ///
    /// # Errors
    /// [`FilmError::Io`], [`FilmError::Encode`].
    fn add(&mut self, image: &Image) -> Result<(), FilmError>;

    /// After the last picture.
    ///
    /// # Errors
    /// [`FilmError::Io`], [`FilmError::Encode`].
    fn finish(self: Box<Self>) -> Result<(), FilmError>;
}

impl Format {
    /// Told by the name's ending; none is a folder.
    ///
    /// # Errors
    /// [`FilmError::Format`].
    pub fn of(path: &Path) -> Result<Self, FilmError> {
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            _ if path == Path::new("-") => Err(FilmError::Format("standard output".to_owned())),
            Some("gif") => Ok(Self::Gif),
            Some("png" | "apng") => Ok(Self::Apng),
            Some("mp4") => Ok(Self::Mp4),
            None => Ok(Self::Frames),
            Some(_) if path.is_dir() => Ok(Self::Frames),
            Some(_) => Err(FilmError::Format(path.display().to_string())),
        }
    }

    /// Whether the format can hold such pictures.
    ///
    /// # Errors
    /// [`FilmError::Spec`], with what would work.
    pub fn check(self, spec: &Spec) -> Result<(), FilmError> {
        let ([width, height], fps) = (spec.size_px, spec.fps);
        let problem = match self {
            Self::Gif if fps > MAX_GIF_FPS => {
                format!("a GIF holds at most {MAX_GIF_FPS} frames a second; choose --fps {MAX_GIF_FPS} or fewer")
            }
            Self::Gif if width.max(height) > MAX_GIF_SIDE => format!("a GIF's sides are at most {MAX_GIF_SIDE} pixels"),
            Self::Mp4 if width % 2 + height % 2 > 0 => {
                format!("the sides of an MP4 must be even; choose --size {}x{}", width + width % 2, height + height % 2)
            }
            _ => return Ok(()),
        };
        Err(FilmError::Spec(problem))
    }
}

/// The smallest rectangle `[x, y, width, height]` outside which two pictures of one size are equal, given their `N` bytes a
/// pixel; one pixel where they are equal all over.
fn changed<const N: usize>(before: &[u8], now: &[u8], width: usize) -> [usize; 4] {
    let row_bytes = width * N;
    let rows = || before.chunks_exact(row_bytes).zip(now.chunks_exact(row_bytes));
    let Some(top) = rows().position(|(a, b)| a != b) else { return [0, 0, 1, 1] };
    let bottom = rows().rposition(|(a, b)| a != b).unwrap_or(top);
    let pixels = |(a, b): (&[u8], &[u8])| {
        let differ = |x: &usize| a[x * N..][..N] != b[x * N..][..N];
        Some([(0..width).find(differ)?, (0..width).rfind(differ)?])
    };
    let sides = rows().skip(top).take(bottom + 1 - top).filter_map(pixels);
    let [left, right] = sides.reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]).unwrap_or([0, 0]);
    [left, top, right + 1 - left, bottom + 1 - top]
}

/// The part `[x, y, width, height]` of a picture of `N` bytes a pixel.
fn part<const N: usize>(pixels: &[u8], width: usize, [x, y, w, h]: [usize; 4]) -> impl Iterator<Item = &[u8]> {
    pixels.chunks_exact(width * N).skip(y).take(h).map(move |row| &row[x * N..][..w * N])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_boxed_tightly() {
        let before = [0; 4 * 3];
        let mut now = before;
        assert_eq!(changed::<1>(&before, &now, 4), [0, 0, 1, 1]);
        (now[4 + 1], now[2 * 4 + 3]) = (1, 1);
        assert_eq!(changed::<1>(&before, &now, 4), [1, 1, 3, 2]);
        assert_eq!(part::<1>(&now, 4, [1, 1, 3, 2]).collect::<Vec<_>>(), [[1, 0, 0], [0, 0, 1]]);
    }

    #[test]
    fn formats_are_told_by_the_ending() {
        let of = |name: &str| Format::of(Path::new(name)).ok();
        assert_eq!(of("a.GIF"), Some(Format::Gif));
        assert_eq!(
            [of("b.png"), of("b.apng"), of("b.mp4"), of("b")].map(Option::unwrap),
            [Format::Apng, Format::Apng, Format::Mp4, Format::Frames]
        );
        assert_eq!([of("a.avi"), of("-")], [None, None]);
    }
}
