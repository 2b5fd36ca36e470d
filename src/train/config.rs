//! How a network is trained, with the limits of every number.

use super::TrainError;
use crate::complex::Window;

/// More hidden layers than this are refused.
pub const MAX_HIDDEN_LAYERS: usize = 64;
/// Wider layers than this are refused.
pub const MAX_WIDTH: usize = 4096;
/// More weights and biases than this are refused: with their gradients and moments they take 64 MB.
pub const MAX_PARAMETERS: u64 = 4_000_000;
/// Larger batches than this are refused.
pub const MAX_BATCH: usize = 1 << 20;
/// More steps than this are refused; they would take weeks.
pub const MAX_STEPS: u64 = 1_000_000_000;

/// What is made small. Displays and parses as `mse` and `logistic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// The mean squared difference of output and value.
    Mse,
    /// Binary cross-entropy of the sigmoid of each output: the outputs are log-odds.
    Logistic,
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mse => "mse",
            Self::Logistic => "logistic",
        })
    }
}

impl std::str::FromStr for Loss {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "mse" => Ok(Self::Mse),
            "logistic" => Ok(Self::Logistic),
            _ => Err("write mse or logistic".to_owned()),
        }
    }
}

/// How a network is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// The factor of negative pre-activations, in `[0, 1]`; 0 is ReLU.
    pub slope: f64,
    /// Steps of Adam until the learning rate has fallen to zero. 0: the network stays as it is initialised.
    pub steps: u64,
    /// Everything random comes from it.
    pub seed: u64,
    /// The largest learning rate; it rises to it over the first steps and falls to zero along a cosine.
    pub learning_rate: f64,
    /// Samples of a step, about: a step takes whole chunks of samples.
    pub batch: usize,
    /// `None`: logistic for labels, mse for everything else.
    pub loss: Option<Loss>,
    /// `None`: the target's own. Shapes and pictures are centred in it and keep their proportions; points keep their places.
    pub window: Option<Window>,
}

impl Default for Config {
    fn default() -> Self {
        Self { hidden: vec![8; 6], slope: 0.02, steps: 10_000, seed: 0, learning_rate: 0.01, batch: 1024, loss: None, window: None }
    }
}

impl Config {
    /// Whether every number is within its limits, for a network with one output.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.check(1).is_ok()
    }

    /// Checks every number for a network with `n_outputs` outputs.
    pub(super) fn check(&self, n_outputs: usize) -> Result<(), TrainError> {
        if self.hidden.is_empty() || self.hidden.len() > MAX_HIDDEN_LAYERS {
            return Err(TrainError::Layers(self.hidden.len()));
        }
        if let Some(i) = self.hidden.iter().position(|&width| width == 0 || width > MAX_WIDTH) {
            return Err(TrainError::Width { layer: i + 1, width: self.hidden[i] });
        }
        let widths = self.widths(n_outputs);
        let n_parameters: u64 = widths.windows(2).map(|w| (w[0] as u64 + 1) * w[1] as u64).sum();
        if n_parameters > MAX_PARAMETERS {
            return Err(TrainError::Parameters(n_parameters));
        }
        let range = |fits: bool, what, value: &dyn ToString, wanted: String| {
            if fits { Ok(()) } else { Err(TrainError::Range { what, value: value.to_string(), wanted }) }
        };
        range((0.0..=1.0).contains(&self.slope), "the slope", &self.slope, "from 0 to 1".to_owned())?;
        range(self.steps <= MAX_STEPS, "the number of steps", &self.steps, format!("at most {MAX_STEPS}"))?;
        let rate = self.learning_rate;
        range(rate > 0.0 && rate <= 1.0, "the learning rate", &rate, "above 0 and at most 1, such as 0.01".to_owned())?;
        range((1..=MAX_BATCH).contains(&self.batch), "the batch", &self.batch, format!("from 1 to {MAX_BATCH}"))
    }

    /// Inputs, hidden units of each layer, outputs.
    pub(super) fn widths(&self, n_outputs: usize) -> Vec<usize> {
        [2].into_iter().chain(self.hidden.iter().copied()).chain([n_outputs]).collect()
    }
}
