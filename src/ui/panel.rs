//! The side panel: what the model is, what was counted, and what can be changed.
//!
//! In: the state. Out: commands.

use super::theme::{PANEL_MARGIN, Palette, palette, semibold};
use super::widgets::{ROW, cells, choice, fact, factor, row, section, steps, unfold};
use super::{tour, train};
use crate::app::{AppState, Command, MAX_FACTOR};
use crate::mesh::Regions;
use crate::mesh::number::with_commas;
use crate::network::Lift;
use crate::picture::{Picture, default_lift, widths_text};
use crate::render::camera::Preset;
use crate::render::{Coloring, Theme};
use crate::timeline::FoldOrder;
use egui::{Button, DragValue, Frame, Label, Panel, RichText, ScrollArea, Stroke, Ui};
use std::time::Duration;

/// Width of the panel in points.
const WIDTH: f32 = 292.0;
/// Height of the buttons at the foot, and the space over them.
const BUTTON: f32 = ROW + 4.0;
const FOOT_GAP: f32 = 8.0;

/// Shows the panel at the left.
pub fn show(ui: &mut Ui, state: &AppState, commands: &mut Vec<Command>) {
    let p = palette(state.style.theme);
    let frame = Frame::new().inner_margin(PANEL_MARGIN);
    let panel = Panel::left("panel").resizable(false).show_separator_line(false).exact_size(WIDTH).frame(frame);
    let shown = panel.show(ui, |ui| {
        // the buttons at the foot are always to be seen
        let room = ui.available_height() - BUTTON - 2.0 * FOOT_GAP;
        ScrollArea::vertical().max_height(room).show(ui, |ui| {
            ui.set_width(ui.available_width());
            model(ui, state, &p, commands);
            section(ui, "Tour", true, &p, |ui| commands.extend(tour::scenes(ui, state, &p)));
            section(ui, "Complex", true, &p, |ui| counts(ui, state, &p));
            section(ui, "Surface", true, &p, |ui| surface(ui, state, &p, commands));
            section(ui, "View", true, &p, |ui| view(ui, state, &p, commands));
            section(ui, "Look", true, &p, |ui| look(ui, state, &p, commands));
            if train::has_begun(ui, state) {
                unfold(ui, "Train");
            }
            section(ui, "Train", false, &p, |ui| train::show(ui, state, &p, commands));
        });
        ui.add_space(FOOT_GAP);
        buttons(ui, commands);
    });
    let rect = shown.response.rect;
    // inside the panel: the picture begins beside it
    ui.painter().vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, p.line));
}

fn model(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let network = &state.model.network;
    let name = Label::new(RichText::new(&state.model.name).font(semibold(20.0)).color(p.text)).truncate();
    let path = state.path.as_ref().map_or_else(|| "no file".to_owned(), |path| path.display().to_string());
    ui.add(name).on_hover_text(path);
    ui.add(Label::new(RichText::new(widths_text(&network.widths())).color(p.dim)).wrap());
    ui.add_space(4.0);
    row(ui, "Activation", p, |ui| {
        let text = Label::new(RichText::new(activation(network.slope())).color(p.text)).truncate();
        ui.add(text).on_hover_text(state.model.activation_text());
    });
    fact(ui, "Parameters", &with_commas(network.n_parameters()), p);
    if state.path.is_some() {
        commands.extend(watch(ui, state, p));
    }
}

/// Whether the file is watched.
fn watch(ui: &mut Ui, state: &AppState, p: &Palette) -> Option<Command> {
    let (mut clicked, problem) = (None, state.waits_for());
    let label = if problem.is_some() { "Waiting\u{2026}" } else { "Watch file" };
    let names = [("off", !state.watches), ("on", state.watches)];
    row(ui, label, p, |ui| clicked = cells(ui, "watch", &names, p)).on_hover_text(problem.unwrap_or("Reload it when it changes (W)"));
    clicked.filter(|&on| (on == 1) != state.watches).map(|_| Command::ToggleWatch)
}

/// `ReLU` or `LeakyReLU 0.02`, the slope with four digits.
fn activation(slope: f64) -> String {
    if slope == 0.0 { "ReLU".to_owned() } else { format!("LeakyReLU {}", short(slope)) }
}

