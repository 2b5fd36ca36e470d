//! Where results go: a file or a folder that appears only when it is whole, or standard output; and words to the person.
//!
//! The file is opened before the long work, so that a folder one may not write to is told at once.

use super::interrupt;
use anyhow::{Context, Result, bail, ensure};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempDir};

/// An open output. Dropped unfinished, it leaves nothing behind.
pub(super) struct Output {
    sink: BufWriter<Sink>,
    path: PathBuf,
}

enum Sink {
    Stdout(std::io::Stdout),
    /// A device or a pipe that exists already: written to directly.
    Special(File),
    New(NamedTempFile),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Stdout(sink) => sink.write(bytes),
            Self::Special(sink) => sink.write(bytes),
            Self::New(sink) => sink.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Stdout(sink) => sink.flush(),
            Self::Special(sink) => sink.flush(),
            Self::New(sink) => sink.flush(),
        }
    }
}

impl Output {
    /// Opens `path`; `-` is standard output.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let sink = if is_stdin_or_stdout(path) {
            Sink::Stdout(std::io::stdout())
        } else {
            open_file(path).with_context(|| format!("cannot write {}", path.display()))?
        };
        if let Sink::New(file) = &sink {
            interrupt::set_unfinished(Some(file.path()));
        }
        Ok(Self { sink: BufWriter::new(sink), path: path.to_owned() })
    }

    /// The file that is being written, for those who open it themselves: `-` is standard output.
    pub(super) fn unfinished(&self) -> &Path {
        match self.sink.get_ref() {
            Sink::New(file) => file.path(),
            Sink::Stdout(_) | Sink::Special(_) => &self.path,
        }
    }

    /// Everything is written: the file takes its name, unless the program has been interrupted.
    pub(super) fn finish(self) -> Result<()> {
        interrupt::check()?;
        self.keep()
    }

    /// What is written is worth keeping even of interrupted work: the file takes its name.
    pub(super) fn keep(self) -> Result<()> {
        let sink = self.sink.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        match sink {
            Sink::Stdout(mut sink) => sink.flush()?,
            Sink::Special(mut sink) => sink.flush()?,
            Sink::New(file) => {
                file.persist(&self.path).with_context(|| format!("cannot write {}", self.path.display()))?;
                interrupt::set_unfinished(None);
            }
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush()
    }
}

/// An open folder of results. Dropped unfinished, it leaves nothing behind.
pub(super) struct OutputFolder {
    unfinished: TempDir,
    path: PathBuf,
}

impl OutputFolder {
    /// Opens a folder that is not there yet, or is empty.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let unfinished = open_folder(path).with_context(|| format!("cannot write {}", path.display()))?;
        interrupt::set_unfinished(Some(unfinished.path()));
        Ok(Self { unfinished, path: path.to_owned() })
    }

    /// Where to write.
    pub(super) fn path(&self) -> &Path {
        self.unfinished.path()
    }

    /// Everything is written: the folder takes its name.
    pub(super) fn finish(self) -> Result<()> {
        interrupt::check()?;
        // an empty folder of that name makes room; otherwise there is none
        let _ = std::fs::remove_dir(&self.path);
        std::fs::rename(self.unfinished.path(), &self.path).with_context(|| format!("cannot write {}", self.path.display()))?;
        interrupt::set_unfinished(None);
        // it has another name now
        let _ = self.unfinished.keep();
        Ok(())
    }
}

fn open_folder(path: &Path) -> Result<TempDir> {
    if std::fs::metadata(path).is_ok() {
        let mut entries = std::fs::read_dir(path).context("it is there already, and no folder; name another one")?;
        ensure!(entries.next().is_none(), "the folder is not empty; name another one");
    }
    let folder = existing_parent(path)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".foldscape-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777)); // less what the umask takes
    Ok(builder.tempdir_in(folder)?)
}

/// The folder that is to hold `path`.
fn existing_parent(path: &Path) -> Result<&Path> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    ensure!(parent.is_dir(), "there is no folder {}", parent.display());
    Ok(parent)
}

fn open_file(path: &Path) -> Result<Sink> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => bail!("it is a folder; name a file in it"),
        Ok(found) if !found.is_file() => return Ok(Sink::Special(File::create(path)?)),
        _ => {}
    }
    let folder = existing_parent(path)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".foldscape-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less what the umask takes
    Ok(Sink::New(builder.tempfile_in(folder)?))
}

/// Whether a path on the command line means standard input or output.
pub(super) fn is_stdin_or_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// A line to standard error. Where nobody listens, nothing is lost.
pub(super) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
