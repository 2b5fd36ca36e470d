//! MP4s by an installed ffmpeg, whose part shell scripts of that name play: no test needs the real one, or meets it.

use crate::cli::{files, program};
use crate::film::Models;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// What the script does when it is asked for its encoder.
const HAS_ENCODER: &str = "case \"$*\" in *encoder=libx264*) echo 'Encoder libx264 [libx264 H.264]:'; exit;; esac";
/// The variable `last` is then the last argument, the file to write.
const LAST: &str = "for last; do :; done";

/// A folder with an `ffmpeg` in it.
struct Ffmpeg {
    folder: tempfile::TempDir,
}

impl Ffmpeg {
    fn new(lines: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let script = folder.path().join("ffmpeg");
        std::fs::write(&script, format!("#!/bin/sh\n{}\n", lines.join("\n"))).expect("a script");
        std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).expect("the script is ours");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `foldscape film` with this ffmpeg as the first on the PATH.
    fn command(&self, models: &Models, more: &[&str]) -> Command {
        let arguments = models.film(&["a", "b"], "film.mp4", more);
        let mut command = program(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let path = std::env::var("PATH").expect("a PATH");
        command.env("PATH", format!("{}:{path}", self.folder.path().display())).stderr(Stdio::piped());
        command
    }

    fn film(&self, models: &Models) -> Output {
        self.command(models, &[]).output().expect("the program starts")
    }
}

#[test]
fn all_pictures_reach_ffmpeg_in_order_and_its_file_becomes_the_film() {
    let models = Models::new();
    models.make(&["a", "b"], "frames", &[]);
    // more words than a pipe holds must not stop it
    let ffmpeg = Ffmpeg::new(&[
        HAS_ENCODER,
        LAST,
        "printf '%s\\n' \"$@\" >\"$0.arguments\"",
        "head -c 300000 /dev/zero | tr '\\0' '!' >&2",
        "exec cat >\"$last\"",
    ]);
    let said = ffmpeg.film(&models);
    let text = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && text.contains("encoded by the installed ffmpeg"), "{text}");
    let opaque = |rgb: &[u8]| [rgb[0], rgb[1], rgb[2], 255];
    let pixels: Vec<u8> = models.frames("frames").concat().chunks(3).flat_map(opaque).collect();
    assert!(models.read("film.mp4") == pixels, "8 pictures of 96 x 64 pixels, RGBA");
    let arguments = std::fs::read_to_string(ffmpeg.path("ffmpeg.arguments")).expect("it was called");
    let arguments: Vec<&str> = arguments.lines().collect();
    for pair in [["-pix_fmt", "rgba"], ["-video_size", "96x64"], ["-framerate", "20"], ["-i", "pipe:0"], ["-c:v", "libx264"], ["-f", "mp4"]]
    {
        assert!(arguments.windows(2).any(|two| two == pair), "{pair:?} in {arguments:?}");
    }
    assert!(arguments.iter().any(|filter| filter.ends_with("format=yuv420p")), "what every player can show: {arguments:?}");
    let written = Path::new(arguments.last().expect("a file"));
    assert_eq!(written.parent(), models.path("film.mp4").parent(), "on the film's own disk");
}

#[test]
fn what_ffmpeg_fails_of_is_said_and_the_film_from_before_stays() {
    let models = Models::new();
    std::fs::write(models.path("film.mp4"), "from before").expect("a file");
    let before = files(models.folder.path());
    for (script, words) in [
        ("head -c 1000 >/dev/null; echo 'No space left on device' >&2; exit 1", "ffmpeg failed: No space left on device"),
        ("head -c 1000 >\"$last\"; kill -9 $$", "ffmpeg failed: signal: 9"),
        ("cat >\"$last\"; exit 3", "ffmpeg failed: exit status: 3"),
    ] {
        let said = Ffmpeg::new(&[HAS_ENCODER, LAST, script]).film(&models);
        let text = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.code() == Some(1) && text.contains(words), "{script}: {text}");
        assert_eq!((files(models.folder.path()), models.read("film.mp4")), (before, b"from before".to_vec()), "{script}");
    }
}

#[test]
fn an_ffmpeg_without_the_encoder_is_none() {
    let models = Models::new();
    let said = Ffmpeg::new(&["echo \"Codec 'libx264' is not recognized by FFmpeg.\""]).film(&models);
    let text = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.code() == Some(1) && text.contains("install ffmpeg with libx264"), "{text}");
    assert!(!models.path("film.mp4").exists());
}

#[test]
fn an_interrupt_ends_ffmpeg_and_leaves_no_film() {
    let models = Models::new();
    let before = files(models.folder.path());
    let ffmpeg = Ffmpeg::new(&[HAS_ENCODER, LAST, "echo $$ >\"$0.new\" && mv \"$0.new\" \"$0.pid\"", "exec cat >\"$last\""]);
    let child = ffmpeg.command(&models, &["--seconds", "600"]).spawn().expect("the program starts");
    let waiting = Instant::now();
    while !ffmpeg.path("ffmpeg.pid").exists() {
        assert!(waiting.elapsed() < Duration::from_mins(1), "ffmpeg is started");
        std::thread::sleep(Duration::from_millis(10));
    }
    let kill = |arguments: &[&str]| Command::new("kill").args(arguments).stderr(Stdio::null()).status().expect("kill").success();
    assert!(kill(&["-INT", &child.id().to_string()]));
    let ended = child.wait_with_output().expect("the program ends");
    assert_eq!(ended.status.code(), Some(130), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(files(models.folder.path()), before);
    let pid = std::fs::read_to_string(ffmpeg.path("ffmpeg.pid")).expect("it was started");
    assert!(!kill(&["-0", pid.trim()]), "ffmpeg is gone");
}
