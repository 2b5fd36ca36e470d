//! Training: reproducible, the loss falls on every target, what is saved is what was trained, and every bad input is refused
//! with its place and cure.

use foldscape::complex::{Complex, Options, Window};
use foldscape::model::{self, Model};
use foldscape::train::{BUILTIN, Channel, Config, Loss, Points, Recorder, Target, TrainError, Trainer, schedule};
use std::collections::BTreeSet;

fn small() -> Config {
    Config { hidden: vec![8, 8], steps: 60, batch: 256, ..Config::default() }
}

fn trained(config: &Config, target: &Target) -> Trainer {
    let mut trainer = Trainer::new(config, target).expect("a sound configuration");
    trainer.step(config.steps).expect("no divergence");
    trainer
}

fn saved(config: &Config, target: &Target, history: Option<u64>) -> Model {
    let mut trainer = Trainer::new(config, target).expect("a sound configuration");
    let mut recorder = Recorder::new(&mut trainer, history).expect("a sound number of snapshots");
    while !trainer.is_done() {
        trainer.step(recorder.steps_to_next(&trainer)).expect("no divergence");
        recorder.observe(&mut trainer).expect("no divergence");
    }
    recorder.finish(&trainer, target)
}

#[track_caller]
fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
}

#[test]
fn the_loss_falls_on_every_builtin_target() {
    for name in BUILTIN.into_iter().chain(["text:Ab"]) {
        let target = Target::builtin(name).expect("it is built in");
        assert!(Target::is_builtin(name) && target.name() == name);
        let mut trainer = Trainer::new(&Config { steps: 300, ..small() }, &target).expect("a sound configuration");
        let before = trainer.loss();
        trainer.step(300).expect("no divergence");
        assert!(trainer.loss() < 0.5 * before, "{name}: {before} to {}", trainer.loss());
        assert!(trainer.is_done() && trainer.n_done() == 300);
    }
}

#[test]
fn the_same_seed_gives_the_same_network_however_the_steps_are_taken() {
    let target = Target::builtin("rings").expect("it is built in");
    let whole = trained(&small(), &target).network().expect("finite");
    let mut pieces = Trainer::new(&small(), &target).expect("a sound configuration");
    for n in [1, 0, 7, 52, 100] {
        pieces.step(n).expect("no divergence");
        pieces.loss();
    }
    assert_eq!(pieces.n_done(), 60, "no step beyond the last");
    assert_eq!(pieces.network().expect("finite"), whole);
    let other = trained(&Config { seed: 1, ..small() }, &target).network().expect("finite");
    assert_ne!(other, whole);
}

#[test]
fn an_untrained_network_is_folded_where_it_is_looked_at() {
    let config = Config { hidden: vec![8], steps: 0, ..Config::default() };
    let trainer = Trainer::new(&config, &Target::builtin("rings").expect("it is built in")).expect("a sound configuration");
    let complex = Complex::enumerate(&trainer.network().expect("finite"), &Window::SQUARE, &Options::default()).expect("a complex");
    let bent: BTreeSet<_> = (0..complex.n_edges()).map(|edge| format!("{:?}", complex.edge_kind(edge as u32))).collect();
    assert_eq!(bent.iter().filter(|kind| kind.starts_with("Bent")).count(), 8, "every unit's fold crosses the window");
}

#[test]
fn a_saved_training_holds_its_network_its_facts_and_its_history() {
    let config = Config { steps: 100, seed: 5, learning_rate: 0.003, ..small() };
    let target = Target::builtin("moons").expect("it is built in");
    let model = saved(&config, &target, Some(10));
    let loaded = model::load("moons", &model.to_safetensors().expect("a model"), None).expect("a valid file");
    assert_eq!((&loaded.network, &loaded.history, loaded.window), (&model.network, &model.history, Some(target.window())));
    assert_eq!(loaded.activation_text(), "leaky_relu:0.02");
    for (key, value) in [
        ("target", "moons"),
        ("loss", "logistic"),
        ("seed", "5"),
        ("steps", "100"),
        ("learning_rate", "0.003"),
        ("batch", "256"),
        ("labels", "[\"0\",\"1\"]"),
        ("format", "pt"),
    ] {
        assert_eq!(loaded.metadata.get(key).map(String::as_str), Some(value), "{key}");
    }
    let last = loaded.history.last().expect("a history");
    assert_eq!((&last.network, last.loss.to_string(), last.step.to_string()), {
        (&loaded.network, loaded.metadata["final_loss"].clone(), loaded.metadata["step"].clone())
    });
    assert_eq!(loaded.history[0].step, 0);
    assert!(loaded.history[0].loss > last.loss);
    assert_eq!(saved(&config, &target, Some(10)), model, "again the same");
}

