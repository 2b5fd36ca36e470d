//! The real window under a real X server, driven by real mouse and key events; what is claimed is claimed about its pixels.

use crate::desk::{Desk, Shot};

/// The window's border on the dark theme, `#8f98e6` at 0.9 over the background.
const BORDER: [u8; 3] = [136, 145, 219];
/// How far antialiasing and blending may move it, in steps of 255.
const NEAR: u8 = 26;
/// A step of 255 that is no rounding.
const STEP: u8 = 8;
/// A place on the surface, right of the panel.
const MIDDLE: [i32; 2] = [646, 300];

fn model(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A surface of few folds, which leave the window's sides whole.
const TENT: &str = r#"{"activation": "relu", "layers": [{"weights": [[1, 0.3], [-0.2, 1]], "bias": [0.1, -0.1]}, {"weights": [[1, -1]]}]}"#;

/// Opens the program on [`TENT`].
fn open_tent(options: &[&str]) -> Desk {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("tent.json");
    std::fs::write(&path, TENT).expect("the folder is ours");
    Desk::open(&[options, &[path.to_str().expect("a plain path")]].concat())
}

/// Length of the longest level side of the window that is seen, in px.
fn side(shot: &Shot) -> usize {
    shot.longest_run(BORDER, NEAR)
}

/// Waits until the picture is another one, and still.
fn after(desk: &Desk, what: &str, before: &Shot) -> Shot {
    desk.until(what, || desk.shot().difference(before, STEP) > 0.02);
    desk.still()
}

#[test]
fn the_mouse_orbits_pans_zooms_and_centres() {
    let mut desk = Desk::open(&[]);
    let first = desk.still();
    desk.drag(1, MIDDLE, [MIDDLE[0] + 120, MIDDLE[1] - 30]);
    let orbited = after(&desk, "the left drag to orbit", &first);
    desk.drag(3, MIDDLE, [MIDDLE[0] - 60, MIDDLE[1] + 40]);
    let panned = after(&desk, "the right drag to pan", &orbited);
    desk.wheel(MIDDLE, 4);
    let zoomed = after(&desk, "the wheel to zoom in", &panned);
    desk.double_click([MIDDLE[0] - 80, MIDDLE[1]]);
    after(&desk, "the double click to centre", &zoomed);
    desk.key("r");
    desk.until_again("the first view to come back", &first);
    assert!(desk.alive());
}

#[test]
fn t_flips_to_top_down_and_the_wheel_zooms_there() {
    let desk = open_tent(&[]);
    let first = desk.still();
    assert!(side(&first) < 150, "in 3-D no side of the window is level, yet {} px of one are", side(&first));
    desk.key("t");
    desk.until("the top-down view to show level sides", || side(&desk.shot()) > 200);
    let top = desk.still();
    desk.wheel(MIDDLE, -3);
    desk.until("the wheel to make the window smaller", || (50..side(&top) * 9 / 10).contains(&side(&desk.shot())));
    // a wheel that still turns would stop the flip
    desk.still();
    desk.key("t");
    desk.until_again("the 3-D view to come back", &first);
}

#[test]
fn keys_change_the_picture_and_change_it_back() {
    let desk = Desk::open(&[]);
    let first = desk.still();
    for key in ["e", "f", "x", "g", "b", "h", "5"] {
        desk.key(key);
        desk.until(key, || desk.shot().difference(&first, STEP) > 0.0003);
        desk.still();
        desk.key(key);
        desk.until_again(key, &first);
    }
    for (key, back_key) in [("bracketleft", "bracketright"), ("1", "r"), ("3", "r"), ("9", "r"), ("7", "t")] {
        desk.key(key);
        after(&desk, key, &first);
        desk.key(back_key);
        desk.until_again(back_key, &first);
    }
}

#[test]
fn a_copied_camera_comes_back() {
    let desk = Desk::open(&[]);
    let first = desk.still();
    desk.drag(1, MIDDLE, [MIDDLE[0] + 120, MIDDLE[1] - 30]);
    let own = after(&desk, "the orbit", &first);
    desk.key("ctrl+c");
    desk.until("a word about it", || desk.shot().difference(&own, STEP) > 0.001);
    desk.key("1");
    let front = after(&desk, "the front view", &own);
    desk.key("ctrl+v");
    after(&desk, "the pasted camera", &front);
    desk.until_again("the copied view to come back", &own);
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
    desk.until("the error to show", || desk.shot().difference(&before, STEP) > 0.005);
    let changed = desk.still().difference(&before, STEP);
    assert!(changed < 0.25, "the error covers {:.0} % of the window; the model should still be there", 100.0 * changed);
    assert!(desk.alive());
    desk.key("Escape");
    desk.until_again("the error to go", &before);
    std::fs::copy(model("tests/models/rings_8x6.safetensors"), &path).expect("the network is in the repository");
    desk.key("F5");
    after(&desk, "the other network to show", &before);
}

#[test]
fn a_lost_device_comes_back_with_the_picture() {
    let mut desk = Desk::open(&["--test-hooks"]);
    let before = desk.still();
    desk.key("ctrl+shift+d");
    let is_back = |log: &str| log.split_once("is opened again").is_some_and(|(_, after)| after.contains("] frame "));
    desk.until("a frame of another device", || is_back(&desk.log()));
    desk.until_again("the picture to come back", &before);
    desk.drag(1, MIDDLE, [MIDDLE[0] + 120, MIDDLE[1] - 30]);
    after(&desk, "the next frames", &before);
    assert!(desk.alive());
}

#[test]
fn an_untouched_window_draws_nothing() {
    let desk = Desk::open(&[]);
    desk.pointer(MIDDLE);
    desk.still();
    // the pointer's own frames may come late on a busy machine; a window that is never at rest fails every time
    let rests = (0..8).any(|_| {
        let before = (desk.n_frames(), desk.processor_time());
        std::thread::sleep(std::time::Duration::from_secs(2));
        (desk.n_frames(), desk.processor_time()) == before
    });
    assert!(rests, "frames were drawn or processor time was used while nothing happened");
}

#[test]
fn the_picture_follows_the_windows_size() {
    let mut desk = open_tent(&["--view", "top"]);
    let large = side(&desk.still());
    desk.resize([800, 400]);
    desk.until("a smaller picture", || (80..large * 3 / 4).contains(&side(&desk.shot())));
    desk.resize([1, 1]);
    desk.resize(crate::desk::SIZE);
    desk.until("the first size again", || side(&desk.shot()) == large);
    assert!(desk.alive());
}

#[test]
fn f12_writes_what_is_seen() {
    let desk = Desk::open(&[]);
    let first = desk.still();
    desk.key("F12");
    let path = desk.folder().join("foldscape-1.png");
    desk.until("the file", || path.exists());
    let mut decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&path).expect("it is there")));
    decoder.set_transformations(png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().expect("it is a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
    let info = reader.next_frame(&mut pixels).expect("it is whole");
    let picture: Vec<[u8; 3]> = pixels.chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect();
    assert_eq!(first.part(crate::desk::SIZE[0] - info.width as usize), picture, "every pixel right of the panel");
    desk.key("ctrl+F12");
    desk.until("the transparent one", || desk.folder().join("foldscape-2.png").exists());
}
