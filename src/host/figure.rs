//! A scene of the tour as a still: graphs, one surface, or some moments of what moves side by side; with its words or without.
//!
//! In: a [`Exhibit`], a theme, a size. Out: an [`Image`], drawn by the same code as the window's pictures. Several surfaces are
//! drawn without background and laid over one page.

use super::film::{CameraPath, Film, ShootError};
use super::headless::{self, StillError, Studio, View};
use crate::picture::stage::Course;
use crate::picture::{Asked, PictureError};
use crate::render::camera::Camera;
use crate::render::sheet::{Caption, Label, Sheet};
use crate::render::{Captions, Coloring, Frame, Image, Style, Theme, still_scale};
use crate::tour::{Exhibit, Journey, Scene};
use std::cmp::Reverse;
use std::sync::atomic::AtomicBool;
use thiserror::Error;

/// Width over height that a surface needs, about.
const SHAPE: f32 = 1.35;
/// Room for the words under a panel, and of their baseline over its lower edge, in pixels of the look.
const LABEL_ROOM: f32 = 44.0;
const LABEL_BASELINE: f32 = 18.0;

/// Factor on the lines of surfaces side by side: in proportion to such a small picture they would be hard to see.
const SMALL_LINES: f32 = 1.6;

/// How a figure is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    pub theme: Theme,
    pub size_px: [u32; 2],
    /// Title and sentence under the picture.
    pub caption: bool,
    /// No background.
    pub transparent: bool,
}

