//! MP4 by the bundled encoder: `OpenH264`, built from its C++ source, and a container written in Rust.

use super::{Encoder, FilmError, Spec};
use crate::render::Image;
use muxide::api::{Muxer, MuxerBuilder, VideoCodec};
use openh264::OpenH264API;
use openh264::encoder::{
    EncoderConfig, FrameRate, FrameType, IntraFramePeriod, MatrixCoefficients, QpRange, RateControlMode, UsageType, VuiConfig,
};
use openh264::formats::{RgbaSliceU8, YUVBuffer};
use std::io::Write;

/// Least and greatest quantiser, of 0 (none) to 51: below, nothing is gained that can be seen; above, lines fray.
const QUANTIZERS: QpRange = QpRange::new(12, 26);
/// Seconds from one picture that a player can jump to, to the next.
const SECONDS_PER_JUMP: u32 = 2;
/// The encoder's limits.
const MAX_SIDES: [u32; 2] = [3840, 2160];

/// Writes an MP4.
pub struct Mp4<'w> {
    encoder: openh264::encoder::Encoder,
    muxer: Muxer<&'w mut (dyn Write + Send)>,
    fps: u32,
    n_added: u32,
}

impl<'w> Mp4<'w> {
    /// Begins a film.
    ///
    /// # Errors
    /// [`FilmError::Spec`] for pictures larger than 3840 x 2160; [`FilmError::Encode`].
    pub fn new(out: &'w mut (dyn Write + Send), spec: Spec) -> Result<Self, FilmError> {
        let [width, height] = spec.size_px;
        if width.max(height) > MAX_SIDES[0] || width.min(height) > MAX_SIDES[1] {
            let [long, short] = MAX_SIDES;
            return Err(FilmError::Spec(format!("the bundled MP4 encoder takes pictures up to {long} x {short}; choose a smaller --size")));
        }
        // one thread: the same pictures give the same file
        let config = EncoderConfig::new()
            .max_frame_rate(FrameRate::from_hz(spec.fps as f32))
            .rate_control_mode(RateControlMode::Off)
            .qp(QUANTIZERS)
            .adaptive_quantization(false)
            .background_detection(false)
            .usage_type(UsageType::ScreenContentRealTime)
            .intra_frame_period(IntraFramePeriod::from_num_frames(SECONDS_PER_JUMP * spec.fps))
            .skip_frames(false)
            .num_threads(1)
            // the conversion below is that of BT.601 in the limited range
            .vui(VuiConfig::bt709().matrix_coefficients(MatrixCoefficients::Smpte170M));
        let encoder = openh264::encoder::Encoder::with_api_config(OpenH264API::from_source(), config);
        let muxer = MuxerBuilder::new(out).video(VideoCodec::H264, width, height, f64::from(spec.fps)).build();
        Ok(Self { encoder: encoder.map_err(wrong)?, muxer: muxer.map_err(wrong)?, fps: spec.fps, n_added: 0 })
    }
}

impl Encoder for Mp4<'_> {
    fn add(&mut self, image: &Image) -> Result<(), FilmError> {
        let [width, height] = image.size_px.map(|side| side as usize);
        let yuv = YUVBuffer::from_rgba8_source(RgbaSliceU8::new(&image.rgba, (width, height)));
        let stream = self.encoder.encode(&yuv).map_err(wrong)?;
        let is_key = matches!(stream.frame_type(), FrameType::IDR | FrameType::I);
        let time = f64::from(self.n_added) / f64::from(self.fps);
        self.muxer.write_video(time, &stream.to_vec(), is_key).map_err(wrong)?;
        self.n_added += 1;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), FilmError> {
        self.muxer.finish().map_err(wrong)
    }
}

fn wrong(error: impl std::fmt::Display) -> FilmError {
    FilmError::encode("MP4", error)
}