/// A number with four digits at least where it has as many, without trailing zeros, with a true minus.
fn short(number: f64) -> String {
    let order = if number == 0.0 { 0.0 } else { number.abs().log10().floor() };
    let text = format!("{number:.*}", (3.0 - order).clamp(0.0, 9.0) as usize);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.replace('-', "\u{2212}")
}

fn counts(ui: &mut Ui, state: &AppState, p: &Palette) {
    let Some(Picture { stats, time, mesh, .. }) = state.picture.as_deref() else {
        ui.label(RichText::new("being computed").color(p.dim));
        return;
    };
    fact(ui, "Regions", &with_commas(stats.regions), p);
    fact(ui, "Edges", &with_commas(stats.edges), p);
    fact(ui, "Vertices", &with_commas(stats.vertices), p);
    fact(ui, "Window", &window_text(mesh.window), p);
    fact(ui, "Computed in", &time_text(*time), p);
}

/// `[−1, 1] × [−1, 1]`.
fn window_text([x0, y0, x1, y1]: [f64; 4]) -> String {
    let side = |lo: f64, hi: f64| format!("[{}, {}]", short(lo), short(hi));
    format!("{} \u{d7} {}", side(x0, x1), side(y0, y1))
}

fn time_text(time: Duration) -> String {
    if time < Duration::from_secs(1) { format!("{} ms", time.as_millis().max(1)) } else { format!("{:.1} s", time.as_secs_f64()) }
}

fn surface(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let n = state.model.network.n_hidden();
    if n > 1 {
        layers(ui, state, n, p, commands);
    }
    lift(ui, state, p, commands);
    let kinds = [Regions::Activation, Regions::Linear];
    let clicked = choice(ui, "Regions", &kinds.map(|kind| (regions_name(kind), state.asked.regions == kind)), p);
    commands.extend(clicked.map(|i| Command::Regions(kinds[i])));
    if n > 0 {
        fold(ui, state, p, commands);
    }
    let height = factor(ui, "Height", state.style.height_factor, 0.0..=MAX_FACTOR, p);
    commands.extend(height.map(Command::Height));
}

/// Folds the sheet from a plane, or lets the layers come in one by one.
fn fold(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let present = state.player().and_then(|player| player.fold);
    let mut row = |label, orders: &[(&str, FoldOrder)]| {
        let is_off = orders.iter().all(|&(_, order)| present != Some(order));
        let mut names = vec![("off", is_off)];
        names.extend(orders.iter().map(|&(name, order)| (name, present == Some(order))));
        let order = choice(ui, label, &names, p).map(|i| i.checked_sub(1).map(|i| orders[i].1));
        // off in one row says nothing of the other
        commands.extend(order.filter(|order| order.is_some() || !is_off).map(Command::Fold));
    };
    row("Fold", &[("at once", FoldOrder::Together), ("by layer", FoldOrder::LayerByLayer)]);
    row("Reveal", &[("by layer", FoldOrder::Reveal)]);
}

/// The slider's last place is the whole network.
fn layers(ui: &mut Ui, state: &AppState, n: usize, p: &Palette, commands: &mut Vec<Command>) {
    let shown = state.asked.layers.unwrap_or(n).min(n);
    let word = if state.asked.layers.is_none() { format!("all {n}") } else { format!("{shown} of {n}") };
    let new = steps(ui, "Layers", shown, 1..=n, &word, p);
    commands.extend(new.map(|k| Command::Layers((k < n).then_some(k))));
}

