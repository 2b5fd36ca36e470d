//! The bar of a timeline under the picture: where it is, with the number of regions over time, and how it is played.
//!
//! In: the state. Out: commands. Nothing is shown where there is no timeline.

use super::curve::{self, Curve};
use super::theme::{Palette, palette};
use super::widgets::{Icon, ROW, cells, icon_button, play_button};
use crate::app::{AppState, Command, Play, Player, SPEED};
use crate::mesh::number::with_commas;
use crate::timeline::{Easing, Repeat};
use egui::{Align2, CursorIcon, DragValue, EventFilter, FontId, Frame, Id, Label, Margin, Panel, Rect, Response, RichText, Sense, Stroke};
use egui::{Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::time::Instant;

/// Height of the bar, of the curve and of the rail under it, in points.
const HEIGHT: f32 = 114.0;
const CURVE: f32 = 38.0;
const RAIL: f32 = 18.0;
const MARGIN: Margin = Margin { left: 20, right: 20, top: 10, bottom: 10 };
/// Radius of the handle; the rail ends as far from the bar's sides.
const HANDLE: f32 = 6.5;
/// Key frames closer than this many points are no dots any more.
const CLOSE: f32 = 12.0;
/// Widths of the controls at the right.
const REPEAT: f32 = 210.0;
const EASING: f32 = 124.0;
const SPEED_WIDTH: f32 = 56.0;

/// The part that has the keyboard's focus when the timeline has.
pub fn id() -> Id {
    Id::unique("timeline")
}

/// Shows the bar at the bottom.
pub fn show(ui: &mut Ui, state: &AppState, now: Instant, commands: &mut Vec<Command>) {
    let Some(player) = state.player() else { return };
    let p = palette(state.style.theme);
    let panel = Panel::bottom("timeline").resizable(false).show_separator_line(false).exact_size(HEIGHT);
    let shown = panel.frame(Frame::new().inner_margin(MARGIN)).show(ui, |ui| {
        let mut asked = Vec::new();
        asked.extend(track(ui, state, player, now, &p));
        ui.add_space(6.0);
        ui.horizontal(|ui| controls(ui, player, &state.model.name, &p, &mut asked));
        commands.extend(asked.into_iter().map(Command::Play));
    });
    let rect = shown.response.rect;
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, p.line));
}

/// The curve and the rail: a click or a drag goes there.
fn track(ui: &mut Ui, state: &AppState, player: &Player, now: Instant, p: &Palette) -> Option<Play> {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CURVE + RAIL), Sense::hover());
    let inner = rect.shrink2(vec2(HANDLE, 0.0));
    let place = player.place(now);
    let strip = Rect::from_min_max(inner.min, pos2(inner.right(), rect.top() + CURVE));
    regions(ui, state, player, place, strip, p);
    let response = ui.interact(rect, id(), Sense::click_and_drag()).on_hover_cursor(CursorIcon::PointingHand);
    response.widget_info(|| WidgetInfo::slider(true, place, "timeline"));
    rail(ui, player, place, Rect::from_min_max(strip.left_bottom(), inner.max), &response, p);
    focus(ui, &response);
    let pointer = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on() || response.clicked())?;
    Some(Play::Seek(f64::from((pointer.x - inner.left()) / inner.width())))
}

fn focus(ui: &Ui, response: &Response) {
    // a press and a release may come in one frame
    if response.is_pointer_button_down_on() || response.clicked() {
        response.request_focus();
    }
    if response.has_focus() {
        // the arrows are the timeline's
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id(), filter));
    }
}

/// The number of regions over the bar's time.
fn regions(ui: &mut Ui, state: &AppState, player: &Player, place: f64, rect: Rect, p: &Palette) {
    let at = |phase| player.timeline.unpaced(phase, player.easing);
    let points: Vec<[f64; 2]> = state.curve().iter().map(|&[phase, n]| [at(phase), n]).collect();
    let (most, y) = curve::counted(&points);
    curve::show(ui, rect, &Curve { id: "regions", points: &points, x: [0.0, 1.0], y, now: place }, p);
    if !points.is_empty() {
        let text = format!("up to {} regions", with_commas(most as usize));
        ui.painter().text(rect.left_top(), Align2::LEFT_TOP, text, FontId::proportional(12.0), p.dim);
    }
}

