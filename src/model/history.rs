//! A recorded training inside a safetensors file: snapshots of one architecture, beside the finished network.
//!
//! The network itself has its tensors as always (`0.weight`, `0.bias`, ...). For each of them a tensor `history.<name>`
//! holds the `N` snapshots stacked along a first dimension: `history.0.weight` is `[N x out x in]`, `history.0.bias`
//! `[N x out]`. The metadata `history.steps` lists the training step of each snapshot (whole numbers, ascending), and
//! `history.losses` its loss; both are separated by commas. So a reader that knows nothing of the history still finds the
//! network. A file without `history.steps` has none. Refuses stacks that do not fit their list or the network.

use super::{ModelError, safetensors};
use crate::network::{Affine, Network, NetworkError};
use ::safetensors::tensor::TensorView;
use std::collections::BTreeMap;

/// The prefix of a stacked tensor's name.
pub(super) const PREFIX: &str = "history.";
/// Metadata: the steps.
pub(super) const STEPS: &str = "history.steps";
/// Metadata: the losses.
pub(super) const LOSSES: &str = "history.losses";

/// The network at one step of its training.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Training steps done.
    pub step: u64,
    /// The loss then.
    pub loss: f64,
    /// The network then, of the same widths and slope as the finished one.
    pub network: Network,
}

/// A snapshot whose slope is not decided yet.
pub(super) struct Recorded {
    step: u64,
    loss: f64,
    layers: Vec<Affine>,
}

impl Recorded {
    pub(super) fn snapshot(self, slope: f64) -> Result<Snapshot, NetworkError> {
        Ok(Snapshot { step: self.step, loss: self.loss, network: Network::new(self.layers, slope)? })
    }
}

type Tensors<'a> = Vec<(String, TensorView<'a>)>;

/// Tells the stacked tensors, their prefix taken off, from the network's own.
pub(super) fn split_off<'a>(metadata: &BTreeMap<String, String>, tensors: Tensors<'a>) -> (Tensors<'a>, Tensors<'a>) {
    let is_recorded = |name: &str| metadata.contains_key(STEPS) && name.starts_with(PREFIX);
    let (mut recorded, own): (Tensors, Tensors) = tensors.into_iter().partition(|(name, _)| is_recorded(name));
    for (name, _) in &mut recorded {
        name.drain(..PREFIX.len());
    }
    (recorded, own)
}

/// The snapshots in the stacks `tensors`, of the widths of `network`.
pub(super) fn read(
    tensors: &[(String, TensorView)],
    metadata: &BTreeMap<String, String>,
    network: &[Affine],
) -> Result<Vec<Recorded>, ModelError> {
    let Some(steps) = metadata.get(STEPS) else { return Ok(Vec::new()) };
    let steps: Vec<u64> = list(STEPS, steps)?;
    let losses: Vec<f64> = list(LOSSES, metadata.get(LOSSES).map_or("", String::as_str))?;
    check_lists(&steps, &losses)?;
    let stacks = tensors.iter().map(|(name, stack)| Stack::new(name, stack, steps.len())).collect::<Result<Vec<_>, _>>()?;
    let snapshot = |(i, (&step, &loss)): (usize, (&u64, &f64))| {
        let layers = safetensors::layers(&stacks.iter().map(|stack| stack.slice(i)).collect::<Result<Vec<_>, _>>()?)?;
        check_widths(&layers, network)?;
        Ok(Recorded { step, loss, layers })
    };
    steps.iter().zip(&losses).enumerate().map(snapshot).collect()
}

/// One loss for each step, steps ascending.
pub(super) fn check_lists(steps: &[u64], losses: &[f64]) -> Result<(), ModelError> {
    let problem = if steps.len() != losses.len() {
        format!("`{STEPS}` has {} numbers, `{LOSSES}` {}", steps.len(), losses.len())
    } else if let Some((before, after)) = steps.iter().zip(steps.iter().skip(1)).find(|(before, after)| before >= after) {
        format!("step {after} comes after step {before}; steps must ascend")
    } else if losses.iter().any(|loss| !loss.is_finite()) {
        format!("`{LOSSES}` holds a number that is not finite")
    } else {
        return Ok(());
    };
    Err(ModelError::History(problem))
}

/// The snapshot must have the network's widths.
pub(super) fn check_widths(snapshot: &[Affine], network: &[Affine]) -> Result<(), ModelError> {
    let shape = |layers: &[Affine]| -> Vec<[usize; 2]> { layers.iter().map(|a| [a.n_out, a.n_in]).collect() };
    if shape(snapshot) == shape(network) {
        return Ok(());
    }
    let problem = format!("its layers [out, in] are {:?}, the network's {:?}", shape(snapshot), shape(network));
    Err(ModelError::History(problem))
}

fn list<T: std::str::FromStr>(key: &str, text: &str) -> Result<Vec<T>, ModelError> {
    let number = |part: &str| part.trim().parse().map_err(|_| ModelError::History(format!("metadata `{key}`: `{part}` is not a number")));
    text.split(',').map(number).collect()
}

/// A tensor whose first dimension counts the snapshots.
struct Stack<'a> {
    name: &'a str,
    view: &'a TensorView<'a>,
    /// Bytes of one snapshot.
    n_bytes: usize,
}

impl<'a> Stack<'a> {
    fn new(name: &'a str, view: &'a TensorView<'a>, n_snapshots: usize) -> Result<Self, ModelError> {
        if view.shape().first() != Some(&n_snapshots) {
            let wanted = format!("`{STEPS}` asks for {n_snapshots} snapshots along the first dimension");
            return Err(ModelError::Shape { tensor: format!("{PREFIX}{name}"), shape: view.shape().to_vec(), wanted });
        }
        Ok(Self { name, view, n_bytes: view.data().len() / n_snapshots })
    }

    /// Snapshot `i` under the network's own name.
    fn slice(&self, i: usize) -> Result<(String, TensorView<'a>), ModelError> {
        let data = &self.view.data()[i * self.n_bytes..][..self.n_bytes];
        let view = TensorView::new(self.view.dtype(), self.view.shape()[1..].to_vec(), data);
        let view = view.map_err(|e| ModelError::Layout { tensor: format!("{PREFIX}{}", self.name), problem: e.to_string() })?;
        Ok((self.name.to_owned(), view))
    }
}
