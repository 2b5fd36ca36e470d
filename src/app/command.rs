//! Everything a person can ask for, and the one place where it happens.
//!
//! In: a [`Command`]. Out: a changed [`AppState`], and an [`Effect`] where the host has to act.

use super::player::Play;
use super::pose;
use super::state::AppState;
use super::tour::Guide;
use super::training::Train;
use crate::mesh::Regions;
use crate::network::Lift;
use crate::picture::Asked;
use crate::render::camera::{Camera, Preset};
use crate::render::{Coloring, Theme};
use crate::timeline::FoldOrder;
use std::path::PathBuf;
use std::time::Instant;

/// The largest factor on heights and line widths.
pub const MAX_FACTOR: f32 = 4.0;

/// What was asked for. Lengths in device pixels of the picture, x right, y down.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// By a drag in points, so that it turns alike at every scale factor.
    Orbit([f32; 2]),
    Pan([f32; 2]),
    Zoom {
        factor: f32,
        at: [f32; 2],
    },
    /// The point of the surface that is seen there comes to the middle.
    Centre([f32; 2]),
    View(Preset),
    /// From 3-D to top-down, and back to where one was.
    Flip,
    OtherProjection,
    /// To the whole surface: from above where one looked from above, otherwise from the default direction.
    Reset,
    /// Up to this layer, counted from 1; `None` is the whole network.
    Layers(Option<usize>),
    MoreLayers,
    FewerLayers,
    Lift(Lift),
    /// What one face is.
    Regions(Regions),
    /// From activation to linear regions and back.
    NextRegions,
    /// What is done with the timeline.
    Play(Play),
    /// What is done with the training.
    Train(Train),
    /// A file is chosen to be learned.
    TargetDialog,
    /// Folds the network from a plane, or reveals its layers; `None`: leaves that.
    Fold(Option<FoldOrder>),
    Theme(Theme),
    Coloring(Coloring),
    NextColoring,
    Height(f32),
    LineWidth(f32),
    ToggleEdges,
    ToggleFaces,
    ToggleAxes,
    ToggleGrid,
    ToggleLegend,
    ToggleKeySheet,
    /// What is done with the tour.
    Tour(Guide),
    /// Closes the key sheet, or else the error, or else leaves the tour.
    Escape,
    CancelJob,
    OpenDialog,
    /// A model or a target; several models for the way from each to the next.
    Open(Vec<PathBuf>),
    Reload,
    /// Watches the open file, or no longer.
    ToggleWatch,
    /// The next (1) or previous (-1) model in the folder.
    Neighbour(i32),
    CopyCamera,
    PasteCamera(String),
    Screenshot {
        transparent: bool,
    },
    /// Records the timeline, or a turn round the surface; stops a recording.
    Record,
    FullScreen,
    Quit,
    /// For tests alone: the device is lost.
    DestroyDevice,
}

/// What only the host can do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Chooses a model, or a file to be learned.
    OpenDialog {
        targets: bool,
    },
    CopyText(String),
    Screenshot {
        transparent: bool,
    },
    Record,
    FullScreen,
    Quit,
    DestroyDevice,
}

impl AppState {
    /// Does it.
    pub fn apply(&mut self, command: Command, now: Instant) -> Option<Effect> {
        match command {
            Command::OpenDialog => return Some(Effect::OpenDialog { targets: false }),
            Command::TargetDialog => return Some(Effect::OpenDialog { targets: true }),
            Command::CopyCamera => return Some(self.copy_camera(now)),
            Command::Screenshot { transparent } => return Some(Effect::Screenshot { transparent }),
            Command::Record => return (!self.stop_recording(now)).then_some(Effect::Record),
            Command::FullScreen => return Some(Effect::FullScreen),
            Command::Quit => return Some(Effect::Quit),
            Command::DestroyDevice => return Some(Effect::DestroyDevice),
            Command::Open(paths) => self.open(paths, now),
            Command::Reload => self.reload(),
            Command::ToggleWatch => self.toggle_watch(now),
            Command::Neighbour(step) => self.open_neighbour(step, now),
            Command::CancelJob => self.cancel(now),
            Command::Play(what) => self.play(what, now),
            Command::Train(what) => self.train(what, now),
            Command::Fold(order) => self.fold(order, now),
            Command::ToggleKeySheet => self.key_sheet = !self.key_sheet,
            Command::Escape => self.escape(now),
            Command::Tour(what) => self.guide(what, now),
            camera_or_style => {
                if let Some(rest) = self.apply_camera(camera_or_style, now) {
                    self.apply_surface(&rest);
                }
            }
        }
        None
    }

