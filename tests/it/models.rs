//! Model files: what is read, and that every broken one gets an error with the tensor's name and the cure, never a panic.

use foldscape::complex::Window;
use foldscape::model::{self, ActivationChoice, Model, ModelError};
use proptest::prelude::*;
use std::fmt::Write;

/// A safetensors file from `(name, dtype, shape, data)` and the metadata's JSON.
fn file(metadata: &str, tensors: &[(&str, &str, &str, Vec<u8>)]) -> Vec<u8> {
    let mut header = format!("{{\"__metadata__\":{metadata}");
    let mut data = Vec::new();
    for (name, dtype, shape, bytes) in tensors {
        let start = data.len();
        data.extend(bytes);
        write!(header, ",\"{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{start},{}]}}", data.len()).unwrap();
    }
    with_header(&(header + "}"), &data)
}

fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
}

fn f32s(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

const RELU: &str = r#"{"activation":"relu"}"#;

/// A sound network 2 -> 2 -> 1 with tensor names in text order.
fn tent() -> Vec<u8> {
    file(
        RELU,
        &[
            ("net.0.bias", "F32", "[2]", f32s(&[0.5, -0.5])),
            ("net.0.weight", "F32", "[2,2]", f32s(&[1.0, 2.0, 3.0, 4.0])),
            ("net.10.weight", "F32", "[1,3]", f32s(&[1.0, 1.0, -1.0])),
            ("net.2.weight", "F32", "[3,2]", f32s(&[1.0, 0.0, 0.0, 1.0, 1.0, 1.0])),
        ],
    )
}

fn read(bytes: &[u8]) -> Result<Model, ModelError> {
    model::load("some/folder/tent.safetensors", bytes, None)
}

/// The error's text, which must contain all of `words`.
#[track_caller]
fn refused(bytes: &[u8], words: &[&str]) {
    let text = read(bytes).expect_err("this file must be refused").to_string();
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
}

#[test]
fn the_networks_of_the_tests_are_read_with_their_slope() {
    for (name, widths) in [
        ("rand_8x2_s0_leaky", vec![2, 8, 8, 1]),
        ("rings_8x6", vec![2, 8, 8, 8, 8, 8, 8, 1]),
        ("rings_16x4", vec![2, 16, 16, 16, 16, 1]),
        ("rings_32x4", vec![2, 32, 32, 32, 32, 1]),
        ("rings_64x4", vec![2, 64, 64, 64, 64, 1]),
        ("rings_128x4", vec![2, 128, 128, 128, 128, 1]),
    ] {
        let bytes = std::fs::read(format!("tests/models/{name}.safetensors")).unwrap();
        let model = model::load(&format!("{name}.safetensors"), &bytes, None).unwrap();
        assert_eq!((model.name.as_str(), model.network.widths()), (name, widths));
        assert_eq!(model.network.slope(), 0.019_999_999_552_965_164);
        assert_eq!(model.activation, "leaky_relu");
    }
    assert_eq!(model::builtin().network.widths(), [2, 16, 16, 16, 16, 1]);
}

#[test]
fn layers_come_in_natural_order_and_a_missing_bias_is_zero() {
    let model = read(&tent()).unwrap();
    assert_eq!((model.name.as_str(), model.network.widths()), ("tent", vec![2, 2, 3, 1]));
    assert_eq!(model.network.layers()[0].bias, [0.5, -0.5]);
    assert_eq!(model.network.layers()[1].bias, [0.0; 3]);
    assert_eq!(model.network.layers()[2].weights, [1.0, 1.0, -1.0]);
    let named = file(RELU, &[("model.fc1.weight", "F32", "[1,2]", f32s(&[1.0, 2.0])), ("model.fc2.weight", "F32", "[1,1]", f32s(&[3.0]))]);
    assert_eq!(read(&named).unwrap().network.forward(&[1.0, 1.0]), [9.0]);
}

#[test]
fn every_float_type_is_read_exactly() {
    let types: [(&str, Vec<u8>); 4] = [
        ("F64", [1.5_f64, -0.1].iter().flat_map(|v| v.to_le_bytes()).collect()),
        ("F32", f32s(&[1.5, -0.1])),
        ("F16", vec![0x00, 0x3e, 0x66, 0xae]),
        ("BF16", vec![0xc0, 0x3f, 0xcd, 0xbd]),
    ];
    let values = [-0.1_f64, f64::from(-0.1_f32), -0.099_975_585_937_5, -0.100_097_656_25];
    for ((dtype, data), value) in types.into_iter().zip(values) {
        let model = read(&file("{}", &[("weight", dtype, "[1,2]", data)])).unwrap();
        assert_eq!(model.network.output().weights, [1.5, value], "{dtype}");
    }
}

#[test]
fn the_option_beats_the_file_and_silence_is_an_error() {
    let layers = [("0.weight", "F32", "[1,2]", f32s(&[1.0, 1.0])), ("1.weight", "F32", "[1,1]", f32s(&[1.0]))];
    let slope = |metadata: &str, option: Option<&str>| {
        let option = option.map(|text| text.parse::<ActivationChoice>().unwrap());
        model::load("x.safetensors", &file(metadata, &layers), option).map(|m| m.network.slope()).map_err(|e| e.to_string())
    };
    let leaky = r#"{"activation":"leaky_relu","alpha":"0.1"}"#;
    assert_eq!(slope(leaky, None), Ok(0.1));
    assert_eq!(slope(leaky, Some("relu")), Ok(0.0));
    assert_eq!(slope(leaky, Some("leaky_relu:0.25")), Ok(0.25));
    assert_eq!(slope(leaky, Some("leaky_relu")), Ok(0.1));
    assert_eq!(slope("{}", Some("leaky_relu")), Ok(0.01));
    assert_eq!(slope(r#"{"activation":"LeakyReLU:0.3"}"#, None), Ok(0.3));
    assert!(slope("{}", None).unwrap_err().contains("--activation"));
    assert!(slope(r#"{"activation":"leaky_relu"}"#, None).unwrap_err().contains("--activation leaky_relu:SLOPE"));
    assert!(slope(r#"{"activation":"tanh"}"#, None).unwrap_err().contains("tanh"));
    assert!(slope(r#"{"activation":"leaky_relu","alpha":"2"}"#, None).unwrap_err().contains("alpha"));
    for bad in ["", "gelu", "relu:0.1", "leaky_relu:", "leaky_relu:x", "leaky_relu:-1", "leaky_relu:NaN", "leaky_relu:1e400"] {
        assert!(bad.parse::<ActivationChoice>().is_err(), "{bad}");
    }
}

#[test]
fn windows_are_read_or_refused() {
    let window = |text: &str| read(&file(&format!("{{\"window\":\"{text}\"}}"), &[("weight", "F32", "[1,2]", f32s(&[1.0, 1.0]))]));
    assert_eq!(window("-2, -1,3,0.1").unwrap().window, Some(Window { min: [-2.0, -1.0], max: [3.0, 0.1] }));
    for bad in ["", "1,2,3", "0,0,0,1", "1,0,0,1", "0,0,inf,1", "0,NaN,1,1", "-1e308,0,1e308,1", "0,0,1,1,1"] {
        assert!(matches!(window(bad), Err(ModelError::Window(_))), "{bad}");
    }
}

#[test]
fn broken_files_are_refused_with_the_place_and_the_cure() {
    refused(b"", &["empty"]);
    refused(b"\x10\0\0", &["3 bytes"]);
    refused(b"certainly not a model", &["header"]);
    refused(&u64::MAX.to_le_bytes(), &["18446744073709551615"]);
    refused(&with_header("{}", &[]), &["no layer", "0.weight"]);
    let short = tent();
    refused(&short[..short.len() - 1], &["cut short", "`net.2.weight`"]);
    refused(&short[..40], &["header", "only 32 follow"]);
    refused(&[&short[..], b"more"].concat(), &["header"]);
    let one = |shape: &str, dtype: &str, data: Vec<u8>| file(RELU, &[("0.weight", dtype, shape, data)]);
    refused(&one("[1,2]", "I64", vec![0; 16]), &["`0.weight`", "I64", "float"]);
    refused(&one("[1,2]", "F31", vec![0; 16]), &["`0.weight`", "F31"]);
    refused(&one("[2]", "F32", vec![0; 8]), &["`0.weight`", "[2]", "[out x in]"]);
    refused(&one("[1,1,1,2]", "F32", vec![0; 8]), &["`0.weight`", "matrix"]);
    refused(&one("[4000000000,0]", "F32", vec![]), &["`0.weight`", "at least 1"]);
    refused(&one("[4000000000,4000000000]", "F32", vec![0; 8]), &["`0.weight`", "4000000000"]);
    refused(&one("[1,2]", "F32", f32s(&[1.0, f32::NAN])), &["`0.weight`", "NaN", "[0, 1]"]);
    refused(&one("[1,2]", "F32", f32s(&[f32::INFINITY, 0.0])), &["`0.weight`", "inf", "[0, 0]"]);
    refused(&file(RELU, &[("0.bias", "F32", "[1]", f32s(&[1.0]))]), &["`0.bias`", ".weight"]);
    refused(&file(RELU, &[("1.running_mean", "F32", "[1]", f32s(&[1.0]))]), &["`1.running_mean`", "normalisation"]);
    let huge = r#"{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,9000000000000000000]}}"#;
    refused(&with_header(huge, &[0; 8]), &["`0.weight`"]);
}

#[test]
fn layers_that_do_not_fit_together_are_named() {
    let layers = |second: &str, bias: &str, n: usize| {
        file(
            RELU,
            &[
                ("0.weight", "F32", "[3,2]", vec![0; 24]),
                ("2.bias", "F32", bias, vec![0; 4 * bias[1..bias.len() - 1].parse::<usize>().unwrap()]),
                ("2.weight", "F32", second, vec![0; 4 * n]),
            ],
        )
    };
    assert!(read(&layers("[1,3]", "[1]", 3)).is_ok());
    refused(&layers("[1,4]", "[1]", 4), &["`2.weight` reads 4", "`0.weight`", "3", "natural order"]);
    refused(&layers("[3,1]", "[3]", 3), &["`2.weight`", "transposed"]);
    refused(&layers("[1,3]", "[2]", 3), &["`2.bias`", "[2]", "[1]"]);
}

#[test]
fn foreign_formats_get_their_conversion() {
    let text = |name: &str, bytes: &[u8]| model::load(name, bytes, None).unwrap_err().to_string();
    assert!(text("net.pt", b"PK\x03\x04archive/data.pkl").contains("torch.load(\"net.pt\""));
    assert!(text("net.safetensors", b"PK\x03\x04archive/data.pkl").contains("torch"));
    assert!(text("a/net.pth", b"\x80\x02\x8a").contains("\"net.safetensors\""));
    assert!(text("net.onnx", b"anything").contains("onnx.load(\"net.onnx\")"));
    assert!(text("standard input", b"\x08\x08\x12\x07pytorch").contains("onnx"));
    assert!(text("picture.png", b"\x89PNG").contains(".safetensors"));
}

#[test]
fn the_json_form_is_read_to_the_nearest_number() {
    let form = br#"{"activation": "leaky_relu:0.02", "window": [-2, -1, 2, 1],
        "layers": [{"weights": [[1, 0.1], [-2.0000000000000004, 1e-300]], "bias": [0, 0.25]}, {"weights": [[1, -1]]}]}"#;
    let model = model::load("hand.json", form, None).unwrap();
    assert_eq!(model.network.layers()[0].weights, [1.0, 0.1, -2.000_000_000_000_000_4, 1e-300]);
    assert_eq!((model.network.slope(), model.activation_text().as_str()), (0.02, "leaky_relu:0.02"));
    assert_eq!(model.window, Some(Window { min: [-2.0, -1.0], max: [2.0, 1.0] }));
    assert!(model::load("standard input", form, None).is_ok(), "the content alone tells the format");
}

#[test]
fn broken_json_is_refused_with_the_place() {
    for (form, words) in [
        ("{", "line 1"),
        ("[]", "form is"),
        (r#"{"layers": []}"#, "empty"),
        (r#"{"layers": [{"weights": []}]}"#, "layer 1"),
        (r#"{"layers": [{"weights": [[1, 2]]}, {"weights": [[1], [1, 2]]}]}"#, "layer 2: row 1"),
        (r#"{"layers": [{"weights": [[1, 2]], "bias": [1, 2]}]}"#, "layer 1: `bias`"),
        (r#"{"layers": [{"weights": [[1, 1e999]]}]}"#, "out of range"),
        (r#"{"layers": [{"weights": [[1, 2]], "biases": [1]}]}"#, "biases"),
        (r#"{"activation": "relu", "layers": [{"weights": [[1, 2]]}, {"weights": [[1, 2]]}]}"#, "layer 2 reads 2"),
        (r#"{"window": [1, 0, 0, 1], "layers": [{"weights": [[1, 2]]}]}"#, "window"),
        (r#"{"layers": [{"weights": [[1, 2]]}, {"weights": [[1]]}]}"#, "--activation"),
    ] {
        let text = model::load("hand.json", form.as_bytes(), None).expect_err(form).to_string();
        assert!(text.contains(words), "`{words}` is missing in: {text}");
    }
}

#[test]
fn every_truncation_is_refused() {
    let whole = tent();
    for n in 0..whole.len() {
        assert!(read(&whole[..n]).is_err(), "{n} bytes of {}", whole.len());
    }
}

#[test]
fn every_flipped_bit_of_the_header_is_survived() {
    let whole = tent();
    let header = usize::try_from(u64::from_le_bytes(*whole.first_chunk().unwrap())).unwrap();
    for bit in 0..8 * (8 + header) {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let _ = read(&flipped);
    }
}

proptest! {
    #[test]
    fn any_bytes_and_any_damage_are_survived(
        rubbish in prop::collection::vec(any::<u8>(), 0..200),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        header in r#"[\[\]{}":,0-9a-z_.]{0,80}"#,
    ) {
        for name in ["x", "x.json", "x.safetensors"] {
            let _ = model::load(name, &rubbish, None);
            let _ = model::load(name, &with_header(&format!("{{{header}"), &rubbish), None);
        }
        let mut whole = tent();
        for (at, byte) in damage {
            let n = whole.len();
            whole[at.index(n)] = byte;
        }
        let _ = read(&whole);
    }
}
