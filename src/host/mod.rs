//! Where pictures go: the window, and files without one.

pub mod figure;
pub mod film;
pub mod headless;
#[cfg(any(feature = "cli", feature = "viewer"))]
pub mod reel;
#[cfg(feature = "viewer")]
pub mod window;
