//! Adam (Kingma and Ba, ICLR 2015) and the learning rate over the steps.

use super::mlp::Layer;
use ndarray::Zip;

/// Decay of the mean gradient.
const BETA_1: f32 = 0.9;
/// Decay of the mean squared gradient; below PyTorch's 0.999, since batches are large and trainings short.
const BETA_2: f32 = 0.99;
/// Keeps the quotient finite where a unit gets no gradient.
const EPSILON: f32 = 1e-8;
/// The share of the steps over which the learning rate rises.
const WARM_UP: f64 = 0.02;

/// The moments of every parameter.
pub(super) struct Adam {
    mean: Vec<Layer<f32>>,
    square: Vec<Layer<f32>>,
    /// `BETA^steps` of both.
    decay: [f32; 2],
}

impl Adam {
    pub(super) fn new(layers: &[Layer<f32>]) -> Self {
        let zeros = || layers.iter().map(Layer::zeros_like).collect();
        Self { mean: zeros(), square: zeros(), decay: [1.0; 2] }
    }

    /// Moves the parameters against `gradient`.
    pub(super) fn step(&mut self, layers: &mut [Layer<f32>], gradient: &[Layer<f32>], learning_rate: f32) {
        self.decay = [self.decay[0] * BETA_1, self.decay[1] * BETA_2];
        let (rate, correction) = (learning_rate / (1.0 - self.decay[0]), 1.0 / (1.0 - self.decay[1]));
        let update = |p: &mut f32, &g: &f32, m: &mut f32, v: &mut f32| {
            *m += (1.0 - BETA_1) * (g - *m);
            *v += (1.0 - BETA_2) * (g * g - *v);
            *p -= rate * *m / ((*v * correction).sqrt() + EPSILON);
        };
        let moments = self.mean.iter_mut().zip(&mut self.square);
        for ((layer, g), (m, v)) in layers.iter_mut().zip(gradient).zip(moments) {
            Zip::from(&mut layer.weights).and(&g.weights).and(&mut m.weights).and(&mut v.weights).for_each(update);
            Zip::from(&mut layer.bias).and(&g.bias).and(&mut m.bias).and(&mut v.bias).for_each(update);
        }
    }
}

/// The learning rate of step `step` (from 0) of `steps`, as a share of the largest: a straight rise, then a half cosine to
/// zero. Beyond the last step it stays at what the last step had.
pub(super) fn rate(step: u64, steps: u64) -> f64 {
    let (step, steps) = (step.min(steps.saturating_sub(1)) as f64, steps.max(1) as f64);
    let warm_up = (WARM_UP * steps).ceil();
    if step < warm_up {
        (step + 1.0) / warm_up
    } else {
        0.5 + 0.5 * (std::f64::consts::PI * (step + 1.0 - warm_up) / (steps + 1.0 - warm_up)).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls() {
        let rates: Vec<f64> = (0..=1000).map(|step| rate(step, 1000)).collect();
        assert!(rates.windows(2).take(19).all(|w| w[0] < w[1]) && rates.windows(2).skip(19).take(980).all(|w| w[0] > w[1]));
        assert_eq!((rates[19], rates[1000]), (1.0, rates[999]));
        assert!(rates[999] > 0.0 && rates[999] < 1e-5);
        for steps in [0, 1, 2] {
            assert!((0..4).all(|step| rate(step, steps) > 0.0), "{steps}");
        }
    }
}
