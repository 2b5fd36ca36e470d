//! What is recorded as a film: the timeline as it is played, seen from where one stands, or a turn round what stands still.
//!
//! In: the state. Out: [`Take`], everything that a film needs and nothing of the window. Refuses graphs, which do not move. The
//! host shoots it beside the window; how far it has come is asked for here.

use super::job::Task;
use super::player::Player;
use super::state::AppState;
use crate::complex::Window;
use crate::picture::Picture;
use crate::picture::stage::{Course, Range};
use crate::render::Style;
use crate::render::camera::Camera;
use crate::timeline::{Playback, Repeat, Timeline};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Frames a second.
pub const FPS: u32 = 25;
/// Seconds of a turn round what stands still.
pub const TURN_SECONDS: f64 = 8.0;
/// Frames at most: an hour.
const MAX_FRAMES: f64 = 90_000.0;

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct Take {
    pub course: Course,
    /// The phase of every frame.
    pub phases: Vec<f64>,
    pub camera: Camera,
    /// Whether the camera goes round, once in [`TURN_SECONDS`].
    pub turns: bool,
    /// Whether a player should begin again at the end.
    pub repeats: bool,
    pub style: Style,
    /// That of the picture, even.
    pub size_px: [u32; 2],
    /// Device pixels for one of the look's: lines and words are as large as in the window.
    pub pixel_scale: f32,
}

impl AppState {
    /// What would be recorded now.
    ///
    /// # Errors
    /// A sentence.
    pub fn recordable(&self) -> Result<Take, String> {
        let picture = self.picture.as_deref().ok_or("nothing is there to be recorded yet")?;
        if picture.sheet.is_some() {
            return Err("a graph does not move: F12 saves it as a picture".to_owned());
        }
        let (course, phases, repeats) = match self.player() {
            Some(player) => of_timeline(player)?,
            None => (self.still(picture)?, vec![0.0; (TURN_SECONDS * f64::from(FPS)) as usize], true),
        };
        // formats of films want even sides
        let size_px = self.size_px.map(|side| (side & !1).max(2));
        let (style, turns) = (self.style.clone(), self.player().is_none());
        Ok(Take { course, phases, camera: self.camera, turns, repeats, style, size_px, pixel_scale: self.pixel_scale })
    }

    fn still(&self, picture: &Picture) -> Result<Course, String> {
        let timeline = Arc::new(Timeline::still(self.model.name.clone(), self.model.network.clone()));
        let window = Window::new(picture.mesh.window).unwrap_or(Window::SQUARE);
        Course::new(&timeline, Range::Common, window, &picture.asked).map_err(|e| e.to_string())
    }

    /// Records by `work`, beside the window: it returns the file's name, or a sentence.
    pub fn record(&mut self, work: impl FnOnce(&Task) -> Result<String, String> + Send + 'static) {
        if let Err(error) = self.recorder.start(work) {
            self.error = Some(format!("no thread could be started: {error}"));
        }
    }

    /// The share of the recording that is done, 0 to 1, and how long it still takes; `None` while nothing is recorded.
    #[must_use]
    pub fn recording(&self, now: Instant) -> Option<(f32, Option<Duration>)> {
        let (share, time) = self.recorder.progress(now)?;
        // the first frames say little about the others
        let left = (share > 0.02).then(|| time.mul_f32((1.0 - share) / share));
        Some((share, left))
    }

    /// Gives the recording up, if there is one. Whether there was.
    pub(super) fn stop_recording(&mut self, now: Instant) -> bool {
        let was_there = self.recorder.cancel();
        if was_there {
            self.say("The recording was stopped; nothing is kept of it", now);
        }
        was_there
    }

    /// Gives the recording up and waits until its unfinished file is gone.
    pub fn end_recording(&mut self) {
        self.recorder.end();
    }

    /// Takes a finished recording in.
    pub(super) fn hear_recorder(&mut self, now: Instant) {
        match self.recorder.poll() {
            Some(Ok(name)) => self.say(&format!("Saved {name}"), now),
            Some(Err(error)) => self.error = Some(format!("the film cannot be recorded: {error}")),
            None => {}
        }
    }
}

