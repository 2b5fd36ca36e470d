//! A desk to test the window at: an X server of its own (Xvfb), the program on it, real mouse and key events (xdotool),
//! and its pixels (Xvfb keeps its screen in a file). Fails loudly, naming the Debian packages, where one is missing.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const SIZE: [usize; 2] = [1280, 800];
/// How long the program may take to show what it should: software drawing in an unoptimised build on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);
/// A picture counts as finished when it has not changed for this long; easing redraws far more often.
const STILL: Duration = Duration::from_millis(900);

/// An X server, and perhaps the program on it. Both end with it.
pub struct Desk {
    server: Child,
    display: String,
    screen: tempfile::TempDir,
    program: Option<Child>,
}

/// The screen's pixels, 8-bit RGB, row by row.
#[derive(Clone, PartialEq)]
pub struct Shot(Vec<[u8; 3]>);

impl Desk {
    pub fn new() -> Self {
        let screen = tempfile::tempdir().expect("a temporary folder");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x800x24", "-fbdir"])
            .arg(screen.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the window tests need Xvfb: apt-get install xvfb xdotool");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut number).expect("Xvfb says its display");
        Self { server, display: format!(":{}", number.trim()), screen, program: None }
    }

    /// Starts the program with these arguments, makes its window fill the screen and waits for a first still picture.
    pub fn open(arguments: &[&str]) -> Self {
        let mut desk = Self::new();
        let program = Command::new(env!("CARGO_BIN_EXE_foldscape"))
            .args(arguments)
            .env("DISPLAY", &desk.display)
            .env_remove("WAYLAND_DISPLAY")
            .spawn()
            .expect("the program starts");
        desk.program = Some(program);
        desk.until("the window to open", || desk.window().is_some());
        let window = desk.window().expect("it was there a moment ago");
        desk.xdotool(&["windowmove", &window, "0", "0"]);
        desk.xdotool(&["windowsize", &window, &SIZE[0].to_string(), &SIZE[1].to_string()]);
        desk.xdotool(&["windowfocus", &window]);
        desk.until("the first picture", || desk.shot().n_colours() > 500);
        desk.still();
        desk
    }

    /// Waits until `condition` holds.
    ///
    /// # Panics
    /// After two minutes.
    pub fn until(&self, what: &str, mut condition: impl FnMut() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(start.elapsed() < DEADLINE, "waited in vain for {what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until nothing moves any more and returns that picture.
    pub fn still(&self) -> Shot {
        let mut last = (self.shot(), Instant::now());
        self.until("the picture to stand still", || {
            let now = self.shot();
            if now != last.0 {
                last = (now, Instant::now());
            }
            last.1.elapsed() > STILL
        });
        last.0
    }

    /// Presses a key by its X name (`t`, `F5`, `bracketleft`, `ctrl+c`).
    pub fn key(&self, name: &str) {
        self.xdotool(&["key", name]);
    }

    /// Drags with the left button from one point of the screen to another.
    pub fn drag(&self, from: [i32; 2], to: [i32; 2]) {
        let at = |p: [i32; 2]| [p[0].to_string(), p[1].to_string()];
        let middle = [i32::midpoint(from[0], to[0]), i32::midpoint(from[1], to[1])];
        let [a, m, b] = [at(from), at(middle), at(to)];
        self.xdotool(&["mousemove", &a[0], &a[1], "mousedown", "1", "mousemove", &m[0], &m[1], "sleep", "0.1"]);
        self.xdotool(&["mousemove", &b[0], &b[1], "sleep", "0.1", "mouseup", "1"]);
    }

    /// Turns the wheel `notches` away from the hand (or towards it, if negative) with the cursor at `p`.
    pub fn wheel(&self, p: [i32; 2], notches: i32) {
        let button = if notches > 0 { "4" } else { "5" };
        self.xdotool(&["mousemove", &p[0].to_string(), &p[1].to_string()]);
        self.xdotool(&["click", "--repeat", &notches.abs().to_string(), "--delay", "30", button]);
    }

    /// Whether the program is still running.
    pub fn alive(&mut self) -> bool {
        self.program.as_mut().is_some_and(|p| p.try_wait().is_ok_and(|status| status.is_none()))
    }

    /// What is on the screen.
    pub fn shot(&self) -> Shot {
        Shot::read(&self.screen.path().join("Xvfb_screen0"))
    }

    fn window(&self) -> Option<String> {
        let found = self.xdotool_output(&["search", "--onlyvisible", "--name", "foldscape"]);
        found.lines().last().map(str::to_owned)
    }

    fn xdotool(&self, arguments: &[&str]) {
        self.xdotool_output(arguments);
    }

    fn xdotool_output(&self, arguments: &[&str]) -> String {
        let run = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).stderr(Stdio::null()).output();
        String::from_utf8(run.expect("the window tests need xdotool: apt-get install xvfb xdotool").stdout).unwrap_or_default()
    }
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

    /// How many colours there are.
    pub fn n_colours(&self) -> usize {
        self.0.iter().collect::<std::collections::HashSet<_>>().len()
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
