//! The tour from the command line: a figure for every scene in both themes, sentences with their counts, and a page of the
//! documentation that says what the tour says.

use crate::cli::{fails, files, stdout, succeeds};
use foldscape::tour::SCENES;
use std::collections::HashSet;
use std::io::Cursor;
use std::path::Path;

/// Width, height and RGBA of a PNG, with or without a palette.
fn decoded(bytes: &[u8]) -> ([u32; 2], Vec<[u8; 4]>) {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
    let info = reader.next_frame(&mut pixels).expect("it is whole");
    ([info.width, info.height], pixels.chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect())
}

/// One picture, by `--figure N -o -`.
fn figure(number: usize, more: &[&str]) -> Vec<u8> {
    let number = number.to_string();
    succeeds(&[&["tour", "--figure", &number, "-o", "-", "--size", "320x200"], more].concat()).stdout
}

#[test]
fn every_figure_is_drawn_in_both_themes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = HashSet::new();
    for theme in ["dark", "light"] {
        let path = folder.path().join(theme);
        succeeds(&["tour", "-o", path.to_str().expect("text"), "--size", "320x200", "--theme", theme]);
        assert_eq!(files(&path), SCENES.len());
        for scene in &SCENES {
            let bytes = std::fs::read(path.join(format!("figure_{:02}.png", scene.number))).expect("it was drawn");
            let (size, pixels) = decoded(&bytes);
            assert_eq!(size, [320, 200]);
            let (ground, inked) = (pixels[0], pixels.iter().filter(|&&p| luminance(p) - luminance(pixels[0]) != 0.0).count());
            assert_eq!(luminance(ground) > 128.0, theme == "light", "scene {} on its ground", scene.number);
            assert!(inked * 100 > pixels.len(), "scene {}, {theme}: {inked} pixels", scene.number);
            assert!(seen.insert(pixels), "scene {}, {theme} is another's picture", scene.number);
        }
    }
}

fn luminance([r, g, b, _]: [u8; 4]) -> f32 {
    0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b)
}

#[test]
fn a_figure_alone_is_that_of_the_folder_and_a_caption_goes_under_it() {
    for scene in [1, 4, 8] {
        let ([_, height], plain) = decoded(&figure(scene, &[]));
        assert_eq!(plain, decoded(&figure(scene, &[])).1, "the same picture every time");
        let captioned = decoded(&figure(scene, &["--caption"])).1;
        // the last sixth holds the sentence: what stands there without it is other words, or nothing
        let last = |pixels: &[[u8; 4]]| pixels[320 * (height as usize * 5 / 6)..].to_vec();
        let words = last(&captioned).iter().filter(|p| luminance(**p) > 90.0).count();
        assert!(words > 200 && last(&captioned) != last(&plain), "{words} pixels of words");
    }
}

#[test]
fn transparent_figures_have_no_ground_and_small_ones_256_colours() {
    for scene in [3, 7, 11] {
        let whole = decoded(&figure(scene, &["--transparent"])).1;
        assert_eq!(whole[0], [0; 4]);
        let bytes = figure(scene, &["--transparent", "--small"]);
        let (size, small) = decoded(&bytes);
        assert_eq!(size, [320, 200]);
        assert!(small.iter().collect::<HashSet<_>>().len() <= 256);
        let near = |(a, b): (&[u8; 4], &[u8; 4])| u32::from(a[3].abs_diff(b[3]) < 48);
        let same: u32 = whole.iter().zip(&small).map(near).sum();
        assert!(same as usize * 100 > whole.len() * 98, "{same} of {} pixels are as opaque", whole.len());
    }
}

#[test]
fn the_list_has_every_title_and_the_counts() {
    let list = succeeds(&["tour", "--list"]);
    for (scene, count) in [(4, "37 regions"), (4, "32 of"), (5, "= 32"), (7, "become 104"), (8, "2,910"), (10, "2,910"), (11, "867")] {
        let alone = succeeds(&["tour", "--list", "--figure", &scene.to_string()]);
        assert!(stdout(&alone).contains(count), "{}", stdout(&alone));
        assert!(stdout(&list).contains(stdout(&alone).trim_end()), "{}", stdout(&list));
    }
    assert!(SCENES.iter().all(|scene| stdout(&list).contains(&format!("{}  {}\n", scene.number, scene.title))));
}

#[test]
fn wrong_usage_of_the_tour_is_told() {
    fails(&["tour", "--figure", "0", "-o", "x.png"], 2, &["scene 0", "scenes 1 to 11"]);
    fails(&["tour", "--figure", "1", "-o", "x.jpg"], 2, &["x.jpg", ".png"]);
    fails(&["tour", "-o", "x.png"], 2, &["x.png", "folder", "--figure N"]);
    // no display
    fails(&["tour"], 1, &["no window", "`foldscape tour -o FOLDER`"]);
    fails(&["tour", "--small"], 2, &["--output-file"]);
    fails(&["tour", "-o", env!("CARGO_MANIFEST_DIR")], 1, &["not empty"]);
}

/// docs/TOUR.md shows both pictures of every scene and says its sentence.
#[test]
fn the_documentation_says_what_the_tour_says() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = std::fs::read_to_string(docs.join("TOUR.md")).expect("it is in the repository");
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for scene in &SCENES {
        let alone = succeeds(&["tour", "--list", "--figure", &scene.number.to_string()]);
        let sentence = stdout(&alone).lines().nth(1).expect("a sentence");
        assert!(page.contains(sentence), "docs/TOUR.md does not say: {sentence}");
        assert!(page.contains(&format!("## {} {}", scene.number, scene.title)), "scene {}", scene.number);
        for theme in ["dark", "light"] {
            let picture = format!("tour/{theme}/figure_{:02}.png", scene.number);
            assert!(page.contains(&picture) && docs.join(&picture).exists(), "{picture}");
        }
    }
}
