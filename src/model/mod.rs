//! From the bytes of a model file to a [`Network`], one file per format, and back to bytes ([`Model::to_safetensors`]).
//!
//! In: bytes, the file's name, and the activation where the file does not say. Out: [`Model`]. Refuses every file that is
//! cut short, of wrong shape or type, or holds numbers that are not finite, with the tensor's name and the cure, before
//! memory is taken for what is not there. Knows nothing of files and the GPU: the caller reads and writes the bytes.

mod activation;
mod error;
mod format;
mod history;
mod json;
mod names;
mod safetensors;
mod write;

pub use activation::ActivationChoice;
pub use error::ModelError;
pub use history::Snapshot;

use crate::complex::Window;
use crate::network::Network;
use format::Format;
use std::collections::BTreeMap;

/// A network with what its file says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The file's name without folder and extension.
    pub name: String,
    /// The function.
    pub network: Network,
    /// `"relu"` or `"leaky_relu"`; the slope is the network's.
    pub activation: String,
    /// The window of the input plane that the file recommends.
    pub window: Option<Window>,
    /// All text metadata of the file.
    pub metadata: BTreeMap<String, String>,
    /// The recorded training, its steps ascending; empty where the file holds none.
    pub history: Vec<Snapshot>,
}

impl Model {
    /// A model of a network that no file tells more about.
    #[must_use]
    pub fn new(name: impl Into<String>, network: Network, window: Window) -> Self {
        let activation = if network.slope() == 0.0 { "relu" } else { "leaky_relu" }.to_owned();
        let (metadata, history) = (BTreeMap::new(), Vec::new());
        Self { name: name.into(), network, activation, window: Some(window), metadata, history }
    }

    /// The window that `asked` or else the file names, `[-1, 1]^2` where neither does.
    #[must_use]
    pub fn window_or(&self, asked: Option<Window>) -> Window {
        asked.or(self.window).unwrap_or(Window::SQUARE)
    }

    /// The same model without its recorded training.
    #[must_use]
    pub fn without_history(&self) -> Self {
        let Self { name, network, activation, window, metadata, .. } = self;
        let (name, network, activation, metadata) = (name.clone(), network.clone(), activation.clone(), metadata.clone());
        Self { name, network, activation, window: *window, metadata, history: Vec::new() }
    }

    /// The activation with its slope, as `--activation` takes it: `relu` or `leaky_relu:0.02`.
    #[must_use]
    pub fn activation_text(&self) -> String {
        if self.network.slope() == 0.0 { "relu".to_owned() } else { format!("leaky_relu:{}", self.network.slope()) }
    }

    /// The model as the bytes of a safetensors file that [`load`] reads back to the same outputs, bit for bit, and PyTorch
    /// by name: `0.weight`, `0.bias`, `2.weight`, ... are the linear layers of an `nn.Sequential` with an activation between
    /// two of them. f32 where every number is one, f64 otherwise. The metadata is the model's, with `activation`, `alpha` and
    /// `window` as they are now. Equal models give equal bytes.
    ///
    /// # Errors
    /// [`ModelError::History`] if the history's networks are not of the model's widths or its steps do not ascend,
    /// [`ModelError::Activation`] if the hidden layers have different slopes.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, ModelError> {
        write::safetensors(self)
    }
}

/// Reads a model. `name` is the file's name: its stem names the model, and its extension helps to tell the format
/// where the content leaves it open. `activation` beats what the file says.
///
/// ```
/// let file = br#"{"activation": "relu", "layers": [{"weights": [[1, 0], [0, 1]]}, {"weights": [[1, -1]], "bias": [0.5]}]}"#;
/// let model = foldscape::model::load("tent.json", file, None)?;
/// assert_eq!(model.network.widths(), [2, 2, 1]);
/// # Ok::<(), foldscape::model::ModelError>(())
/// ```
///
/// # Errors
/// See [`ModelError`].
pub fn load(name: &str, bytes: &[u8], activation: Option<ActivationChoice>) -> Result<Model, ModelError> {
    let parts = match format::detect(name, bytes)? {
        Format::Safetensors => safetensors::read(bytes)?,
        Format::Json => json::read(bytes)?,
    };
    let (activation, slope) = activation::resolve(activation, parts.activation.as_ref(), parts.layers.len() > 1)?;
    Ok(Model {
        name: format::stem(name),
        network: Network::new(parts.layers, slope)?,
        activation: activation.to_owned(),
        window: parts.window,
        metadata: parts.metadata,
        history: parts.history.into_iter().map(|recorded| recorded.snapshot(slope)).collect::<Result<_, _>>()?,
    })
}

/// The network that is shown when no file is named: 2 inputs, 4 hidden layers of 16, 1 output, trained to draw three
/// interlocking rings.
///
/// # Panics
/// Never: the file is part of the program, and a test loads it.
#[must_use]
pub fn builtin() -> Model {
    load("rings_16x4.safetensors", include_bytes!("../../assets/rings_16x4.safetensors"), None).expect("the built-in model is a valid file")
}

/// Reads a window from `x0,y0,x1,y1` in input units.
///
/// # Errors
/// A sentence that says what is wrong and what would work.
pub fn parse_window(text: &str) -> Result<Window, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse::<f64>()).collect();
    match numbers.as_deref() {
        Ok(&[x0, y0, x1, y1]) => window_from([x0, y0, x1, y1]),
        _ => Err(format!("`{text}` is not a window; write four numbers x0,y0,x1,y1 such as -1,-1,1,1")),
    }
}

/// A window with the given corners, if they are finite, in order and of a finite, non-zero size.
fn window_from([x0, y0, x1, y1]: [f64; 4]) -> Result<Window, String> {
    Window::new([x0, y0, x1, y1])
        .ok_or_else(|| format!("the window {x0},{y0},{x1},{y1} is empty or not finite; write x0,y0,x1,y1 with x0 < x1 and y0 < y1"))
}

/// What a format's reader finds in a file.
struct Parts {
    layers: Vec<crate::network::Affine>,
    activation: Option<ActivationChoice>,
    window: Option<Window>,
    metadata: BTreeMap<String, String>,
    history: Vec<history::Recorded>,
}