/// Why there is no figure.
#[derive(Debug, Error)]
pub enum FigureError {
    /// A moment of what moves could not be drawn.
    #[error(transparent)]
    Shoot(#[from] ShootError),
    /// The picture could not be drawn.
    #[error(transparent)]
    Still(#[from] StillError),
    /// The scene has no surface.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// From where a scene is seen.
fn from(scene: &Scene) -> View {
    View::Framed { preset: scene.view, azimuth_deg: None, elevation_deg: None, zoom: 1.0 }
}

/// Draws the figure of a scene.
///
/// # Errors
/// See [`FigureError`].
pub fn draw(exhibit: &Exhibit, look: &Look, studio: &mut Studio, cancel: &AtomicBool) -> Result<Image, FigureError> {
    let words = || Caption { title: format!("{}  {}", exhibit.scene.number, exhibit.scene.title), text: exhibit.sentence.clone() };
    let caption = look.caption.then(words);
    match (&exhibit.picture.sheet, &exhibit.journey) {
        (Some(sheet), _) => Page { sheet: Sheet { caption, ..Sheet::clone(sheet) }, look: *look }.draw(studio),
        (None, Some(journey)) => {
            // a surface of its own has a legend of its own
            let n_layers = if exhibit.scene.coloring == Coloring::Layers { exhibit.model.network.n_hidden() } else { 0 };
            Page { sheet: Sheet { caption, n_layers, ..Sheet::default() }, look: *look }.moments(exhibit, journey, studio, cancel)
        }
        (None, None) => Page { sheet: Sheet { caption, ..Sheet::default() }, look: *look }.surface(exhibit, studio),
    }
}

/// What is drawn under the surfaces.
struct Page {
    sheet: Sheet,
    look: Look,
}

impl Page {
    fn draw(&self, studio: &mut Studio) -> Result<Image, FigureError> {
        studio.show_sheet(&self.sheet)?;
        let style = Style { theme: self.look.theme, transparent_background: self.look.transparent, ..Style::default() };
        Ok(studio.shoot(&Frame::still(&Camera::default(), &style, &Captions::default(), self.look.size_px))?)
    }

    /// Width and height in pixels of what is over the words.
    fn room(&self) -> [u32; 2] {
        let [width, height] = self.look.size_px;
        let foot = self.sheet.foot_px(width as f32, still_scale(self.look.size_px));
        [width, height.saturating_sub(foot as u32).max(1)]
    }

    fn surface(self, exhibit: &Exhibit, studio: &mut Studio) -> Result<Image, FigureError> {
        let room = self.room();
        let style = Style { transparent_background: true, ..exhibit.scene.style(self.look.theme) };
        let camera = headless::camera(&exhibit.picture.mesh, &style, &from(exhibit.scene), room);
        studio.show(&exhibit.picture.mesh)?;
        let surface = studio.shoot(&Frame::still(&camera, &style, &exhibit.picture.captions, room))?;
        let mut page = self.draw(studio)?;
        page.lay_over(&surface, [0, 0]);
        Ok(page)
    }

    fn moments(mut self, exhibit: &Exhibit, journey: &Journey, studio: &mut Studio, cancel: &AtomicBool) -> Result<Image, FigureError> {
        let scale = still_scale(self.look.size_px);
        let panels = panels(journey.stops.len(), self.room());
        let below = (LABEL_ROOM * scale) as u32;
        let size_px = [panels[0][2], panels[0][3].saturating_sub(below).max(1)];
        let images = shots(exhibit, journey, self.look.theme, size_px, studio, cancel)?;
        let label = |(&[x, y, w, h], (_, text)): (&[u32; 4], &(f64, String))| {
            let middle = [x as f32 + 0.5 * w as f32, (y + h) as f32 - LABEL_BASELINE * scale];
            let at = [0, 1].map(|k| middle[k] / self.look.size_px[k] as f32);
            Label { at, text: text.clone() }
        };
        self.sheet.labels = panels.iter().zip(&journey.stops).map(label).collect();
        let mut page = self.draw(studio)?;
        for (image, &[x, y, ..]) in images.iter().zip(&panels) {
            page.lay_over(image, [x, y]);
        }
        Ok(page)
    }
}

/// The surface at every stop.
fn shots(
    exhibit: &Exhibit,
    journey: &Journey,
    theme: Theme,
    size_px: [u32; 2],
    studio: &mut Studio,
    cancel: &AtomicBool,
) -> Result<Vec<Image>, FigureError> {
    let course = Course::new(&journey.timeline, journey.range, exhibit.model.window_or(None), &Asked::default())?;
    let film = Film {
        course,
        style: Style {
            transparent_background: true,
            axes: false,
            legend: false,
            line_width_factor: SMALL_LINES,
            ..exhibit.scene.style(theme)
        },
        size_px,
        pixel_scale: still_scale(size_px),
        path: CameraPath::Fixed(from(exhibit.scene)),
        phases: journey.stops.iter().map(|(phase, _)| *phase).collect(),
        fps: 1.0,
    };
    let mut images = Vec::new();
    let all: Vec<usize> = (0..film.phases.len()).collect();
    let collect = |image| {
        images.push(image);
        Ok::<_, ShootError>(())
    };
    film.survey(cancel, &|_| {})?.shoot(&all, studio, cancel, collect)?;
    Ok(images)
}

/// The parts of a page for `n` surfaces, row by row, as large as can be and then as few as can be: x, y, width, height in pixels.
fn panels(n: usize, [width, height]: [u32; 2]) -> Vec<[u32; 4]> {
    let rows = |columns: u32| (n as u32).div_ceil(columns);
    let seen = |&columns: &u32| ((width / columns) as f32 / SHAPE).min((height / rows(columns)) as f32) as u32;
    let columns = (1..=n.max(1) as u32).max_by_key(|columns| (seen(columns), Reverse(columns * rows(*columns)))).unwrap_or(1);
    let [w, h] = [width / columns, height / rows(columns).max(1)];
    (0..n as u32).map(|i| [i % columns * w, i / columns * h, w, h]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_share_the_page() {
        assert_eq!(panels(4, [1600, 1000]), [[0, 0, 800, 500], [800, 0, 800, 500], [0, 500, 800, 500], [800, 500, 800, 500]]);
        assert_eq!(panels(4, [1600, 736])[3], [800, 368, 800, 368], "three in a row would be no larger");
        assert_eq!(panels(3, [1200, 300]), [[0, 0, 400, 300], [400, 0, 400, 300], [800, 0, 400, 300]]);
        assert_eq!(panels(1, [7, 5]), [[0, 0, 7, 5]]);
    }
}
