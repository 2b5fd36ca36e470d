//! The program's state and what changes it, without a window: commands go in, a picture's ingredients come out.
//!
//! In: models, commands, the time. Out: [`AppState`] with a mesh, a camera, a style and captions, and [`Effect`]s for the host.
//! `picture` is the way from a model to a mesh that the window and the headless host share; `job` computes it beside the
//! window. Knows nothing of winit, egui or the GPU.

mod command;
mod counts;
mod easing;
mod glide;
mod hit;
mod job;
pub mod picture;
mod player;
mod pose;
mod source;
pub mod stage;
mod state;
mod tour;
mod viewpoint;
mod watch;
mod watching;
mod work;

pub use command::{Command, Effect, MAX_FACTOR};
pub use counts::Counts;
pub use easing::Motion;
pub use job::{Task, Worker};
pub use picture::{Asked, Picture, PictureError};
pub use player::{Play, Player, SPEED};
pub use pose::home;
pub use source::Source;
pub use state::{AppState, EXTENSIONS, Note, Start};
pub use tour::{Guide, Tour};
