//! Films from the command line: as many frames as asked for, the same ones every time, whole or not there at all.

#[cfg(not(feature = "mp4"))]
use crate::cli::program;
use crate::cli::{fails, fed, files, succeeds};
use crate::networks::{Random, Weights, random};
use foldscape::model::{self, Model, Snapshot};
use foldscape::network::Network;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn network(hidden: &[usize], seed: u64) -> Network {
    random(hidden, 0.02, Weights::Generic, &mut Random(seed))
}

/// A folder with the models `a` and `b` (2-4-3-1), `wide` (2-4-5-1), and `learnt`, which has a history of two steps.
pub struct Models {
    pub folder: tempfile::TempDir,
}

impl Models {
    pub fn new() -> Self {
        let models = Self { folder: tempfile::tempdir().expect("a folder") };
        models.save("a", network(&[4, 3], 1), vec![]);
        models.save("b", network(&[4, 3], 2), vec![]);
        models.save("wide", network(&[4, 5], 3), vec![]);
        let snapshot = |step: u64| Snapshot { step, loss: 0.5, network: network(&[4, 3], step) };
        models.save("learnt", network(&[4, 3], 9), vec![snapshot(0), snapshot(20)]);
        models
    }

    fn save(&self, name: &str, network: Network, history: Vec<Snapshot>) {
        let model = Model { name: name.to_owned(), network, history, metadata: BTreeMap::new(), ..model::builtin() };
        std::fs::write(self.path(&format!("{name}.safetensors")), model.to_safetensors().expect("a valid model")).expect("a file");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `film`, the models by name, `-o` the output, and more arguments.
    pub fn film(&self, models: &[&str], output: &str, more: &[&str]) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().expect("text").to_owned();
        let models = models.iter().map(|name| text(self.path(&format!("{name}.safetensors"))));
        let small = ["--size", "96x64", "--seconds", "0.4", "--fps", "20", "--no-axes", "--no-legend"];
        let overruled = |option: &&str| !(more.contains(option) && option.starts_with("--"));
        let small = small.chunks(2).filter(|pair| overruled(&pair[0])).flatten().map(|s| (*s).to_owned());
        let head = ["film".to_owned()].into_iter().chain(models).chain(["-o".to_owned(), text(self.path(output))]);
        head.chain(small).chain(more.iter().map(|s| (*s).to_owned())).collect()
    }

    pub fn make(&self, models: &[&str], output: &str, more: &[&str]) {
        let arguments = self.film(models, output, more);
        succeeds(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn refused(&self, models: &[&str], output: &str, more: &[&str], code: i32, words: &[&str]) {
        let arguments = self.film(models, output, more);
        let before = files(self.folder.path());
        fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), code, words);
        assert_eq!(files(self.folder.path()), before, "nothing is left");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("it was written")
    }

    /// The RGB pixels of all numbered PNGs in a folder, in order.
    pub fn frames(&self, folder: &str) -> Vec<Vec<u8>> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.path(folder)).expect("a folder").map(|e| e.expect("a file").path()).collect();
        paths.sort();
        let names: Vec<String> = (1..=paths.len()).map(|i| format!("frame_{i:04}.png")).collect();
        assert_eq!(paths.iter().map(|p| p.file_name().expect("a name").to_str().expect("text")).collect::<Vec<_>>(), names);
        paths.iter().map(|path| png_frames(&std::fs::read(path).expect("a picture")).remove(0)).collect()
    }
}

/// All frames of a PNG, animated or not, each put over the one before.
fn png_frames(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().expect("a PNG");
    let (width, n) = (reader.info().width as usize, reader.info().animation_control.map_or(1, |a| a.num_frames));
    let channels = reader.info().bytes_per_pixel();
    let mut canvas = Vec::new();
    let mut frame = || {
        let mut part = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut part).expect("a picture");
        let place = reader.info().frame_control;
        let part: Vec<u8> = part.chunks_exact(channels).flat_map(|p| [p[0], p[1], p[2]]).collect();
        match place.filter(|_| !canvas.is_empty()) {
            None => canvas = part,
            Some(f) => {
                for (row, line) in part.chunks(3 * f.width as usize).take(f.height as usize).enumerate() {
                    let start = 3 * ((f.y_offset as usize + row) * width + f.x_offset as usize);
                    canvas[start..start + line.len()].copy_from_slice(line);
                }
            }
        }
        canvas.clone()
    };
    (0..n).map(|_| frame()).collect()
}

