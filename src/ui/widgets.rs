//! What the panels are built of: sections that fold, rows of a label and a control, cells to choose from, sliders.
//!
//! In: words, values, a [`Palette`]. Out: what was changed. Widths in points. Knows nothing of the program's state.

use super::theme::{Palette, semibold};
use egui::collapsing_header::CollapsingState;
use egui::{
    Align, Align2, CornerRadius, CursorIcon, DragValue, FontId, Label, Layout, Rect, Response, RichText, Role, Sense, Shape, Slider,
    Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use std::ops::RangeInclusive;

/// Height of a row.
pub const ROW: f32 = 24.0;
/// Where the controls begin.
const LABEL_WIDTH: f32 = 84.0;
/// Room for the number beside a slider.
const NUMBER_WIDTH: f32 = 50.0;
/// Space over a section.
const SECTION_GAP: f32 = 9.0;
const RADIUS: CornerRadius = CornerRadius::same(5);

/// A part of a panel under a heading that folds it away; `is_open` at first.
pub fn section(ui: &mut Ui, title: &str, is_open: bool, p: &Palette, content: impl FnOnce(&mut Ui)) {
    let mut state = CollapsingState::load_with_default_open(ui.ctx(), ui.make_persistent_id(title), is_open);
    ui.add_space(SECTION_GAP);
    let openness = state.openness(ui.ctx());
    let heading = heading(ui, title, openness, p);
    if heading.clicked() {
        state.toggle(ui);
    }
    if !is_open && state.is_open() && openness < 1.0 {
        // what was folded away at first is far down
        heading.scroll_to_me(Some(Align::Min));
    }
    state.show_body_unindented(ui, content);
}

/// Opens the section of this title that comes next.
pub fn unfold(ui: &Ui, title: &str) {
    let mut state = CollapsingState::load_with_default_open(ui.ctx(), ui.make_persistent_id(title), true);
    state.set_open(true);
    state.store(ui.ctx());
}

fn heading(ui: &mut Ui, title: &str, openness: f32, p: &Palette) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::DisclosureTriangle, true, title));
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.line));
    let colour = if response.hovered() { p.text } else { p.dim };
    let middle = rect.center().y + 2.0;
    let text = ui.painter().layout_no_wrap(title.to_owned(), semibold(12.5), colour);
    ui.painter().galley(pos2(rect.left(), middle - text.size().y / 2.0), text, colour);
    chevron(ui, pos2(rect.right() - 6.0, middle), openness, colour);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// Points down where open, to the left where folded.
fn chevron(ui: &Ui, at: egui::Pos2, openness: f32, colour: egui::Color32) {
    let turn = egui::emath::Rot2::from_angle((1.0 - openness) * std::f32::consts::FRAC_PI_2);
    let points = [vec2(-3.5, -1.75), vec2(0.0, 1.75), vec2(3.5, -1.75)].map(|v| at + turn * v);
    ui.painter().add(Shape::line(points.to_vec(), Stroke::new(1.3, colour)));
}

/// A dim word at the left; the control from [`LABEL_WIDTH`] to the right edge, laid out from the right.
pub fn row(ui: &mut Ui, label: &str, p: &Palette, content: impl FnOnce(&mut Ui)) -> Response {
    let shown = ui.horizontal(|ui| {
        ui.set_height(ROW);
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, ROW), Sense::hover());
        word(ui, rect, label, p);
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.with_layout(Layout::right_to_left(Align::Center), content);
    });
    shown.response
}

fn word(ui: &Ui, rect: Rect, text: &str, p: &Palette) {
    ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, text, FontId::proportional(14.0), p.dim);
}

/// A word and its value at the right; what does not fit is cut, and shown whole under the cursor.
pub fn fact(ui: &mut Ui, label: &str, value: &str, p: &Palette) {
    row(ui, label, p, |ui| drop(ui.add(Label::new(RichText::new(value).color(p.text)).truncate())));
}

/// Cells side by side over the whole width, some of them on. Which one was clicked. `id` tells these cells from others.
pub fn cells(ui: &mut Ui, id: &str, names: &[(&str, bool)], p: &Palette) -> Option<usize> {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    ui.painter().rect_filled(rect, RADIUS, p.groove);
    let mut clicked = None;
    for (i, &(name, on)) in names.iter().enumerate() {
        let x = |i: usize| rect.left() + rect.width() * i as f32 / names.len() as f32;
        let part = Rect::from_min_max(pos2(x(i), rect.top()), pos2(x(i + 1), rect.bottom()));
        if cell(ui, (id, i), part, name, on, p).clicked() {
            clicked = Some(i);
        }
    }
    clicked
}

