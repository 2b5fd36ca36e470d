//! What can be wrong with a model file: one variant for each cause, each message with the place and the cure.

use crate::network::NetworkError;
use thiserror::Error;

/// Why a file is not a model.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ModelError {
    /// No byte at all.
    #[error("the file is empty; export the model again")]
    Empty,
    /// Neither the content nor the extension belongs to a format that is read.
    #[error("this is no model file that foldscape knows; it reads .safetensors and its own .json form")]
    UnknownFormat,
    /// A file of PyTorch or ONNX, which has to be converted first. `script` is Python.
    #[error("{kind} files are not read directly; this Python converts it:\n\n{script}\n")]
    Convert { kind: &'static str, script: String },
    /// The safetensors header does not fit into the file or cannot be read.
    #[error("the safetensors header is broken: {0}; export the model again")]
    Header(String),
    /// The file ends before the tensor's bytes do.
    #[error("the file is cut short: tensor `{tensor}` ends at byte {needed}, the file at byte {have}; copy or export it again")]
    Truncated { tensor: String, needed: u128, have: usize },
    /// Offsets, shape and type of a tensor contradict each other or leave gaps.
    #[error("tensor `{tensor}`: {problem}; export the model again")]
    Layout { tensor: String, problem: String },
    /// No tensor, or no layer.
    #[error("the file holds no layer; it needs tensors such as `0.weight` and `0.bias`")]
    NoLayers,
    /// A tensor that is neither `weight` nor `bias` of a layer.
    #[error(
        "tensor `{0}` is neither a `.weight` nor a `.bias`; foldscape reads plain chains of linear layers: \
         fold normalisation layers into their neighbours and save only those"
    )]
    ForeignTensor(String),
    /// A bias whose layer has no weight.
    #[error("tensor `{0}` has no `.weight` beside it; save the whole state dict")]
    LonelyBias(String),
    /// Neither f64, f32, f16 nor bf16.
    #[error("tensor `{tensor}` is of type {dtype}; foldscape reads F64, F32, F16 and BF16: save it with `.float()`")]
    Dtype { tensor: String, dtype: String },
    /// A weight that is no matrix or a bias that is no vector, or one with a side of length 0.
    #[error("tensor `{tensor}` has shape {shape:?}; {wanted}")]
    Shape { tensor: String, shape: Vec<usize>, wanted: String },
    /// A layer that reads another number of values than the layer before it writes.
    #[error("tensor `{tensor}` reads {n_in} values, but `{before}` before it writes {n_before}{hint}")]
    Chain { tensor: String, n_in: usize, before: String, n_before: usize, hint: &'static str },
    /// NaN or infinity.
    #[error("tensor `{tensor}` holds {value} at {place}; all numbers must be finite: the training may have diverged")]
    NotFinite { tensor: String, place: String, value: f64 },
    /// The hand-written form cannot be read.
    #[error(
        "the JSON cannot be read: {0}; the form is {{\"activation\": \"relu\", \"layers\": [{{\"weights\": [[1, 0], [0, 1]], \"bias\": [0, 0]}}, ...]}}"
    )]
    Json(String),
    /// Neither the file nor the option names an activation.
    #[error("the file does not say which activation it was trained with; add --activation relu or --activation leaky_relu:SLOPE")]
    NoActivation,
    /// An activation that is not known or has no proper slope.
    #[error("{0}")]
    Activation(String),
    /// The recorded training in the file, or one that is to be written.
    #[error("the recorded training: {0}")]
    History(String),
    /// The window in the file.
    #[error("metadata `window`: {0}")]
    Window(String),
    /// The layers do not make a network.
    #[error(transparent)]
    Network(#[from] NetworkError),
}
