//! safetensors files with the names of PyTorch state dicts: `0.weight`, `net.0.weight`, `model.fc1.weight`, ... `[out x in]`.
//!
//! The layers come in the natural order of their names, then their shapes must chain; a missing bias is zero. Reads f64,
//! f32, f16 and bf16. Metadata: `activation` (`relu`, `leaky_relu`), `alpha` (the slope), `window` (`x0,y0,x1,y1`);
//! `history.steps` where the file also holds a recorded training (see `history`).

use super::activation::parse_slope;
use super::format::MAX_HEADER;
use super::names::{Role, natural, split};
use super::{ActivationChoice, ModelError, Parts, history, parse_window};
use crate::network::Affine;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Parts, ModelError> {
    let header = header_bytes(bytes)?;
    let file = SafeTensors::deserialize(bytes).map_err(|error| explain(&error, header, bytes.len()))?;
    let (_, info) = SafeTensors::read_metadata(bytes).map_err(|error| explain(&error, header, bytes.len()))?;
    let metadata: BTreeMap<String, String> = info.metadata().iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
    let mut tensors = file.tensors();
    tensors.sort_by(|(a, _), (b, _)| natural(a, b));
    let (recorded, tensors) = history::split_off(&metadata, tensors);
    let layers = layers(&tensors)?;
    Ok(Parts {
        history: history::read(&recorded, &metadata, &layers)?,
        layers,
        activation: activation(&metadata)?,
        window: metadata.get("window").map(|text| parse_window(text).map_err(ModelError::Window)).transpose()?,
        metadata,
    })
}

/// The activation in the metadata, if any; the slope stands in `alpha`.
fn activation(metadata: &BTreeMap<String, String>) -> Result<Option<ActivationChoice>, ModelError> {
    let Some(text) = metadata.get("activation") else { return Ok(None) };
    let choice: ActivationChoice = text.parse().map_err(|e| ModelError::Activation(format!("metadata `activation`: {e}")))?;
    match (choice, metadata.get("alpha")) {
        (ActivationChoice::LeakyRelu(None), Some(slope)) => {
            let slope = parse_slope(slope).map_err(|e| ModelError::Activation(format!("metadata `alpha`: {e}")))?;
            Ok(Some(ActivationChoice::LeakyRelu(Some(slope))))
        }
        _ => Ok(Some(choice)),
    }
}

/// A layer's two tensors, the names beside them.
#[derive(Default)]
struct Pair<'a> {
    weight: Option<(&'a str, &'a TensorView<'a>)>,
    bias: Option<(&'a str, &'a TensorView<'a>)>,
}

/// The affine layers, in the order of `tensors`.
pub(super) fn layers(tensors: &[(String, TensorView)]) -> Result<Vec<Affine>, ModelError> {
    let mut order: Vec<Pair> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for (name, view) in tensors {
        let (layer, role) = split(name).ok_or_else(|| ModelError::ForeignTensor(name.clone()))?;
        let i = *place.entry(layer).or_insert_with(|| {
            order.push(Pair::default());
            order.len() - 1
        });
        let slot = if role == Role::Weight { &mut order[i].weight } else { &mut order[i].bias };
        *slot = Some((name, view));
    }
    let mut layers: Vec<Affine> = Vec::with_capacity(order.len());
    let mut before: Option<&str> = None;
    for pair in &order {
        let (name, layer) = affine(pair)?;
        if let (Some(before), Some(last)) = (before, layers.last()) {
            check_chain(name, &layer, before, last.n_out)?;
        }
        before = Some(name);
        layers.push(layer);
    }
    if layers.is_empty() { Err(ModelError::NoLayers) } else { Ok(layers) }
}

/// One layer and its weight's name.
fn affine<'a>(pair: &Pair<'a>) -> Result<(&'a str, Affine), ModelError> {
    let Some((name, weight)) = pair.weight else {
        return Err(pair.bias.map_or(ModelError::NoLayers, |(name, _)| ModelError::LonelyBias(name.to_owned())));
    };
    let &[n_out, n_in] = weight.shape() else {
        return Err(wrong_shape(name, weight, "a weight must be a matrix [out x in]: only linear layers are read"));
    };
    if n_out == 0 || n_in == 0 {
        return Err(wrong_shape(name, weight, "both sides of a weight must be at least 1"));
    }
    let weights = numbers(name, weight)?;
    let bias = match pair.bias {
        Some((name, bias)) if bias.shape() != [n_out] => {
            return Err(wrong_shape(name, bias, &format!("this layer's weight asks for [{n_out}]")));
        }
        Some((name, bias)) => numbers(name, bias)?,
        None => vec![0.0; n_out],
    };
    Ok((name, Affine { n_out, n_in, weights, bias }))
}