fn rail(ui: &Ui, player: &Player, place: f64, rect: Rect, response: &Response, p: &Palette) {
    let (painter, middle) = (ui.painter(), rect.center().y);
    let x = |place: f64| rect.left() + rect.width() * place as f32;
    let bar = |from: f32, to: f32| Rect::from_min_max(pos2(from, middle - 2.0), pos2(to, middle + 2.0));
    painter.rect_filled(bar(rect.left(), rect.right()), 2.0, p.line);
    painter.rect_filled(bar(rect.left(), x(place)), 2.0, p.accent);
    let keys = player.timeline.keys();
    if rect.width() / keys.len() as f32 > CLOSE {
        for &key in keys {
            let colour = if key <= place { p.accent } else { p.dim };
            painter.circle(pos2(x(key), middle), 4.0, p.panel, Stroke::new(1.5, colour));
        }
    }
    let handle = pos2(x(place), middle);
    let is_held = response.hovered() || response.dragged();
    painter.circle_filled(handle, if is_held { HANDLE } else { HANDLE - 1.0 }, if is_held { p.text } else { p.accent });
    if response.has_focus() {
        painter.circle_stroke(handle, HANDLE + 1.5, Stroke::new(1.2, p.text));
    }
}

/// `name` is what is shown.
fn controls(ui: &mut Ui, player: &Player, name: &str, p: &Palette, asked: &mut Vec<Play>) {
    ui.spacing_mut().item_spacing.x = 6.0;
    let buttons = [
        ((Icon::Back, "Step back", "Left"), Play::Step(-1)),
        (play_button(player.is_playing()), Play::Toggle),
        ((Icon::Forward, "Step forward", "Right"), Play::Step(1)),
    ];
    for (button, what) in buttons {
        if icon_button(ui, button, p) {
            asked.push(what);
        }
    }
    ui.add_space(6.0);
    let right = REPEAT + EASING + SPEED_WIDTH + 3.0 * 10.0;
    let label = Label::new(RichText::new(name).color(p.text)).truncate();
    let room = (ui.available_width() - right).max(0.0);
    part(ui, room, |ui| drop(ui.add(label)));
    ui.spacing_mut().item_spacing.x = 10.0;
    part(ui, EASING, |ui| asked.extend(easing(ui, player, p)));
    part(ui, REPEAT, |ui| asked.extend(repeat(ui, player, p)));
    part(ui, SPEED_WIDTH, |ui| asked.extend(speed(ui, player)));
}

/// Room of a fixed width, whatever stands in it.
fn part(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    // some controls are a little higher than a row
    content(&mut ui.new_child(UiBuilder::new().max_rect(rect.expand2(vec2(0.0, 4.0))).layout(layout)));
}

fn easing(ui: &mut Ui, player: &Player, p: &Palette) -> Option<Play> {
    let all = [("even", Easing::Linear), ("smooth", Easing::Smooth)];
    let names = all.map(|(name, easing)| (name, player.easing == easing));
    cells(ui, "easing", &names, p).map(|i| Play::Easing(all[i].1))
}

fn repeat(ui: &mut Ui, player: &Player, p: &Palette) -> Option<Play> {
    let all = [("once", Repeat::Once), ("loop", Repeat::Loop), ("ping-pong", Repeat::PingPong)];
    let names = all.map(|(name, repeat)| (name, player.repeat == repeat));
    cells(ui, "repeat", &names, p).map(|i| Play::Repeat(all[i].1))
}

fn speed(ui: &mut Ui, player: &Player) -> Option<Play> {
    let mut new = player.speed;
    let number = DragValue::new(&mut new).range(SPEED[0]..=SPEED[1]).speed(0.01).fixed_decimals(2).suffix("\u{d7}");
    ui.add_sized([SPEED_WIDTH, ROW - 2.0], number).on_hover_text("Speed");
    (new != player.speed).then_some(Play::Speed(new))
}
