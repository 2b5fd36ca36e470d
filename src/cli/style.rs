//! The look and the camera as the options say them, in the renderer's words.

use super::args::{AngleArgs, CameraArgs, ColorArg, FaceArgs, RegionsArg, StyleArgs, ThemeArg, ViewArg};
use crate::host::headless::View;
use crate::mesh::Regions;
use crate::render::camera::Preset;
use crate::render::{Coloring, Style, Theme};

/// The style; the background stays.
pub(super) fn style(args: &StyleArgs) -> Style {
    Style {
        theme: match args.theme {
            ThemeArg::Dark => Theme::Dark,
            ThemeArg::Light => Theme::Light,
        },
        coloring: match args.color {
            ColorArg::Output => Coloring::Output,
            ColorArg::Layers => Coloring::Layers,
            ColorArg::Pattern => Coloring::Pattern,
        },
        edges: args.edges,
        faces: args.faces,
        axes: args.axes,
        grid: args.grid,
        legend: args.legend,
        height_factor: args.height,
        line_width_factor: args.line_width,
        transparent_background: false,
    }
}

/// The view's preset.
pub(super) fn preset(view: ViewArg) -> Preset {
    match view {
        ViewArg::ThreeD => Preset::Default,
        ViewArg::Top => Preset::Top,
        ViewArg::Front => Preset::Front,
        ViewArg::Right => Preset::Right,
        ViewArg::Iso => Preset::Iso,
    }
}

/// From where it is seen.
pub(super) fn view(camera: &CameraArgs, angles: &AngleArgs) -> View {
    match camera.camera {
        Some(camera) => View::Camera(camera),
        None => {
            View::Framed { preset: preset(camera.view), azimuth_deg: angles.azimuth, elevation_deg: angles.elevation, zoom: angles.zoom }
        }
    }
}

/// What one face is.
pub(super) fn regions(args: &FaceArgs) -> Regions {
    match args.regions {
        RegionsArg::Activation => Regions::Activation,
        RegionsArg::Linear => Regions::Linear,
    }
}
