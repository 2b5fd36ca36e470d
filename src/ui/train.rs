//! The Train section of the side panel: what is learned and how, the controls of the training, its curves.
//!
//! In: the state. Out: commands. Text that does not parse is not taken over.

use super::curve::{self, Curve};
use super::theme::Palette;
use super::widgets::{ROW, fact, row};
use crate::app::{AppState, Command, Recipe, Train, Training};
use crate::mesh::number::with_commas;
use crate::train::{BUILTIN, Config, MAX_STEPS, TEXT};
use egui::{Align2, Button, ComboBox, DragValue, FontId, Id, Rect, Sense, TextEdit, Ui, pos2, vec2};

/// Height of a curve, and of the line over it that says what it is.
const CURVE: f32 = 40.0;
const TITLE: f32 = 16.0;
/// Letters that are drawn where nobody has written any.
const LETTERS: &str = "AB";

/// Shows what there is to set, to press and to see.
pub fn show(ui: &mut Ui, state: &AppState, p: &Palette, commands: &mut Vec<Command>) {
    let mut recipe = state.recipe.clone();
    commands.extend(target(ui, &mut recipe, p));
    numbers(ui, &mut recipe.config, p);
    if recipe != state.recipe {
        commands.push(Command::Train(Train::Set(recipe)));
    } else if state.training().is_some_and(|training| training.recipe != recipe) && !ui.input(|input| input.pointer.any_down()) {
        // not before the hand lets go of a number
        commands.push(Command::Train(Train::Anew));
    }
    ui.add_space(4.0);
    buttons(ui, state.training(), commands);
    progress(ui, state.training(), state.recipe.config.steps, p);
}

/// Whether a training has begun since this was asked last.
pub fn has_begun(ui: &Ui, state: &AppState) -> bool {
    let (id, is_there) = (Id::unique("training"), state.training().is_some());
    let was_there = ui.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default::<bool>(id), is_there));
    is_there && !was_there
}

/// A built-in target, letters, or a file.
fn target(ui: &mut Ui, recipe: &mut Recipe, p: &Palette) -> Option<Command> {
    let letters = recipe.target.strip_prefix(TEXT).map(str::to_owned);
    let file = recipe.target_name().into_owned();
    let mut command = None;
    row(ui, "Target", p, |ui| {
        let shown = if letters.is_some() { "letters" } else { &file };
        ComboBox::from_id_salt("target").selected_text(shown).width(ui.available_width()).truncate().show_ui(ui, |ui| {
            for name in BUILTIN {
                ui.selectable_value(&mut recipe.target, name.to_owned(), name);
            }
            if ui.selectable_label(letters.is_some(), "letters").clicked() && letters.is_none() {
                recipe.target = format!("{TEXT}{LETTERS}");
            }
            if ui.selectable_label(false, "a file\u{2026}").on_hover_text("a picture, or points; or drop one on the window").clicked() {
                command = Some(Command::TargetDialog);
            }
        });
    });
    if let Some(letters) = letters {
        row(ui, "Letters", p, |ui| {
            let written = text(ui, "letters", &letters, |text| !text.trim().is_empty());
            if let Some(written) = written {
                recipe.target = format!("{TEXT}{written}");
            }
        });
    }
    command
}

fn numbers(ui: &mut Ui, config: &mut Config, p: &Palette) {
    row(ui, "Widths", p, |ui| {
        let present = config.hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let written = text(ui, "widths", &present, |text| widths(text).is_some());
        config.hidden = written.and_then(|text| widths(&text)).unwrap_or_else(|| config.hidden.clone());
    });
    let slope = DragValue::new(&mut config.slope).range(0.0..=1.0).speed(0.002).max_decimals(4);
    let rate = DragValue::new(&mut config.learning_rate).range(0.0001..=1.0).speed(0.0002).max_decimals(5);
    row(ui, "Slope, rate", p, |ui| pair(ui, slope, rate));
    let steps = DragValue::new(&mut config.steps).range(1..=MAX_STEPS).speed(20.0);
    let seed = DragValue::new(&mut config.seed).speed(0.05);
    row(ui, "Steps, seed", p, |ui| pair(ui, steps, seed));
}

/// Two numbers side by side. The rows are laid out from the right.
fn pair(ui: &mut Ui, left: DragValue, right: DragValue) {
    let size = [(ui.available_width() - ui.spacing().item_spacing.x) / 2.0, ROW + 3.0];
    ui.add_sized(size, right.update_while_editing(false));
    ui.add_sized(size, left.update_while_editing(false));
}

