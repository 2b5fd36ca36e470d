//! The viewer's state and what changes it, without a window: commands go in, a picture's ingredients come out.
//!
//! In: models, commands, the time. Out: [`AppState`] with a mesh, a camera, a style and captions, and [`Effect`]s for the host.
//! `job` runs what takes longer beside the window. Knows nothing of winit, egui or the GPU.

mod bench;
mod command;
mod counts;
mod easing;
mod glide;
mod hit;
mod job;
mod learning;
mod player;
mod pose;
mod record;
mod source;
mod state;
mod tour;
mod training;
mod viewpoint;
mod watch;
mod watching;
mod work;

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
