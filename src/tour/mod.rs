//! The tour: what a folded sheet is and how a network folds one, in scenes.
//!
//! In: the number of a [`Scene`]. Out: its [`Exhibit`]: the network, its surface or graphs, how it is to be looked at, and a
//! sentence whose numbers are counted in the complex. The window plays the scenes, the headless host draws them as figures.
//! Knows nothing of windows and of the GPU.

pub mod facts;
mod fit;
mod graphs;
mod networks;
mod scenes;

pub use scenes::{SCENES, Scene};

use crate::complex::{Complex, Options};
use crate::mesh::number::with_commas;
use crate::model::{Model, ModelError};
use crate::picture::stage::Range;
use crate::picture::{self, Asked, Picture, PictureError};
use crate::render::{Style, Theme};
use crate::timeline::{FoldOrder, Timeline};
use scenes::{Facts, Seen, Shows};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use thiserror::Error;

/// Why a scene cannot be shown. All but a cancelled one would be a defect of this program.
#[derive(Debug, Error)]
pub enum TourError {
    /// There are not so many.
    #[error("there is no scene {asked}; the tour has scenes 1 to {last}")]
    NoSuchScene { asked: usize, last: usize },
    /// A bundled file is damaged.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// There is no picture, or it was cancelled.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

impl TourError {
    /// Whether somebody stopped it on purpose.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Picture(error) if error.is_cancelled())
    }
}

/// A scene that is ready to be shown.
#[derive(Debug, Clone)]
pub struct Exhibit {
    pub scene: &'static Scene,
    pub sentence: String,
    pub model: Arc<Model>,
    /// The surface or the graphs; of a scene that moves, as it begins.
    pub picture: Picture,
    /// What moves.
    pub journey: Option<Journey>,
}

/// A scene that moves.
#[derive(Debug, Clone)]
pub struct Journey {
    pub timeline: Arc<Timeline>,
    /// How the surfaces are scaled.
    pub range: Range,
    /// Telling moments, the first and the last among them: the phases, and what is seen there.
    pub stops: Vec<(f64, String)>,
}

impl Scene {
    /// The scene of this number, counted from 1.
    ///
    /// # Errors
    /// [`TourError::NoSuchScene`].
    pub fn number(asked: usize) -> Result<&'static Self, TourError> {
        let found = asked.checked_sub(1).and_then(|i| SCENES.get(i));
        found.ok_or(TourError::NoSuchScene { asked, last: SCENES.len() })
    }

    /// Its style in a theme.
    #[must_use]
    pub fn style(&self, theme: Theme) -> Style {
        Style { theme, coloring: self.coloring, height_factor: self.height, ..Style::default() }
    }

    /// Computes everything that it shows and says. `cancel` stops it.
    ///
    /// # Errors
    /// See [`TourError`].
    pub fn exhibit(&'static self, cancel: &AtomicBool) -> Result<Exhibit, TourError> {
        let (model, first) = self.shows.models()?;
        Ok(self.exhibit_of(model, first.as_ref(), cancel)?)
    }

    fn exhibit_of(&'static self, model: Model, first: Option<&Model>, cancel: &AtomicBool) -> Result<Exhibit, PictureError> {
        let asked = Asked::default();
        let options = picture::options(&asked, cancel, &|_| {});
        let window = model.window_or(None);
        let journey = self.journey(&model, first, &options)?;
        let subject = picture::subject(&model.network, &asked)?;
        let start = Instant::now();
        let complex = Complex::enumerate(&subject.network, &window, &options)?;
        let time = start.elapsed();
        let mut facts = Facts::default();
        let seen = Seen { model: &model, complex: &complex, options: &options, journey: journey.as_ref() };
        (self.facts)(&seen, &mut facts)?;
        let sentence = facts.fill(self.sentence);
        let mut picture = match &journey {
            Some(Journey { timeline, stops, .. }) => {
                let subject = picture::Subject { network: timeline.network(stops[0].0)?, ..subject };
                picture::surface(&subject, &timeline.label(stops[0].0), &window, &asked, None, &options)?
            }
            None => picture::of(&complex, &subject, &model.name, &asked, None, time),
        };
        match &self.shows {
            Shows::Graphs(_, sheet) => picture.sheet = Some(Arc::new(sheet(&complex, &model))),
            Shows::Bends(_) => {
                let bends = facts::BentLines::of(&complex, &model.network, 1).bends;
                picture.mesh.marks = bends.iter().map(|&v| picture.mesh.points[v as usize]).collect();
            }
            _ => {}
        }
        Ok(Exhibit { scene: self, sentence, model: Arc::new(model), picture, journey })
    }

    /// What moves in it.
    fn journey(&self, model: &Model, first: Option<&Model>, options: &Options) -> Result<Option<Journey>, PictureError> {
        let (timeline, range, stops) = match (self.shows, first) {
            (Shows::Reveal(_, from), _) => {
                let timeline = Timeline::fold(&model.name, model.network.clone(), FoldOrder::Reveal)?;
                let n = model.network.n_hidden();
                let stops = (from..=n).map(|k| (k as f64 / n as f64, format!("{k} layers"))).collect();
                (timeline, Range::Own, stops)
            }
            (Shows::Morph(..), Some(first)) => {
                let name = |phase: f64| match phase {
                    0.0 => "untrained".to_owned(),
                    1.0 => "trained".to_owned(),
                    _ => format!("{:.0} % of the way", 100.0 * phase),
                };
                (Timeline::between([first, model])?, Range::Common, scenes::MORPH_STOPS.map(|phase| (phase, name(phase))).into())
            }
            _ => return Ok(None),
        };
        let counted = |(phase, word): (f64, String)| {
            let n = Complex::enumerate(&timeline.network(phase)?, &model.window_or(None), options)?.n_regions();
            Ok((phase, format!("{word} \u{b7} {} regions", with_commas(n))))
        };
        let stops = Vec::into_iter(stops).map(counted).collect::<Result<_, PictureError>>()?;
        Ok(Some(Journey { timeline: Arc::new(timeline), range, stops }))
    }
}

#[cfg(test)]
mod tests;
