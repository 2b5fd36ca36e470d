//! The command line: raw arguments ([`args`]) -> validated options ([`options`]) -> one file for each subcommand.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. Errors go to standard error and say what would work.

mod args;
mod export;
mod film;
mod info;
mod interrupt;
mod options;
mod output;
mod progress;
mod render;
mod small_png;
mod style;
mod tour;
mod train;
mod verify;
mod view;

use clap::Parser;
use std::process::ExitCode;

/// An error of the caller: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Usage(String);

/// Runs the program on the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("error,wgpu_hal=off")).init();
    let args = args::Args::parse();
    let done = match args.command {
        None => view::run(&args.view),
        Some(args::Command::Render(args)) => render::run(&args),
        Some(args::Command::Film(args)) => film::run(&args),
        Some(args::Command::Info(args)) => info::run(&args),
        Some(args::Command::Verify(args)) => verify::run(&args),
        Some(args::Command::Export(args)) => export::run(&args),
        Some(args::Command::Train(args)) => train::run(&args),
        Some(args::Command::Tour(args)) => tour::run(&args),
    };
    done.map_or_else(|error| report(&error), |()| ExitCode::SUCCESS)
}

/// Says what went wrong; a reader that closed the pipe is no error.
fn report(error: &anyhow::Error) -> ExitCode {
    let closed_pipe = |e: &(dyn std::error::Error + 'static)| {
        e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(closed_pipe) {
        return ExitCode::SUCCESS;
    }
    let text = format!("{error:#}");
    output::tell(&format!("foldscape: {}", text.trim_end()));
    if interrupt::is_interrupted() {
        ExitCode::from(130)
    } else if error.chain().any(<dyn std::error::Error>::is::<Usage>) {
        ExitCode::from(2)
    } else {
        ExitCode::FAILURE
    }
}
