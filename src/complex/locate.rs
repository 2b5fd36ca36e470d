//! Which region holds a point: a grid of buckets over the window. In: [`Complex`]. Out: [`Locator`].

use super::Complex;

/// Finds regions by position; made once per complex, in time linear in its size for regions of ordinary shape.
pub struct Locator<'a> {
    complex: &'a Complex,
    /// Buckets in x and in y.
    n: usize,
    buckets: Vec<Vec<u32>>,
}

impl<'a> Locator<'a> {
    /// Sorts the regions into about as many buckets as there are regions.
    #[must_use]
    pub fn new(complex: &'a Complex) -> Self {
        let n = ((complex.n_regions() as f64).sqrt() as usize).clamp(1, 1024);
        let mut locator = Self { complex, n, buckets: vec![Vec::new(); n * n] };
        for f in 0..complex.n_regions() as u32 {
            let (mut low, mut high) = ([n; 2], [0; 2]);
            for v in complex.face_vertices(f) {
                let b = locator.bucket(complex.vertex(v));
                for k in 0..2 {
                    low[k] = low[k].min(b[k]);
                    high[k] = high[k].max(b[k]);
                }
            }
            for y in low[1]..=high[1] {
                for x in low[0]..=high[0] {
                    locator.buckets[y * n + x].push(f);
                }
            }
        }
        locator
    }

    /// The region that holds `p`; on an edge one of its two, outside the window `None`.
    #[must_use]
    pub fn locate(&self, p: [f64; 2]) -> Option<u32> {
        let [x, y] = self.bucket(p);
        let best = self.buckets[y * self.n + x].iter().map(|&f| (f, self.depth(f, p))).max_by(|a, b| a.1.total_cmp(&b.1))?;
        let w = self.complex.window();
        let inside = (0..2).all(|k| (w.min[k]..=w.max[k]).contains(&p[k]));
        inside.then_some(best.0)
    }

    /// The distance of `p` to the region's boundary, negative outside. Whether it is inside is told by the sides that a ray from
    /// it crosses, not by its distances to their lines: a side shorter than the rounding of its ends has no direction.
    pub(super) fn depth(&self, f: u32, p: [f64; 2]) -> f64 {
        let c = self.complex;
        let (mut inside, mut nearest) = (false, f64::INFINITY);
        for h in c.face_half_edges(f) {
            let (a, b) = (c.vertex(c.origin(h)), c.vertex(c.origin(h ^ 1)));
            let crosses = (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            inside ^= crosses;
            nearest = nearest.min(distance(p, a, b));
        }
        if inside { nearest } else { -nearest }
    }

    fn bucket(&self, p: [f64; 2]) -> [usize; 2] {
        let (w, size) = (self.complex.window(), self.complex.window().size());
        [0, 1].map(|k| (((p[k] - w.min[k]) / size[k] * self.n as f64) as usize).min(self.n - 1))
    }
}

/// The distance of `p` to the segment from `a` to `b`.
fn distance(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let ([dx, dy], [px, py]) = ([b[0] - a[0], b[1] - a[1]], [p[0] - a[0], p[1] - a[1]]);
    let share = (px * dx + py * dy) / (dx * dx + dy * dy);
    let t = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
    (px - t * dx).hypot(py - t * dy)
}
