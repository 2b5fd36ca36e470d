//! The activation: from text (`relu`, `leaky_relu:0.02`) to a slope, and which of option and file counts.
//!
//! The slope is the f64 nearest its decimal text. Refuses activations that are not piecewise linear.

use super::ModelError;
use std::fmt;
use std::str::FromStr;

/// PyTorch's default slope of `LeakyReLU`, taken where the option says `leaky_relu` and nothing names a slope.
const DEFAULT_SLOPE: f64 = 0.01;

/// An activation as an option or a file names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ActivationChoice {
    /// `relu`.
    Relu,
    /// `leaky_relu` or `leaky_relu:SLOPE`, the slope in `[0, 1]`.
    LeakyRelu(Option<f64>),
}

impl ActivationChoice {
    /// The slope where no file has a say: PyTorch's for `leaky_relu` alone.
    #[must_use]
    pub fn slope(self) -> f64 {
        match self {
            Self::Relu => 0.0,
            Self::LeakyRelu(slope) => slope.unwrap_or(DEFAULT_SLOPE),
        }
    }
}

impl FromStr for ActivationChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, slope) = match text.split_once(':') {
            Some((name, slope)) => (name, Some(parse_slope(slope)?)),
            None => (text, None),
        };
        match (name.trim().to_ascii_lowercase().replace(['_', '-', ' '], "").as_str(), slope) {
            ("relu", None) => Ok(Self::Relu),
            ("relu", Some(_)) => Err("relu takes no slope; write relu or leaky_relu:SLOPE".to_owned()),
            ("leakyrelu", slope) => Ok(Self::LeakyRelu(slope)),
            _ => Err(format!("the activation `{text}` is not known; foldscape knows relu and leaky_relu:SLOPE")),
        }
    }
}

impl fmt::Display for ActivationChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relu => f.write_str("relu"),
            Self::LeakyRelu(None) => f.write_str("leaky_relu"),
            Self::LeakyRelu(Some(slope)) => write!(f, "leaky_relu:{slope}"),
        }
    }
}

/// A slope from its decimal text.
pub(super) fn parse_slope(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(slope) if (0.0..=1.0).contains(&slope) => Ok(slope),
        _ => Err(format!("the slope `{text}` is not a number from 0 to 1; write for example leaky_relu:0.02")),
    }
}

/// The activation's name and slope. The option beats the file; an option without slope takes the file's, then PyTorch's.
/// A network without hidden layers needs neither.
pub(super) fn resolve(
    option: Option<ActivationChoice>,
    file: Option<&ActivationChoice>,
    has_hidden: bool,
) -> Result<(&'static str, f64), ModelError> {
    let in_file = match file {
        Some(ActivationChoice::LeakyRelu(slope)) => *slope,
        _ => None,
    };
    match option.or(file.copied()) {
        Some(ActivationChoice::Relu) => Ok(("relu", 0.0)),
        Some(ActivationChoice::LeakyRelu(Some(slope))) => Ok(("leaky_relu", slope)),
        Some(ActivationChoice::LeakyRelu(None)) if option.is_some() => Ok(("leaky_relu", in_file.unwrap_or(DEFAULT_SLOPE))),
        Some(ActivationChoice::LeakyRelu(None)) => Err(ModelError::Activation(
            "the file says leaky_relu without a slope (metadata `alpha`); add --activation leaky_relu:SLOPE".to_owned(),
        )),
        None if !has_hidden => Ok(("relu", 0.0)),
        None => Err(ModelError::NoActivation),
    }
}
