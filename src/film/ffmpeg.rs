//! MP4 by an `ffmpeg` that is installed: the pictures go through a pipe, the file comes back from a temporary one, since
//! ffmpeg must be able to seek in it.

use super::{Encoder, FilmError, Spec};
use crate::render::Image;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use tempfile::TempPath;

/// The program, found on the PATH.
const PROGRAM: &str = "ffmpeg";
/// Quality of H.264 in x264's scale: fine lines stay clean.
const QUALITY: &str = "18";

/// Writes an MP4.
pub struct Ffmpeg<'w> {
    out: &'w mut (dyn Write + Send),
    child: Child,
    file: TempPath,
}

impl<'w> Ffmpeg<'w> {
    /// Whether it can be started.
    pub fn is_there() -> bool {
        let mut probe = Command::new(PROGRAM);
        probe.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    }

    /// Starts ffmpeg.
    ///
    /// # Errors
    /// [`FilmError::NoMp4`] if there is none; [`FilmError::Io`].
    pub fn new(out: &'w mut (dyn Write + Send), spec: Spec) -> Result<Self, FilmError> {
        let file = tempfile::Builder::new().prefix("foldscape-").suffix(".mp4").tempfile()?.into_temp_path();
        let [width, height] = spec.size_px;
        let (size, fps) = (format!("{width}x{height}"), spec.fps.to_string());
        let raw = ["-f", "rawvideo", "-pix_fmt", "rgba", "-video_size", &size, "-framerate", &fps, "-i", "pipe:0"];
        let color =
            ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709"];
        let codec = ["-color_trc", "bt709", "-c:v", "libx264", "-crf", QUALITY, "-movflags", "+faststart", "-fflags", "+bitexact"];
        let child = Command::new(PROGRAM)
            .args(["-hide_banner", "-loglevel", "error", "-y"])
            .args(raw)
            .args(color)
            .args(codec)
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        match child {
            Ok(child) => Ok(Self { out, child, file }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(FilmError::NoMp4),
            Err(error) => Err(error.into()),
        }
    }

    /// What ffmpeg says of its failure.
    fn complaint(&mut self) -> FilmError {
        let mut text = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            // what cannot be read is not said
            let _ = stderr.read_to_string(&mut text);
        }
        FilmError::Encode(format!("{PROGRAM} failed: {}", text.trim_end()))
    }
}

impl Encoder for Ffmpeg<'_> {
    fn add(&mut self, image: &Image) -> Result<(), FilmError> {
        let taken = self.child.stdin.as_mut().map(|pipe| pipe.write_all(&image.rgba));
        match taken {
            Some(Err(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(self.complaint()),
            Some(result) => Ok(result?),
            None => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<(), FilmError> {
        drop(self.child.stdin.take());
        if !self.child.wait()?.success() {
            return Err(self.complaint());
        }
        std::io::copy(&mut std::fs::File::open(&self.file)?, self.out)?;
        Ok(())
    }
}

impl Drop for Ffmpeg<'_> {
    /// Given up half-way, ffmpeg has nothing to finish; after [`Encoder::finish`] it is gone already.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