#[test]
fn snapshots_are_close_together_at_first() {
    assert_eq!(schedule(5, 1000), Ok(vec![0, 16, 125, 422, 1000]));
    assert_eq!(schedule(4, 3), Ok(vec![0, 1, 2, 3]));
    for (n, steps) in [(2, 1), (2, 10_000), (100, 99), (100, 120), (300, 10_000)] {
        let steps_of = schedule(n, steps).expect("it fits");
        assert_eq!((steps_of.len() as u64, steps_of[0], steps_of[n as usize - 1]), (n, 0, steps));
        assert!(steps_of.windows(2).all(|w| w[0] < w[1]), "{n} {steps}");
    }
    for (n, steps) in [(0, 10), (1, 10), (12, 10), (u64::MAX, u64::MAX - 1), (2, 0)] {
        let error = if n < 100 { schedule(n, steps).err() } else { recorder_error(n) };
        says(&error.expect("it does not fit").to_string(), &["snapshots", &n.to_string()]);
    }
}

fn recorder_error(n: u64) -> Option<TrainError> {
    let mut trainer = Trainer::new(&small(), &Target::builtin("disc").expect("it is built in")).expect("a sound configuration");
    Recorder::new(&mut trainer, Some(n)).err()
}

#[test]
fn numbers_out_of_range_are_refused() {
    let disc = Target::builtin("disc").expect("it is built in");
    let refused = |config: Config, words: &[&str]| {
        says(&Trainer::new(&config, &disc).err().expect("this must be refused").to_string(), words);
    };
    refused(Config { hidden: vec![], ..small() }, &["0 hidden layers", "8,8,8"]);
    refused(Config { hidden: vec![1; 65], ..small() }, &["65 hidden layers", "64"]);
    refused(Config { hidden: vec![8, 0, 8], ..small() }, &["layer 2 has 0 units"]);
    refused(Config { hidden: vec![8, usize::MAX], ..small() }, &["layer 2", "4096"]);
    refused(Config { hidden: vec![4096; 64], ..small() }, &["weights and biases", "4000000"]);
    refused(Config { slope: 1.5, ..small() }, &["slope", "1.5"]);
    refused(Config { steps: u64::MAX, ..small() }, &["steps", "1000000000"]);
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 2.0] {
        refused(Config { learning_rate: rate, ..small() }, &["learning rate", "0.01"]);
    }
    refused(Config { batch: 0, ..small() }, &["batch", "1048576"]);
    refused(Config { batch: usize::MAX, ..small() }, &["batch"]);
}

#[test]
fn targets_that_are_not_there_are_refused() {
    let text = |name: &str| Target::builtin(name).expect_err("this must be refused").to_string();
    says(&text("ring"), &["`ring`", "rings", "text:AB", ".png"]);
    says(&text("text:"), &["0 letters", "text:AB"]);
    says(&text("text:   "), &["text:AB"]);
    says(&text("text:abcdefghijklmnopq"), &["17 letters"]);
    says(&text("text:\u{4e2d}"), &["no `\u{4e2d}`"]);
}

fn table(name: &str, bytes: &[u8]) -> Result<Target, TrainError> {
    Target::from_bytes(name, bytes, Channel::Grey)
}

#[track_caller]
fn table_refused(name: &str, bytes: &[u8], words: &[&str]) {
    says(&table(name, bytes).expect_err("this must be refused").to_string(), words);
}

