//! All integration tests, in one binary.

#[cfg(feature = "cli")]
mod cli;
mod complex;
mod linear;
mod mesh;
mod models;
mod networks;
mod oracle;
mod saved;
#[cfg(feature = "render")]
mod shaders;
mod timeline;
mod verify;
