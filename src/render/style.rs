//! What the picture should look like: theme, colouring, what is shown, factors. Plain data that panels and options change.

use crate::mesh::Regions;
use crate::mesh::number::with_commas;

/// Dark for the screen, light for print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    #[default]
    Dark,
    Light,
}

/// What the colours say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Coloring {
    /// Faces and lines brighter where the output is higher.
    #[default]
    Output,
    /// Lines coloured by hidden layer, faces neutral.
    Layers,
    /// Faces coloured by activation pattern.
    Pattern,
}

impl Coloring {
    /// All of them, in the order in which a key steps through them.
    pub const ALL: [Self; 3] = [Self::Output, Self::Layers, Self::Pattern];

    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Output => Self::Layers,
            Self::Layers => Self::Pattern,
            Self::Pattern => Self::Output,
        }
    }
}

/// Everything about the look that is not the camera.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    pub theme: Theme,
    pub coloring: Coloring,
    /// Fold lines.
    pub edges: bool,
    /// Filled regions. Without them the lines are a wire model.
    pub faces: bool,
    pub axes: bool,
    pub grid: bool,
    /// Legend and captions.
    pub legend: bool,
    /// Times the height that follows from the mean slope, 0 to 4.
    pub height_factor: f32,
    /// Times the line widths.
    pub line_width_factor: f32,
    /// No background: the picture's alpha says where the surface is.
    pub transparent_background: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            theme: Theme::Dark,
            coloring: Coloring::Output,
            edges: true,
            faces: true,
            axes: true,
            grid: false,
            legend: true,
            height_factor: 1.0,
            line_width_factor: 1.0,
            transparent_background: false,
        }
    }
}

/// The words in the picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Captions {
    /// Bottom right, semibold: the model's name.
    pub name: String,
    /// Under it: `2 → 16 → 1 · 1,257 regions`.
    pub subtitle: String,
    /// Heading of the colour bar: what lifts the surface, `output`.
    pub lift: String,
}

impl Captions {
    /// The usual ones. `widths` is inputs, hidden units of each layer, outputs.
    #[must_use]
    pub fn new(name: &str, widths: &[usize], n_regions: usize, regions: Regions, lift: &str) -> Self {
        let widths: Vec<String> = widths.iter().map(ToString::to_string).collect();
        let kind = if regions == Regions::Linear { "linear " } else { "" };
        let plural = if n_regions == 1 { "" } else { "s" };
        let subtitle = format!("{}  \u{b7}  {} {kind}region{plural}", widths.join(" \u{2192} "), with_commas(n_regions));
        Self { name: name.to_owned(), subtitle, lift: lift.to_owned() }
    }
}
