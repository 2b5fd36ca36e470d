//! Writes safetensors: a model in, bytes out, the same bytes for the same model.
//!
//! The safetensors crate reads; it does not write here, since it puts the metadata in hash order, which changes from run to
//! run. The format: eight bytes with the header's length, a JSON header padded with spaces to a multiple of eight, the numbers.

use super::history::{self, LOSSES, PREFIX, STEPS};
use super::{Model, ModelError};
use crate::network::{Affine, Network};
use serde::Serialize;
use std::collections::BTreeMap;

/// The header and the data begin at multiples of this many bytes.
const ALIGNMENT: usize = 8;

/// A tensor to be written: the numbers of one after the other network.
struct Tensor<'a> {
    name: String,
    shape: Vec<usize>,
    parts: Vec<&'a [f64]>,
}

/// A tensor's entry in the header.
#[derive(Serialize)]
struct Entry {
    dtype: &'static str,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

/// See [`Model::to_safetensors`].
pub(super) fn safetensors(model: &Model) -> Result<Vec<u8>, ModelError> {
    check_slopes(model)?;
    check_history(model)?;
    let mut tensors = tensors("", &[&model.network], |shape| shape);
    if !model.history.is_empty() {
        let networks: Vec<&Network> = model.history.iter().map(|snapshot| &snapshot.network).collect();
        tensors.extend(self::tensors(PREFIX, &networks, |shape| [&[networks.len()], &shape[..]].concat()));
    }
    let single = tensors.iter().flat_map(|t| &t.parts).all(|part| part.iter().all(|&v| f64::from(v as f32) == v));
    let mut bytes = header(model, &tensors, single)?;
    for value in tensors.iter().flat_map(|t| &t.parts).copied().flatten() {
        if single {
            bytes.extend((*value as f32).to_le_bytes());
        } else {
            bytes.extend(value.to_le_bytes());
        }
    }
    Ok(bytes)
}

/// The file has a place for one slope.
fn check_slopes(model: &Model) -> Result<(), ModelError> {
    let slopes = model.network.slopes();
    let same = |slopes: &[f64]| slopes.iter().all(|&slope| slope == model.network.slope());
    if same(slopes) && model.history.iter().all(|snapshot| same(snapshot.network.slopes())) {
        return Ok(());
    }
    Err(ModelError::Activation(format!(
        "a model file holds one slope, but this network is partly unfolded: {slopes:?}; fold it fully, then save"
    )))
}

fn check_history(model: &Model) -> Result<(), ModelError> {
    let (steps, losses): (Vec<u64>, Vec<f64>) = model.history.iter().map(|s| (s.step, s.loss)).unzip();
    history::check_lists(&steps, &losses)?;
    model.history.iter().try_for_each(|s| history::check_widths(s.network.layers(), model.network.layers()))
}

/// The tensors of `networks`, which have the same widths. `shape` turns a tensor's shape in one network into its shape in the file.
fn tensors<'a>(prefix: &str, networks: &[&'a Network], shape: impl Fn(Vec<usize>) -> Vec<usize>) -> Vec<Tensor<'a>> {
    let layer = |(i, a): (usize, &Affine)| {
        let parts = |of: fn(&Affine) -> &[f64]| networks.iter().map(|n| of(&n.layers()[i])).collect();
        let weight =
            Tensor { name: format!("{prefix}{}.weight", 2 * i), shape: shape(vec![a.n_out, a.n_in]), parts: parts(|a| &a.weights) };
        [weight, Tensor { name: format!("{prefix}{}.bias", 2 * i), shape: shape(vec![a.n_out]), parts: parts(|a| &a.bias) }]
    };
    networks.first().iter().flat_map(|n| n.layers()).enumerate().flat_map(layer).collect()
}

/// The header's length and the header.
fn header(model: &Model, tensors: &[Tensor], single: bool) -> Result<Vec<u8>, ModelError> {
    let (dtype, size) = if single { ("F32", 4) } else { ("F64", 8) };
    let mut entries = BTreeMap::new();
    let mut at = 0;
    for tensor in tensors {
        let end = at + size * tensor.shape.iter().product::<usize>();
        entries.insert(tensor.name.as_str(), Entry { dtype, shape: tensor.shape.clone(), data_offsets: [at, end] });
        at = end;
    }
    #[derive(Serialize)]
    struct Header<'a> {
        __metadata__: BTreeMap<String, String>,
        #[serde(flatten)]
        entries: BTreeMap<&'a str, Entry>,
    }
    let header = Header { __metadata__: metadata(model), entries };
    let mut json = serde_json::to_vec(&header).map_err(|e| ModelError::Header(e.to_string()))?;
    json.resize(json.len().next_multiple_of(ALIGNMENT), b' ');
    Ok([&(json.len() as u64).to_le_bytes()[..], &json].concat())
}

/// The model's metadata, with what the model is now.
fn metadata(model: &Model) -> BTreeMap<String, String> {
    let mut metadata = model.metadata.clone();
    for key in ["activation", "alpha", "window", STEPS, LOSSES] {
        metadata.remove(key);
    }
    let slope = model.network.slope();
    if slope == 0.0 {
        metadata.insert("activation".to_owned(), "relu".to_owned());
    } else {
        metadata.insert("activation".to_owned(), "leaky_relu".to_owned());
        metadata.insert("alpha".to_owned(), slope.to_string());
    }
    if let Some(w) = model.window {
        metadata.insert("window".to_owned(), join([w.min[0], w.min[1], w.max[0], w.max[1]]));
    }
    if !model.history.is_empty() {
        metadata.insert(STEPS.to_owned(), join(model.history.iter().map(|s| s.step)));
        metadata.insert(LOSSES.to_owned(), join(model.history.iter().map(|s| s.loss)));
    }
    metadata
}

/// Numbers as their shortest text that reads back exactly, separated by commas.
fn join<T: ToString>(numbers: impl IntoIterator<Item = T>) -> String {
    numbers.into_iter().map(|n| n.to_string()).collect::<Vec<_>>().join(",")
}
