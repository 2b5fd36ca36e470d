//! The tour in the viewer: from scene to scene, by hand or by itself, and back to what was there before.
//!
//! In: [`Guide`] commands, the time. Out: orders for the scenes, and the state as each scene wants it. A scene is computed beside
//! the window; until it is there the one before stays.

use super::player::{Play, Player};
use super::source::Source;
use super::state::AppState;
use super::work::Order;
use crate::model::Model;
use crate::picture::Asked;
use crate::render::Style;
use crate::render::camera::{Camera, Preset};
use crate::tour::{Exhibit, SCENES, Scene};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a person does with the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guide {
    /// To the scene of this number, counted from 1.
    Go(usize),
    /// So many scenes further on (or back); the first and the last are ends.
    Step(isize),
    /// Goes on by itself, or stands.
    Toggle,
    Leave,
}

/// A tour under way.
pub struct Tour {
    /// The scene on screen; `None` before the first is there.
    scene: Option<&'static Scene>,
    /// Where it goes, if it is not there.
    next: Option<&'static Scene>,
    pub sentence: String,
    /// Since when the scene has been there.
    since: Instant,
    pub is_playing: bool,
    before: Before,
}

/// What was there before the tour.
pub(super) struct Before {
    model: Arc<Model>,
    path: Option<PathBuf>,
    source: Source,
    unfolded: Option<Source>,
    asked: Asked,
    style: Style,
    view: Preset,
    /// Where somebody had moved it.
    camera: Option<Camera>,
}

/// A scene that goes on by itself stays as long as its sentence takes to be read: a time for each character, and to look.
const READING: Duration = Duration::from_millis(50);
const LOOKING: Duration = Duration::from_secs(3);

impl Tour {
    /// The scene on screen.
    #[must_use]
    pub fn scene(&self) -> Option<&'static Scene> {
        self.scene
    }

    /// The scene on screen or under way; before there is any, the first.
    #[must_use]
    pub fn goal(&self) -> &'static Scene {
        self.next.or(self.scene).unwrap_or(&SCENES[0])
    }

    /// When the next scene's turn comes, if that is a matter of time.
    fn due(&self) -> Option<Instant> {
        let time = LOOKING + READING * self.sentence.len() as u32;
        (self.is_playing && self.next.is_none()).then(|| self.since + time)
    }
}

impl AppState {
    /// The tour, while there is one.
    #[must_use]
    pub fn tour(&self) -> Option<&Tour> {
        self.tour.as_ref()
    }

    /// When the tour goes on by itself.
    #[must_use]
    pub fn tour_due(&self) -> Option<Instant> {
        self.tour.as_ref()?.due().filter(|_| !self.player().is_some_and(Player::is_playing))
    }

    /// What the window shows, for its title.
    #[must_use]
    pub fn title(&self) -> String {
        match self.tour.as_ref().and_then(Tour::scene) {
            Some(scene) => format!("{}  {}", scene.number, scene.title),
            None => self.model.name.clone(),
        }
    }

    pub(super) fn guide(&mut self, what: Guide, now: Instant) {
        match what {
            Guide::Go(number) => self.go_to(number, now),
            Guide::Step(steps) => {
                let Some(tour) = &self.tour else { return };
                let number = tour.goal().number.saturating_add_signed(steps).clamp(1, SCENES.len());
                if number != tour.goal().number {
                    self.go_to(number, now);
                }
            }
            Guide::Toggle => self.toggle_tour(now),
            Guide::Leave => self.leave_tour(now),
        }
    }

    fn go_to(&mut self, number: usize, now: Instant) {
        let scene = match Scene::number(number) {
            Ok(scene) => scene,
            Err(error) => return self.error = Some(error.to_string()),
        };
        self.source.pause(now);
        if self.tour.is_none() {
            self.tour =
                Some(Tour { scene: None, next: None, sentence: String::new(), since: now, is_playing: false, before: self.before() });
        }
        if let Some(tour) = &mut self.tour {
            tour.next = Some(scene);
        }
        self.start(Order::Scene(scene), Asked::default());
    }

    fn before(&mut self) -> Before {
        Before {
            model: Arc::clone(&self.model),
            path: self.path.take(),
            source: std::mem::replace(&mut self.source, Source::Still),
            unfolded: self.before_fold.take(),
            asked: self.asked,
            style: self.style.clone(),
            view: self.view,
            camera: (!self.framed).then_some(self.camera),
        }
    }