/// A timeline from end to end, as fast, paced and repeated as it is played.
fn of_timeline(player: &Player) -> Result<(Course, Vec<f64>, bool), String> {
    let stage = player.stage.as_ref().ok_or("the timeline is still being looked at")?;
    let n_frames = (player.seconds() * f64::from(FPS)).round().clamp(1.0, MAX_FRAMES) as usize;
    let places = Playback::phases(n_frames, player.repeat, player.timeline.is_closed());
    let phases = places.into_iter().map(|place| player.timeline.paced(place, player.easing)).collect();
    Ok((stage.course.clone(), phases, player.repeat != Repeat::Once))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::Start;
    use crate::app::{Command, Effect, Guide, Play};
    use crate::timeline::{FoldOrder, Repeat};

    fn settled(state: &mut AppState, until: impl Fn(&AppState) -> bool) {
        while !until(state) {
            state.poll(Instant::now());
            std::thread::yield_now();
        }
    }

    fn state() -> AppState {
        let mut state = AppState::new(Start::default(), || {});
        settled(&mut state, |state| state.picture.is_some());
        state
    }

    #[test]
    fn what_stands_still_is_turned_and_a_timeline_is_played_from_end_to_end() {
        let mut state = state();
        state.set_size([801, 603], 1.5);
        let take = state.recordable().expect("a surface");
        assert_eq!((take.turns, take.phases.len(), take.size_px), (true, 200, [800, 602]));
        assert_eq!((take.camera, take.pixel_scale), (state.camera, 1.5));
        let now = Instant::now();
        state.apply(Command::Fold(Some(FoldOrder::Together)), now);
        settled(&mut state, |state| state.player().is_some_and(|player| player.stage.is_some()));
        state.apply(Command::Play(Play::Speed(2.0)), now);
        state.apply(Command::Play(Play::Repeat(Repeat::Once)), now);
        let take = state.recordable().expect("a timeline");
        // 5 seconds at twice the speed
        assert_eq!((take.turns, take.phases.len(), take.repeats), (false, 63, false));
        assert_eq!((take.phases[0], take.phases[62]), (0.0, 1.0));
        assert!(take.phases.is_sorted());
        state.apply(Command::Play(Play::Repeat(Repeat::PingPong)), now);
        let take = state.recordable().expect("a timeline");
        assert_eq!((take.phases.len(), take.phases[62].round(), take.repeats), (125, 1.0, true), "there and back");
    }

    #[test]
    fn a_graph_is_refused() {
        let mut state = state();
        state.apply(Command::Tour(Guide::Go(1)), Instant::now());
        settled(&mut state, |state| state.tour().is_some_and(|tour| tour.scene().is_some()));
        assert!(state.recordable().expect_err("it does not move").contains("F12"));
    }

    #[test]
    fn a_recording_says_how_far_it_is_and_can_be_stopped() {
        let (mut state, now) = (state(), Instant::now());
        assert_eq!(state.apply(Command::Record, now), Some(Effect::Record));
        let (told, tells) = std::sync::mpsc::channel();
        state.record(move |task| {
            task.set_progress(0.5);
            told.send(()).expect("the test listens");
            while !task.cancel.load(std::sync::atomic::Ordering::Relaxed) {
                std::thread::yield_now();
            }
            Err("stopped".to_owned())
        });
        tells.recv().expect("it runs");
        let (share, left) = state.recording(now + Duration::from_mins(1)).expect("it is being recorded");
        assert!(share == 0.5 && left.is_some_and(|left| left > Duration::from_secs(50)), "{share} {left:?}");
        assert_eq!(state.apply(Command::Record, now), None, "the same key stops it");
        assert!(state.recording(now).is_none() && state.note.is_some());
        state.poll(now);
        assert_eq!(state.error, None, "what was stopped is no error");
        state.record(|_| Ok("foldscape-1.gif".to_owned()));
        settled(&mut state, |state| state.recording(Instant::now()).is_none());
        assert!(state.note.as_ref().is_some_and(|note| note.text.contains("foldscape-1.gif")));
    }
}
