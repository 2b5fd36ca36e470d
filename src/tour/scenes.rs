//! The scenes in their order: what each shows, from where, and what it says.
//!
//! A sentence is a template: every `{name}` is a fact that the scene counts. Words that would be a number are facts, too.

use super::graphs;
use super::networks::{JUMP, Net};
use super::{Journey, facts};
use crate::complex::{Complex, EdgeKind, Options, Plane};
use crate::mesh::number::{in_range, with_commas};
use crate::model::{Model, ModelError};
use crate::picture::PictureError;
use crate::render::Coloring;
use crate::render::camera::Preset;
use crate::render::sheet::Sheet;

/// A preset with words.
#[derive(Debug)]
pub struct Scene {
    /// Counted from 1.
    pub number: usize,
    pub title: &'static str,
    pub view: Preset,
    pub coloring: Coloring,
    /// Times the height that follows from the surface's slope.
    pub height: f32,
    pub(super) shows: Shows,
    pub(super) sentence: &'static str,
    pub(super) facts: fn(&Seen, &mut Facts) -> Result<(), PictureError>,
}

/// What a scene shows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shows {
    Graphs(Net, fn(&Complex, &Model) -> Sheet),
    Surface(Net),
    /// A surface with rings round the bends of the second layer's lines.
    Bends(Net),
    /// The layers coming in, from this one on.
    Reveal(Net, usize),
    /// The way from one network to another.
    Morph(Net, Net),
}

impl Shows {
    /// The network that the sentence speaks of, and the one with which the way to it begins.
    ///
    /// # Errors
    /// See [`Net::model`].
    pub fn models(self) -> Result<(Model, Option<Model>), ModelError> {
        match self {
            Self::Graphs(net, _) | Self::Surface(net) | Self::Bends(net) | Self::Reveal(net, _) => Ok((net.model()?, None)),
            Self::Morph(from, net) => Ok((net.model()?, Some(from.model()?))),
        }
    }
}

/// What facts are counted in.
pub(super) struct Seen<'a> {
    pub model: &'a Model,
    pub complex: &'a Complex,
    pub options: &'a Options<'a>,
    pub journey: Option<&'a Journey>,
}