    /// A scene is there: the look that it wants, and what moves in it.
    pub(super) fn arrive(&mut self, exhibit: Exhibit, mut player: Option<Box<Player>>, now: Instant) {
        let Some(tour) = &mut self.tour else { return };
        let scene = exhibit.scene;
        log::debug!("scene {}: {}", scene.number, exhibit.sentence);
        (tour.scene, tour.next, tour.sentence, tour.since) = (Some(scene), None, exhibit.sentence, now);
        if let Some(player) = &mut player {
            player.play(Play::Toggle, now);
        }
        self.set_source(player.map_or(Source::Still, Source::Player));
        self.style = scene.style(self.style.theme);
        (self.view, self.framed) = (scene.view, true);
    }

    /// What was asked for did not come: the scene on screen stays.
    pub(super) fn stay(&mut self) {
        if let Some(tour) = &mut self.tour {
            (tour.next, tour.is_playing) = (None, false);
        }
    }

    /// Plays on, or stands together with what moves in the scene.
    fn toggle_tour(&mut self, now: Instant) {
        let Some(tour) = &mut self.tour else { return };
        (tour.is_playing, tour.since) = (!tour.is_playing, now);
        let is_playing = tour.is_playing;
        match &mut self.source {
            Source::Player(player) if player.is_playing() != is_playing => player.play(Play::Toggle, now),
            _ => {}
        }
    }

    /// Goes on where it is time.
    pub(super) fn follow_tour(&mut self, now: Instant) {
        if self.tour_due().is_none_or(|due| due > now) {
            return;
        }
        let is_last = self.tour.as_ref().is_some_and(|tour| tour.goal().number == SCENES.len());
        if is_last {
            self.stay();
        } else {
            self.guide(Guide::Step(1), now);
        }
    }

    fn leave_tour(&mut self, now: Instant) {
        let Some(Before { model, path, source, unfolded, asked, .. }) = self.end_tour(now) else { return };
        self.set_source(source);
        (self.model, self.path, self.before_fold) = (model, path, unfolded);
        self.show(asked);
    }

    /// There is no tour any more, for what comes now is looked at as it was before: all of that.
    pub(super) fn end_tour(&mut self, now: Instant) -> Option<Before> {
        let before = self.tour.take()?.before;
        // the theme is a matter of the room, not of what is shown
        self.style = Style { theme: self.style.theme, ..before.style.clone() };
        (self.view, self.framed) = (before.view, before.camera.is_none());
        if let Some(camera) = before.camera {
            self.ease_to(camera, now);
        }
        Some(before)
    }

    /// What is asked for of another model, during the tour as before it.
    pub(super) fn asked_of_another(&self) -> Asked {
        // another model has other layers and outputs
        Asked { layers: None, lift: None, ..self.tour.as_ref().map_or(self.asked, |tour| tour.before.asked) }
    }
}

