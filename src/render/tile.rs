//! Pictures larger than a texture are drawn tile by tile.
//!
//! In: a picture's size, the largest tile. Out: equal tiles, left to right and top to bottom, the last ones reaching over the edge
//! of the picture, and how the picture's clip space becomes a tile's. Everything about the look is computed for the whole picture.

use glam::{DMat4, DVec3};

/// A rectangle of a picture, in its pixels, rows from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    pub origin_px: [u32; 2],
    pub size_px: [u32; 2],
}

impl Tile {
    /// The picture itself.
    pub fn whole(size_px: [u32; 2]) -> Self {
        Self { origin_px: [0, 0], size_px }
    }

    /// The tiles of a picture, row by row: as few as can be, none larger than `max_px`.
    pub fn grid(picture_px: [u32; 2], max_px: [u32; 2]) -> Vec<Vec<Self>> {
        let n = [0, 1].map(|k| picture_px[k].div_ceil(max_px[k].max(1)).max(1));
        let size_px = [0, 1].map(|k| picture_px[k].div_ceil(n[k]));
        let tile = |x: u32, y: u32| Self { origin_px: [x * size_px[0], y * size_px[1]], size_px };
        (0..n[1]).map(|y| (0..n[0]).map(|x| tile(x, y)).collect()).collect()
    }

    /// From the clip space of the whole picture to the tile's; the identity where the tile is the picture.
    pub fn clip_from_picture(&self, picture_px: [u32; 2]) -> DMat4 {
        let [width, height] = picture_px.map(f64::from);
        let ([x, y], [w, h]) = (self.origin_px.map(f64::from), self.size_px.map(f64::from));
        let scale = DVec3::new(width / w, height / h, 1.0);
        // centres of the tile in the picture's -1 to 1
        let centre = DVec3::new((2.0 * x + w) / width - 1.0, 1.0 - (2.0 * y + h) / height, 0.0);
        DMat4::from_scale(scale) * DMat4::from_translation(-centre)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_the_picture_once() {
        for (picture, max) in [([1600, 1000], [2048, 1024]), ([5000, 3001], [2048, 1024]), ([7, 1], [2, 2]), ([2048, 1024], [2048, 1024])] {
            let grid = Tile::grid(picture, max);
            for k in 0..2 {
                let line: Vec<Tile> = if k == 0 { grid[0].clone() } else { grid.iter().map(|row| row[0]).collect() };
                let size = line[0].size_px[k];
                assert!(size <= max[k] && line.iter().zip(0..).all(|(t, i)| t.origin_px[k] == i * size && t.size_px[k] == size));
                let end = size * line.len() as u32;
                assert!((picture[k]..picture[k] + line.len() as u32).contains(&end), "{picture:?} in {max:?}: {grid:?}");
            }
        }
        assert_eq!(Tile::grid([1600, 1000], [2048, 1024]), [[Tile::whole([1600, 1000])]]);
    }

    #[test]
    fn a_tiles_corners_are_its_own() {
        let picture = [5000, 3001];
        for tile in Tile::grid(picture, [2048, 1024]).concat() {
            let clip = tile.clip_from_picture(picture);
            for (corner, ndc) in [([0.0, 0.0], [-1.0, 1.0]), ([1.0, 1.0], [1.0, -1.0])] {
                let px = [0, 1].map(|k| f64::from(tile.origin_px[k]) + corner[k] * f64::from(tile.size_px[k]));
                let in_picture = DVec3::new(2.0 * px[0] / 5000.0 - 1.0, 1.0 - 2.0 * px[1] / 3001.0, 0.5);
                assert!(clip.transform_point3(in_picture).distance(DVec3::new(ndc[0], ndc[1], 0.5)) < 1e-12, "{tile:?}");
            }
        }
        assert_eq!(Tile::whole(picture).clip_from_picture(picture), DMat4::IDENTITY);
    }
}
