//! Fits a network with two inputs to a target by Adam, step by step.
//!
//! In: a [`Config`] and a [`Target`] (a built-in shape, a picture, points with values or labels; from bytes, not files). Out:
//! the [`Network`](crate::network::Network) at any step, its loss, and with a [`Recorder`] the best so far, a history and a
//! model to be saved.
//! Refuses targets that cannot be read or learned and sizes beyond its limits, before memory is taken. Owns no thread, no
//! file and no clock; the same seed gives the same network on the same machine.
//!
//! The files in the order of the flow: `config`, `target` (what is to be learned, and samples of it), `samples` (batches),
//! `mlp` (forward and backward), `init`, `adam`, `trainer`, `recorder`.
//!
//! ```
//! use foldscape::train::{Config, Target, Trainer};
//!
//! let config = Config { hidden: vec![8, 8], steps: 200, ..Config::default() };
//! let mut trainer = Trainer::new(&config, &Target::builtin("disc")?)?;
//! let before = trainer.loss();
//! while !trainer.is_done() {
//!     trainer.step(50)?;
//! }
//! assert!(trainer.loss() < before);
//! assert_eq!(trainer.network()?.widths(), [2, 8, 8, 1]);
//! # Ok::<(), foldscape::train::TrainError>(())
//! ```

mod adam;
mod config;
mod error;
mod init;
mod mlp;
mod recorder;
mod samples;
mod target;
mod trainer;

pub use config::{Config, Loss, MAX_BATCH, MAX_HIDDEN_LAYERS, MAX_PARAMETERS, MAX_STEPS, MAX_WIDTH};
pub use error::TrainError;
pub use recorder::{Recorder, schedule};
pub use target::{BUILTIN, Channel, Points, TEXT, Target};
pub use trainer::Trainer;