impl Exhibit {
    /// What plays its journey, and the phase at which that begins.
    pub(super) fn player(&self) -> Option<(f64, Player)> {
        let journey = self.journey.as_ref()?;
        let phase = journey.stops.first().map_or(0.0, |stop| stop.0);
        Some((phase, Player::journey(Arc::clone(&journey.timeline), &self.model, journey.range, phase)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::Start;
    use crate::app::{Command, Effect};
    use crate::mesh::Regions;
    use crate::render::{Coloring, Theme};
    use crate::timeline::Repeat;

    fn settled(state: &mut AppState) {
        let mut busy = true;
        while busy {
            state.poll(Instant::now());
            std::thread::yield_now();
            busy = state.is_busy() || state.tour().is_some_and(|tour| tour.next.is_some());
        }
        assert_eq!(state.error, None);
    }

    fn do_it(state: &mut AppState, what: Guide) -> Option<Effect> {
        let effect = state.apply(Command::Tour(what), Instant::now());
        settled(state);
        effect
    }

    fn on_tour(number: usize) -> AppState {
        let mut state = AppState::new(Start::default(), || {});
        settled(&mut state);
        do_it(&mut state, Guide::Go(number));
        state
    }

    fn number(state: &AppState) -> Option<usize> {
        Some(state.tour()?.scene()?.number)
    }

    #[test]
    fn the_tour_goes_on_and_back_and_stops_at_both_ends() {
        let mut state = on_tour(9);
        for (steps, expected) in [(1, 10), (1, 11), (1, 11), (-1, 10), (-30, 1), (-1, 1)] {
            do_it(&mut state, Guide::Step(steps));
            assert_eq!(number(&state), Some(expected), "{steps}");
        }
        assert_eq!(state.title(), format!("1  {}", SCENES[0].title));
        assert!(state.picture.as_ref().is_some_and(|picture| picture.sheet.is_some()));
        do_it(&mut state, Guide::Go(4));
        let tour = state.tour().expect("it is under way");
        assert!(tour.sentence.contains("37 regions"), "{}", tour.sentence);
        assert_eq!((state.style.coloring, state.view), (Coloring::Pattern, Preset::Default));
    }

    #[test]
    fn a_scene_that_moves_plays_once_and_stands() {
        let mut state = on_tour(10);
        state.apply(Command::Tour(Guide::Step(1)), Instant::now());
        while number(&state) != Some(11) {
            state.poll(Instant::now());
            std::thread::yield_now();
        }
        let player = state.player().expect("it moves");
        assert!(player.is_playing() && player.repeat == Repeat::Once);
        let late = Instant::now() + Duration::from_mins(1);
        state.poll(late);
        assert!(!state.player().expect("it is still there").is_playing());
        do_it(&mut state, Guide::Step(-1));
        assert!(state.player().is_none());
    }

    #[test]
    fn it_plays_by_itself_and_stands_when_asked() {
        let mut state = on_tour(4);
        assert_eq!(state.tour_due(), None);
        do_it(&mut state, Guide::Toggle);
        let due = state.tour_due().expect("it plays");
        assert!(due > Instant::now() + LOOKING, "there is time to read");
        state.poll(due);
        settled(&mut state);
        assert_eq!(number(&state), Some(5));
        do_it(&mut state, Guide::Toggle);
        assert_eq!(state.tour_due(), None);
    }

    #[test]
    fn leaving_brings_back_what_was_there() {
        let mut state = AppState::new(Start::default(), || {});
        settled(&mut state);
        let now = Instant::now();
        state.apply(Command::Theme(Theme::Light), now);
        state.apply(Command::Height(2.0), now);
        state.apply(Command::Orbit([40.0, 10.0]), now);
        let (style, camera, regions) = (state.style.clone(), state.camera, state.picture.as_ref().map(|p| p.stats.regions));
        do_it(&mut state, Guide::Go(6));
        assert_eq!((state.style.theme, state.style.height_factor), (Theme::Light, 1.0));
        assert_ne!(state.picture.as_ref().map(|p| p.stats.regions), regions);
        state.apply(Command::Escape, Instant::now());
        settled(&mut state);
        state.step_motion(Instant::now() + Duration::from_secs(1));
        assert!(state.tour().is_none());
        assert_eq!((&state.style, state.camera, state.picture.as_ref().map(|p| p.stats.regions)), (&style, camera, regions));
        assert_eq!(state.model.name, "rings_16x4");
    }

    #[test]
    fn a_file_that_is_opened_during_the_tour_is_seen_as_before_it() {
        let (regions, now) = (Regions::Linear, Instant::now());
        let mut state = AppState::new(Start { asked: Asked { regions, ..Asked::default() }, ..Start::default() }, || {});
        settled(&mut state);
        state.apply(Command::Coloring(Coloring::Pattern), now);
        state.apply(Command::Orbit([40.0, 10.0]), now);
        let camera = state.camera;
        do_it(&mut state, Guide::Go(6));
        state.apply(Command::Theme(Theme::Light), now);
        let asset = |name: &str| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
        state.apply(Command::Open(vec![asset("no_such.safetensors")]), now);
        while state.is_busy() {
            state.poll(now);
            std::thread::yield_now();
        }
        assert!(state.error.is_some() && state.tour().is_some(), "what cannot be opened leaves the scene");
        state.apply(Command::Open(vec![asset("star_8x6.safetensors")]), now);
        settled(&mut state);
        state.step_motion(now + Duration::from_secs(1));
        assert_eq!((state.tour().is_none(), state.model.name.as_str(), state.asked.regions), (true, "star_8x6", regions));
        assert_eq!((state.style.coloring, state.style.theme, state.camera), (Coloring::Pattern, Theme::Light, camera));
    }
}
