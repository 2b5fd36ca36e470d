//! The program as a black box: what it prints, writes and returns.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const RINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/models/rings_16x4.safetensors");

pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_foldscape"));
    command.args(arguments).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command
}

pub fn run(arguments: &[&str]) -> Output {
    program(arguments).output().expect("the program starts")
}

pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("text")
}

/// The run must end with `code` and say all of `words` on standard error.
#[track_caller]
pub fn fails(arguments: &[&str], code: i32, words: &[&str]) {
    let output = run(arguments);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}");
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
}

pub fn succeeds(arguments: &[&str]) -> Output {
    let output = run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Starts the program with `arguments`, to be fed by standard input.
pub fn fed(arguments: &[&str]) -> Child {
    program(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

pub fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a folder").count()
}

#[test]
fn help_lists_every_value_of_every_option() {
    let help = succeeds(&["render", "--help"]);
    for word in [
        "relu",
        "leaky_relu:SLOPE",
        "-1,-1,1,1",
        "1600x1000",
        "3d",
        "top",
        "output",
        "layers",
        "pattern",
        "dark",
        "light",
        "front",
        "right",
        "iso",
        "activation:",
        "linear:",
        "auto",
        "low-power",
        "fast",
        "software",
        "[default: dark]",
        "[default: 3d]",
        "[default: 1]",
        "--transparent",
        "--no-edges",
        "--camera",
    ] {
        assert!(stdout(&help).contains(word), "`{word}` is missing in: {}", stdout(&help));
    }
    for command in ["render", "film", "info", "verify", "export", "train", "tour"] {
        assert!(stdout(&succeeds(&["--help"])).contains(command));
    }
    assert!(stdout(&succeeds(&["--version"])).contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_told_from_failure() {
    fails(&["info"], 2, &["MODEL"]);
    fails(&["info", RINGS, "--window", "1,2,3"], 2, &["--window", "-1,-1,1,1"]);
    fails(&["info", RINGS, "--activation", "gelu"], 2, &["gelu", "leaky_relu:SLOPE"]);
    fails(&["info", RINGS, "--layers", "2", "--output", "0"], 2, &["--layers", "--output"]);
    fails(&["info", RINGS, "--layers", "5"], 2, &["layer 5", "4 hidden layers"]);
    fails(&["info", RINGS, "--output", "1"], 2, &["output 1", "1 output"]);
    fails(&["render", RINGS, "-o", "x.png", "--size", "16"], 2, &["1600x1000"]);
    fails(&["export", RINGS, "-o", "x.ply"], 2, &[".ply is not there yet", ".svg"]);
    fails(&["info", "no such file"], 1, &["no such file"]);
    fails(&["info", env!("CARGO_MANIFEST_DIR")], 1, &["folder"]);
    fails(&["info", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")], 1, &["Cargo.toml", ".safetensors"]);
    fails(&["info", RINGS, "--max-regions", "10"], 1, &["limit of 10 regions", "--max-regions"]);
}

#[test]
fn info_has_the_promised_keys() {
    let info: serde_json::Value = serde_json::from_slice(&succeeds(&["info", RINGS, "--json"]).stdout).expect("JSON");
    let object = info.as_object().expect("an object");
    for key in [
        "model",
        "widths",
        "activation",
        "window",
        "regions",
        "linear_regions",
        "vertices",
        "edges",
        "interior_vertices",
        "border_vertices",
        "interior_edges",
        "area",
        "euler",
        "regions_per_layer",
        "output_ranges",
        "exact_decisions",
        "threads",
        "seconds_enumerate",
    ] {
        assert!(object.get(key).is_some_and(|value| !value.is_null()), "{key}");
    }
    assert_eq!((&info["regions"], &info["linear_regions"]), (&1257.into(), &1257.into()));
    assert_eq!(info["euler"], 1);
    assert_eq!(info["widths"], serde_json::json!([2, 16, 16, 16, 16, 1]));
    assert_eq!(info["window"], serde_json::json!([-1.0, -1.0, 1.0, 1.0]));
    assert_eq!(info["regions_per_layer"][3], 1257);
    assert!((info["area"].as_f64().expect("a number") - 4.0).abs() < 4e-12);
    let range = &info["output_ranges"][0];
    assert!(range["min"].as_f64() < Some(0.0) && range["max"].as_f64() > Some(1.0) && range["max_at"][1].is_number(), "{range}");
    let text = succeeds(&["info", RINGS]);
    assert!(stdout(&text).contains("1,257") && stdout(&text).contains("output 0"), "{}", stdout(&text));
}

#[test]
fn verify_reports_every_law_with_figures() {
    let text = succeeds(&["verify", RINGS]);
    let lines: Vec<&str> = stdout(&text).lines().collect();
    assert!(lines[0].contains("1,257 regions"), "{}", lines[0]);
    assert!(lines.len() > 12 && lines[1..].iter().all(|line| line.starts_with("ok ")), "{}", stdout(&text));
    let report: serde_json::Value = serde_json::from_slice(&succeeds(&["verify", RINGS, "--json", "--layers", "2"]).stdout).expect("JSON");
    assert_eq!(report["passed"], true);
    for law in report["laws"].as_array().expect("a list") {
        assert!(law["checked"].as_u64() > Some(0) && law["failed"] == 0, "{law}");
    }
}

#[test]
fn standard_input_is_a_model_too() {
    let mut child = fed(&["info", "-", "--json", "--activation", "relu", "--window", "-2,-2,2,2"]);
    let model = br#"{"activation": "leaky_relu:0.5", "layers": [{"weights": [[1, 0]]}, {"weights": [[1]]}]}"#;
    child.stdin.take().expect("a pipe").write_all(model).expect("the program reads");
    let output = child.wait_with_output().expect("the program ends");
    let info: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&info["regions"], &info["activation"]), (&2.into(), &"relu".into()));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = fed(&["export", "-", "-o", "-"]);
    drop(child.stdout.take());
    child.stdin.take().expect("a pipe").write_all(&std::fs::read(RINGS).expect("the model")).expect("the program reads");
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_map_is_exact_and_the_same_every_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("map.svg");
    succeeds(&["export", RINGS, "-o", path.to_str().expect("text"), "--threads", "1"]);
    let map = std::fs::read_to_string(&path).expect("the map");
    assert_eq!(files(folder.path()), 1, "nothing else is left");
    assert_eq!(stdout(&succeeds(&["export", RINGS, "-o", "-", "--threads", "2"])), map);
    let faces: Vec<&str> = map.lines().filter(|line| line.starts_with("<path fill=") && line.ends_with("Z\"/>")).collect();
    let faces: Vec<&str> = faces.into_iter().filter(|line| !line.contains("fill=\"none\"")).collect();
    assert_eq!(faces.len(), 1257);
    let area: f64 = faces.iter().map(|line| polygon_area(line)).sum();
    assert!((area - 4.0).abs() < 4e-12, "the polygons' areas sum to {area}");
}

/// Twice the shoelace area of the path in a line of the map, in input units.
fn polygon_area(line: &str) -> f64 {
    let path = line.split_once(" d=\"M").expect("a path").1.trim_end_matches("Z\"/>");
    let numbers: Vec<f64> = path.split(' ').map(|n| n.parse().expect("a number")).collect();
    let points: Vec<&[f64]> = numbers.chunks(2).collect();
    let cross = |a: &[f64], b: &[f64]| a[0] * b[1] - a[1] * b[0];
    points.iter().zip(points.iter().cycle().skip(1)).map(|(a, b)| cross(a, b)).sum::<f64>() / 2.0
}

#[test]
fn a_failure_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("map.svg");
    let path = path.to_str().expect("text");
    fails(&["export", RINGS, "-o", path, "--max-regions", "10"], 1, &["limit"]);
    fails(&["export", "no such file", "-o", path], 1, &["no such file"]);
    assert_eq!(files(folder.path()), 0);
    fails(&["export", RINGS, "-o", "no/such/folder/map.svg"], 1, &["no/such/folder/map.svg"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_file() {
    interrupted("export", "map.svg");
    interrupted("render", "picture.png");
}

/// Interrupts a command that has opened its output and waits for its model.
#[cfg(unix)]
fn interrupted(command: &str, file: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(file);
    let mut child = fed(&[command, "-", "-o", path.to_str().expect("text")]);
    let waiting = std::time::Instant::now();
    while files(folder.path()) == 0 {
        assert!(waiting.elapsed() < Duration::from_mins(1), "the output is opened before the model is read");
        std::thread::sleep(Duration::from_millis(10));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    std::thread::sleep(Duration::from_millis(200));
    child.stdin.take().expect("a pipe").write_all(&std::fs::read(RINGS).expect("the model")).expect("the program reads");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing was written"));
    assert_eq!(files(folder.path()), 0);
}

/// Width, height and RGBA of a PNG.
fn decode(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG");
    let mut rgba = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut rgba).expect("a picture");
    (info.width, info.height, rgba)
}

#[test]
fn pictures_have_the_size_asked_for_and_are_the_same_every_time() {
    let small = ["render", RINGS, "-o", "-", "--size", "320x200"];
    let first = succeeds(&small).stdout;
    let (width, height, rgba) = decode(&first);
    assert_eq!((width, height), (320, 200));
    assert!(rgba.chunks_exact(4).all(|p| p[3] == 255), "opaque");
    assert_eq!(succeeds(&[&small[..], &["--threads", "1"]].concat()).stdout, first);
    let (.., clear) = decode(&succeeds(&[&small[..], &["--transparent"]].concat()).stdout);
    assert!(clear.chunks_exact(4).any(|p| p[3] == 0) && clear.chunks_exact(4).any(|p| p[3] == 255));
    for change in
        [["--view", "top"], ["--azimuth", "-20"], ["--zoom", "2"], ["--theme", "light"], ["--color", "pattern"], ["--layers", "1"]]
    {
        assert_ne!(succeeds(&[&small[..], &change].concat()).stdout, first, "{change:?}");
    }
}

/// No texture is so wide.
#[test]
fn a_picture_wider_than_any_texture_is_drawn_by_tiles() {
    let wide = ["render", RINGS, "-o", "-", "--size", "33000x64", "--theme", "light", "--view", "top", "--no-axes", "--no-legend"];
    let (width, height, rgba) = decode(&succeeds(&wide).stdout);
    assert_eq!((width, height), (33_000, 64));
    let pixel = |x: usize, y: usize| &rgba[4 * (33_000 * y + x)..][..4];
    assert!([0, 16_383, 16_384, 32_999].iter().all(|&x| pixel(x, 0) == [255; 4]), "the background is one");
    assert!((0..33_000).all(|x| pixel(x, 30)[3] == 255), "every column is drawn");
    let ink = |range: std::ops::Range<usize>| range.filter(|&x| pixel(x, 30) != [255; 4]).count();
    assert!(ink(16_400..16_600) > 50 && ink(0..16_000) == 0, "the surface stands in the middle");
}

#[test]
fn linear_regions_are_drawn_where_they_are_asked_for() {
    let model = br#"{"activation": "relu", "layers": [{"weights": [[1, 0], [-1, 0]]}, {"weights": [[1, -1]]}]}"#;
    let picture = |regions: &str| {
        let mut child = fed(&["render", "-", "-o", "-", "--size", "200x200", "--regions", regions]);
        child.stdin.take().expect("a pipe").write_all(model).expect("the program reads");
        decode(&child.wait_with_output().expect("the program ends").stdout).2
    };
    // max(x, 0) - max(-x, 0) is x: the fold in the middle is not there
    let (activation, linear) = (picture("activation"), picture("linear"));
    assert_ne!(activation, linear);
}

#[test]
fn the_camera_is_also_a_text() {
    let top = ["render", RINGS, "-o", "-", "--size", "300x300", "--no-legend", "--no-axes"];
    let camera = "azimuth=-90 elevation=90 fov=1 target=0,0,0 distance=120 orthographic";
    let (.., rgba) = decode(&succeeds(&[&top[..], &["--camera", camera]].concat()).stdout);
    let corner = |x: usize, y: usize| [rgba[4 * (300 * y + x)], rgba[4 * (300 * y + x) + 1], rgba[4 * (300 * y + x) + 2]];
    assert!(corner(10, 10) != corner(150, 150), "the background is not the surface");
    fails(&[&top[..], &["--camera", "elevation=100"]].concat(), 2, &["--camera", "elevation", "90"]);
    fails(&[&top[..], &["--camera", camera, "--zoom", "2"]].concat(), 2, &["--camera", "--zoom"]);
}

#[test]
fn a_picture_that_is_too_large_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("huge.png");
    fails(&["render", RINGS, "-o", path.to_str().expect("text"), "--size", "4000000000x4000000000"], 2, &["limit of 268435456 pixels"]);
    fails(&["render", RINGS, "-o", "picture.jpg"], 2, &["picture.jpg", ".png"]);
    assert_eq!(files(folder.path()), 0);
}

#[test]
fn without_a_display_there_is_a_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = program(&[RINGS, "--size", "320x200"]).current_dir(folder.path()).output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("no display"), "{text}");
    let png = std::fs::read(folder.path().join("foldscape_rings_16x4.png")).expect("the picture");
    assert_eq!(decode(&png).0, 320);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_driver_there_is_the_exact_map() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut blind = program(&[]);
    for name in ["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "LIBGL_DRIVERS_PATH", "__EGL_VENDOR_LIBRARY_DIRS", "__EGL_VENDOR_LIBRARY_FILENAMES"]
    {
        blind.env(name, "/nonexistent");
    }
    let output = blind.current_dir(folder.path()).output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("mesa-vulkan-drivers"), "{text}");
    assert!(folder.path().join("foldscape_rings_16x4.svg").exists());
    assert_eq!(files(folder.path()), 1, "no empty picture is left");
}

#[test]
fn info_counts_the_whole_plane_and_streams() {
    let number = |arguments: &[&str], key: &str| {
        let json: serde_json::Value = serde_json::from_slice(&succeeds(arguments).stdout).expect("JSON");
        json[key].clone()
    };
    let untrained = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/models/rand_8x2_s0_leaky.safetensors");
    assert_eq!(number(&["info", untrained, "--json", "--plane", "--layers", "1"], "regions"), 37);
    assert_eq!(number(&["info", untrained, "--json", "--plane"], "window"), serde_json::Value::Null);
    assert_eq!(number(&["info", RINGS, "--json", "--stream"], "regions"), 1257);
    fails(&["info", RINGS, "--max-regions", "1000"], 1, &["1000 regions", "--max-regions"]);
    fails(&["info", RINGS, "--max-memory", "0.00001"], 1, &["regions", "--max-memory"]);
    fails(&["info", RINGS, "--max-time", "1e-9"], 1, &["regions", "--max-time"]);
    fails(&["info", RINGS, "--plane", "--window", "0,0,1,1"], 2, &["--plane", "--window"]);
}
