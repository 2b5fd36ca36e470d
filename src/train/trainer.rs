//! The training itself: Adam on batches of the target's samples, as many steps as asked for.
//!
//! The network is trained in coordinates and values of order one; [`Trainer::network`] carries the scales back into its
//! first and last layer. All sums have one order, so that a seed gives one result on one machine.

use super::adam::{Adam, rate};
use super::mlp::{Layer, Scratch, summed_loss};
use super::samples::Deck;
use super::target::{Scale, Target};
use super::{Config, Loss, TrainError, init};
use crate::complex::Window;
use crate::network::{Affine, Network};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A training under way.
///
/// It holds no thread: call [`step`](Self::step) from where you like, as long as you like; [`network`](Self::network) is a
/// copy of the weights, cheap beside a step.
pub struct Trainer {
    layers: Vec<Layer<f32>>,
    gradient: Vec<Layer<f32>>,
    scratch: Scratch<f32>,
    adam: Adam,
    deck: Deck,
    random: ChaCha8Rng,
    scale: Scale,
    window: Window,
    loss: Loss,
    config: Config,
    n_done: u64,
}

impl Trainer {
    /// Draws the samples and the network's first weights.
    ///
    /// # Errors
    /// A [`TrainError`] for every number of `config` that is out of its range, before memory is taken, and for a loss that
    /// does not fit the target.
    pub fn new(config: &Config, target: &Target) -> Result<Self, TrainError> {
        let loss = config.loss.unwrap_or_else(|| target.default_loss());
        config.check(target.n_outputs(loss)?)?;
        let mut random = ChaCha8Rng::seed_from_u64(config.seed);
        let window = config.window.unwrap_or_else(|| target.window());
        let (samples, scale) = target.samples(&window, loss, &mut random)?;
        let deck = Deck::new(&samples, config.batch, &mut random);
        let first = deck.judged().next().map(|chunk| chunk.points.clone()).unwrap_or_default();
        let layers = init::layers(&config.widths(samples.n_outputs), config.slope as f32, &first, &mut random);
        Ok(Self {
            gradient: layers.iter().map(Layer::zeros_like).collect(),
            scratch: Scratch::new(&layers, first.ncols()),
            adam: Adam::new(&layers),
            layers,
            deck,
            random,
            scale,
            window,
            loss,
            config: config.clone(),
            n_done: 0,
        })
    }

    /// Takes `n` steps, at most those that are left ([`is_done`](Self::is_done)); returns the mean loss over their batches.
    ///
    /// # Errors
    /// [`TrainError::Diverged`]; the weights are of no use then.
    pub fn step(&mut self, n: u64) -> Result<f64, TrainError> {
        let n = n.min(self.config.steps - self.n_done);
        let mut sum = 0.0;
        for _ in 0..n {
            sum += self.one_step()?;
        }
        Ok(sum / n.max(1) as f64)
    }

    fn one_step(&mut self) -> Result<f64, TrainError> {
        for layer in &mut self.gradient {
            layer.weights.fill(0.0);
            layer.bias.fill(0.0);
        }
        let slope = self.config.slope as f32;
        let batch = self.deck.draw(&mut self.random);
        let n_values: usize = batch.clone().map(|chunk| chunk.values.len()).sum();
        let share = 1.0 / n_values as f32;
        let mut sum = 0.0;
        for chunk in batch {
            self.scratch.fit(&self.layers, chunk.points.ncols());
            sum += f64::from(self.scratch.backward(&self.layers, slope, chunk, (self.loss, share), &mut self.gradient));
        }
        let learning_rate = self.config.learning_rate * rate(self.n_done, self.config.steps);
        self.adam.step(&mut self.layers, &self.gradient, learning_rate as f32);
        self.n_done += 1;
        let loss = sum / n_values as f64;
        if loss.is_finite() { Ok(loss) } else { Err(self.diverged()) }
    }

    fn diverged(&self) -> TrainError {
        TrainError::Diverged { step: self.n_done, learning_rate: self.config.learning_rate }
    }

    /// The loss now, on some thousands of samples that stay the same. Of `mse` it is in units of the values' own scale
    /// (0 to 1 for shapes and pictures; standard deviations for points).
    pub fn loss(&mut self) -> f64 {
        let slope = self.config.slope as f32;
        let (mut sum, mut n_values) = (0.0, 0);
        for chunk in self.deck.judged() {
            self.scratch.fit(&self.layers, chunk.points.ncols());
            let outputs = self.scratch.forward(&self.layers, slope, &chunk.points);
            sum += f64::from(summed_loss(self.loss, outputs, &chunk.values));
            n_values += chunk.values.len();
        }
        sum / n_values as f64
    }

    /// Steps taken.
    #[must_use]
    pub fn n_done(&self) -> u64 {
        self.n_done
    }

    /// Whether all steps of the configuration are taken.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.n_done >= self.config.steps
    }

    /// How it is trained, the loss and the window as they were chosen.
    #[must_use]
    pub fn config(&self) -> Config {
        Config { loss: Some(self.loss), window: Some(self.window), ..self.config.clone() }
    }

    /// The window of the input plane.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// The network now.
    ///
    /// # Errors
    /// [`TrainError::Diverged`] if a weight is not finite.
    pub fn network(&self) -> Result<Network, TrainError> {
        let mut layers: Vec<Affine> = self.layers.iter().map(affine).collect();
        self.scale.unapply(&mut layers);
        Network::new(layers, self.config.slope).map_err(|_| self.diverged())
    }
}

fn affine(layer: &Layer<f32>) -> Affine {
    Affine {
        n_out: layer.weights.nrows(),
        n_in: layer.weights.ncols(),
        weights: layer.weights.iter().map(|&w| w.into()).collect(),
        bias: layer.bias.iter().map(|&b| b.into()).collect(),
    }
}