/// One of several cells side by side; `on` is the chosen one.
pub(super) fn cell(ui: &Ui, id: (&str, usize), rect: Rect, name: &str, on: bool, p: &Palette) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    let inside = rect.shrink(2.0);
    if on {
        ui.painter().rect(inside, 4.0, p.chosen, Stroke::new(1.0, p.line), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(inside, 4.0, p.hover);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(inside, 4.0, Stroke::new(1.0, p.accent), StrokeKind::Inside);
    }
    let (font, colour) = if on { (semibold(13.5), p.text) } else { (FontId::proportional(13.5), p.dim) };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, name, font, colour);
    response
}

/// What a small button shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Back,
    Forward,
}

/// What starts and stops what plays, its name and its key.
pub fn play_button(is_playing: bool) -> (Icon, &'static str, &'static str) {
    if is_playing { (Icon::Pause, "Pause", "Space") } else { (Icon::Play, "Play", "Space") }
}

/// A small button with an icon, called `name`, for what a `key` does too. Whether it was clicked.
pub fn icon_button(ui: &mut Ui, (icon, name, key): (Icon, &str, &str), p: &Palette) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ROW + 8.0, ROW), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let painter = ui.painter();
    painter.rect_filled(rect, RADIUS, if response.hovered() { p.hover } else { p.groove });
    if response.has_focus() {
        painter.rect_stroke(rect, RADIUS, Stroke::new(1.0, p.accent), StrokeKind::Inside);
    }
    paint_icon(ui, icon, rect.center(), p.text);
    response.on_hover_text(format!("{name} ({key})")).clicked()
}

fn paint_icon(ui: &Ui, icon: Icon, at: egui::Pos2, colour: egui::Color32) {
    let triangle = |x: f32, way: f32| {
        let corners = [vec2(x - 4.0 * way, -5.0), vec2(x + 5.0 * way, 0.0), vec2(x - 4.0 * way, 5.0)].map(|v| at + v);
        ui.painter().add(Shape::convex_polygon(corners.to_vec(), colour, Stroke::NONE));
    };
    let post = |x: f32, width: f32| {
        ui.painter().rect_filled(Rect::from_center_size(at + vec2(x, 0.0), vec2(width, 10.0)), 1.0, colour);
    };
    match icon {
        Icon::Play => triangle(0.0, 1.0),
        Icon::Pause => [-3.0, 3.0].into_iter().for_each(|x| post(x, 3.0)),
        Icon::Back => {
            triangle(1.0, -1.0);
            post(-5.5, 2.0);
        }
        Icon::Forward => {
            triangle(-1.0, 1.0);
            post(5.5, 2.0);
        }
    }
}

/// A row with one of several words to choose. Which one was clicked.
pub fn choice(ui: &mut Ui, label: &str, names: &[(&str, bool)], p: &Palette) -> Option<usize> {
    let mut clicked = None;
    row(ui, label, p, |ui| clicked = cells(ui, label, names, p));
    clicked
}

/// A row with a slider and its number, which takes typed values too. The new value, if it was changed.
pub fn factor(ui: &mut Ui, label: &str, value: f32, range: RangeInclusive<f32>, p: &Palette) -> Option<f32> {
    let mut new = value;
    row(ui, label, p, |ui| {
        let number = DragValue::new(&mut new).range(range.clone()).speed(0.01).fixed_decimals(2);
        ui.add_sized([NUMBER_WIDTH, ROW - 2.0], number);
        ui.spacing_mut().slider_width = ui.available_width();
        ui.add(Slider::new(&mut new, range).show_value(false));
    });
    (new != value).then_some(new)
}

/// A row with a slider over whole numbers, and a word for the present one. The new value, if it was changed.
pub fn steps(ui: &mut Ui, label: &str, value: usize, range: RangeInclusive<usize>, word: &str, p: &Palette) -> Option<usize> {
    let mut new = value;
    row(ui, label, p, |ui| {
        let text = Label::new(RichText::new(word).color(p.text)).halign(Align::RIGHT);
        ui.add_sized([NUMBER_WIDTH, ROW - 2.0], text);
        ui.spacing_mut().slider_width = ui.available_width();
        ui.add(Slider::new(&mut new, range).show_value(false));
    });
    (new != value).then_some(new)
}
