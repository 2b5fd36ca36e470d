//! MP4 by an `ffmpeg` that is installed: the pictures go to it through a pipe, it writes the film's file itself, since it must be
//! able to seek in it.

use super::{Encoder, FilmError, Spec};
use crate::render::Image;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program, found on the PATH.
const PROGRAM: &str = "ffmpeg";
/// Its encoder of H.264, which some builds lack.
const ENCODER: &str = "libx264";
/// Quality in that encoder's scale: fine lines stay clean.
const QUALITY: &str = "18";

/// Writes an MP4.
pub struct Ffmpeg {
    child: Child,
    /// What it complains of. A file: unlike a pipe it takes any amount while nobody reads.
    complaints: File,
}

impl Ffmpeg {
    /// Whether it can be started and has the encoder.
    pub fn is_there() -> bool {
        let mut probe = Command::new(PROGRAM);
        probe.args(["-hide_banner", "-h", &format!("encoder={ENCODER}")]).stdin(Stdio::null());
        // for an encoder that it does not know it says so and succeeds
        probe.output().is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(&format!("Encoder {ENCODER}")))
    }

    /// Starts ffmpeg, which writes the file at `path`, whether it is there or not.
    ///
    /// # Errors
    /// [`FilmError::NoMp4`] if there is none; [`FilmError::Io`].
    pub fn new(path: &Path, spec: Spec) -> Result<Self, FilmError> {
        let complaints = tempfile::tempfile()?;
        let [width, height] = spec.size_px;
        let (size, fps) = (format!("{width}x{height}"), spec.fps.to_string());
        let raw = ["-f", "rawvideo", "-pix_fmt", "rgba", "-video_size", &size, "-framerate", &fps, "-i", "pipe:0"];
        let color = ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-colorspace", "bt709"];
        let tags = ["-color_primaries", "bt709", "-color_trc", "bt709"];
        // without ffmpeg's version and the time, the same pictures give the same bytes
        let codec = ["-c:v", ENCODER, "-crf", QUALITY, "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4"];
        let child = Command::new(PROGRAM)
            .args(["-hide_banner", "-loglevel", "error", "-y"])
            .args(raw)
            .args(color)
            .args(tags)
            .args(codec)
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(complaints.try_clone()?)
            .spawn();
        match child {
            Ok(child) => Ok(Self { child, complaints }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(FilmError::NoMp4),
            Err(error) => Err(error.into()),
        }
    }

    /// How it ended and what it said of that. It does not go on without pictures.
    fn failure(&mut self) -> FilmError {
        let _ = self.child.kill();
        let how = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        let mut said = Vec::new();
        // what cannot be read is not said
        let _ = self.complaints.rewind().and_then(|()| self.complaints.read_to_end(&mut said));
        let said = String::from_utf8_lossy(&said);
        let text = [said.trim(), how.as_str()].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        FilmError::Encode(format!("{PROGRAM} failed: {text}"))
    }
}

impl Encoder for Ffmpeg {
    fn add(&mut self, image: &Image) -> Result<(), FilmError> {
        let taken = self.child.stdin.as_mut().map(|pipe| pipe.write_all(&image.rgba));
        match taken {
            Some(Err(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(self.failure()),
            Some(result) => Ok(result?),
            None => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<(), FilmError> {
        drop(self.child.stdin.take());
        if self.child.wait()?.success() { Ok(()) } else { Err(self.failure()) }
    }
}

impl Drop for Ffmpeg {
    /// Given up half-way, ffmpeg has nothing to finish; after [`Encoder::finish`] it is gone already.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
