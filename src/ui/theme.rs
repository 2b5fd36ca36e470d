//! The panels' typeface, colours and sizes: those of the picture's legend, and quiet, so that the surface is what one looks at.
//!
//! In: dark or light. Out: egui's fonts and style, and [`Palette`] for what is painted by hand.

use crate::render::{Theme, text};
use egui::{Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, TextStyle, Visuals};
use std::sync::Arc;

/// Names under which egui keeps the bundled faces.
const REGULAR: &str = "regular";
const SEMI_BOLD: &str = "semibold";

/// Colours of one theme.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    pub panel: Color32,
    pub card: Color32,
    pub line: Color32,
    pub text: Color32,
    pub dim: Color32,
    pub accent: Color32,
    /// Ground of sliders, buttons and the progress bar.
    pub groove: Color32,
    /// Ground of what is on, among others that could be.
    pub chosen: Color32,
    pub hover: Color32,
    pub error: Color32,
    pub error_ground: Color32,
}

const DARK: Palette = Palette {
    panel: Color32::from_rgb(0x11, 0x13, 0x1d),
    card: Color32::from_rgb(0x17, 0x1a, 0x27),
    line: Color32::from_rgb(0x26, 0x2a, 0x3d),
    text: Color32::from_rgb(0xec, 0xeb, 0xf5),
    dim: Color32::from_rgb(0x9a, 0x9b, 0xb5),
    accent: Color32::from_rgb(0xf0, 0x8a, 0x52),
    groove: Color32::from_rgb(0x1d, 0x20, 0x30),
    chosen: Color32::from_rgb(0x3a, 0x3f, 0x5a),
    hover: Color32::from_rgb(0x30, 0x35, 0x4c),
    error: Color32::from_rgb(0xff, 0xb3, 0xb0),
    error_ground: Color32::from_rgb(0x3a, 0x1a, 0x24),
};
const LIGHT: Palette = Palette {
    panel: Color32::from_rgb(0xf6, 0xf7, 0xfb),
    card: Color32::from_rgb(0xff, 0xff, 0xff),
    line: Color32::from_rgb(0xd9, 0xde, 0xea),
    text: Color32::from_rgb(0x1a, 0x23, 0x47),
    dim: Color32::from_rgb(0x5a, 0x64, 0x88),
    accent: Color32::from_rgb(0xb3, 0x5a, 0x1e),
    groove: Color32::from_rgb(0xe3, 0xe7, 0xf1),
    chosen: Color32::from_rgb(0xff, 0xff, 0xff),
    hover: Color32::from_rgb(0xd3, 0xd9, 0xe8),
    error: Color32::from_rgb(0x9b, 0x1c, 0x2e),
    error_ground: Color32::from_rgb(0xfd, 0xe8, 0xe8),
};

/// The colours of a theme.
#[must_use]
pub fn palette(theme: Theme) -> Palette {
    match theme {
        Theme::Dark => DARK,
        Theme::Light => LIGHT,
    }
}

/// Fonts and sizes, the same for both themes.
pub fn prepare(context: &egui::Context) {
    context.set_fonts(fonts());
    context.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Heading, semibold(18.0)),
            (TextStyle::Body, FontId::proportional(14.0)),
            (TextStyle::Button, FontId::proportional(14.0)),
            (TextStyle::Small, FontId::proportional(12.0)),
            (TextStyle::Monospace, FontId::monospace(12.5)),
        ]
        .into();
        style.spacing.item_spacing = egui::vec2(8.0, 4.0);
        style.spacing.button_padding = egui::vec2(10.0, 4.0);
        style.spacing.interact_size.y = 22.0;
        style.spacing.slider_rail_height = 4.0;
        style.spacing.scroll = egui::style::ScrollStyle::thin();
        style.animation_time = 0.1;
        style.interaction.selectable_labels = false;
    });
}

/// The bundled faces first; egui's own behind them, for names of files in other scripts.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for (name, file) in [(REGULAR, text::REGULAR), (SEMI_BOLD, text::SEMI_BOLD)] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(file)));
    }
    let others = fonts.families.entry(FontFamily::Proportional).or_default();
    let mut semi_bold = others.clone();
    others.insert(0, REGULAR.to_owned());
    semi_bold.insert(0, SEMI_BOLD.to_owned());
    fonts.families.insert(FontFamily::Name(SEMI_BOLD.into()), semi_bold);
    fonts
}

/// The heavier face.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMI_BOLD.into()))
}

/// Gives egui the colours of the theme, where it does not have them.
pub fn apply(ui: &mut egui::Ui, theme: Theme) {
    let wanted = visuals(theme);
    if ui.visuals() != &wanted {
        ui.ctx().set_theme(if theme == Theme::Dark { egui::Theme::Dark } else { egui::Theme::Light });
        ui.ctx().set_visuals(wanted.clone());
        *ui.visuals_mut() = wanted;
    }
}

fn visuals(theme: Theme) -> Visuals {
    let p = palette(theme);
    let mut v = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
    v.override_text_color = None;
    v.panel_fill = p.panel;
    v.window_fill = p.card;
    v.window_stroke = Stroke::new(1.0, p.line);
    v.window_corner_radius = CornerRadius::same(10);
    v.extreme_bg_color = p.groove;
    v.faint_bg_color = p.card;
    v.hyperlink_color = p.accent;
    v.error_fg_color = p.error;
    v.selection.bg_fill = p.accent;
    v.selection.stroke = Stroke::new(1.0, p.panel);
    v.slider_trailing_fill = true;
    v.handle_shape = egui::style::HandleShape::Circle;
    let widgets = &mut v.widgets;
    for (w, fill, text) in [
        (&mut widgets.noninteractive, p.panel, p.text),
        (&mut widgets.inactive, p.groove, p.text),
        (&mut widgets.hovered, p.hover, p.text),
        (&mut widgets.active, p.hover, p.text),
        (&mut widgets.open, p.groove, p.text),
    ] {
        (w.bg_fill, w.weak_bg_fill) = (fill, fill);
        w.bg_stroke = Stroke::NONE;
        w.fg_stroke = Stroke::new(1.0, text);
        w.corner_radius = CornerRadius::same(5);
        w.expansion = 0.0;
    }
    v.widgets.noninteractive.bg_stroke = Stroke::new(1.0, p.line);
    v
}

/// The space round a panel's content.
pub const PANEL_MARGIN: Margin = Margin { left: 20, right: 20, top: 18, bottom: 14 };
