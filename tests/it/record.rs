//! A film recorded in the real window: whole or not at all, while the window goes on.

use crate::desk::Desk;
use std::path::PathBuf;

/// The films in the program's folder, and what is unfinished there.
fn files(desk: &Desk, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(desk.folder()).expect("the folder is ours").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| is_wanted(&path.file_name().unwrap_or_default().to_string_lossy())).collect()
}

fn unfinished(desk: &Desk) -> usize {
    files(desk, |name| name.starts_with(".foldscape-")).len()
}

/// A window as small as it may be: software draws 200 frames.
fn small() -> Desk {
    let desk = Desk::open(&[]);
    desk.resize([460, 200]);
    desk.until("the smaller picture", || desk.log().lines().last().is_some_and(|line| line.contains("at rest")));
    desk
}

#[test]
fn a_turn_is_recorded_while_the_window_goes_on() {
    let mut desk = small();
    desk.key("F9");
    desk.until("the recording to begin", || unfinished(&desk) == 1);
    let before = desk.n_frames();
    desk.key("t");
    desk.until("the window to flip meanwhile", || desk.n_frames() > before + 3);
    let films = || files(&desk, |name| name.starts_with("foldscape-1."));
    desk.until("the film", || !films().is_empty());
    assert_eq!(unfinished(&desk), 0);
    let path = films().remove(0);
    let bytes = std::fs::read(&path).expect("it is there");
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("gif") => {
            let mut reader = gif::DecodeOptions::new().read_info(&bytes[..]).expect("a GIF");
            assert_eq!([reader.width() % 2, reader.height()], [0, 200]);
            let mut n_frames = 0;
            while reader.read_next_frame().expect("a frame").is_some() {
                n_frames += 1;
            }
            assert_eq!(n_frames, 200, "eight seconds at 25 a second");
        }
        _ => assert_eq!(&bytes[4..8], b"ftyp", "{}", path.display()),
    }
    assert!(desk.alive());
}

#[test]
fn a_stopped_recording_leaves_nothing() {
    let mut desk = small();
    for _ in 0..2 {
        desk.key("F9");
        desk.until("the recording to begin", || unfinished(&desk) == 1);
        desk.key("F9");
        desk.until("the unfinished film to go", || unfinished(&desk) == 0);
    }
    assert!(files(&desk, |name| name.starts_with("foldscape-")).is_empty());
    // closed while it records, it takes the unfinished film along
    desk.key("F9");
    desk.until("the recording to begin", || unfinished(&desk) == 1);
    desk.key("ctrl+q");
    desk.until("the unfinished film to go", || unfinished(&desk) == 0);
    while desk.alive() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
