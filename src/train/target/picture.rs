//! A picture as values: one channel of an image file, 0 to 1, with its proportions.
//!
//! In: the bytes of a PNG, JPEG, GIF, BMP or WebP. Refuses what cannot be decoded, what would take too much memory, and one
//! grey all over. Large pictures are averaged down: a network has no folds to spare for single pixels.

use super::TrainError;
use crate::complex::Window;
use image::imageops::FilterType;
use image::{DynamicImage, ImageBuffer, ImageReader, Limits, Luma};
use std::io::Cursor;

/// Pixels along the longer side that are kept.
const LONGER_SIDE: u32 = 256;
/// Larger pictures are refused, in pixels along a side and in bytes of the decoded picture.
const MAX_SIDE: u32 = 32_768;
const MAX_BYTES: u64 = 1 << 29;

/// Which number of a pixel is the value. Transparent pixels count as black.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Channel {
    /// Brightness.
    #[default]
    Grey,
    Red,
    Green,
    Blue,
    /// Opacity.
    Alpha,
}

/// Values on a grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    values: ImageBuffer<Luma<f32>, Vec<f32>>,
}

impl Picture {
    /// Whether the bytes begin as a picture that is read.
    pub(super) fn is_one(bytes: &[u8]) -> bool {
        image::guess_format(bytes).is_ok()
    }

    /// Reads an image file.
    pub(super) fn decode(bytes: &[u8], channel: Channel) -> Result<Self, TrainError> {
        if bytes.is_empty() {
            return Err(TrainError::Picture("file is empty".to_owned()));
        }
        let unreadable = |e: &dyn std::fmt::Display| {
            TrainError::Picture(format!("cannot be read: {e}; PNG, JPEG, GIF, BMP and WebP are, and tables as .csv or .npy"))
        };
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| unreadable(&e))?;
        let mut limits = Limits::default();
        (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(MAX_SIDE), Some(MAX_SIDE), Some(MAX_BYTES));
        reader.limits(limits);
        let image = reader.decode().map_err(|e| unreadable(&e))?;
        Self::new(one_channel(&small(image), channel))
    }

    /// Values on a grid, row 0 on top.
    pub(super) fn new(values: ImageBuffer<Luma<f32>, Vec<f32>>) -> Result<Self, TrainError> {
        let first = values.pixels().next();
        if values.pixels().all(|pixel| Some(pixel) == first) {
            let value = first.map_or(0.0, |pixel| pixel.0[0]);
            return Err(TrainError::Picture(format!(
                "has the value {value:.2} everywhere, so there is no shape in it; try another --channel"
            )));
        }
        Ok(Self { values })
    }

    /// The longer side is 2.
    pub(super) fn window(&self) -> Window {
        let [width, height] = [self.values.width(), self.values.height()].map(f64::from);
        let longer = width.max(height);
        let (x, y) = (width / longer, height / longer);
        Window { min: [-x, -y], max: [x, y] }
    }

    /// The value at a point of [`window`](Self::window), linear between the middles of four pixels; outside it the nearest pixel's.
    pub(super) fn value(&self, [x, y]: [f64; 2]) -> f32 {
        let [width, height] = [self.values.width(), self.values.height()];
        let half = 0.5 * f64::from(width.max(height));
        let place = |from_edge: f64, n: u32| {
            let at = (from_edge - 0.5).clamp(0.0, f64::from(n - 1));
            let low = at.floor();
            (low as u32, (low as u32 + 1).min(n - 1), (at - low) as f32)
        };
        let (x0, x1, s) = place(f64::from(width) / 2.0 + x * half, width);
        let (y0, y1, t) = place(f64::from(height) / 2.0 - y * half, height);
        let row = |y: u32| self.values.get_pixel(x0, y).0[0] * (1.0 - s) + self.values.get_pixel(x1, y).0[0] * s;
        row(y0) * (1.0 - t) + row(y1) * t
    }
}

/// The picture with at most [`LONGER_SIDE`] pixels along its longer side.
fn small(image: DynamicImage) -> DynamicImage {
    if image.width().max(image.height()) <= LONGER_SIDE {
        return image;
    }
    image.resize(LONGER_SIDE, LONGER_SIDE, FilterType::Triangle)
}

fn one_channel(image: &DynamicImage, channel: Channel) -> ImageBuffer<Luma<f32>, Vec<f32>> {
    let rgba = image.to_rgba32f();
    let value = |pixel: &image::Rgba<f32>| {
        let [r, g, b, a] = pixel.0;
        match channel {
            // the weights of luma in ITU-R BT.709
            Channel::Grey => a * (0.2126 * r + 0.7152 * g + 0.0722 * b),
            Channel::Red => a * r,
            Channel::Green => a * g,
            Channel::Blue => a * b,
            Channel::Alpha => a,
        }
    };
    ImageBuffer::from_fn(rgba.width(), rgba.height(), |x, y| Luma([value(rgba.get_pixel(x, y))]))
}
