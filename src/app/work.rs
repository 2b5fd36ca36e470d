//! What is done beside the window: orders in, models with their pictures out.
//!
//! In: an [`Order`], on a worker's thread. Out: [`Done`]. Refuses files that cannot be read, with their name, and what a picture
//! refuses. This is where the program reads model files.

use super::job::Task;
use super::player::Player;
use crate::complex::Window;
use crate::model::{self, ActivationChoice, Model};
use crate::picture::stage::{Course, Looks, Range, Stage};
use crate::picture::{self, Asked, Picture, PictureError};
use crate::timeline::{self, Timeline};
use crate::tour::{Exhibit, Scene};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Model files larger than this are refused before memory is taken.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// How closely a timeline is looked at before it is shown.
const LOOKS: Looks = Looks { most_keys: 25, between: 9 };

/// Something to be shown.
pub(super) enum Order {
    /// The model in a file, at the end of its recorded training, if it holds one; those in several, at the beginning of the way from each
    /// to the next.
    Files(Vec<PathBuf>, Option<ActivationChoice>),
    /// One model, where it is read already.
    Read(PathBuf, Arc<Model>),
    /// A model on a scale of its own.
    Model(Arc<Model>),
    /// A timeline at a phase.
    Moment(Moment),
    /// A scene of the tour.
    Scene(&'static Scene),
}

/// A timeline at a phase.
pub(super) struct Moment {
    pub timeline: Arc<Timeline>,
    pub base: Arc<Model>,
    pub range: Range,
    pub phase: f64,
    /// What its surfaces have in common, if that is known; otherwise they are looked at first.
    pub stage: Option<Arc<Stage>>,
    /// Where the whole plane was asked for: the window that stands for it.
    pub frame: Option<Window>,
}

/// What came of an order.
pub(super) struct Done {
    pub model: Arc<Model>,
    pub picture: Picture,
    pub stage: Option<Arc<Stage>>,
    /// The file that was opened, if it was one, and its recorded training, or the way between several.
    pub opened: Option<(Option<PathBuf>, Option<Box<Player>>)>,
    /// The scene of the tour, and what plays it.
    pub scene: Option<(Exhibit, Option<Box<Player>>)>,
}

/// Why nothing came of it: a sentence, or somebody stopped it.
pub(super) enum Failed {
    Error(String),
    Cancelled,
}

impl Order {
    pub(super) fn run(self, asked: &Asked, task: &Task) -> Result<Done, Failed> {
        match self {
            Self::Files(mut paths, activation) => {
                let models = paths.iter().map(|path| load(path, activation)).collect::<Result<Vec<_>, _>>()?;
                match <[Model; 1]>::try_from(models) {
                    Ok([model]) => Self::Read(paths.swap_remove(0), Arc::new(model)).run(asked, task),
                    Err(models) => way(models, asked, task),
                }
            }
            Self::Read(path, model) => {
                let place = format!("{}: ", file_name(&path));
                open(path, model, asked, task).map_err(|e| failed(&place, &e))
            }
            Self::Model(model) => still(model, asked, task).map_err(|e| failed("", &e)),
            Self::Moment(moment) => moment.run(asked, task).map_err(|e| failed("", &e)),
            Self::Scene(scene) => set(scene, asked, task),
        }
    }
}

fn load(path: &Path, activation: Option<ActivationChoice>) -> Result<Model, Failed> {
    let name = file_name(path);
    let bytes = read(path).map_err(|e| Failed::Error(format!("{name}: {e}")))?;
    model::load(&name, &bytes, activation).map_err(|e| Failed::Error(format!("{name}: {e}")))
}

/// The way between several models, at its beginning. It has a window: the whole plane is not asked for any more.
fn way(mut models: Vec<Model>, asked: &Asked, task: &Task) -> Result<Done, Failed> {
    let asked = Asked { plane: false, ..*asked };
    let timeline = timeline::common_window(&models, asked.window).and_then(|_| Timeline::between(&models));
    let timeline = timeline.map_err(|e| Failed::Error(e.to_string()))?;
    let first = models.swap_remove(0);
    let mut player = Player::morph(Arc::new(timeline), &first);
    let done = player.moment(0.0).run(&asked, task).map_err(|e| failed("", &e))?;
    Ok(Done { model: Arc::new(first), opened: Some((None, Some(Box::new(player)))), ..done })
}

/// A model that was read; at the end of its recorded training, if it holds one.
fn open(path: PathBuf, model: Arc<Model>, asked: &Asked, task: &Task) -> Result<Done, PictureError> {
    let mut player = Player::training(&model).map(Box::new);
    let done = match &mut player {
        None => still(Arc::clone(&model), asked, task),
        Some(player) => player.moment(1.0).run(asked, task),
    }?;
    Ok(Done { model, opened: Some((Some(path), player)), ..done })
}

fn still(model: Arc<Model>, asked: &Asked, task: &Task) -> Result<Done, PictureError> {
    let picture = picture::compute(&model, asked, &task.cancel, &|share| task.set_progress(share))?;
    Ok(Done { model, picture, stage: None, opened: None, scene: None })
}

/// A scene of the tour, as it begins.
fn set(scene: &'static Scene, asked: &Asked, task: &Task) -> Result<Done, Failed> {
    let exhibit = scene.exhibit(&task.cancel);
    let exhibit = exhibit.map_err(|e| if e.is_cancelled() { Failed::Cancelled } else { Failed::Error(e.to_string()) })?;
    let Some((phase, mut player)) = exhibit.player() else {
        let (model, picture) = (Arc::clone(&exhibit.model), exhibit.picture.clone());
        return Ok(Done { model, picture, stage: None, opened: None, scene: Some((exhibit, None)) });
    };
    let done = player.moment(phase).run(asked, task).map_err(|e| failed("", &e))?;
    Ok(Done { scene: Some((exhibit, Some(Box::new(player)))), ..done })
}

impl Moment {
    fn run(self, asked: &Asked, task: &Task) -> Result<Done, PictureError> {
        let timeline = self.timeline.up_to_layer(asked.layers);
        let (name, network) = (timeline.label(self.phase), timeline.whole(self.phase)?);
        let model = Model { name, network, ..self.base.without_history() };
        let report = |share| task.set_progress(share);
        let stage = match &self.stage {
            Some(stage) if stage.course.asked == *asked => Arc::clone(stage),
            _ => Arc::new(self.course(asked)?.survey(LOOKS, &task.cancel, &report)?),
        };
        let picture = stage.picture(self.phase, &task.cancel, &report)?;
        Ok(Done { model: Arc::new(model), picture, stage: Some(stage), opened: None, scene: None })
    }

    fn course(&self, asked: &Asked) -> Result<Course, PictureError> {
        let window = self.frame.filter(|_| asked.plane).unwrap_or_else(|| self.base.window_or(asked.window));
        Course::new(&self.timeline, self.range, window, asked)
    }
}

fn failed(place: &str, error: &PictureError) -> Failed {
    if error.is_cancelled() { Failed::Cancelled } else { Failed::Error(format!("{place}{error}")) }
}

/// A file's name without its folder.
pub(super) fn file_name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()
}

/// The file's bytes.
pub(super) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Err(std::io::Error::other("this is not a file"));
    }
    if found.len() > MAX_FILE_BYTES {
        return Err(std::io::Error::other(format!("it has {} bytes, more than the limit of {MAX_FILE_BYTES}", found.len())));
    }
    std::fs::read(path)
}
