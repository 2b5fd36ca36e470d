//! Where pictures go: the window, and files without one.

pub mod film;
pub mod headless;
#[cfg(feature = "viewer")]
mod painter;
#[cfg(feature = "viewer")]
mod scene;
#[cfg(feature = "viewer")]
pub mod window;