    /// The camera's commands; hands back what is none.
    fn apply_camera(&mut self, command: Command, now: Instant) -> Option<Command> {
        let size = self.size_px;
        match command {
            Command::Orbit(d) => self.set_camera(pose::orbit(&self.camera, d)),
            Command::Pan(d) => self.set_camera(pose::pan(&self.camera, d, size)),
            Command::Zoom { factor, at } => self.set_camera(pose::zoom(&self.camera, factor, self.point_at(at), at, size)),
            Command::Centre(at) => {
                if let Some(target) = self.point_at(at) {
                    self.ease_to(Camera { target, ..self.camera }, now);
                }
            }
            Command::View(view) => self.go_home(view, now),
            Command::Flip => self.flip(now),
            Command::OtherProjection => self.ease_to(pose::other_projection(&self.camera), now),
            Command::Reset => self.go_home(if self.view == Preset::Top { Preset::Top } else { Preset::Default }, now),
            Command::PasteCamera(text) => match text.trim().parse::<Camera>() {
                Ok(camera) => self.ease_to(camera, now),
                Err(error) => self.error = Some(format!("the clipboard holds no camera: {error}")),
            },
            other => return Some(other),
        }
        None
    }

    /// What changes the surface or its look.
    fn apply_surface(&mut self, command: &Command) {
        let style = &mut self.style;
        match *command {
            Command::Layers(layers) => self.ask(Asked { layers, ..self.asked }),
            Command::MoreLayers => self.step_layers(1),
            Command::FewerLayers => self.step_layers(-1),
            Command::Lift(lift) => self.ask(Asked { lift: Some(lift), ..self.asked }),
            Command::Regions(regions) => self.ask(Asked { regions, ..self.asked }),
            Command::NextRegions => {
                let regions = if self.asked.regions == Regions::Linear { Regions::Activation } else { Regions::Linear };
                self.ask(Asked { regions, ..self.asked });
            }
            Command::Theme(theme) => style.theme = theme,
            Command::Coloring(coloring) => style.coloring = coloring,
            Command::NextColoring => style.coloring = style.coloring.next(),
            Command::Height(factor) => style.height_factor = factor.clamp(0.0, MAX_FACTOR),
            Command::LineWidth(factor) => style.line_width_factor = factor.clamp(0.0, MAX_FACTOR),
            Command::ToggleEdges => style.edges = !style.edges,
            Command::ToggleFaces => style.faces = !style.faces,
            Command::ToggleAxes => style.axes = !style.axes,
            Command::ToggleGrid => style.grid = !style.grid,
            Command::ToggleLegend => style.legend = !style.legend,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::easing::EASING;
    use crate::app::state::Start;
    use crate::model::{self, Model};
    use crate::timeline::Timeline;
    use std::time::Duration;

    /// The built-in network, computed.
    fn state() -> AppState {
        let mut state = AppState::new(Start::default(), || {});
        settle(&mut state);
        state
    }

    fn settle(state: &mut AppState) {
        while state.is_busy() {
            state.poll(Instant::now());
            std::thread::yield_now();
        }
    }

    fn n_regions(state: &AppState) -> usize {
        state.picture.as_ref().map_or(0, |p| p.stats.regions)
    }

    #[test]
    fn layers_go_down_and_up_and_stop_at_both_ends() {
        let (mut state, now) = (state(), Instant::now());
        let all = n_regions(&state);
        for expected in [Some(3), Some(2), Some(1), Some(1)] {
            state.apply(Command::FewerLayers, now);
            settle(&mut state);
            assert_eq!(state.asked.layers, expected);
        }
        assert!((17..all).contains(&n_regions(&state)), "the regions of one layer");
        for expected in [Some(2), Some(3), None, None] {
            state.apply(Command::MoreLayers, now);
            assert_eq!(state.asked.layers, expected);
        }
        settle(&mut state);
        assert_eq!(n_regions(&state), all);
    }

    #[test]
    fn a_cancelled_job_leaves_what_is_shown() {
        let mut state = state();
        let all = n_regions(&state);
        state.apply(Command::Layers(Some(1)), Instant::now());
        state.apply(Command::CancelJob, Instant::now());
        assert_eq!((state.asked.layers, state.is_busy(), n_regions(&state)), (None, false, all));
    }

    #[test]
    fn every_frame_that_is_begun_is_shown_and_the_next_is_the_newest() {
        let (mut state, start) = (state(), Instant::now());
        let (own, all) = (state.model.network.slope(), n_regions(&state));
        state.apply(Command::Fold(Some(FoldOrder::Together)), start);
        let at = |i: u32| start + Duration::from_millis(1) * i;
        let mut n_shown = 0;
        for i in 1.. {
            let (begun, generation) = (state.player().and_then(|player| player.shown), state.generation);
            state.poll(at(i));
            let player = state.player().expect("it is being folded");
            if state.generation > generation {
                let phase = begun.expect("it was begun");
                assert_eq!(state.model.network, player.timeline.network(phase).expect("numbers stay finite"));
                n_shown += 1;
                assert_eq!(player.shown, Some(player.phase(at(i))), "the next is begun at once");
            } else if begun.is_some() {
                assert_eq!(player.shown, begun, "what is begun is not given up");
            }
            if n_shown == 5 {
                break;
            }
            std::thread::yield_now();
        }
        assert!(state.model.network.slope() > own, "it unfolds");
        state.apply(Command::Fold(None), at(1));
        settle(&mut state);
        assert_eq!((state.player().is_none(), state.model.network.slope(), n_regions(&state)), (true, own, all));
    }

    #[test]
    fn layers_are_revealed_one_by_one_and_those_that_are_cut_have_no_time() {
        let (mut state, start) = (state(), Instant::now());
        let all = n_regions(&state);
        let n_regions_at = |state: &mut AppState, place: f64| {
            state.apply(Command::Play(Play::Seek(place)), start);
            state.poll(start);
            settle(state);
            n_regions(state)
        };
        state.apply(Command::Fold(Some(FoldOrder::Reveal)), start);
        state.apply(Command::Play(Play::Toggle), start);
        let counts = [0.0, 0.25, 0.5, 0.75, 1.0].map(|place| n_regions_at(&mut state, place));
        assert_eq!((counts[0], counts[4]), (1, all));
        assert!(counts.is_sorted_by(|a, b| a < b), "{counts:?}");
        state.apply(Command::Layers(Some(2)), start);
        settle(&mut state);
        let cut = [0.0, 0.5, 1.0].map(|place| n_regions_at(&mut state, place));
        assert_eq!((&cut[..], state.model.network.n_hidden()), (&counts[..3], 4), "the model is whole");
        assert_eq!(state.player().map(|player| player.timeline.keys().len()), Some(3));
        state.apply(Command::Fold(None), start);
        settle(&mut state);
        assert_eq!((state.asked.layers, n_regions(&state), state.player().is_none()), (Some(2), counts[2], true));
    }

    #[test]
    fn a_timeline_keeps_its_scale_and_a_change_of_what_is_shown_gives_it_another() {
        let [untrained, trained] = ["untrained", "rings"].map(named);
        let timeline = Timeline::between([&untrained, &trained]).expect("one architecture");
        let mut state = AppState::new(Start { model: Some(untrained), timeline: Some(timeline), ..Start::default() }, || {});
        settle(&mut state);
        let now = Instant::now();
        let range = |state: &AppState| state.picture.as_ref().map(|p| [p.mesh.lo, p.mesh.hi]);
        let (first, regions, camera) = (range(&state), n_regions(&state), state.camera);
        state.apply(Command::Play(Play::Seek(0.5)), now);
        state.poll(now);
        settle(&mut state);
        assert_eq!((range(&state), state.camera, state.is_easing()), (first, camera, false));
        assert_ne!(n_regions(&state), regions);
        assert_eq!(state.curve().len(), 129);
        state.apply(Command::Layers(Some(1)), now);
        settle(&mut state);
        assert_ne!(range(&state), first);
        assert_eq!(state.model.network.n_hidden(), 6, "the model is whole");
    }

    /// A committed network of 6 hidden layers of 8.
    fn named(name: &str) -> Model {
        let bytes: &[u8] = match name {
            "rings" => include_bytes!("../../assets/rings_8x6.safetensors"),
            _ => include_bytes!("../../assets/untrained_8x6.safetensors"),
        };
        model::load(&format!("{name}.safetensors"), bytes, None).expect("a valid file")
    }

    #[test]
    fn an_unreadable_file_is_an_error_beside_the_present_model() {
        let mut state = state();
        let all = n_regions(&state);
        state.apply(Command::Open(vec!["/no/such/file.safetensors".into()]), Instant::now());
        settle(&mut state);
        assert!(state.error.as_ref().is_some_and(|e| e.contains("file.safetensors")), "{:?}", state.error);
        assert_eq!((state.model.name.as_str(), n_regions(&state)), ("rings_16x4", all));
        state.apply(Command::Escape, Instant::now());
        assert_eq!(state.error, None);
    }

    #[test]
    fn models_opened_together_are_a_timeline_and_what_does_not_fit_is_refused() {
        let asset = |name: &str| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
        let together = |names: &[&str]| Command::Open(names.iter().map(|name| asset(name)).collect());
        let (mut state, now) = (state(), Instant::now());
        state.apply(together(&["untrained_8x6.safetensors", "rings_8x6.safetensors", "star_8x6.safetensors"]), now);
        settle(&mut state);
        let keys = |state: &AppState| state.player().map(|player| (player.timeline.keys().len(), player.is_playing()));
        assert_eq!((keys(&state), state.error.clone()), (Some((3, false)), None));
        assert_eq!((state.model.name.as_str(), state.path.clone()), ("untrained_8x6", None));
        for (names, sentence) in [
            (["rings_8x6.safetensors", "random_8.safetensors"], "hidden layers"),
            (["rings_8x6.safetensors", "no_such.safetensors"], "no_such.safetensors"),
            (["rings_8x6.safetensors", "points.csv"], "points.csv is no model"),
        ] {
            state.apply(together(&names), now);
            settle(&mut state);
            assert!(state.error.as_ref().is_some_and(|e| e.contains(sentence)), "{names:?}: {:?}", state.error);
            assert_eq!(keys(&state), Some((3, false)), "{names:?}: what was open stays");
        }
    }

    #[test]
    fn models_of_a_folder_go_round_even_from_one_that_is_gone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(format!("{name}.safetensors"));
        for name in ["a", "b", "c"] {
            std::fs::write(path(name), include_bytes!("../../assets/random_8.safetensors")).expect("the folder is ours");
        }
        let (mut state, now) = (state(), Instant::now());
        let opened = |state: &mut AppState, command: Command| {
            state.apply(command, now);
            settle(state);
            state.model.name.clone()
        };
        assert_eq!(opened(&mut state, Command::Open(vec![path("a")])), "a");
        for (step, name) in [(1, "b"), (1, "c"), (1, "a"), (-1, "c"), (-1, "b")] {
            assert_eq!(opened(&mut state, Command::Neighbour(step)), name, "{step}");
        }
        std::fs::remove_file(path("b")).expect("it is there");
        assert_eq!(opened(&mut state, Command::Neighbour(-1)), "a");
        std::fs::remove_file(path("a")).expect("it is there");
        assert_eq!(opened(&mut state, Command::Neighbour(1)), "c");
        assert_eq!((opened(&mut state, Command::Neighbour(1)), state.error.take()), ("c".to_owned(), None));
    }

    #[test]
    fn the_flip_is_eased_and_comes_back() {
        let (mut state, now) = (state(), Instant::now());
        let first = state.camera;
        state.apply(Command::Flip, now);
        assert!(state.step_motion(now + EASING / 2) && state.camera.elevation_deg < 90.0);
        assert!(!state.step_motion(now + EASING) && (state.camera.elevation_deg - 90.0).abs() < 1e-3);
        state.apply(Command::Flip, now);
        state.step_motion(now + EASING);
        assert_eq!(state.camera, first);
    }

    #[test]
    fn the_flip_comes_back_to_a_pose_of_ones_own() {
        let (mut state, now) = (state(), Instant::now());
        state.apply(Command::Orbit([100.0, -40.0]), now);
        let own = state.camera;
        state.apply(Command::Flip, now);
        state.apply(Command::Flip, now);
        state.step_motion(now + EASING);
        assert_eq!(state.camera, own, "even from the middle of the way");
        state.apply(Command::View(Preset::Top), now);
        state.apply(Command::Reset, now);
        state.step_motion(now + EASING);
        assert!((state.camera.elevation_deg - 90.0).abs() < 1e-3, "the top view is reset to itself");
    }

    #[test]
    fn a_double_click_centres_the_point_of_the_surface_and_nothing_beside_it() {
        let (mut state, now) = (state(), Instant::now());
        let (first, at) = (state.camera, [500.0, 420.0]);
        let point = state.point_at(at).expect("the surface is there");
        state.apply(Command::Centre([1.0, 1.0]), now);
        assert!(!state.is_easing());
        state.apply(Command::Centre(at), now);
        state.step_motion(now + EASING);
        assert_eq!(state.camera, Camera { target: point, ..first });
    }

    #[test]
    fn the_mouse_beats_a_camera_under_way() {
        let (mut state, now) = (state(), Instant::now());
        state.apply(Command::Flip, now);
        state.apply(Command::Orbit([10.0, 0.0]), now);
        assert!(!state.step_motion(now + EASING / 2));
    }

    #[test]
    fn a_copied_camera_pastes_back() {
        let (mut state, now) = (state(), Instant::now());
        state.apply(Command::Orbit([33.0, 5.0]), now);
        let camera = state.camera;
        let Some(Effect::CopyText(text)) = state.apply(Command::CopyCamera, now) else { panic!("copying asks for the clipboard") };
        state.apply(Command::Reset, now);
        state.apply(Command::PasteCamera(text), now);
        state.step_motion(now + EASING);
        assert_eq!(state.camera, camera);
        state.apply(Command::PasteCamera("hello".to_owned()), now);
        assert!(state.error.is_some());
    }

    #[test]
    fn toggles_and_factors() {
        let (mut state, now) = (state(), Instant::now());
        state.apply(Command::ToggleEdges, now);
        state.apply(Command::Height(9.0), now);
        assert_eq!((state.style.edges, state.style.height_factor), (false, MAX_FACTOR));
    }
}