#[test]
fn a_folder_holds_numbered_pictures_that_are_the_same_every_time() {
    let models = Models::new();
    models.make(&["a", "b"], "one", &[]);
    models.make(&["a", "b"], "two", &["--threads", "1"]);
    let frames = models.frames("one");
    assert_eq!(frames.len(), 8, "0.4 s at 20 a second");
    assert!(frames == models.frames("two"), "the same options give the same frames");
    assert!(frames[0] != frames[7]);
    assert!([&frames[0], &frames[7]] == [&frames[1], &frames[6]], "it rests at both models");
    models.make(&["a", "b"], "three", &["--hold", "0", "--loop", "ping-pong"]);
    let there_and_back = models.frames("three");
    assert!([&there_and_back[1], &there_and_back[3]] == [&there_and_back[7], &there_and_back[5]]);
    assert!(there_and_back[0] == frames[0] && there_and_back[4] == frames[7]);
}

#[test]
fn every_format_holds_all_frames() {
    let models = Models::new();
    models.make(&["a", "b", "a"], "frames", &["--loop", "once"]);
    let frames = models.frames("frames");
    models.make(&["a", "b", "a"], "film.png", &["--loop", "once"]);
    assert!(png_frames(&models.read("film.png")) == frames, "an animated PNG loses nothing");
    models.make(&["a", "b", "a"], "film.gif", &["--loop", "once"]);
    let bytes = models.read("film.gif");
    let mut decoder = gif::DecodeOptions::new().read_info(Cursor::new(&bytes)).expect("a GIF");
    assert_eq!((decoder.width(), decoder.height(), decoder.repeat()), (96, 64, gif::Repeat::Finite(0)));
    let palette = decoder.global_palette().expect("one palette").to_vec();
    let (mut canvas, mut n, mut delay) = (vec![0_u8; 96 * 64], 0, 0);
    while let Some(frame) = decoder.read_next_frame().expect("a frame") {
        assert!(frame.palette.is_none());
        delay += u32::from(frame.delay);
        for (i, &index) in frame.buffer.iter().enumerate().filter(|(_, index)| Some(**index) != frame.transparent) {
            let (x, y) = (i % usize::from(frame.width), i / usize::from(frame.width));
            canvas[(y + usize::from(frame.top)) * 96 + x + usize::from(frame.left)] = index;
        }
        let shown = canvas.iter().flat_map(|&index| palette[3 * usize::from(index)..][..3].to_vec());
        let off: f64 = shown.zip(&frames[n]).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / (3.0 * 96.0 * 64.0);
        assert!(off < 3.0, "frame {n}: the palette is off by {off} of 255 on average");
        n += 1;
    }
    assert_eq!((n, delay), (8, 40), "8 frames in 0.4 s");
    models.make(&["a"], "loop.gif", &[]);
    let bytes = models.read("loop.gif");
    let endless = gif::DecodeOptions::new().read_info(Cursor::new(&bytes)).expect("a GIF");
    assert_eq!(endless.repeat(), gif::Repeat::Infinite);
}

#[test]
fn trainings_folds_and_layers_are_shown() {
    let models = Models::new();
    let ways: [(&str, &[&str], &[&str]); 5] = [
        ("training", &["learnt"], &[]),
        ("both", &["learnt", "learnt"], &["--training", "--align"]),
        ("fold", &["a"], &["--fold"]),
        ("together", &["a"], &["--fold=together"]),
        ("reveal", &["a"], &["--reveal", "--layers", "2"]),
    ];
    let films: Vec<Vec<Vec<u8>>> = ways
        .iter()
        .map(|(name, networks, more)| {
            models.make(networks, name, more);
            models.frames(name)
        })
        .collect();
    for (film, (name, ..)) in films.iter().zip(&ways) {
        assert_eq!(film.len(), 8, "{name}");
        assert!(film.iter().any(|frame| *frame != film[0]), "{name} moves");
    }
    assert!(films[2][3] != films[3][3], "layers one by one, or all together");
}

