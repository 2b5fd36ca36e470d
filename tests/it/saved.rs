//! Saved models: what is written is read back to the same network, also with a recorded training, and the same bytes come
//! out every time.

use crate::networks::{Random, Weights, random};
use foldscape::complex::Window;
use foldscape::model::{self, Model, ModelError, Snapshot};
use foldscape::network::Network;
use std::collections::BTreeMap;

fn model(network: Network) -> Model {
    let facts = [("target", "rings"), ("note", "\"quotes\" and \u{fc}mlauts")];
    Model {
        name: "saved".to_owned(),
        activation: if network.slope() == 0.0 { "relu" } else { "leaky_relu" }.to_owned(),
        network,
        window: Window::new([-1.0, -0.1, 1e-7, 0.3]),
        metadata: facts.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        history: Vec::new(),
    }
}

fn with_history(n: usize) -> Model {
    let mut numbers = Random(7);
    let mut net = || random(&[5, 3], 0.02, Weights::Generic, &mut numbers);
    let history = (0..n).map(|i| Snapshot { step: (i * i) as u64, loss: 1.0 / (i as f64 + 3.0), network: net() }).collect();
    Model { history, ..model(net()) }
}

fn read(bytes: &[u8]) -> Model {
    model::load("saved.safetensors", bytes, None).expect("a saved model is a valid file")
}

#[test]
fn a_saved_model_is_read_back_bit_for_bit() {
    for (slope, scale) in [(0.0, 1.0), (0.02, 1.0), (0.1, 1.0 / 3.0)] {
        let mut layers = random(&[8; 6], slope, Weights::Generic, &mut Random(3)).layers().to_vec();
        layers.iter_mut().flat_map(|a| &mut a.weights).for_each(|w| *w *= scale);
        let saved = model(Network::new(layers, slope).expect("a network"));
        let loaded = read(&saved.to_safetensors().expect("a model"));
        assert_eq!((&loaded.network, loaded.window, loaded.activation_text()), (&saved.network, saved.window, saved.activation_text()));
        assert_eq!(loaded.network.forward(&[0.3, -0.7]), saved.network.forward(&[0.3, -0.7]));
        let facts: BTreeMap<_, _> = saved.metadata.iter().collect();
        assert!(facts.iter().all(|(key, value)| loaded.metadata.get(*key) == Some(*value)));
        assert_eq!(loaded.to_safetensors(), saved.to_safetensors(), "saving again changes nothing");
    }
}

#[test]
fn numbers_are_f32_where_all_of_them_are() {
    let dtype = |scale: f64| {
        let mut layers = random(&[3], 0.0, Weights::Generic, &mut Random(1)).layers().to_vec();
        layers[1].bias[0] *= scale;
        let bytes = model(Network::new(layers, 0.0).expect("a network")).to_safetensors().expect("a model");
        let file = safetensors::SafeTensors::deserialize(&bytes).expect("a valid file");
        let types: Vec<_> = ["0.weight", "0.bias", "2.weight", "2.bias"].map(|n| file.tensor(n).expect("PyTorch's name").dtype()).into();
        (types[0], types.iter().all(|t| *t == types[0]), bytes.len() % 4)
    };
    assert_eq!(dtype(1.0), (safetensors::Dtype::F32, true, 0));
    assert_eq!(dtype(1.0 / 3.0), (safetensors::Dtype::F64, true, 0));
}

#[test]
fn a_recorded_training_is_read_back() {
    let saved = with_history(4);
    let bytes = saved.to_safetensors().expect("a model");
    let loaded = read(&bytes);
    assert_eq!((&loaded.history, &loaded.network), (&saved.history, &saved.network));
    assert_eq!(loaded.to_safetensors().expect("a model"), bytes);
    let overruled = model::load("x", &bytes, Some("relu".parse().expect("an activation"))).expect("a valid file");
    assert!(overruled.history.iter().all(|snapshot| snapshot.network.slope() == 0.0));
    let file = safetensors::SafeTensors::deserialize(&bytes).expect("a valid file");
    assert_eq!(file.tensor("history.2.weight").expect("the documented name").shape(), [4, 3, 5]);
}

#[test]
fn broken_histories_are_refused() {
    let mut wrong = with_history(3);
    wrong.history[1].step = 4;
    assert!(matches!(wrong.to_safetensors(), Err(ModelError::History(text)) if text.contains("ascend")));
    let mut wrong = with_history(3);
    wrong.history[2].network = random(&[5], 0.02, Weights::Generic, &mut Random(1));
    assert!(matches!(wrong.to_safetensors(), Err(ModelError::History(text)) if text.contains("[5, 2]")));
    let mut wrong = with_history(3);
    wrong.history[0].loss = f64::NAN;
    assert!(wrong.to_safetensors().is_err());

    let mut wrong = with_history(3);
    wrong.network = wrong.network.with_slopes(vec![0.02, 0.5]).expect("two slopes");
    assert!(matches!(wrong.to_safetensors(), Err(ModelError::Activation(text)) if text.contains("[0.02, 0.5]")));

    let text = with_history(3).to_safetensors().expect("a model");
    let changed = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = text.windows(from.len()).position(|part| part == from.as_bytes()).expect("it is in the header");
        let mut bytes = text.clone();
        bytes[at..][..to.len()].copy_from_slice(to.as_bytes());
        model::load("x.safetensors", &bytes, None).expect_err("this file must be refused").to_string()
    };
    assert!(changed("\"0,1,4\"", "\"0,1,x\"").contains("`x` is not a number"));
    assert!(changed("\"0,1,4\"", "\"0,9,4\"").contains("step 4 comes after step 9"));
    assert!(changed("\"0,1,4\"", "\"0,194\"").contains("2 numbers"));
    assert!(changed("history.losses", "history.lossez").contains("history.losses"));
    assert!(changed("history.2.weight", "history.2.width_").contains("neither"));
    assert!(changed("history.2.weight", "history.7.weight").contains("`2.bias` has no `.weight`"));
    assert!(changed("\"shape\":[3,3,5]", "\"shape\":[9,1,5]").contains("3 snapshots"));
}
