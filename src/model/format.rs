//! Which format a file has, by its content first and its name's extension second; and the Python that converts the
//! formats that are not read.

use super::ModelError;
use std::path::Path;

/// The largest safetensors header that is believed, in bytes; the format's own limit.
pub(super) const MAX_HEADER: u64 = 100_000_000;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Safetensors,
    Json,
}

/// Tells the format.
pub(super) fn detect(name: &str, bytes: &[u8]) -> Result<Format, ModelError> {
    let extension = Path::new(name).extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if bytes.is_empty() {
        Err(ModelError::Empty)
    } else if bytes.starts_with(b"PK\x03\x04") || matches!(extension.as_str(), "pt" | "pth") {
        Err(convert_torch(name))
    } else if extension == "onnx" {
        Err(convert_onnx(name))
    } else if looks_like_safetensors(bytes) {
        Ok(Format::Safetensors)
    } else if bytes.trim_ascii_start().starts_with(b"{") || extension == "json" {
        Ok(Format::Json)
    } else if extension == "safetensors" {
        Ok(Format::Safetensors)
    } else if looks_like_onnx(bytes) {
        Err(convert_onnx(name))
    } else if bytes.starts_with(b"\x80\x02") {
        Err(convert_torch(name))
    } else {
        Err(ModelError::UnknownFormat)
    }
}

/// The file's name without folder and extension.
pub(super) fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// A believable header length, then the header's first brace. Text never reads as such a length.
fn looks_like_safetensors(bytes: &[u8]) -> bool {
    bytes.split_first_chunk::<8>().is_some_and(|(length, rest)| u64::from_le_bytes(*length) <= MAX_HEADER && rest.first() == Some(&b'{'))
}

/// Field 1 (`ir_version`, a small number), then field 2 (`producer_name`) or 7 (`graph`) or 8 (`opset_import`).
fn looks_like_onnx(bytes: &[u8]) -> bool {
    matches!(bytes, [0x08, version, field, ..] if *version < 0x20 && matches!(field, 0x12 | 0x3a | 0x42))
}

fn convert_torch(name: &str) -> ModelError {
    let script = format!(
        "    import torch, safetensors.torch\n    \
         state = torch.load({name:?}, map_location=\"cpu\", weights_only=True)  # of a pickled module: weights_only=False, then .state_dict()\n    \
         safetensors.torch.save_file({{k: v.contiguous() for k, v in state.items()}}, {:?}, metadata={{\"activation\": \"relu\"}})",
        format!("{}.safetensors", stem(name))
    );
    ModelError::Convert { kind: "PyTorch", script }
}

fn convert_onnx(name: &str) -> ModelError {
    let script = format!(
        "    import onnx, safetensors.numpy\n    \
         weights = {{t.name: onnx.numpy_helper.to_array(t) for t in onnx.load({name:?}).graph.initializer}}  # wanted: 0.weight [out x in], 0.bias, ...\n    \
         safetensors.numpy.save_file(weights, {:?}, metadata={{\"activation\": \"relu\"}})",
        format!("{}.safetensors", stem(name))
    );
    ModelError::Convert { kind: "ONNX", script }
}
