//! What can be wrong with a training: one variant for each cause, each message with the place and the cure.

use super::config::{MAX_HIDDEN_LAYERS, MAX_PARAMETERS, MAX_WIDTH};
use thiserror::Error;

/// Why there is no training, or why it ended early.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TrainError {
    /// `Config::hidden` is empty or longer than its limit.
    #[error("{0} hidden layers; write from 1 to {MAX_HIDDEN_LAYERS} widths, such as 8,8,8")]
    Layers(usize),
    /// A width of `Config::hidden` is 0 or beyond its limit. The layer is counted from 1.
    #[error("hidden layer {layer} has {width} units; a layer has from 1 to {MAX_WIDTH}")]
    Width { layer: usize, width: usize },
    /// All weights and biases together are beyond the limit.
    #[error("these widths have {0} weights and biases, more than the limit of {MAX_PARAMETERS}; make the layers narrower or fewer")]
    Parameters(u64),
    /// Another number of `Config` that is out of its range.
    #[error("{what} is {value}; it must be {wanted}")]
    Range { what: &'static str, value: String, wanted: String },
    /// No built-in target of this name.
    #[error("there is no target `{0}`; the built-in ones are {list}, and text:AB; a file needs its ending (.png, .csv, .npy, ...)", list = super::BUILTIN.join(", "))]
    NoTarget(String),
    /// `text:` with nothing, too much, or a character that the font lacks.
    #[error("text: {0}")]
    Text(String),
    /// The picture cannot be decoded or has nothing to learn.
    #[error("the picture {0}")]
    Picture(String),
    /// The points cannot be read. The message names the line or the row.
    #[error("{0}")]
    Points(String),
    /// The loss does not fit the target.
    #[error("{0}")]
    Loss(String),
    /// The loss is no longer a finite number.
    #[error("the training diverged at step {step}; try a smaller learning rate than {learning_rate}")]
    Diverged { step: u64, learning_rate: f64 },
}
