//! The networks of the tour: those of `assets/`, and two that are small enough to be written down.
//!
//! Out: [`Model`]s with two inputs; where a graph needs one, the second input does nothing.

use super::fit::{Kinked, Line, Pieces};
use crate::complex::Window;
use crate::model::{self, Model, ModelError};
use crate::network::{Affine, Network};

/// Which network a scene shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Net {
    /// One unit of the first input.
    OneUnit,
    /// One unit of both inputs.
    OneFold,
    /// The best fit of two units to [`JUMP`].
    JumpFit,
    Random8,
    Random8x2,
    Untrained,
    Rings,
}

/// Two pieces that do not meet.
pub(super) const JUMP: Pieces = Pieces { left: Line { c: -0.5, g: 0.0 }, right: Line { c: 0.7, g: -0.5 }, jump: 0.0 };
/// The inputs of the graphs.
pub(super) const INTERVAL: [f64; 2] = [-1.0, 1.0];

impl Net {
    /// The model.
    ///
    /// # Errors
    /// See [`ModelError`]; a bundled file would have to be damaged.
    pub fn model(self) -> Result<Model, ModelError> {
        match self {
            Self::OneUnit => shallow("one unit", &[[1.5, 0.0]], &[-0.3], &[1.0], 0.0),
            Self::OneFold => shallow("one unit", &[[0.8, 0.6]], &[-0.1], &[1.0], 0.0),
            Self::JumpFit => {
                let Kinked { kink, c, left, right } = Kinked::best(&JUMP, INTERVAL).0;
                shallow("two units", &[[-1.0, 0.0], [1.0, 0.0]], &[kink, -kink], &[left, right], c)
            }
            Self::Random8 => bundled("random_8", include_bytes!("../../assets/random_8.safetensors")),
            Self::Random8x2 => bundled("random_8x2", include_bytes!("../../assets/random_8x2.safetensors")),
            Self::Untrained => bundled("untrained_8x6", include_bytes!("../../assets/untrained_8x6.safetensors")),
            Self::Rings => bundled("rings_8x6", include_bytes!("../../assets/rings_8x6.safetensors")),
        }
    }
}

fn bundled(name: &str, bytes: &[u8]) -> Result<Model, ModelError> {
    model::load(&format!("{name}.safetensors"), bytes, None)
}

/// One hidden layer of ReLU units and one output.
fn shallow(name: &str, weights: &[[f64; 2]], bias: &[f64], out: &[f64], out_bias: f64) -> Result<Model, ModelError> {
    let hidden = Affine { n_out: bias.len(), n_in: 2, weights: weights.concat(), bias: bias.to_vec() };
    let output = Affine { n_out: 1, n_in: bias.len(), weights: out.to_vec(), bias: vec![out_bias] };
    Ok(Model::new(name, Network::new(vec![hidden, output], 0.0)?, Window::SQUARE))
}
