//! Points of the plane with the values that the network is to take there, cut into chunks in random order.

use ndarray::Array2;
use rand::Rng;
use rand::seq::SliceRandom;

/// Most samples that pass through the network together: activations of the usual widths then stay in the cache.
const CHUNK: usize = 512;
/// Samples whose loss is told, about.
const JUDGED: usize = 8192;

/// Samples: point `(x, y)`, then the values of all outputs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Samples {
    pub points: Vec<[f32; 2]>,
    /// `n_outputs` values for each point.
    pub values: Vec<f32>,
    pub n_outputs: usize,
}

/// Some samples as columns.
#[derive(Debug, Clone)]
pub(super) struct Chunk<F> {
    /// `[2 x n]`.
    pub points: Array2<F>,
    /// `[n_outputs x n]`.
    pub values: Array2<F>,
}

/// All samples, and which are next.
pub(super) struct Deck {
    chunks: Vec<Chunk<f32>>,
    order: Vec<usize>,
    next: usize,
    /// Chunks of one step.
    per_step: usize,
}

impl Deck {
    /// Shuffles `samples` into chunks for steps of about `batch` samples.
    pub(super) fn new(samples: &Samples, batch: usize, random: &mut impl Rng) -> Self {
        let mut order: Vec<usize> = (0..samples.points.len()).collect();
        order.shuffle(random);
        let length = order.len().min(batch).min(CHUNK);
        let chunks: Vec<Chunk<f32>> = order.chunks(length).map(|part| chunk(samples, part)).collect();
        let per_step = batch.div_ceil(length).min(chunks.len());
        Self { order: (0..chunks.len()).collect(), next: chunks.len(), chunks, per_step }
    }

    /// The chunks of the next step; every sample comes once before one comes again, where the steps divide them evenly.
    pub(super) fn draw(&mut self, random: &mut impl Rng) -> impl Iterator<Item = &Chunk<f32>> + Clone {
        if self.next + self.per_step > self.chunks.len() {
            self.order.shuffle(random);
            self.next = 0;
        }
        let drawn = &self.order[self.next..][..self.per_step];
        self.next += self.per_step;
        drawn.iter().map(|&i| &self.chunks[i])
    }

    /// The samples whose loss is told: always the same, in random places.
    pub(super) fn judged(&self) -> impl Iterator<Item = &Chunk<f32>> {
        let mut n = 0;
        self.chunks.iter().take_while(move |chunk| {
            let before = n;
            n += chunk.points.ncols();
            before < JUDGED
        })
    }
}

fn chunk(samples: &Samples, part: &[usize]) -> Chunk<f32> {
    let point = |(row, column): (usize, usize)| samples.points[part[column]][row];
    let value = |(row, column): (usize, usize)| samples.values[part[column] * samples.n_outputs + row];
    Chunk { points: Array2::from_shape_fn((2, part.len()), point), values: Array2::from_shape_fn((samples.n_outputs, part.len()), value) }
}
