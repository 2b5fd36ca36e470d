//! What the viewer saves: a file with a new name in the current folder.
//!
//! In: an image, a trained model, or what others write. Out: the file's name. The file appears only when it is whole, and none is
//! written over.

use crate::model::Model;
use crate::render::Image;
use std::io::{ErrorKind, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Saves the image as `foldscape-N.png` with the first N that is free.
///
/// # Errors
/// A sentence: the system's reason.
pub(super) fn save(image: &Image) -> Result<String, String> {
    let png = image.to_png().map_err(|e| e.to_string())?;
    write_new(Path::new("."), ["foldscape", "png"], &png).map_err(|e| e.to_string())
}

/// Saves the model as `NAME-N.safetensors`, in the same way; NAME is that of its target, without what a file's name cannot hold.
///
/// # Errors
/// A sentence: the system's reason.
pub(super) fn save_model(model: &Model) -> Result<String, String> {
    let bytes = model.to_safetensors().map_err(|e| e.to_string())?;
    let stem = Path::new(&model.name).file_stem().unwrap_or_default().to_string_lossy();
    let name: String = stem.chars().map(|c| if c.is_alphanumeric() || "_-.".contains(c) { c } else { '_' }).collect();
    write_new(Path::new("."), [&name, "safetensors"], &bytes).map_err(|e| e.to_string())
}

fn write_new(folder: &Path, name: [&str; 2], bytes: &[u8]) -> std::io::Result<String> {
    let mut file = new_file(folder)?;
    file.write_all(bytes)?;
    keep(file, folder, name)
}

/// A file that is not there yet for others.
///
/// # Errors
/// The system's.
pub(super) fn new_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".foldscape-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less what the umask takes
    builder.tempfile_in(folder)
}

/// Gives it the name `STEM-N.ENDING` with the first N that is free.
///
/// # Errors
/// The system's.
pub(super) fn keep(mut file: NamedTempFile, folder: &Path, [stem, ending]: [&str; 2]) -> std::io::Result<String> {
    for n in 1_u64.. {
        let name = format!("{stem}-{n}.{ending}");
        match file.persist_noclobber(folder.join(&name)) {
            Ok(_) => return Ok(name),
            Err(taken) if taken.error.kind() == ErrorKind::AlreadyExists => file = taken.file,
            Err(other) => return Err(other.error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_up_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("foldscape-2.png"), b"older").expect("the folder is ours");
        let names: Vec<_> = (0..3).map(|i| write_new(folder.path(), ["foldscape", "png"], &[i]).expect("the folder is ours")).collect();
        assert_eq!(names, ["foldscape-1.png", "foldscape-3.png", "foldscape-4.png"]);
        assert_eq!(std::fs::read(folder.path().join("foldscape-2.png")).expect("it is there"), b"older");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 4);
    }
}
