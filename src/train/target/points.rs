//! Points of the plane with values or with labels.

use super::{Scale, TrainError};
use crate::complex::Window;
use crate::train::Loss;
use crate::train::samples::Samples;

/// More points than this are refused.
pub(super) const MAX_POINTS: usize = 10_000_000;
/// More values for a point than this are refused.
pub(super) const MAX_VALUES: usize = 64;
/// More different labels than this are refused.
pub(super) const MAX_LABELS: usize = 64;
/// The empty margin of the window on each side, as a share of its longer side.
const MARGIN: f64 = 0.05;

/// Points with values or labels, checked: all finite, at least two places.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    places: Vec<[f64; 2]>,
    marks: Marks,
}

#[derive(Debug, Clone, PartialEq)]
enum Marks {
    /// `n` values for each point.
    Values { n: usize, values: Vec<f64> },
    /// A label for each point, an index into the names.
    Labels { labels: Vec<usize>, names: Vec<String> },
}

impl Points {
    /// Points with `values`, `[n_points x n]`.
    ///
    /// # Errors
    /// [`TrainError::Points`] if the numbers do not fit each other or are not finite, or all points are in one place.
    pub fn with_values(places: Vec<[f64; 2]>, values: Vec<f64>) -> Result<Self, TrainError> {
        let n = values.len() / places.len().max(1);
        if n == 0 || n > MAX_VALUES || n * places.len() != values.len() {
            return Err(TrainError::Points(format!(
                "{} values for {} points; a point has from 1 to {MAX_VALUES}",
                values.len(),
                places.len()
            )));
        }
        Self { places, marks: Marks::Values { n, values } }.checked()
    }

    /// Points with the name of a label each. The labels are ordered by name, numbers by size.
    ///
    /// # Errors
    /// As [`with_values`](Self::with_values), and for one label only or too many.
    pub fn with_labels(places: Vec<[f64; 2]>, labels: &[String]) -> Result<Self, TrainError> {
        let mut names = labels.to_vec();
        let number = |name: &String| name.parse::<f64>().unwrap_or(f64::INFINITY);
        names.sort_by(|a, b| number(a).total_cmp(&number(b)).then_with(|| a.cmp(b)));
        names.dedup();
        if names.len() < 2 || names.len() > MAX_LABELS || labels.len() != places.len() {
            let text = format!("{} different labels for {} points; there must be from 2 to {MAX_LABELS}", names.len(), places.len());
            return Err(TrainError::Points(text));
        }
        let index: std::collections::HashMap<&String, usize> = names.iter().enumerate().map(|(i, name)| (name, i)).collect();
        let labels = labels.iter().map(|label| index[label]).collect();
        Self::labelled(places, labels, names).checked()
    }

    /// Points whose labels index `names`.
    pub(super) fn labelled(places: Vec<[f64; 2]>, labels: Vec<usize>, names: Vec<String>) -> Self {
        Self { places, marks: Marks::Labels { labels, names } }
    }

    fn checked(self) -> Result<Self, TrainError> {
        let values = match &self.marks {
            Marks::Values { values, .. } => &values[..],
            Marks::Labels { .. } => &[],
        };
        if values.iter().chain(self.places.iter().flatten()).any(|v| !v.is_finite()) {
            return Err(TrainError::Points("a number is not finite".to_owned()));
        }
        if self.places.iter().all(|p| p == &self.places[0]) {
            return Err(TrainError::Points("all points are in one place; there must be at least two".to_owned()));
        }
        let [x0, y0, x1, y1] = self.bounds();
        if !(2.0 * (x1 - x0).max(y1 - y0)).is_finite() {
            return Err(TrainError::Points("the points reach beyond the range of 64-bit floats; scale them down".to_owned()));
        }
        Ok(self)
    }

    fn bounds(&self) -> [f64; 4] {
        let most = |k: usize, sign: f64| sign * self.places.iter().map(|p| sign * p[k]).fold(f64::NEG_INFINITY, f64::max);
        [most(0, -1.0), most(1, -1.0), most(0, 1.0), most(1, 1.0)]
    }

    /// All points with a margin; a line of points gets a square.
    pub(super) fn window(&self) -> Window {
        let [x0, y0, x1, y1] = self.bounds();
        let longer = (x1 - x0).max(y1 - y0);
        let grow = |lo: f64, hi: f64| {
            let by = if hi > lo { MARGIN * longer } else { 0.5 * longer };
            (lo - by, hi + by)
        };
        let ((x0, x1), (y0, y1)) = (grow(x0, x1), grow(y0, y1));
        Window { min: [x0, y0], max: [x1, y1] }
    }

    pub(super) fn has_labels(&self) -> bool {
        matches!(self.marks, Marks::Labels { .. })
    }

    pub(super) fn labels(&self) -> &[String] {
        match &self.marks {
            Marks::Labels { names, .. } => names,
            Marks::Values { .. } => &[],
        }
    }

    /// One output for each value; one for two labels, otherwise one for each label.
    pub(super) fn n_outputs(&self, loss: Loss) -> Result<usize, TrainError> {
        match &self.marks {
            Marks::Labels { names, .. } => Ok(if names.len() == 2 { 1 } else { names.len() }),
            Marks::Values { values, .. } if loss == Loss::Logistic && values.iter().any(|v| !(0.0..=1.0).contains(v)) => {
                Err(TrainError::Loss("the logistic loss needs labels or values from 0 to 1; use mse, or write labels as text".to_owned()))
            }
            Marks::Values { n, .. } => Ok(*n),
        }
    }

    /// All points with what the outputs are to be there.
    pub(super) fn samples(&self, loss: Loss) -> Result<(Samples, Scale), TrainError> {
        let n_outputs = self.n_outputs(loss)?;
        let mut scale = Scale::of_window(&self.window(), n_outputs);
        let values = match &self.marks {
            Marks::Labels { labels, .. } => one_hot(labels, n_outputs),
            Marks::Values { n, values } => {
                if loss == Loss::Mse {
                    (scale.offset, scale.spread) = (0..*n).map(|j| moments(values, *n, j)).unzip();
                }
                let spread = |(i, v): (usize, &f64)| ((v - scale.offset[i % n]) / scale.spread[i % n]) as f32;
                values.iter().enumerate().map(spread).collect()
            }
        };
        Ok((Samples { points: self.places.iter().map(|&p| scale.point(p)).collect(), values, n_outputs }, scale))
    }
}

/// For each point 1 at its label's output, 0 at the others; with one output the label itself.
fn one_hot(labels: &[usize], n_outputs: usize) -> Vec<f32> {
    let value = |label: usize, j: usize| f32::from(u8::from(if n_outputs == 1 { label == 1 } else { label == j }));
    labels.iter().flat_map(|&label| (0..n_outputs).map(move |j| value(label, j))).collect()
}

/// Mean and standard deviation of column `j` of `n`; 1 where all values are the same.
fn moments(values: &[f64], n: usize, j: usize) -> (f64, f64) {
    let column = || values.iter().skip(j).step_by(n);
    let largest = column().fold(0.0_f64, |most, v| most.max(v.abs()));
    if largest == 0.0 {
        return (0.0, 1.0);
    }
    // divided first, so that no square overflows
    let count = column().count() as f64;
    let mean = column().map(|v| v / largest).sum::<f64>() / count;
    let variance = column().map(|v| (v / largest - mean).powi(2)).sum::<f64>() / count;
    let spread = variance.sqrt() * largest;
    (mean * largest, if spread > 0.0 { spread } else { 1.0 })
}
