//! What is to be learned: a name or the bytes of a file in, samples of it out.
//!
//! Shapes and pictures are values all over the plane (`field` samples them); points have values or labels where they are.

mod csv;
mod field;
mod npy;
mod picture;
mod points;
mod scale;
mod shape;
mod text;

pub use picture::Channel;
pub use points::Points;
pub(super) use scale::Scale;

use super::samples::Samples;
use super::{Loss, TrainError};
use crate::complex::Window;
use picture::Picture;
use rand::Rng;
use shape::Shape;

/// The names of the built-in targets; `text:AB` draws letters.
pub const BUILTIN: [&str; 7] = ["rings", "circles", "disc", "star", "checker", "spiral", "moons"];
/// The prefix of a text.
pub const TEXT: &str = "text:";

/// What is to be learned.
#[derive(Debug, Clone)]
pub struct Target {
    /// The name of the built-in target or the file.
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Shape(Shape),
    Picture(Picture),
    Points(Points),
}

impl Target {
    /// Whether `name` means a built-in target; anything else is a file.
    #[must_use]
    pub fn is_builtin(name: &str) -> bool {
        BUILTIN.contains(&name) || name.starts_with(TEXT)
    }

    /// One of [`BUILTIN`], or `text:` and some letters, drawn in the bundled font.
    ///
    /// # Errors
    /// [`TrainError::NoTarget`], [`TrainError::Text`].
    pub fn builtin(name: &str) -> Result<Self, TrainError> {
        let kind = match (name.strip_prefix(TEXT), Shape::named(name)) {
            (Some(letters), _) => Kind::Picture(text::draw(letters)?),
            (None, Some(shape)) => Kind::Shape(shape),
            (None, None) if name == "moons" => Kind::Points(shape::moons()),
            (None, None) => return Err(TrainError::NoTarget(name.to_owned())),
        };
        Ok(Self { name: name.to_owned(), kind })
    }

    /// A picture's `channel` (PNG, JPEG, GIF, BMP, WebP), or points from npy or a table of text (`.csv`, `.tsv`, `.txt`, or
    /// no ending). `name` is the file's name.
    ///
    /// # Errors
    /// [`TrainError::Picture`], [`TrainError::Points`].
    pub fn from_bytes(name: &str, bytes: &[u8], channel: Channel) -> Result<Self, TrainError> {
        let path = std::path::Path::new(name);
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let is_table = || match extension.as_str() {
            "csv" | "tsv" | "txt" => true,
            "" => !Picture::is_one(bytes) && std::str::from_utf8(bytes).is_ok(),
            _ => false,
        };
        let kind = if extension == "npy" || bytes.starts_with(npy::MAGIC) {
            Kind::Points(npy::read(bytes)?)
        } else if is_table() {
            Kind::Points(csv::read(bytes)?)
        } else {
            Kind::Picture(Picture::decode(bytes, channel)?)
        };
        let name = path.file_name().map_or(name.into(), |name| name.to_string_lossy());
        Ok(Self { name: name.into_owned(), kind })
    }

    /// These points.
    #[must_use]
    pub fn points(name: &str, points: Points) -> Self {
        Self { name: name.to_owned(), kind: Kind::Points(points) }
    }

    /// The name of the built-in target or the file, without its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The window in which all of it is seen; the longer side of a shape's or picture's is 2.
    #[must_use]
    pub fn window(&self) -> Window {
        match &self.kind {
            Kind::Shape(_) => Window::SQUARE,
            Kind::Picture(picture) => picture.window(),
            Kind::Points(points) => points.window(),
        }
    }

    /// Logistic for labels, mse for everything else.
    #[must_use]
    pub fn default_loss(&self) -> Loss {
        match &self.kind {
            Kind::Points(points) if points.has_labels() => Loss::Logistic,
            _ => Loss::Mse,
        }
    }

    /// The names of the labels, in the order of the outputs; two share one output, on which the second is high. Empty where
    /// there are none.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        match &self.kind {
            Kind::Points(points) => points.labels(),
            _ => &[],
        }
    }

    /// The number of outputs that learn it.
    pub(super) fn n_outputs(&self, loss: Loss) -> Result<usize, TrainError> {
        match &self.kind {
            Kind::Points(points) => points.n_outputs(loss),
            _ => Ok(1),
        }
    }

    /// Samples over `window`, in the coordinates of the returned scale. Points are all taken, wherever they are.
    pub(super) fn samples(&self, window: &Window, loss: Loss, random: &mut impl Rng) -> Result<(Samples, Scale), TrainError> {
        match &self.kind {
            Kind::Shape(shape) => Ok(field::samples(&|p| shape.value(p), &Window::SQUARE, window, random)),
            Kind::Picture(picture) => Ok(field::samples(&|p| picture.value(p), &picture.window(), window, random)),
            Kind::Points(points) => points.samples(loss),
        }
    }
}