/// The widths of hidden layers: `8,8,8`.
fn widths(text: &str) -> Option<Vec<usize>> {
    let config = Config { hidden: text.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?, ..Config::default() };
    config.is_valid().then_some(config.hidden)
}

/// A line of text; what was written, when somebody has written something else that `fits`.
fn text(ui: &mut Ui, id: &str, present: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    let id = Id::unique(id);
    let mut written: String = ui.data(|data| data.get_temp(id)).unwrap_or_else(|| present.to_owned());
    let colour = if fits(&written) { ui.visuals().text_color() } else { ui.visuals().error_fg_color };
    let edit = TextEdit::singleline(&mut written).text_color(colour).desired_width(f32::INFINITY);
    let response = ui.add_sized([ui.available_width(), ROW - 2.0], edit);
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, written));
        return None;
    }
    ui.data_mut(|data| data.remove::<String>(id));
    (response.lost_focus() && written != present && fits(&written)).then_some(written)
}

fn buttons(ui: &mut Ui, training: Option<&Training>, commands: &mut Vec<Command>) {
    let runs = training.is_some_and(Training::is_running);
    let all = [
        (if runs { "Pause" } else { "Start" }, "Space, once it has begun", Train::Toggle, true),
        ("Step", "ten steps", Train::Step, true),
        ("Reset", "to the untrained network", Train::Reset, training.is_some()),
        ("Save", "the best network so far, as NAME-N.safetensors in the current folder", Train::Save, training.is_some()),
    ];
    ui.columns(all.len(), |columns| {
        for (ui, (name, hint, what, enabled)) in columns.iter_mut().zip(all) {
            let size = [ui.available_width(), ROW + 2.0];
            let response = ui.add_enabled_ui(enabled, |ui| ui.add_sized(size, Button::new(name))).inner;
            if response.on_hover_text(hint).clicked() {
                commands.push(Command::Train(what));
            }
        }
    });
}

/// How far it has come; before there is a training the curves are empty, so that nothing moves when it begins.
fn progress(ui: &mut Ui, training: Option<&Training>, steps: u64, p: &Palette) {
    let (step, steps) = training.map_or((0, steps), |training| (training.step(), training.recipe.config.steps));
    let [losses, counts] = training.map_or([&[][..]; 2], |training| [training.losses(), training.regions()]);
    ui.add_space(4.0);
    fact(ui, "Step", &format!("{} of {}", with_commas(step as usize), with_commas(steps as usize)), p);
    let logarithms: Vec<[f64; 2]> = losses.iter().map(|&[step, loss]| [step, loss.max(f64::MIN_POSITIVE).log10()]).collect();
    let least = logarithms.iter().map(|point| point[1]).fold(f64::INFINITY, f64::min);
    let greatest = logarithms.iter().map(|point| point[1]).fold(f64::NEG_INFINITY, f64::max);
    let loss = losses.last().map_or_else(String::new, |last| format!("{:.2e}", last[1]));
    let (x, now) = ([0.0, steps as f64], step as f64);
    titled(ui, ["Loss", &loss], &Curve { id: "losses", points: &logarithms, x, y: [least - 0.1, greatest + 0.1], now }, p);
    let (_, y) = curve::counted(counts);
    let regions = counts.last().map_or_else(String::new, |last| with_commas(last[1] as usize));
    let curve = Curve { id: "trained regions", points: counts, x, y, now };
    titled(ui, ["Regions", &regions], &curve, p);
}

/// A curve under its name and its newest value.
fn titled(ui: &mut Ui, [name, value]: [&str; 2], curve: &Curve, p: &Palette) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TITLE + CURVE), Sense::hover());
    let strip = Rect::from_min_max(pos2(rect.left(), rect.top() + TITLE), rect.max);
    ui.painter().rect_filled(strip, 4.0, p.groove.gamma_multiply(0.5));
    curve::show(ui, strip, curve, p);
    let font = FontId::proportional(12.5);
    ui.painter().text(rect.left_top(), Align2::LEFT_TOP, name, font.clone(), p.dim);
    ui.painter().text(rect.right_top(), Align2::RIGHT_TOP, value, font, p.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_read_as_the_command_line_reads_them_and_checked() {
        assert_eq!(widths("8, 16,4"), Some(vec![8, 16, 4]));
        for wrong in ["", "8,", "8,0", "x", "5000", "-1", &vec!["4"; 65].join(",")] {
            assert_eq!(widths(wrong), None, "{wrong}");
        }
    }
}