/// Which output, or which projection.
fn lift(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let n = state.model.network.n_outputs();
    let cut = state.asked.layers.is_some();
    if n == 1 && !cut {
        fact(ui, "Lifted by", "output", p);
        return;
    }
    let present = state.asked.lift.unwrap_or_else(|| default_lift(n));
    let seed = if let Lift::Projection(seed) = present { seed } else { 0 };
    if cut {
        fact(ui, "Lifted by", "random projection", p);
    } else {
        let projected = matches!(present, Lift::Projection(_));
        let clicked = choice(ui, "Lifted by", &[("output", !projected), ("projection", projected)], p);
        commands.extend(clicked.map(|i| Command::Lift(if i == 0 { Lift::Output(0) } else { Lift::Projection(seed) })));
    }
    match present {
        Lift::Output(j) if !cut => number(ui, "Output", j, n - 1, p, |j| commands.push(Command::Lift(Lift::Output(j)))),
        _ => number(ui, "Seed", seed, u64::from(u32::MAX), p, |seed| commands.push(Command::Lift(Lift::Projection(seed)))),
    }
}

/// A whole number from 0 to `max`.
fn number<N: egui::emath::Numeric>(ui: &mut Ui, label: &str, value: N, max: N, p: &Palette, changed: impl FnOnce(N)) {
    let mut new = value;
    row(ui, label, p, |ui| {
        ui.add_sized([ui.available_width(), ROW - 2.0], DragValue::new(&mut new).range(N::from_f64(0.0)..=max).speed(0.05));
    });
    if new != value {
        changed(new);
    }
}

/// What one face is called.
pub fn regions_name(regions: Regions) -> &'static str {
    if regions == Regions::Linear { "linear" } else { "activation" }
}

/// What a colouring is called.
pub fn coloring_name(coloring: Coloring) -> &'static str {
    match coloring {
        Coloring::Output => "output",
        Coloring::Layers => "layers",
        Coloring::Pattern => "pattern",
    }
}

fn view(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let views = [("3-D", Preset::Default), ("Top", Preset::Top), ("Front", Preset::Front), ("Right", Preset::Right), ("Iso", Preset::Iso)];
    let names = views.map(|(name, view)| (name, state.is_framed() && state.view == view));
    commands.extend(cells(ui, "views", &names, p).map(|i| Command::View(views[i].1)));
    let parallel = state.camera.orthographic;
    let clicked = cells(ui, "lens", &[("Perspective", !parallel), ("Orthographic", parallel)], p);
    commands.extend(clicked.filter(|&i| (i == 1) != parallel).map(|_| Command::OtherProjection));
}

fn look(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let style = &state.style;
    let themes = [("dark", Theme::Dark), ("light", Theme::Light)];
    let clicked = choice(ui, "Theme", &themes.map(|(name, theme)| (name, style.theme == theme)), p);
    commands.extend(clicked.map(|i| Command::Theme(themes[i].1)));
    let colorings = Coloring::ALL;
    let clicked = choice(ui, "Colour", &colorings.map(|c| (coloring_name(c), style.coloring == c)), p);
    commands.extend(clicked.map(|i| Command::Coloring(colorings[i])));
    let width = factor(ui, "Line width", style.line_width_factor, 0.0..=MAX_FACTOR, p);
    commands.extend(width.map(Command::LineWidth));
    toggles(ui, state, p, commands);
}

fn toggles(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let s = &state.style;
    let names = [("Edges", s.edges), ("Faces", s.faces), ("Axes", s.axes), ("Grid", s.grid), ("Legend", s.legend)];
    let toggles = [Command::ToggleEdges, Command::ToggleFaces, Command::ToggleAxes, Command::ToggleGrid, Command::ToggleLegend];
    commands.extend(cells(ui, "shown", &names, p).map(|i| toggles[i].clone()));
}

fn buttons(ui: &mut Ui, commands: &mut Vec<Command>) {
    let all = [
        ("Open\u{2026}", "Ctrl+O, or drop a file on the window; several models make a timeline", Command::OpenDialog),
        ("PNG", "Save the picture (F12)", Command::Screenshot { transparent: false }),
        ("Record", "Record the timeline, or a turn round the surface, as a film (F9)", Command::Record),
        ("Keys", "H", Command::ToggleKeySheet),
    ];
    ui.spacing_mut().button_padding.x = 4.0;
    ui.columns(all.len(), |columns| {
        for (ui, (name, key, command)) in columns.iter_mut().zip(all) {
            let size = [ui.available_width(), BUTTON];
            if ui.add_sized(size, Button::new(name)).on_hover_text(key).clicked() {
                commands.push(command);
            }
        }
    });
}
