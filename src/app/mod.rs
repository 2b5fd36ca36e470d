//! The program's state and what changes it, without a window: commands go in, a picture's ingredients come out.
//!
//! In: models, commands, the time. Out: [`AppState`] with a mesh, a camera, a style and captions, and [`Effect`]s for the host.
//! `picture` is the way from a model to a mesh that the window and the headless host share; `job` computes it beside the
//! window. Knows nothing of winit, egui or the GPU.

pub mod picture;
pub mod stage;

#[cfg(feature = "viewer")]
mod bench;
#[cfg(feature = "viewer")]
mod command;
#[cfg(feature = "viewer")]
mod counts;
#[cfg(feature = "viewer")]
mod easing;
#[cfg(feature = "viewer")]
mod glide;
#[cfg(feature = "viewer")]
mod hit;
#[cfg(feature = "viewer")]
mod job;
#[cfg(feature = "viewer")]
mod learning;
#[cfg(feature = "viewer")]
mod player;
#[cfg(feature = "viewer")]
mod pose;
#[cfg(feature = "viewer")]
mod record;
#[cfg(feature = "viewer")]
mod source;
#[cfg(feature = "viewer")]
mod state;
#[cfg(feature = "viewer")]
mod tour;
#[cfg(feature = "viewer")]
mod training;
#[cfg(feature = "viewer")]
mod viewpoint;
#[cfg(feature = "viewer")]
mod watch;
#[cfg(feature = "viewer")]
mod watching;
#[cfg(feature = "viewer")]
mod work;

#[cfg(feature = "viewer")]
pub use self::{
    command::{Command, Effect, MAX_FACTOR},
    counts::Counts,
    easing::Motion,
    glide::Glide,
    job::{Task, Worker},
    player::{Play, Player, SPEED},
    record::{FPS, TURN_SECONDS, Take},
    source::Source,
    state::{AppState, EXTENSIONS, Note, Start},
    tour::{Guide, Tour},
    training::{Recipe, TARGET_EXTENSIONS, Train, Training},
};
pub use picture::{Asked, Picture, PictureError};
