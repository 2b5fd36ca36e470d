//! The tour's strip over the picture, with title and sentence, its row of scenes in the side panel, and its keys.
//!
//! In: the state. Out: commands.

use super::theme::{Palette, palette, semibold};
use super::widgets::{Icon, ROW, cell, icon_button, play_button};
use crate::app::{AppState, Command, Guide};
use crate::tour::SCENES;
use egui::{FontId, Frame, Id, Key, Label, Layout, Margin, Panel, Rect, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

/// Height of the strip in points without the sentence, and of a line of that.
const HEIGHT: f32 = 54.0;
const LINE: f32 = 20.0;
/// Length of the longest sentence in one line, in points: all scenes have a strip of one height.
const LONGEST: f32 = 2450.0;
const MARGIN: Margin = Margin { left: 28, right: 20, top: 14, bottom: 8 };
/// Longest line of the sentence, in points: longer ones are hard to read.
const MEASURE: f32 = 860.0;

/// Shows the strip at the top.
pub fn show(ui: &mut Ui, state: &AppState, commands: &mut Vec<Command>) {
    let Some(tour) = state.tour() else { return };
    let p = palette(state.style.theme);
    let width = (ui.available_width() - f32::from(MARGIN.left + MARGIN.right)).clamp(1.0, MEASURE);
    let height = HEIGHT + LINE * (LONGEST / width).ceil();
    let panel = Panel::top("tour").resizable(false).show_separator_line(false).exact_size(height);
    let shown = panel.frame(Frame::new().inner_margin(MARGIN)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let title = tour.scene().map_or("", |scene| scene.title);
            ui.add(Label::new(RichText::new(title).font(semibold(20.0)).color(p.text)).truncate());
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| buttons(ui, tour.is_playing, tour.goal().number, &p, commands));
        });
        ui.add_space(4.0);
        ScrollArea::vertical().show(ui, |ui| {
            ui.set_width(width);
            ui.add(Label::new(RichText::new(&tour.sentence).font(FontId::proportional(15.0)).color(p.text)).wrap());
        });
    });
    let rect = shown.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, p.line));
}

/// From the right: leave, on, play, back, which scene this is.
fn buttons(ui: &mut Ui, is_playing: bool, number: usize, p: &Palette, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = 6.0;
    if ui.button("Leave").on_hover_text("Esc").clicked() {
        commands.push(Command::Tour(Guide::Leave));
    }
    let all = [
        ((Icon::Forward, "Next scene", "Right"), Guide::Step(1)),
        (play_button(is_playing), Guide::Toggle),
        ((Icon::Back, "Scene before", "Left"), Guide::Step(-1)),
    ];
    for (button, what) in all {
        if icon_button(ui, button, p) {
            commands.push(Command::Tour(what));
        }
    }
    ui.add_space(4.0);
    ui.label(RichText::new(format!("{number} of {}", SCENES.len())).color(p.dim));
}

/// A row with the number of every scene: a click goes there.
pub fn scenes(ui: &mut Ui, state: &AppState, p: &Palette) -> Option<Command> {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    ui.painter().rect_filled(rect, 5.0, p.groove);
    let present = state.tour().map(|tour| tour.goal().number);
    let x = |i: usize| rect.left() + rect.width() * i as f32 / SCENES.len() as f32;
    let mut clicked = None;
    for (i, scene) in SCENES.iter().enumerate() {
        let part = Rect::from_min_max(pos2(x(i), rect.top()), pos2(x(i + 1), rect.bottom()));
        let response = cell(ui, ("tour", i), part, &scene.number.to_string(), present == Some(scene.number), p);
        if response.on_hover_text(scene.title).clicked() {
            clicked = Some(Command::Tour(Guide::Go(scene.number)));
        }
    }
    clicked
}

/// What the tour hears. Another control that has the focus, the timeline too, keeps its keys.
pub fn key(key: Key, repeat: bool, focus: Option<Id>) -> Option<Guide> {
    match key {
        _ if focus.is_some() || repeat => None,
        Key::ArrowLeft => Some(Guide::Step(-1)),
        Key::ArrowRight => Some(Guide::Step(1)),
        Key::Space => Some(Guide::Toggle),
        _ => None,
    }
}
