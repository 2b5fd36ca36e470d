//! What moves in the real window, under a real X server, driven by real keys and the mouse.

use crate::desk::Desk;

/// A step of 255 that is no rounding.
const STEP: u8 = 8;
/// A share of the screen's pixels that the pointer and the focus may change.
const SMALL: f64 = 0.001;
/// The middle of the timeline's rail.
const RAIL: [i32; 2] = [646, 582];
/// What makes it stop at its end.
const ONCE: [i32; 2] = [735, 614];
/// Beside everything that hears the mouse.
const ASIDE: [i32; 2] = [646, 100];

fn asset(name: &str) -> String {
    format!("{}/assets/{name}.safetensors", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_timeline_is_scrubbed_stepped_and_played() {
    let [from, to] = ["untrained_8x6", "rings_8x6"].map(asset);
    let mut desk = Desk::open(&[&from, &to]);
    let first = desk.still();
    desk.click(RAIL);
    desk.until("the picture half-way", || desk.shot().difference(&first, STEP) > 0.1);
    desk.pointer(ASIDE);
    let half = desk.still();
    desk.key("Right");
    desk.until("a step on", || desk.shot().difference(&half, STEP) > 0.003);
    desk.still();
    desk.key("Left");
    desk.until_again("a step back", &half);
    desk.key("End");
    desk.until("the other model", || desk.shot().difference(&half, STEP) > 0.1);
    let last = desk.still();
    desk.key("Home");
    desk.until("the first model", || desk.shot().difference(&first, STEP) < SMALL);
    desk.still();
    desk.click(ONCE);
    desk.key("space");
    desk.until("the surface to move", || desk.shot().difference(&first, STEP) > 0.05);
    desk.until("the surface to come to rest at the other model", || desk.shot().difference(&last, STEP) < 5.0 * SMALL);
    desk.still();
    assert!(desk.alive());
}

#[test]
fn a_recorded_training_stands_at_its_end_and_goes_back() {
    let desk = Desk::new();
    let path = desk.folder().join("learnt.safetensors");
    let arguments = ["train", "disc", "--hidden", "6,6", "--steps", "100", "--history", "20", "-o", path.to_str().expect("text")];
    crate::cli::succeeds(&arguments);
    let desk = desk.started(&[path.to_str().expect("text")]);
    let last = desk.still();
    desk.key("Left");
    desk.until("the snapshot before", || desk.shot().difference(&last, STEP) > 0.0003);
    desk.still();
    desk.key("Right");
    desk.until_again("the trained network", &last);
}

#[test]
fn models_of_different_architectures_are_refused_with_the_difference() {
    let [a, b] = ["rings_8x6", "rings_16x4"].map(asset);
    crate::cli::fails(&[&a, &b], 1, &["rings_8x6", "6 hidden layers", "rings_16x4", "4"]);
}
