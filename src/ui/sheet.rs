//! The key sheet: every key with what it does and its present value, in groups, over the window.
//!
//! In: the state. Out: the command that closes it.

use super::panel::coloring_name;
use super::theme::{Palette, palette, semibold};
use crate::app::{AppState, Command};
use crate::tour::SCENES;
use egui::{Align, Color32, FontId, Frame, Id, Label, Layout, Modal, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, vec2};
use std::time::Instant;

/// Widths in points: of a column, and of the keys in it.
const COLUMN: f32 = 372.0;
const KEYS: f32 = 142.0;
const GAP: f32 = 40.0;
const MARGIN: f32 = 28.0;
const ROW: f32 = 26.0;
/// Ground of the rest of the window.
const SHADE: Color32 = Color32::from_black_alpha(110);

/// Keys or mouse, what they do, the present value.
type Line = (&'static [&'static str], &'static str, String);

/// Shows the sheet while it is wanted.
pub fn show(context: &egui::Context, state: &AppState, commands: &mut Vec<Command>) {
    if !state.key_sheet {
        return;
    }
    let p = palette(state.style.theme);
    let frame = Frame::new().fill(p.card).stroke(Stroke::new(1.0, p.line)).corner_radius(10).inner_margin(MARGIN);
    let room = context.content_rect().size() - vec2(2.0, 2.0) * (MARGIN + 12.0);
    let id = Id::unique("keys");
    let area = Modal::default_area(id).default_size(room);
    let shown = Modal::new(id).area(area).frame(frame).backdrop_color(SHADE).show(context, |ui| {
        ui.set_width(room.x.min(2.0 * COLUMN + GAP));
        ScrollArea::both().max_height(room.y).min_scrolled_height(room.y).show(ui, |ui| columns(ui, state, &p));
    });
    if shown.backdrop_response.clicked() {
        commands.push(Command::ToggleKeySheet);
    }
}

fn columns(ui: &mut Ui, state: &AppState, p: &Palette) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        column(ui, &[("Mouse", mouse()), ("View", view(state)), ("Timeline", timeline(state)), ("Tour", tour(state))], p);
        column(ui, &[("Picture", picture(state)), ("Files and window", files(state))], p);
    });
}

fn column(ui: &mut Ui, groups: &[(&str, Vec<Line>)], p: &Palette) {
    ui.vertical(|ui| {
        ui.set_width(COLUMN);
        ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
        for (i, (title, lines)) in groups.iter().enumerate() {
            ui.add_space(if i == 0 { 0.0 } else { 18.0 });
            ui.label(RichText::new(*title).font(semibold(16.0)).color(p.text));
            ui.add_space(6.0);
            for line in lines {
                show_line(ui, line, p);
            }
        }
    });
}

fn show_line(ui: &mut Ui, (keys, act, value): &Line, p: &Palette) {
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        ui.allocate_ui_with_layout(vec2(KEYS, ROW), Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(KEYS);
            keys.iter().for_each(|key| cap(ui, key, p));
        });
        ui.add(Label::new(RichText::new(*act).color(p.text)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(Label::new(RichText::new(value).color(p.accent)).truncate()));
    });
}

/// A key's cap.
fn cap(ui: &mut Ui, key: &str, p: &Palette) {
    let text = ui.painter().layout_no_wrap(key.to_owned(), FontId::proportional(13.0), p.text);
    let (rect, _) = ui.allocate_exact_size(vec2((text.size().x + 12.0).max(22.0), 20.0), Sense::hover());
    ui.painter().rect(rect, 4.0, p.groove, Stroke::new(1.0, p.line), StrokeKind::Inside);
    ui.painter().galley(rect.center() - text.size() / 2.0, text, p.text);
}

fn on_off(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

fn mouse() -> Vec<Line> {
    let none = String::new;
    // winit hands over a pinch on macOS alone
    let zoom: &[&str] = if cfg!(target_os = "macos") { &["wheel", "pinch"] } else { &["wheel"] };
    vec![
        (&["left drag"], "orbit", none()),
        (&["right drag"], "pan; also middle, Shift + left", none()),
        (zoom, "zoom towards the cursor", none()),
        (&["double click"], "centre there", none()),
    ]
}

fn view(state: &AppState) -> Vec<Line> {
    let none = String::new;
    let projection = if state.camera.orthographic { "orthographic" } else { "perspective" };
    let view = if state.is_framed() { state.view.name() } else { "free" };
    vec![
        (&["1", "3", "7", "9"], "front, right, top, isometric", view.to_owned()),
        (&["T"], "flip 3-D and top-down", none()),
        (&["5"], "projection", projection.to_owned()),
        (&["R", "Home"], "reset the view", none()),
        (&["Ctrl+C", "Ctrl+V"], "copy, paste the camera", none()),
    ]
}

fn timeline(state: &AppState) -> Vec<Line> {
    let none = String::new;
    let playing = state.player().map_or_else(none, |player| if player.is_playing() { "playing" } else { "paused" }.to_owned());
    vec![
        (&["Space"], "play, pause; a training too", playing),
        (&["Left", "Right"], "step", none()),
        (&["Home", "End"], "its ends, after a click on it", none()),
    ]
}

fn tour(state: &AppState) -> Vec<Line> {
    let none = String::new;
    let scene = state.tour().map_or_else(none, |tour| format!("{} of {}", tour.goal().number, SCENES.len()));
    let playing = state.tour().map_or_else(none, |tour| on_off(tour.is_playing));
    vec![
        (&["F1"], "how a network folds a sheet", scene),
        (&["Left", "Right"], "scene before, next scene", none()),
        (&["Space"], "goes on by itself", playing),
        (&["Esc"], "leave it", none()),
    ]
}

fn picture(state: &AppState) -> Vec<Line> {
    let style = &state.style;
    let n_hidden = state.model.network.n_hidden();
    let layers = state.asked.layers.map_or_else(|| format!("all {n_hidden}"), |k| format!("{k} of {n_hidden}"));
    vec![
        (&["[", "]"], "fewer, more layers", layers),
        (&["C"], "next colouring", coloring_name(style.coloring).to_owned()),
        (&["L"], "activation or linear regions", super::panel::regions_name(state.asked.regions).to_owned()),
        (&["E"], "edges", on_off(style.edges)),
        (&["F"], "faces", on_off(style.faces)),
        (&["X"], "axes", on_off(style.axes)),
        (&["G"], "grid", on_off(style.grid)),
        (&["B"], "legend", on_off(style.legend)),
    ]
}

fn files(state: &AppState) -> Vec<Line> {
    let none = String::new;
    // winit hears of no dropped file on Wayland
    let drop = if std::env::var_os("WAYLAND_DISPLAY").is_some() { "open" } else { "open; or drop files" };
    vec![
        (&["Ctrl+O"], drop, none()),
        (&["F5"], "reload", state.path.as_ref().map_or_else(|| "no file".to_owned(), |_| state.model.name.clone())),
        (&["W"], "watch the file", on_off(state.watched().is_some())),
        (&["PageUp", "PageDown"], "models of the folder", none()),
        (&["F9"], "record a film, stop it", on_off(state.recording(Instant::now()).is_some())),
        (&["F12"], "picture to PNG", none()),
        (&["Ctrl+F12"], "transparent, without overlays", none()),
        (&["F11"], "full screen", none()),
        (&["H", "?", "Esc"], "this sheet", none()),
        (&["Ctrl+Q"], "quit", none()),
    ]
}
