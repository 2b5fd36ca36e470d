//! Where pictures go: the window, and files without one.

#[cfg(feature = "viewer")]
mod blit;
#[cfg(feature = "viewer")]
mod canvas;
pub mod figure;
pub mod film;
#[cfg(feature = "viewer")]
mod frame_log;
pub mod headless;
#[cfg(feature = "viewer")]
mod pace;
#[cfg(feature = "viewer")]
mod painter;
#[cfg(feature = "viewer")]
mod record;
#[cfg(any(feature = "cli", feature = "viewer"))]
pub mod reel;
#[cfg(feature = "viewer")]
mod scene;
#[cfg(feature = "viewer")]
mod snapshot;
#[cfg(feature = "viewer")]
mod watch;
#[cfg(feature = "viewer")]
pub mod window;
