//! Keys, and files dropped on the window.
//!
//! In: egui's events. Out: commands. The sheet that shows the keys stands in `sheet`.

use super::{timeline, tour};
use crate::app::{AppState, Command, Guide, Play};
use crate::render::camera::Preset;
use egui::{Context, Event, Id, Key, Modifiers};

/// What the keyboard asked for.
pub fn commands(context: &Context, state: &AppState, test_hooks: bool, out: &mut Vec<Command>) {
    let typing = context.text_edit_focused();
    let focus = context.memory(egui::Memory::focused);
    context.input(|input| {
        for event in &input.events {
            match event {
                Event::Copy if !typing => out.push(Command::CopyCamera),
                Event::Paste(text) if !typing => out.push(Command::PasteCamera(text.clone())),
                Event::Key { key, pressed: true, repeat, modifiers, .. } if !typing => {
                    let guide = state.tour().filter(|_| modifiers.is_none()).and_then(|_| tour::key(*key, *repeat, focus));
                    if let Some(guide) = guide {
                        out.push(Command::Tour(guide));
                        continue;
                    }
                    let plays = modifiers.is_none() && (state.player().is_some() || state.training().is_some());
                    let play = plays.then(|| timeline_key(*key, *repeat, focus)).flatten();
                    out.extend(play.map(Command::Play).or_else(|| command(*key, *modifiers, *repeat, state, test_hooks)));
                }
                _ => {}
            }
        }
        let dropped = input.raw.dropped_files.iter().map(|file| file.path().to_path_buf());
        let dropped: Vec<_> = dropped.filter(|path| !path.as_os_str().is_empty()).collect();
        out.extend((!dropped.is_empty()).then_some(Command::Open(dropped)));
    });
}

fn command(key: Key, modifiers: Modifiers, repeat: bool, state: &AppState, test_hooks: bool) -> Option<Command> {
    if modifiers.command {
        return if repeat { None } else { with_control(key, modifiers, test_hooks) };
    }
    if modifiers.alt {
        return None;
    }
    // what may be held down
    match key {
        Key::OpenBracket => return Some(Command::FewerLayers),
        Key::CloseBracket => return Some(Command::MoreLayers),
        _ if repeat => return None,
        _ => {}
    }
    view_key(key).or_else(|| toggle_key(key)).or_else(|| file_key(key, state))
}

/// What the timeline hears. Another control that has the focus keeps its keys.
fn timeline_key(key: Key, repeat: bool, focus: Option<Id>) -> Option<Play> {
    let is_focused = focus == Some(timeline::id());
    match key {
        _ if focus.is_some() && !is_focused => None,
        Key::ArrowLeft => Some(Play::Step(-1)),
        Key::ArrowRight => Some(Play::Step(1)),
        Key::Space if !repeat => Some(Play::Toggle),
        Key::Home if is_focused => Some(Play::Seek(0.0)),
        Key::End if is_focused => Some(Play::Seek(1.0)),
        _ => None,
    }
}

fn with_control(key: Key, modifiers: Modifiers, test_hooks: bool) -> Option<Command> {
    match key {
        Key::O => Some(Command::OpenDialog),
        Key::Q => Some(Command::Quit),
        Key::F12 => Some(Command::Screenshot { transparent: true }),
        Key::D if test_hooks && modifiers.shift => Some(Command::DestroyDevice),
        _ => None,
    }
}

fn view_key(key: Key) -> Option<Command> {
    Some(match key {
        Key::Num1 => Command::View(Preset::Front),
        Key::Num3 => Command::View(Preset::Right),
        Key::Num7 => Command::View(Preset::Top),
        Key::Num9 => Command::View(Preset::Iso),
        Key::Num5 => Command::OtherProjection,
        Key::T => Command::Flip,
        Key::R | Key::Home => Command::Reset,
        _ => return None,
    })
}

fn toggle_key(key: Key) -> Option<Command> {
    Some(match key {
        Key::E => Command::ToggleEdges,
        Key::F => Command::ToggleFaces,
        Key::X => Command::ToggleAxes,
        Key::G => Command::ToggleGrid,
        Key::B => Command::ToggleLegend,
        Key::C => Command::NextColoring,
        Key::L => Command::NextRegions,
        Key::H | Key::Questionmark => Command::ToggleKeySheet,
        _ => return None,
    })
}

fn file_key(key: Key, state: &AppState) -> Option<Command> {
    Some(match key {
        Key::F5 if state.path.is_some() => Command::Reload,
        Key::W if state.path.is_some() => Command::ToggleWatch,
        Key::PageDown => Command::Neighbour(1),
        Key::PageUp => Command::Neighbour(-1),
        Key::F1 => Command::Tour(Guide::Go(state.tour().map_or(1, |tour| tour.goal().number))),
        Key::F9 => Command::Record,
        Key::F11 => Command::FullScreen,
        Key::F12 => Command::Screenshot { transparent: false },
        Key::Escape => Command::Escape,
        _ => return None,
    })
}