#[test]
fn tables_are_read_with_heading_or_without() {
    for text in [
        "x,y,value\n0,0,1\n2,1,-1\n",
        "0,0,1\r\n2,1,-1",
        "\u{feff}0;0;1\n\n2;1;-1\n",
        "x\ty\tv\n0\t0\t1\n2\t1\t-1\n",
        " 0 , 0, 1e0\n2,1.0,-1\n",
    ] {
        let target = table("some/points.csv", text.as_bytes()).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        assert_eq!((target.name(), target.default_loss(), target.window()), ("points.csv", Loss::Mse, window([-0.1, -0.1, 2.1, 1.1])));
        assert_eq!(trained(&small(), &target).network().expect("finite").n_outputs(), 1);
    }
    let two = table("p.csv", b"0,0,1,2\n1,1,3,4\n").expect("two values");
    assert_eq!(trained(&small(), &two).network().expect("finite").n_outputs(), 2);
    let labels = table("-", b"0,0,b\n1,1,a\n0,1,c\n1,0,a\n").expect("labels, by content");
    assert_eq!((labels.default_loss(), labels.labels()), (Loss::Logistic, &["a", "b", "c"].map(str::to_owned)[..]));
    assert_eq!(trained(&small(), &labels).network().expect("finite").n_outputs(), 3);
}

fn window([x0, y0, x1, y1]: [f64; 4]) -> Window {
    Window { min: [x0, y0], max: [x1, y1] }
}

#[test]
fn broken_tables_are_refused_with_their_line() {
    let refused = |text: &str, words: &[&str]| table_refused("points.csv", text.as_bytes(), words);
    refused("", &["nothing", "x,y,value"]);
    refused("x,y,v\n", &["only a heading"]);
    refused("0,0\n1,1\n", &["line 1 has 2 columns", "x,y,label"]);
    refused("x,y,v\n0,0,1\n1,1\n", &["line 3 has 2 columns, the first has 3"]);
    refused("0,0,1\n1,NaN,1\n", &["line 2, column 2", "NaN", "finite"]);
    refused("0,0,1\n1,1,inf\n", &["line 2, column 3"]);
    refused("0,0,1\n\n1,1,1e999\n", &["line 3, column 3"]);
    refused("0,0,1\n1,,1\n", &["line 2: column 2 is empty"]);
    refused("0,0,1\n1,1,red\n", &["line 2, column 3: `red`"]);
    refused("0,a,red\n1,1,blue\n", &["line 1, column 2: `a`"]);
    refused("0,0,red\n1,1,red\n", &["1 different label"]);
    refused("0,0,1\n0,0,2\n", &["one place"]);
    refused("-1e308,0,1\n1e308,0,2\n", &["64-bit floats"]);
    let many = (0..70).map(|i| format!("0,{i},l{i}")).collect::<Vec<_>>().join("\n");
    refused(&many, &["70 different labels", "64"]);
    table_refused("points.csv", b"0,0,1\n1,\xff,2\n", &["line 2", "UTF-8"]);
    let values = table("points.csv", b"0,0,3\n1,1,5\n").expect("values");
    let error = Trainer::new(&Config { loss: Some(Loss::Logistic), ..small() }, &values).err().expect("3 is no label").to_string();
    says(&error, &["logistic", "labels"]);
}

/// A version 1.0 npy file.
fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

#[test]
fn arrays_of_every_type_and_order_are_read() {
    let rows = [0_i8, 0, 1, 2, 1, -1];
    let columns = [0_i8, 2, 0, 1, 1, -1];
    let bytes = |values: [i8; 6], one: fn(i8) -> Vec<u8>| values.into_iter().flat_map(one).collect::<Vec<u8>>();
    let csv = trained(&small(), &table("p.csv", b"0,0,1\n2,1,-1\n").expect("a table")).network().expect("finite");
    for (descr, one) in [
        ("<f8", (|v| f64::from(v).to_le_bytes().to_vec()) as fn(i8) -> Vec<u8>),
        (">f4", |v| f32::from(v).to_be_bytes().to_vec()),
        ("<i8", |v| i64::from(v).to_le_bytes().to_vec()),
        ("<i2", |v| i16::from(v).to_le_bytes().to_vec()),
        ("|i1", |v| v.to_le_bytes().to_vec()),
    ] {
        for (fortran, values) in [(false, rows), (true, columns)] {
            let file = npy(descr, fortran, "(2, 3)", &bytes(values, one));
            let target = table("p.npy", &file).unwrap_or_else(|e| panic!("{descr}: {e}"));
            assert_eq!(trained(&small(), &target).network().expect("finite"), csv, "{descr} {fortran}");
        }
    }
}

