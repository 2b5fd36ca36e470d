//! A desk to test the window at: an X server of its own (Xvfb), the program on it, real mouse and key events (xdotool),
//! its pixels (Xvfb keeps its screen in a file) and its log. Fails loudly, naming the Debian packages, where one is missing;
//! what was on the screen when a wait was in vain is kept as a PNG.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The screen in px: small, because software draws it.
pub const SIZE: [usize; 2] = [1000, 640];
/// Width of the panel in px: beside it is the picture.
const PANEL: usize = 292;
/// How long the program may take to show what it should: an unoptimised build on a busy machine.
const DEADLINE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(30);

/// So many shots that are the same are a picture that stands still: a busy X server shows a frame some time after it was handed over.
const SAME: u32 = 6;

/// Windows share the processor: one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// An X server, and perhaps the program on it. Both end with it.
pub struct Desk {
    server: Child,
    display: String,
    folder: tempfile::TempDir,
    program: Option<Child>,
    _turn: MutexGuard<'static, ()>,
}

/// The screen's pixels, 8-bit RGB, row by row.
#[derive(Clone, PartialEq)]
pub struct Shot(Vec<[u8; 3]>);

impl Desk {
    /// An empty screen.
    pub fn new() -> Self {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{}x{}x24", SIZE[0], SIZE[1]), "-fbdir"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the window tests need Xvfb: apt-get install xvfb xdotool");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut number).expect("Xvfb says its display");
        Self { server, display: format!(":{}", number.trim()), folder, program: None, _turn: turn }
    }

    /// Starts the program with these arguments, its window as large as the screen, and waits for the first still picture.
    pub fn open(arguments: &[&str]) -> Self {
        Self::new().started(arguments)
    }

    /// The same on a screen that is there.
    pub fn started(mut self, arguments: &[&str]) -> Self {
        self.start(arguments);
        self.until("the first picture", || self.log().contains("first surface"));
        self.xdotool(&["windowfocus", &self.window()]);
        self.still();
        self
    }

    fn start(&mut self, arguments: &[&str]) {
        let log = std::fs::File::create(self.log_path()).expect("the folder is ours");
        let program = Command::new(env!("CARGO_BIN_EXE_foldscape"))
            .args(arguments)
            .args(["--size", &format!("{}x{}", SIZE[0], SIZE[1])])
            .current_dir(self.folder.path())
            .env("DISPLAY", &self.display)
            .env("RUST_LOG", "foldscape=debug,wgpu_hal=off")
            .env_remove("WAYLAND_DISPLAY")
            .stderr(log)
            .spawn();
        self.program = Some(program.expect("the program starts"));
    }

    /// The program's current folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What the program has written to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// How many frames the program has drawn.
    pub fn n_frames(&self) -> usize {
        self.log().lines().filter(|line| line.contains("] frame ")).count()
    }

    /// Processor time that the program has used, in the system's ticks (of 10 ms).
    pub fn processor_time(&self) -> u64 {
        let id = self.program.as_ref().expect("the program runs").id();
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("Linux tells");
        // the name is in brackets and may hold spaces; user and system time are the 12th and 13th fields after it
        let fields: Vec<_> = stat.rsplit_once(')').expect("a name in brackets").1.split_whitespace().collect();
        [11, 12].map(|i| fields[i].parse::<u64>().expect("a number")).iter().sum()
    }

    /// Waits until `condition` holds.
    ///
    /// # Panics
    /// After a minute.
    pub fn until(&self, what: &str, mut condition: impl FnMut() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(
                start.elapsed() <= DEADLINE,
                "waited in vain for {what}; the screen is in {}; the log:\n{}",
                self.shot().keep("screen"),
                self.log()
            );
            std::thread::sleep(POLL);
        }
    }

    /// Waits until the picture, without the panel, is this one again.
    ///
    /// # Panics
    /// After a minute.
    pub fn until_again(&self, what: &str, wanted: &Shot) {
        let kept = wanted.keep("wanted");
        self.until(&format!("{what}: {kept}"), || same(&self.shot().part(PANEL), &wanted.part(PANEL)));
    }

    /// Waits until the program is at rest and its picture on the screen, and returns that.
    ///
    /// After an input wait for its effect first: a program that has not heard of it yet is at rest, too.
    pub fn still(&self) -> Shot {
        let (mut last, mut n_same) = (self.shot(), 0);
        self.until("the picture to stand still", || {
            std::thread::sleep(POLL);
            let before = std::mem::replace(&mut last, self.shot());
            let rests = self.log().lines().last().is_some_and(|line| line.contains("at rest"));
            n_same = if rests && last == before { n_same + 1 } else { 0 };
            n_same == SAME
        });
        last
    }

    /// Presses a key by its X name (`t`, `F5`, `bracketleft`, `ctrl+c`).
    pub fn key(&self, name: &str) {
        self.xdotool(&["key", name]);
    }

    /// Drags with a button from one point of the screen to another. As a hand would, it lets go only when the program has
    /// seen it: a press and a release between two frames are no drag.
    pub fn drag(&self, button: u8, from: [i32; 2], to: [i32; 2]) {
        let button = button.to_string();
        self.pointer(from);
        self.seen(|| drop(self.xdotool(&["mousedown", &button])));
        for step in 1..=3 {
            self.seen(|| self.pointer([0, 1].map(|k| from[k] + (to[k] - from[k]) * step / 3)));
        }
        self.xdotool(&["mouseup", &button]);
    }

    /// Does something and waits for a frame after it.
    fn seen(&self, act: impl FnOnce()) {
        let before = self.n_frames();
        act();
        self.until("a frame", || self.n_frames() > before);
    }

    /// Turns the wheel `notches` away from the hand (or towards it, if negative) with the cursor at `p`.
    pub fn wheel(&self, p: [i32; 2], notches: i32) {
        let button = if notches > 0 { "4" } else { "5" };
        self.pointer(p);
        self.xdotool(&["click", "--repeat", &notches.abs().to_string(), "--delay", "30", button]);
    }

    /// Clicks there; the program has seen it when this returns.
    pub fn click(&self, p: [i32; 2]) {
        self.seen(|| self.pointer(p));
        self.seen(|| drop(self.xdotool(&["mousedown", "1"])));
        self.seen(|| drop(self.xdotool(&["mouseup", "1"])));
    }

    pub fn double_click(&self, p: [i32; 2]) {
        self.pointer(p);
        self.xdotool(&["click", "--repeat", "2", "--delay", "40", "1"]);
    }

    /// What the window's title says.
    pub fn title(&self) -> String {
        self.xdotool(&["getwindowname", &self.window()]).trim_end().to_owned()
    }

    /// Moves the pointer.
    pub fn pointer(&self, [x, y]: [i32; 2]) {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    }

    /// Changes the window's size.
    pub fn resize(&self, size: [usize; 2]) {
        self.xdotool(&["windowsize", &self.window(), &size[0].to_string(), &size[1].to_string()]);
    }

    /// Whether the program is still running.
    pub fn alive(&mut self) -> bool {
        self.program.as_mut().is_some_and(|p| p.try_wait().is_ok_and(|status| status.is_none()))
    }

    /// What is on the screen.
    pub fn shot(&self) -> Shot {
        Shot::read(&self.folder.path().join("Xvfb_screen0"))
    }

    fn window(&self) -> String {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", "foldscape"]);
        found.lines().last().expect("the window is there").to_owned()
    }

    fn xdotool(&self, arguments: &[&str]) -> String {
        let run = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).stderr(Stdio::null()).output();
        String::from_utf8(run.expect("the window tests need xdotool: apt-get install xvfb xdotool").stdout).unwrap_or_default()
    }
}