fn wrong_shape(tensor: &str, view: &TensorView, wanted: &str) -> ModelError {
    ModelError::Shape { tensor: tensor.to_owned(), shape: view.shape().to_vec(), wanted: wanted.to_owned() }
}

fn check_chain(tensor: &str, layer: &Affine, before: &str, n_before: usize) -> Result<(), ModelError> {
    if layer.n_in == n_before {
        return Ok(());
    }
    let hint = if layer.n_out == n_before {
        "; it looks transposed: weights are [out x in]"
    } else {
        "; layers are taken in the natural order of their names: name them 0, 1, 2, ..."
    };
    Err(ModelError::Chain { tensor: tensor.to_owned(), n_in: layer.n_in, before: before.to_owned(), n_before, hint })
}

/// All numbers of a tensor, each exactly; refuses other types than floats and numbers that are not finite.
fn numbers(tensor: &str, view: &TensorView) -> Result<Vec<f64>, ModelError> {
    let data = view.data();
    let values: Vec<f64> = match view.dtype() {
        Dtype::F64 => data.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        Dtype::F32 => data.as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect(),
        Dtype::F16 => data.as_chunks().0.iter().map(|b| half::f16::from_le_bytes(*b).to_f64()).collect(),
        Dtype::BF16 => data.as_chunks().0.iter().map(|b| half::bf16::from_le_bytes(*b).to_f64()).collect(),
        other => return Err(ModelError::Dtype { tensor: tensor.to_owned(), dtype: format!("{other:?}") }),
    };
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(values),
        Some(i) => Err(ModelError::NotFinite { tensor: tensor.to_owned(), place: place(view.shape(), i), value: values[i] }),
    }
}

/// `[row, column]` of a matrix or `[index]` of a vector.
fn place(shape: &[usize], i: usize) -> String {
    match shape {
        &[_, n_in] if n_in > 0 => format!("[{}, {}]", i / n_in, i % n_in),
        _ => format!("[{i}]"),
    }
}

/// The header's bytes, if its length fits into the file.
fn header_bytes(bytes: &[u8]) -> Result<&[u8], ModelError> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(ModelError::Header(format!("the file has only {} bytes", bytes.len())));
    };
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER {
        return Err(ModelError::Header(format!("it claims {length} bytes; the format allows {MAX_HEADER}")));
    }
    let header = usize::try_from(length).ok().and_then(|length| rest.get(..length));
    header.ok_or_else(|| ModelError::Header(format!("it claims {length} bytes, but only {} follow", rest.len())))
}

/// A tensor's entry in the header, read leniently to explain what the crate refused.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// Turns the crate's refusal into an error that names the tensor.
fn explain(error: &SafeTensorError, header: &[u8], file_length: usize) -> ModelError {
    let Ok(header_json) = serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(header) else {
        return ModelError::Header(error.to_string());
    };
    let data_start = 8 + header.len() as u128;
    let mut spans = Vec::new();
    for (name, value) in header_json.into_iter().filter(|(name, _)| name != "__metadata__") {
        match serde_json::from_value::<Entry>(value) {
            Err(problem) => return ModelError::Layout { tensor: name, problem: problem.to_string() },
            Ok(entry) => match wrong_entry(&entry) {
                Some(problem) => return ModelError::Layout { tensor: name, problem },
                None => spans.push((entry.data_offsets, name)),
            },
        }
    }
    spans.sort();
    if let Some(([_, end], name)) = spans.iter().find(|([_, end], _)| data_start + u128::from(*end) > file_length as u128) {
        return ModelError::Truncated { tensor: name.clone(), needed: data_start + u128::from(*end), have: file_length };
    }
    match gap(&spans) {
        Some(name) => ModelError::Layout { tensor: name, problem: "its bytes overlap another tensor's or leave a gap".to_owned() },
        None => ModelError::Header(error.to_string()),
    }
}

/// What is wrong with an entry alone.
fn wrong_entry(entry: &Entry) -> Option<String> {
    let [start, end] = entry.data_offsets;
    let width: u64 = match entry.dtype.as_str() {
        "F64" => 8,
        "F32" => 4,
        "F16" | "BF16" => 2,
        other => return Some(format!("its type is {other}; foldscape reads F64, F32, F16 and BF16")),
    };
    let wanted = entry.shape.iter().try_fold(width, |n, &side| n.checked_mul(side));
    if start <= end && wanted == Some(end - start) {
        return None;
    }
    Some(format!("its shape {:?} and type {} do not fit its byte range {start}..{end}", entry.shape, entry.dtype))
}

/// The first tensor, in order of place, that does not begin where the one before it ends.
fn gap(spans: &[([u64; 2], String)]) -> Option<String> {
    let mut at = 0;
    for ([start, end], name) in spans {
        if *start != at {
            return Some(name.clone());
        }
        at = *end;
    }
    None
}
