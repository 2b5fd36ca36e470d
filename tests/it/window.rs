//! The real window under a real X server, driven by real mouse and key events; all claims are about its pixels.

use crate::desk::Desk;

/// The window's border on the dark theme, `#8f98e6` at 0.9 over the background.
const BORDER: [u8; 3] = [136, 145, 219];
/// How far antialiasing and blending may move it, in steps of 255.
const NEAR: u8 = 26;

fn model(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn mouse_and_keys_move_the_picture() {
    let mut desk = Desk::open(&[&model("assets/rings_16x4.safetensors")]);
    let first = desk.still();
    let slanted = first.longest_run(BORDER, NEAR);
    assert!(slanted < 120, "in 3-D no side of the window is level, yet {slanted} px of one are");

    desk.drag([600, 420], [760, 380]);
    desk.until("the orbit to change the picture", || desk.shot().difference(&first, 8) > 0.05);
    let orbited = desk.still();

    desk.key("t");
    desk.until("the top-down view to show level sides", || desk.shot().longest_run(BORDER, NEAR) > 300);
    let top = desk.still();
    let side = top.longest_run(BORDER, NEAR);

    desk.wheel([600, 420], -3);
    desk.until("the wheel to make the window smaller", || {
        let now = desk.shot().longest_run(BORDER, NEAR);
        now > 50 && now < side * 9 / 10
    });
    desk.key("r");
    desk.key("t");
    desk.until("the 3-D view to come back", || desk.shot().longest_run(BORDER, NEAR) < 120);
    assert!(desk.still().difference(&orbited, 8) > 0.02, "reset brings the first azimuth back, not the orbited one");
    assert!(desk.alive());
}

#[test]
fn layers_are_taken_away_and_given_back() {
    let desk = Desk::open(&[&model("assets/rings_16x4.safetensors")]);
    let whole = desk.still();
    desk.key("bracketleft");
    desk.until("one layer less to show", || desk.shot().difference(&whole, 8) > 0.05);
    desk.still();
    desk.key("bracketright");
    desk.until("the whole network to come back", || desk.shot().difference(&whole, 24) < 0.02);
}

#[test]
fn a_file_turned_to_rubbish_leaves_the_model_on_screen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("net.safetensors");
    std::fs::copy(model("assets/rings_16x4.safetensors"), &path).expect("the built-in network is in the repository");
    let mut desk = Desk::open(&[path.to_str().expect("a plain path")]);
    let before = desk.still();
    std::fs::write(&path, b"this is no network").expect("the folder is ours");
    desk.key("F5");
    desk.until("the error to show", || desk.shot().difference(&before, 8) > 0.001);
    let after = desk.still();
    let changed = after.difference(&before, 8);
    assert!(changed < 0.25, "the error covers {:.0} % of the window; the model should still be there", 100.0 * changed);
    assert!(after.n_colours() > before.n_colours() / 2, "the surface is gone");
    assert!(desk.alive());
    desk.key("escape");
    std::fs::copy(model("assets/rings_16x4.safetensors"), &path).expect("the built-in network is in the repository");
    desk.key("F5");
    desk.until("the mended file to load and the error to go", || desk.shot().difference(&before, 8) < 0.01);
}