#[test]
fn broken_arrays_are_refused() {
    let f64s = |values: &[f64]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let six = f64s(&[0.0, 0.0, 1.0, 2.0, 1.0, -1.0]);
    table_refused("p.npy", b"", &["empty"]);
    table_refused("p.npy", b"\x93NUMPY", &["header"]);
    table_refused("p.npy", &npy("<f8", false, "(3, 2)", &six), &["[3, 2]", "[n, 3]"]);
    table_refused("p.npy", &npy("<f8", false, "(6,)", &six), &["[6]"]);
    table_refused("p.npy", &npy("<f8", false, "(0, 3)", &[]), &["[0, 3]"]);
    table_refused("p.npy", &npy("<f8", false, "(9000000000000000000, 3)", &six), &["[9000000000000000000, 3]", "10000000"]);
    table_refused("p.npy", &npy("<f8", false, "(10000000, 3)", &six), &["240000000 bytes", "48"]);
    table_refused("p.npy", &npy("<c16", false, "(1, 3)", &six), &["<c16", "float64"]);
    table_refused("p.npy", &npy("|O", false, "(2, 3)", &six), &["|O"]);
    table_refused("p.npy", &npy("<f8", false, "(2, 3)", &f64s(&[0.0, 0.0, 1.0, f64::NAN, 1.0, 0.0])), &["row 1, column 0", "NaN"]);
    let whole = npy("<f8", false, "(2, 3)", &six);
    for n in 0..whole.len() {
        assert!(table("p.npy", &whole[..n]).is_err(), "cut to {n} bytes");
    }
    for bit in 0..8 * (whole.len() - six.len()) {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let _ = table("p.npy", &damaged); // whatever comes of it, it is no panic
    }
}

/// A grey PNG.
fn grey_png(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
    bytes
}

#[test]
fn a_picture_keeps_its_proportions_and_stands_upright() {
    let target = table("white_on_top.png", &grey_png(400, 100, |_, y| if y < 50 { 255 } else { 0 })).expect("a picture");
    assert_eq!(target.window(), window([-1.0, -0.25, 1.0, 0.25]));
    let network = trained(&Config { steps: 300, ..small() }, &target).network().expect("finite");
    assert!(network.forward(&[0.5, 0.2])[0] > 0.8 && network.forward(&[-0.5, -0.2])[0] < 0.2);
}

#[test]
fn a_channel_is_chosen() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Rgba);
    let pixels: Vec<u8> = (0..64_u8).flat_map(|i| [255, 255, 255, if i % 8 < 4 { 255 } else { 0 }]).collect();
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
    let left = |channel| {
        let target = Target::from_bytes("mask.png", &bytes, channel).expect("a picture");
        trained(&Config { steps: 200, ..small() }, &target).network().expect("finite").forward(&[-0.7, 0.0])[0]
    };
    assert!(left(Channel::Alpha) > 0.8 && left(Channel::Grey) > 0.8, "transparent is black");
}

