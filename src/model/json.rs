//! The small JSON form that a person can write by hand.
//!
//! ```json
//! {
//!   "activation": "leaky_relu:0.02",
//!   "window": [-1, -1, 1, 1],
//!   "layers": [
//!     {"weights": [[1, 0.5], [-0.5, 1]], "bias": [0, 0.25]},
//!     {"weights": [[1, -1]]}
//!   ]
//! }
//! ```
//!
//! One entry of `layers` for each affine layer, the output layer last; `weights` has one row for each output unit;
//! a missing `bias` is zero; `activation` and `window` may be left out. Any other key is refused.

use super::{ActivationChoice, ModelError, Parts, window_from};
use crate::network::Affine;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    activation: Option<String>,
    window: Option<[f64; 4]>,
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    weights: Vec<Vec<f64>>,
    bias: Option<Vec<f64>>,
}

/// Reads the form.
pub(super) fn read(bytes: &[u8]) -> Result<Parts, ModelError> {
    let file: File = serde_json::from_slice(bytes).map_err(|e| ModelError::Json(e.to_string()))?;
    if file.layers.is_empty() {
        return Err(ModelError::Json("`layers` is empty".to_owned()));
    }
    let activation = file.activation.map(|text| text.parse::<ActivationChoice>().map_err(ModelError::Activation)).transpose()?;
    let window = file.window.map(|corners| window_from(corners).map_err(ModelError::Window)).transpose()?;
    let layers = file.layers.into_iter().enumerate().map(|(i, layer)| affine(i + 1, layer)).collect::<Result<_, _>>()?;
    Ok(Parts { layers, activation, window, metadata: BTreeMap::new(), history: Vec::new() })
}

/// Joins the rows of layer `number`, counted from 1.
fn affine(number: usize, layer: Layer) -> Result<Affine, ModelError> {
    let n_out = layer.weights.len();
    let n_in = layer.weights.first().map_or(0, Vec::len);
    if n_in == 0 {
        return Err(ModelError::Json(format!("layer {number} has no weights")));
    }
    if let Some(row) = layer.weights.iter().position(|row| row.len() != n_in) {
        let found = layer.weights[row].len();
        return Err(ModelError::Json(format!("layer {number}: row {row} of `weights` has {found} numbers, row 0 has {n_in}")));
    }
    let bias = layer.bias.unwrap_or_else(|| vec![0.0; n_out]);
    if bias.len() != n_out {
        return Err(ModelError::Json(format!("layer {number}: `bias` has {} numbers for {n_out} rows of `weights`", bias.len())));
    }
    Ok(Affine { n_out, n_in, weights: layer.weights.concat(), bias })
}
