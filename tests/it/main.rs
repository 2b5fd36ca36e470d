//! All integration tests, in one binary.

#[cfg(feature = "cli")]
mod cli;
mod complex;
mod degenerate;
#[cfg(all(feature = "cli", feature = "viewer"))]
mod desk;
mod facts;
mod families;
#[cfg(all(feature = "cli", not(feature = "mp4"), unix))]
mod ffmpeg;
#[cfg(feature = "cli")]
mod film;
mod linear;
#[cfg(all(feature = "cli", feature = "viewer"))]
mod live;
mod mesh;
mod models;
mod networks;
mod oracle;
#[cfg(feature = "render")]
mod pixels;
mod plane;
#[cfg(all(feature = "cli", feature = "viewer"))]
mod record;
mod saved;
#[cfg(feature = "render")]
mod shaders;
#[cfg(feature = "render")]
mod sheet;
mod shrink;
mod timeline;
#[cfg(feature = "cli")]
mod tour;
#[cfg(all(feature = "cli", feature = "viewer"))]
mod tour_window;
#[cfg(feature = "train")]
mod train;
#[cfg(feature = "cli")]
mod train_cli;
mod verify;
#[cfg(all(feature = "cli", feature = "viewer"))]
mod window;
