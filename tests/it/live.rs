//! What moves in the real window, under a real X server, driven by real keys and the mouse.

use crate::desk::Desk;
use foldscape::model;

/// A step of 255 that is no rounding.
const STEP: u8 = 8;
/// A share of the screen's pixels that the pointer and the focus may change.
const SMALL: f64 = 0.001;
/// Ground of an error on the dark theme.
const ERROR: [u8; 3] = [0x3a, 0x1a, 0x24];
/// The middle of the timeline's rail.
const RAIL: [i32; 2] = [646, 582];
/// What makes it stop at its end.
const ONCE: [i32; 2] = [735, 614];
/// Off and on of what lets the layers come in, in the panel of a network that was read.
const REVEAL: [[i32; 2]; 2] = [[150, 563], [227, 563]];
/// The heading of the Train section when the panel is scrolled to its end, and two of its buttons when it is open.
const TRAIN: [i32; 2] = [60, 572];
const START: [i32; 2] = [48, 416];
const SAVE: [i32; 2] = [238, 416];
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
    desk.click(REVEAL[1]);
    desk.until("the layers to go", || desk.shot().difference(&last, STEP) > 0.05);
    desk.click(RAIL);
    desk.key("space");
    // the rail has the keys from the frame after the click
    desk.still();
    desk.key("Home");
    desk.until("the plane", || desk.title().ends_with("a plane"));
    desk.still();
    desk.click(REVEAL[0]);
    desk.until_again("the recorded training", &last);
}

#[test]
fn a_watched_file_ends_on_its_last_state_and_half_of_one_is_never_shown() {
    let models = ["rings_8x6", "star_8x6"].map(|name| std::fs::read(asset(name)).expect("it is committed"));
    let view = ["--view", "top", "--no-axes", "--no-legend"];
    let wanted = Desk::open(&[&view[..], &[&asset("star_8x6")]].concat()).still();
    let desk = Desk::new();
    let path = desk.folder().join("star_8x6.safetensors");
    let write = |bytes: &[u8]| std::fs::write(&path, bytes).expect("the folder is ours");
    write(&models[0]);
    let mut desk = desk.started(&[&view[..], &["--watch", path.to_str().expect("text")]].concat());
    let n_vain = || desk.log().matches("is not whole").count();
    for i in 0..20 {
        let (bytes, before) = (&models[(i + 1) % 2], n_vain());
        write(&bytes[..bytes.len() * (i + 1) / 22]);
        desk.until("the program to see half a file", || n_vain() > before);
        assert!(desk.shot().longest_run(ERROR, 2) < 40, "half a file is no error that is shown");
        if i % 2 == 0 {
            write(bytes);
        } else {
            let beside = path.with_extension("new");
            std::fs::write(&beside, bytes).expect("the folder is ours");
            std::fs::rename(&beside, &path).expect("the folder is ours");
        }
    }
    write(&models[1]);
    desk.until_again("the last state of the file", &wanted);
    assert!(desk.alive());
}

/// The losses in the program's log, in their order.
fn losses(desk: &Desk) -> Vec<f64> {
    let log = desk.log();
    log.lines().filter_map(|line| line.split_once(", loss ")).map(|(_, loss)| loss.trim().parse().expect("a number")).collect()
}

#[test]
fn a_training_in_the_window_lowers_the_loss_folds_the_surface_and_is_saved() {
    let mut desk = Desk::open(&[]);
    let top = desk.still();
    desk.wheel([150, 400], -40);
    desk.until("the panel to scroll", || desk.shot().difference(&top, STEP) > 0.005);
    let end = desk.still();
    desk.click(TRAIN);
    desk.until("the section to open", || desk.shot().difference(&end, STEP) > 0.005);
    let before = desk.still();
    desk.click(START);
    desk.until("the loss to fall", || matches!(losses(&desk)[..], [first, .., last] if last < 0.5 * first));
    desk.until("the surface to be another one", || desk.shot().difference(&before, STEP) > 0.1);
    let early = desk.shot();
    desk.until("the surface to move", || desk.shot().difference(&early, STEP) > 0.02);
    desk.key("space");
    desk.still();
    desk.click(SAVE);
    let path = desk.folder().join("rings-1.safetensors");
    desk.until("the file", || path.exists());
    let saved = model::load("rings-1.safetensors", &std::fs::read(&path).expect("it is there"), None).expect("a whole file");
    assert_eq!((saved.network.widths(), saved.metadata["target"].as_str()), (vec![2, 8, 8, 8, 8, 8, 8, 1], "rings"));
    let best: f64 = saved.metadata["final_loss"].parse().expect("a number");
    assert!(best < 0.5 * losses(&desk)[0]);
    assert!(desk.alive());
}

#[test]
fn models_of_different_architectures_are_refused_with_the_difference() {
    let [a, b] = ["rings_8x6", "rings_16x4"].map(asset);
    crate::cli::fails(&[&a, &b], 1, &["rings_8x6", "6 hidden layers", "rings_16x4", "4"]);
}
