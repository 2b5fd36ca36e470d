//! The side panel: what the model is, what was counted, and what can be changed.
//!
//! In: the state. Out: commands.

use super::theme::{PANEL_MARGIN, Palette, palette};
use crate::app::picture::{default_lift, widths_text};
use crate::app::{AppState, Command, MAX_FACTOR, Picture};
use crate::mesh::number::with_commas;
use crate::network::Lift;
use crate::render::{Coloring, Theme};
use egui::{Align, DragValue, Frame, Layout, Panel, RichText, Slider, Ui};
use std::time::Duration;

/// Width of the panel in points.
const WIDTH: f32 = 272.0;

/// Shows the panel at the left.
pub fn show(ui: &mut Ui, state: &AppState, commands: &mut Vec<Command>) {
    let p = palette(state.style.theme);
    let frame = Frame::new().fill(p.panel).inner_margin(PANEL_MARGIN);
    Panel::left("panel").resizable(false).exact_size(WIDTH).frame(frame).show(ui, |ui| {
        egui::ScrollArea::vertical().show(ui, |ui| {
            ui.set_width(ui.available_width());
            model(ui, state, &p);
            section(ui, "Surface", &p);
            surface(ui, state, &p, commands);
            section(ui, "Look", &p);
            look(ui, state, &p, commands);
            ui.add_space(10.0);
            buttons(ui, commands);
        });
    });
}

fn section(ui: &mut Ui, title: &str, p: &Palette) {
    ui.add_space(8.0);
    ui.separator();
    ui.label(RichText::new(title.to_uppercase()).small().color(p.dim).extra_letter_spacing(1.2));
}

/// A dim word at the left, content at the right.
fn row(ui: &mut Ui, label: &str, p: &Palette, content: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(label).color(p.dim));
        ui.with_layout(Layout::right_to_left(Align::Center), content);
    });
}

fn fact(ui: &mut Ui, label: &str, value: &str, p: &Palette) {
    row(ui, label, p, |ui| drop(ui.label(value)));
}

fn model(ui: &mut Ui, state: &AppState, p: &Palette) {
    let network = &state.model.network;
    ui.add(egui::Label::new(RichText::new(&state.model.name).heading().strong().color(p.text)).truncate());
    ui.add(egui::Label::new(RichText::new(widths_text(&network.widths())).color(p.dim)).wrap());
    ui.add_space(4.0);
    fact(ui, "Activation", &state.model.activation_text(), p);
    fact(ui, "Parameters", &with_commas(network.n_parameters()), p);
    if let Some(picture) = &state.picture {
        counts(ui, picture, p);
    }
}

fn counts(ui: &mut Ui, picture: &Picture, p: &Palette) {
    let stats = &picture.stats;
    fact(ui, "Regions", &with_commas(stats.regions), p);
    fact(ui, "Edges", &with_commas(stats.edges), p);
    fact(ui, "Vertices", &with_commas(stats.vertices), p);
    fact(ui, "Computed in", &time_text(picture.time), p);
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
    factor(ui, "Height", state.style.height_factor, p, |f| commands.push(Command::Height(f)));
}

/// The slider's last place is the whole network.
fn layers(ui: &mut Ui, state: &AppState, n: usize, p: &Palette, commands: &mut Vec<Command>) {
    let mut shown = state.asked.layers.unwrap_or(n).min(n);
    let text = if state.asked.layers.is_none() { "all".to_owned() } else { format!("{shown} of {n}") };
    fact(ui, "Layers", &text, p);
    ui.spacing_mut().slider_width = ui.available_width();
    if ui.add(Slider::new(&mut shown, 1..=n).show_value(false)).changed() {
        commands.push(Command::Layers((shown < n).then_some(shown)));
    }
}

/// Which output, or which projection.
fn lift(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let n = state.model.network.n_outputs();
    let cut = state.asked.layers.is_some();
    if n == 1 && !cut {
        return;
    }
    let present = state.asked.lift.unwrap_or_else(|| default_lift(n));
    let seed = if let Lift::Projection(seed) = present { seed } else { 0 };
    if !cut {
        row(ui, "Lifted by", p, |ui| {
            if ui.selectable_label(matches!(present, Lift::Projection(_)), "projection").clicked() {
                commands.push(Command::Lift(Lift::Projection(seed)));
            }
            if ui.selectable_label(matches!(present, Lift::Output(_)), "output").clicked() {
                commands.push(Command::Lift(Lift::Output(0)));
            }
        });
    }
    match present {
        Lift::Output(mut j) if !cut => row(ui, "Output", p, |ui| {
            if ui.add(DragValue::new(&mut j).range(0..=n - 1)).changed() {
                commands.push(Command::Lift(Lift::Output(j)));
            }
        }),
        _ => row(ui, "Projection seed", p, |ui| {
            let mut seed = seed;
            if ui.add(DragValue::new(&mut seed).speed(0.1)).changed() {
                commands.push(Command::Lift(Lift::Projection(seed)));
            }
        }),
    }
}

fn factor(ui: &mut Ui, label: &str, value: f32, p: &Palette, changed: impl FnOnce(f32)) {
    let mut value = value;
    fact(ui, label, &format!("\u{d7} {value:.2}"), p);
    ui.spacing_mut().slider_width = ui.available_width();
    let slider = Slider::new(&mut value, 0.0..=MAX_FACTOR).show_value(false);
    if ui.add(slider).changed() {
        changed(value);
    }
}

/// What a colouring is called.
pub fn coloring_name(coloring: Coloring) -> &'static str {
    match coloring {
        Coloring::Output => "output",
        Coloring::Layers => "layers",
        Coloring::Pattern => "pattern",
    }
}

fn look(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let style = &state.style;
    row(ui, "Theme", p, |ui| {
        for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            if ui.selectable_label(style.theme == theme, name).clicked() {
                commands.push(Command::Theme(theme));
            }
        }
    });
    row(ui, "Colour", p, |ui| {
        for coloring in [Coloring::Pattern, Coloring::Layers, Coloring::Output] {
            if ui.selectable_label(style.coloring == coloring, coloring_name(coloring)).clicked() {
                commands.push(Command::Coloring(coloring));
            }
        }
    });
    factor(ui, "Line width", style.line_width_factor, p, |f| commands.push(Command::LineWidth(f)));
    toggles(ui, state, commands);
}

fn toggles(ui: &mut Ui, state: &AppState, commands: &mut Vec<Command>) {
    let s = &state.style;
    let all = [
        ("Edges", s.edges, Command::ToggleEdges),
        ("Faces", s.faces, Command::ToggleFaces),
        ("Axes", s.axes, Command::ToggleAxes),
        ("Grid", s.grid, Command::ToggleGrid),
        ("Legend", s.legend, Command::ToggleLegend),
    ];
    ui.horizontal_wrapped(|ui| {
        for (name, mut on, command) in all {
            if ui.toggle_value(&mut on, name).clicked() {
                commands.push(command);
            }
        }
    });
}

fn buttons(ui: &mut Ui, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let all = [
            ("Open\u{2026}", "Ctrl+O", Command::OpenDialog),
            ("Picture", "F12", Command::Screenshot { transparent: false }),
            ("Keys", "H", Command::ToggleKeySheet),
        ];
        for (name, key, command) in all {
            if ui.button(name).on_hover_text(key).clicked() {
                commands.push(command);
            }
        }
    });
}
