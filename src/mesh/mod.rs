//! Flat f32 arrays for drawing: triangles, edge segments with layer and unit, face ids.
//!
//! In: a [`Complex`](crate::complex::Complex) and the scalar that lifts it. Out: [`Mesh`]. Knows nothing of weights or the GPU.

// to be written