#[test]
fn broken_pictures_are_refused() {
    table_refused("x.png", b"", &["empty"]);
    table_refused("x.png", b"no picture", &["cannot be read", "PNG", ".csv"]);
    table_refused("x.png", &grey_png(5, 5, |_, _| 7), &["everywhere", "--channel"]);
    let whole = grey_png(16, 16, |x, y| (x * y) as u8);
    for n in 1..whole.len() {
        let _ = table("x.png", &whole[..n]); // no panic; a PNG without its last chunk is still a picture
    }
    assert!(table("x.png", &whole[..whole.len() / 2]).is_err());
    let mut huge = whole.clone();
    huge[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    assert!(table("x.png", &huge).is_err());
}

#[test]
fn points_far_away_and_of_any_size_are_learned_in_their_own_coordinates() {
    let place = |i: usize| [1e5 + 300.0 * (i % 20) as f64, -2e3 + 300.0 * (i / 20) as f64];
    let places: Vec<[f64; 2]> = (0..400).map(place).collect();
    let plane = |p: [f64; 2]| 5e6 - 3.0 * (p[0] - 1e5) + 7.0 * p[1];
    let values: Vec<f64> = places.iter().map(|&p| plane(p)).collect();
    let spread = values.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b)) - values.iter().fold(f64::INFINITY, |a, &b| a.min(b));
    let target = Target::points("plane", Points::with_values(places.clone(), values).expect("sound points"));
    let network = trained(&Config { steps: 1000, ..small() }, &target).network().expect("finite");
    for &p in places.iter().step_by(7) {
        assert!((network.forward(&p)[0] - plane(p)).abs() < 0.05 * spread, "{p:?}");
    }
}

#[test]
fn a_shape_is_centred_in_the_window_that_is_asked_for() {
    let asked = window([10.0, 0.0, 14.0, 2.0]);
    let config = Config { window: Some(asked), steps: 500, ..small() };
    let trainer = trained(&config, &Target::builtin("disc").expect("it is built in"));
    let network = trainer.network().expect("finite");
    assert_eq!(trainer.window(), asked);
    // the disc of radius 0.6 in [-1, 1]^2, one unit to one unit
    for (p, inside) in [([12.0, 1.0], true), ([12.45, 1.0], true), ([12.0, 0.55], true), ([12.8, 1.0], false), ([12.0, 0.1], false)] {
        assert_eq!(network.forward(&p)[0] > 0.5, inside, "{p:?}");
    }
}

#[test]
fn what_pytorch_writes_is_read() {
    // written by examples/train_pytorch.py --steps 300 --hidden 8,8 with PyTorch 1.13.1 and safetensors 0.8; its outputs in f64
    let bytes = std::fs::read("tests/models/pytorch_8x2.safetensors").expect("the file is in the repository");
    let model = model::load("pytorch_8x2.safetensors", &bytes, None).expect("a valid file");
    assert_eq!((model.activation_text(), model.window), ("leaky_relu:0.02".to_owned(), Some(Window::SQUARE)));
    for (p, output) in OUTPUTS {
        assert!((model.network.forward(&p)[0] - output).abs() < 1e-15, "{p:?}");
    }
}

const OUTPUTS: [([f64; 2], f64); 4] = [
    ([0.0, 0.0], 0.7651641656105108),
    ([0.5, -0.25], 0.41269705430404646),
    ([-1.0, 1.0], -0.20299764087126576),
    ([0.125, 0.75], 0.284428493456394),
];

#[test]
fn the_networks_in_assets_are_those_of_their_commands() {
    for (name, target, widths, regions) in [
        ("rings_16x4", "rings", vec![2, 16, 16, 16, 16, 1], 4212),
        ("rings_8x6", "rings", vec![2, 8, 8, 8, 8, 8, 8, 1], 2910),
        ("rings_32x4", "rings", vec![2, 32, 32, 32, 32, 1], 21_823),
        ("star_8x6", "star", vec![2, 8, 8, 8, 8, 8, 8, 1], 2501),
        ("untrained_8x6", "rings", vec![2, 8, 8, 8, 8, 8, 8, 1], 867),
        ("random_8", "disc", vec![2, 8, 1], 32),
        ("random_8x2", "disc", vec![2, 8, 8, 1], 104),
    ] {
        let bytes = std::fs::read(format!("assets/{name}.safetensors")).expect("the file is in the repository");
        let model = model::load(name, &bytes, None).expect("a valid file");
        assert_eq!((model.metadata["target"].as_str(), model.network.widths(), model.window), (target, widths, Some(Window::SQUARE)));
        let complex = Complex::enumerate(&model.network, &Window::SQUARE, &Options::default()).expect("a complex");
        assert_eq!(complex.n_regions(), regions, "{name}");
    }
}
