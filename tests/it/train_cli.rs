//! `foldscape train` as a black box: what it writes, says and refuses.

use crate::cli::{fails, files, program, succeeds};
use foldscape::model::{self, Model};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const QUICK: [&str; 6] = ["--hidden", "4,4", "--steps", "40", "--batch", "64"];

fn train<'a>(target: &'a str, path: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["train", target, "-o", path], &QUICK[..], more].concat()
}

fn load(path: &Path) -> Model {
    model::load("x.safetensors", &std::fs::read(path).expect("the file is there"), None).expect("a valid file")
}

#[test]
fn the_same_command_writes_the_same_file_which_opens_without_options() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rings.safetensors");
    let text = path.to_str().expect("text");
    let output = succeeds(&train("rings", text, &["--history", "7", "--seed", "3"]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("rings.safetensors: loss") && said.contains("40 steps") && said.contains("regions"), "{said}");
    let first = std::fs::read(&path).expect("the file is there");
    assert_eq!(succeeds(&train("rings", "-", &["--history", "7", "--seed", "3"])).stdout, first);
    assert_ne!(succeeds(&train("rings", "-", &["--history", "7"])).stdout, first);
    let model = load(&path);
    assert_eq!((model.network.widths(), model.activation_text(), model.history.len()), (vec![2, 4, 4, 1], "leaky_relu:0.02".to_owned(), 7));
    assert_eq!((model.metadata["target"].as_str(), model.metadata["seed"].as_str()), ("rings", "3"));
    succeeds(&["info", text]);
    assert_eq!(files(folder.path()), 1, "nothing else is left");
}

#[test]
fn own_points_and_pictures_are_learned() {
    let folder = tempfile::tempdir().expect("a folder");
    let points = folder.path().join("points.csv");
    std::fs::write(&points, "x,y,kind\n0,0,a\n10,0,b\n0,10,b\n10,10,a\n").expect("a file");
    let path = folder.path().join("points.safetensors");
    succeeds(&train(points.to_str().expect("text"), path.to_str().expect("text"), &["--activation", "relu"]));
    let model = load(&path);
    assert_eq!((model.activation_text().as_str(), model.metadata["loss"].as_str()), ("relu", "logistic"));
    assert_eq!(model.metadata["target"], "points.csv");
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rings_16x4_3d_dark.png");
    succeeds(&train(picture, path.to_str().expect("text"), &["--channel", "red"]));
    assert!(load(&path).window.expect("a window").max[1] < 1.0, "the picture is wide");
}

#[test]
fn wrong_usage_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("net.safetensors");
    let path = path.to_str().expect("text");
    let refused = |target: &str, more: &[&str], code: i32, words: &[&str]| {
        fails(&[&["train", target, "-o", path], more].concat(), code, words);
        assert_eq!(files(folder.path()), 0);
    };
    refused("ring", &[], 2, &["`ring`", "rings"]);
    refused("rings", &["--hidden", "8,0"], 2, &["layer 2 has 0 units"]);
    refused("rings", &["--hidden", "8,x"], 2, &["--hidden"]);
    refused("rings", &["--hidden", "4000000000,4000000000"], 2, &["layer 1", "4096"]);
    refused("rings", &["--activation", "gelu"], 2, &["gelu", "leaky_relu:SLOPE"]);
    refused("rings", &["--lr", "0"], 2, &["learning rate"]);
    refused("rings", &["--loss", "l1"], 2, &["mse or logistic"]);
    refused("rings", &["--history", "1"], 2, &["snapshots"]);
    refused("rings", &["--window", "1,0,0,1"], 2, &["--window"]);
    refused("no_such_picture.png", &[], 1, &["cannot read no_such_picture.png"]);
    refused(env!("CARGO_MANIFEST_DIR"), &[], 1, &["folder"]);
    refused(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), &[], 1, &["Cargo.toml", "picture", ".csv"]);
    fails(&["train", "rings", "-o", "net.pt"], 2, &["net.pt", ".safetensors"]);
    fails(&["train", "rings"], 2, &["--output-file"]);
}

#[test]
fn a_diverging_training_keeps_the_best_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let points = folder.path().join("far.csv");
    std::fs::write(&points, "0,0,1\n1,1,2\n").expect("a file");
    let path = folder.path().join("net.safetensors");
    let arguments =
        ["train", points.to_str().expect("text"), "-o", path.to_str().expect("text"), "--hidden", "64,64,64,64,64,64", "--lr", "1"];
    let output = program(&[&arguments[..], &["--steps", "400"]].concat()).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        assert!(said.contains("diverged at step") && said.contains("best network so far"), "{said}");
    }
    assert!(load(&path).network.forward(&[0.5, 0.5])[0].is_finite());
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_the_best_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("net.safetensors");
    let arguments = ["train", "rings", "-o", path.to_str().expect("text"), "--steps", "1000000000", "--hidden", "4", "--batch", "64"];
    let child = program(&arguments).stderr(Stdio::piped()).spawn().expect("the program starts");
    let waiting = Instant::now();
    while files(folder.path()) == 0 {
        assert!(waiting.elapsed() < Duration::from_mins(1), "the output is opened before the training");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let output = child.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted after") && said.contains("best network so far"), "{said}");
    assert_eq!(load(&path).network.widths(), [2, 4, 1]);
    assert_eq!(files(folder.path()), 1);
}