/// Names and values.
#[derive(Debug, Default)]
pub(super) struct Facts(Vec<(&'static str, String)>);

impl Facts {
    fn count(&mut self, name: &'static str, n: usize) {
        self.0.push((name, with_commas(n)));
    }

    /// With two decimals at most.
    fn number(&mut self, name: &'static str, value: f64) {
        self.0.push((name, in_range(value, 1.0).trim_end_matches('0').trim_end_matches('.').to_owned()));
    }

    /// The template with every name replaced by its value.
    pub fn fill(&self, template: &str) -> String {
        self.0.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// Telling moments on the way from one network to another, as phases.
pub(super) const MORPH_STOPS: [f64; 4] = [0.0, 0.5, 0.75, 1.0];

/// The level between the two values that the rings' network was trained to have.
pub(super) const HALF: f64 = 0.5;

/// All scenes.
pub static SCENES: [Scene; 11] = [
    Scene {
        number: 1,
        title: "A unit is one fold",
        view: Preset::Default,
        coloring: Coloring::Output,
        height: 1.0,
        shows: Shows::Graphs(Net::OneUnit, |complex, model| graphs::one_unit(complex, &model.network.hidden()[0])),
        sentence: "A ReLU unit adds up its weighted inputs and lets only what is above zero through. Its graph is a straight line, \
                   folded once: {regions} straight pieces that meet at x = {kink}.",
        facts: |seen, facts| {
            facts.count("regions", seen.complex.n_regions());
            facts.number("kink", kink(seen.complex));
            Ok(())
        },
    },
    Scene {
        number: 2,
        title: "With two inputs it folds a sheet",
        view: Preset::Default,
        coloring: Coloring::Pattern,
        height: 0.7,
        shows: Shows::Surface(Net::OneFold),
        sentence: "Over a plane of inputs the graph is a sheet. {units} unit folds it along {lines} straight line into {regions} flat \
                   regions: on one side of the fold it is off, on the other it is on.",
        facts: |seen, facts| {
            one_layer(seen, facts);
            Ok(())
        },
    },
    Scene {
        number: 3,
        title: "A jump cannot be learned",
        view: Preset::Default,
        coloring: Coloring::Output,
        height: 1.0,
        shows: Shows::Graphs(Net::JumpFit, |complex, _| graphs::jump(complex)),
        sentence: "The two pieces on the left do not meet: at x = {jump} they are {gap} apart. A folded sheet is never torn. On the right is the \
                   line with one fold that fits them best; it has {regions} pieces, too, but they meet. More units can climb more \
                   steeply, and still at the jump every network misses one side by at least half the gap, {half}.",
        facts: |seen, facts| {
            let gap = (JUMP.right.at(JUMP.jump) - JUMP.left.at(JUMP.jump)).abs();
            facts.count("regions", seen.complex.n_regions());
            facts.number("jump", JUMP.jump);
            facts.number("gap", gap);
            facts.number("half", gap / 2.0);
            Ok(())
        },
    },
    Scene {
        number: 4,
        title: "A layer of units",
        view: Preset::Default,
        coloring: Coloring::Pattern,
        height: 1.0,
        shows: Shows::Surface(Net::Random8),
        sentence: "{units} units fold the sheet along {lines} straight lines. They cut the whole plane into {plane} regions, {regions} of \
                   which lie at least partly in this window. On each, one set of units is on, and the sheet is flat.",
        facts: |seen, facts| {
            facts.count("plane", Plane::enumerate(&seen.model.network, seen.options)?.n_regions());
            one_layer(seen, facts);
            Ok(())
        },
    },
    Scene {
        number: 5,
        title: "The same from above",
        view: Preset::Top,
        coloring: Coloring::Pattern,
        height: 1.0,
        shows: Shows::Surface(Net::Random8),
        sentence: "Seen from above the folds of a first layer run straight across the window. Each of the {lines} lines adds a region, and \
                   each of the {crossings} crossings another one: 1 + {lines} + {crossings} = {regions}.",
        facts: |seen, facts| {
            one_layer(seen, facts);
            Ok(())
        },
    },
    Scene {
        number: 6,
        title: "A second layer bends",
        view: Preset::Top,
        coloring: Coloring::Layers,
        height: 1.0,
        shows: Shows::Bends(Net::Random8x2),
        sentence: "The second layer's {lines} lines, drawn thinner, are straight on every flat piece of the first layer's sheet. They bend \
                   where they cross one of its folds and nowhere else, at the {bends} rings. None ends inside the window: all {ends} \
                   ends lie on its sides.",
        facts: |seen, facts| {
            let second = facts::BentLines::of(seen.complex, &seen.model.network, 1);
            facts.count("lines", second.lines);
            facts.count("bends", second.bends.len());
            facts.count("ends", second.ends_on_sides);
            Ok(())
        },
    },
    Scene {
        number: 7,
        title: "Folded, and folded again",
        view: Preset::Default,
        coloring: Coloring::Layers,
        height: 1.0,
        shows: Shows::Surface(Net::Random8x2),
        sentence: "The second layer folds the sheet that the first has folded already: {layer1} regions become {layer2}. Laid out flat, \
                   a straight crease across a folded sheet is a bent one.",
        facts: |seen, facts| {
            per_layer(seen, facts);
            Ok(())
        },
    },
    Scene {
        number: 8,
        title: "Layer upon layer",
        view: Preset::Default,
        coloring: Coloring::Layers,
        height: 1.0,
        shows: Shows::Reveal(Net::Rings, 3),
        sentence: "Every further layer folds all that came before. Here {units} units stand in {layers} layers; after the second there are \
                   {layer2} regions, then {layer3}, {layer4}, {layer5}, and in the end {layer6}.",
        facts: |seen, facts| {
            per_layer(seen, facts);
            Ok(())
        },
    },
    Scene {
        number: 9,
        title: "Brighter is higher",
        view: Preset::Top,
        coloring: Coloring::Output,
        height: 1.0,
        shows: Shows::Surface(Net::Rings),
        sentence: "Now the colour says how high the output is: the brighter, the higher. The network was trained to be 1 on the rings and 0 \
                   beside them. It is above one half on {share} % of the window.",
        facts: |seen, facts| {
            facts.count("share", (100.0 * facts::share_above(seen.complex, HALF)).round() as usize);
            Ok(())
        },
    },
    Scene {
        number: 10,
        title: "The whole sheet",
        view: Preset::Default,
        coloring: Coloring::Output,
        height: 1.0,
        shows: Shows::Surface(Net::Rings),
        sentence: "This is the network, nothing left out and nothing sampled: {regions} flat pieces, {edges} straight edges between \
                   them, {units} units that folded them. The earlier its layer, the thicker a fold is drawn.",
        facts: |seen, facts| {
            facts.count("edges", seen.complex.stats().interior_edges);
            facts.count("regions", seen.complex.n_regions());
            facts.count("units", seen.model.network.n_units());
            Ok(())
        },
    },
    Scene {
        number: 11,
        title: "From random to rings",
        view: Preset::Default,
        coloring: Coloring::Output,
        height: 1.0,
        shows: Shows::Morph(Net::Untrained, Net::Rings),
        sentence: "Every weight moves in a straight line from its random value to the trained one, and what is shown is the exact sheet of \
                   the network in between. Half-way it is nearly smooth again: {first} regions at first, {middle} there, {last} in the \
                   end.",
        facts: |seen, facts| {
            for (name, phase) in [("first", 0.0), ("middle", 0.5)] {
                let Some(network) = seen.journey.map(|journey| journey.timeline.network(phase)).transpose()? else { continue };
                facts.count(name, Complex::enumerate(&network, &seen.model.window_or(None), seen.options)?.n_regions());
            }
            facts.count("last", seen.complex.n_regions());
            Ok(())
        },
    },
];

/// Where the one fold of a graph is.
fn kink(complex: &Complex) -> f64 {
    let is_fold = |e: &u32| matches!(complex.edge_kind(*e), EdgeKind::Bent(_));
    (0..complex.n_edges() as u32).find(is_fold).map_or(f64::NAN, |e| complex.vertex(complex.origin(2 * e))[0])
}

/// Of a network with one hidden layer: its units, their lines in the window, where they cross, the regions.
fn one_layer(seen: &Seen, facts: &mut Facts) {
    facts.count("units", seen.model.network.n_units());
    facts.count("lines", facts::BentLines::of(seen.complex, &seen.model.network, 0).lines);
    facts.count("crossings", seen.complex.stats().interior_vertices);
    facts.count("regions", seen.complex.n_regions());
}

/// The regions after each layer, and how many units and layers there are.
fn per_layer(seen: &Seen, facts: &mut Facts) {
    const NAMES: [&str; 6] = ["layer1", "layer2", "layer3", "layer4", "layer5", "layer6"];
    for (name, n) in NAMES.into_iter().zip(seen.complex.stats().regions_per_layer) {
        facts.count(name, n);
    }
    facts.count("units", seen.model.network.n_units());
    facts.count("layers", seen.model.network.n_hidden());
}
