//! The tour in the real window, stepped through by real keys: every scene has a title, words and a picture of its own.

use crate::desk::{Desk, SIZE, Shot};
use foldscape::tour::SCENES;

/// A step of 255 that is no rounding.
const STEP: u8 = 8;
/// The first pixel row of the picture, under the strip with the words, and the row of scenes in the panel.
const STRIP: usize = 134;
const SCENE_ROW: i32 = 181;

/// The upper part of what is right of the panel, or the rest of it, as if the other were as before.
fn part(shot: &Shot, upper: bool) -> Vec<[u8; 3]> {
    let right = shot.part(300);
    let at = STRIP * (SIZE[0] - 300);
    if upper { right[..at].to_vec() } else { right[at..].to_vec() }
}

/// The share of pixels, 0 to 1, that differ.
fn difference(a: &[[u8; 3]], b: &[[u8; 3]]) -> f64 {
    let differs = |(a, b): (&[u8; 3], &[u8; 3])| (0..3).any(|k| a[k].abs_diff(b[k]) > STEP);
    a.iter().zip(b).filter(|&pair| differs(pair)).count() as f64 / a.len() as f64
}

/// Waits for the scene, and until everything stands still.
fn scene(desk: &Desk, number: usize) -> Shot {
    let title = format!("foldscape \u{2013} {number}  {}", SCENES[number - 1].title);
    desk.until(&title, || desk.title() == title);
    desk.still()
}

#[test]
fn every_scene_has_words_and_a_picture_of_its_own() {
    let mut desk = Desk::open(&["tour"]);
    let mut shots = vec![scene(&desk, 1)];
    for number in 2..=SCENES.len() {
        desk.key("Right");
        shots.push(scene(&desk, number));
        let (before, now) = (&shots[number - 2], &shots[number - 1]);
        for (upper, least) in [(true, 0.005), (false, 0.02)] {
            let share = difference(&part(before, upper), &part(now, upper));
            assert!(share > least, "scene {number}, words {upper}: only {share} of the pixels are others");
        }
    }
    desk.key("Right");
    desk.key("Left");
    scene(&desk, SCENES.len() - 1);
    desk.until_again("the last scene but one", &shots[SCENES.len() - 2]);
    assert!(desk.alive());
}

#[test]
fn a_click_opens_a_scene_and_escape_leaves_the_tour() {
    let desk = Desk::open(&[]);
    let first = desk.still();
    // the fourth of eleven cells, between the panel's margins
    desk.click([20 + 250 * 7 / 22, SCENE_ROW]);
    let fourth = scene(&desk, 4);
    assert!(fourth.difference(&first, STEP) > 0.1);
    desk.key("Left");
    scene(&desk, 3);
    desk.key("Escape");
    desk.until("the network from before", || desk.title().ends_with("rings_16x4"));
    desk.until_again("the picture from before", &first);
}

#[test]
fn it_goes_on_by_itself_until_somebody_stops_it() {
    let desk = Desk::open(&["tour", "--figure", "4"]);
    scene(&desk, 4);
    desk.key("space");
    desk.until("the next scene", || desk.title().contains(SCENES[4].title));
    desk.key("space");
    scene(&desk, 5);
}