#[test]
fn a_turn_of_the_table_never_leaves_the_picture() {
    let models = Models::new();
    models.make(&["a"], "turn", &["--theme", "light", "--turntable", "0.6s", "--seconds", "0.6"]);
    let frames = models.frames("turn");
    assert_eq!(frames.len(), 12);
    let white = |frame: &[u8], x: usize, y: usize| frame[3 * (y * 96 + x)..][..3] == [255; 3];
    for (i, frame) in frames.iter().enumerate() {
        // the captions are bottom right
        let sides = (0..48).flat_map(|y| [(0, y), (95, y)]);
        let rim = (0..96).map(|x| (x, 0)).chain((0..48).map(|x| (x, 63))).chain(sides);
        assert!(rim.into_iter().all(|(x, y)| white(frame, x, y)), "frame {i} touches the rim");
        assert!((0..64).any(|y| !white(frame, 48, y)), "frame {i} is empty");
    }
    models.make(&["a"], "poses", &["--camera-at", "0:elevation=30", "--camera-at", "0.2:elevation=80 distance=9"]);
    let poses = models.frames("poses");
    assert!(poses[0] != poses[2] && poses[5] == poses[7], "the last pose stays");
}

#[test]
fn what_cannot_be_filmed_is_said() {
    let models = Models::new();
    models.refused(&["a", "wide"], "x.gif", &[], 1, &["hidden layer 2 has 3 units in a and 5 in wide"]);
    models.refused(&["a", "b"], "x.gif", &["--fold"], 2, &["--fold", "one model"]);
    models.refused(&["a"], "x.gif", &["--training"], 1, &["a holds no recorded training", "--history"]);
    models.refused(&["a", "b"], "x.avi", &[], 2, &["x.avi", ".gif", ".mp4"]);
    models.refused(&["a", "b"], "x.gif", &["--fps", "60"], 2, &["--fps 50"]);
    models.refused(&["a", "b"], "x.mp4", &["--size", "97x64"], 2, &["--size 98x64"]);
    models.refused(&["a", "b"], "x.gif", &["--hold", "1"], 2, &["--hold 1", "0.4 seconds"]);
    models.refused(&["a", "b"], "x.gif", &["--seconds", "3600", "--fps", "50"], 2, &["90000"]);
    models.refused(&["a", "b"], "x.gif", &["--window", "2,0,1,1"], 2, &["--window"]);
    std::fs::create_dir(models.path("full")).expect("a folder");
    std::fs::write(models.path("full/mine.txt"), "mine").expect("a file");
    models.refused(&["a", "b"], "full", &[], 1, &["full", "not empty"]);
    assert_eq!(files(&models.path("full")), 1);
}

#[cfg(not(feature = "mp4"))]
#[test]
fn without_an_encoder_of_mp4_both_cures_are_named() {
    let models = Models::new();
    let arguments = models.film(&["a", "b"], "film.mp4", &[]);
    let mut command = program(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let output = command.env("PATH", "/nonexistent").output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && text.contains("ffmpeg") && text.contains("--features mp4"), "{text}");
    assert!(!models.path("film.mp4").exists());
}

#[cfg(feature = "mp4")]
#[test]
fn the_bundled_encoder_makes_an_mp4() {
    let models = Models::new();
    models.make(&["a", "b"], "film.mp4", &[]);
    models.make(&["a", "b"], "again.mp4", &[]);
    let film = models.read("film.mp4");
    assert_eq!(&film[4..8], b"ftyp");
    let samples = film.windows(4).position(|w| w == b"stsz").expect("a table of samples");
    assert_eq!(u32::from_be_bytes(film[samples + 12..samples + 16].try_into().expect("four bytes")), 8);
    assert!(film == models.read("again.mp4"));
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_frame() {
    let models = Models::new();
    let before = files(models.folder.path());
    for output in ["frames", "film.gif"] {
        let arguments = models.film(&["a", "b"], output, &["--seconds", "600"]);
        let child = fed(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let waiting = std::time::Instant::now();
        while files(models.folder.path()) == before {
            assert!(waiting.elapsed() < Duration::from_mins(1), "the output is opened before the long work");
            std::thread::sleep(Duration::from_millis(10));
        }
        let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
        assert!(killed.success());
        let ended = child.wait_with_output().expect("the program ends");
        assert_eq!(ended.status.code(), Some(130), "{output}: {}", String::from_utf8_lossy(&ended.stderr));
        assert_eq!(files(models.folder.path()), before, "{output}");
    }
    assert!(!Path::new(&models.path("frames")).exists());
}