/// Whether two pictures differ in one pixel of ten thousand at most, by more than a step of 8 from 255.
fn same(a: &[[u8; 3]], b: &[[u8; 3]]) -> bool {
    let differs = |(a, b): (&[u8; 3], &[u8; 3])| (0..3).any(|k| a[k].abs_diff(b[k]) > 8);
    10_000 * a.iter().zip(b).filter(|&pair| differs(pair)).count() < a.len()
}

impl Drop for Desk {
    fn drop(&mut self) {
        for child in self.program.iter_mut().chain([&mut self.server]) {
            // a child that is gone already is what this wants
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Shot {
    /// Reads an X window dump with 32 bits a pixel, which is how Xvfb keeps its screen.
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).expect("Xvfb keeps its screen in a file");
        let word = |i: usize| u32::from_be_bytes(bytes[4 * i..4 * i + 4].try_into().expect("four bytes")) as usize;
        let (header, stride, colours) = (word(0), word(12), word(19));
        assert_eq!([word(4), word(5), word(11)], [SIZE[0], SIZE[1], 32], "the screen's size and depth");
        let pixels = &bytes[header + 12 * colours..];
        let row = |y: usize| pixels[y * stride..y * stride + 4 * SIZE[0]].chunks_exact(4).map(|p| [p[2], p[1], p[0]]);
        Self((0..SIZE[1]).flat_map(row).collect())
    }

    /// Keeps it as a PNG for people. Where.
    fn keep(&self, name: &str) -> String {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        let file = std::fs::File::create(&path).expect("the folder for tests' files is there");
        let mut encoder = png::Encoder::new(file, SIZE[0] as u32, SIZE[1] as u32);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().expect("the file can be written");
        writer.write_image_data(self.0.as_flattened()).expect("the file can be written");
        path.display().to_string()
    }

    /// What is right of a column.
    pub fn part(&self, from: usize) -> Vec<[u8; 3]> {
        self.0.chunks_exact(SIZE[0]).flat_map(|row| &row[from..]).copied().collect()
    }

    /// The share of pixels, 0 to 1, that differ from the other picture's by more than `step` in some channel.
    pub fn difference(&self, other: &Self, step: u8) -> f64 {
        let differs = |(a, b): (&[u8; 3], &[u8; 3])| (0..3).any(|k| a[k].abs_diff(b[k]) > step);
        self.0.iter().zip(&other.0).filter(|&pair| differs(pair)).count() as f64 / self.0.len() as f64
    }

    /// The longest horizontal run of pixels within `step` of `colour` in every channel, in px.
    pub fn longest_run(&self, colour: [u8; 3], step: u8) -> usize {
        let near = |p: &[u8; 3]| (0..3).all(|k| p[k].abs_diff(colour[k]) <= step);
        self.0.chunks_exact(SIZE[0]).flat_map(|row| row.split(|p| !near(p)).map(<[_]>::len)).max().unwrap_or(0)
    }
}
