//! The `scaffold` command: arguments in, exit code out. Everything else is in the library.
use std::process::ExitCode;

fn main() -> ExitCode {
    let context = stagewright::context::Context::from_process();
    let outcome = std::panic::catch_unwind(|| stagewright::cli::run(std::env::args_os(), &context));
    // The panic hook has printed where; the exit code says that it is our bug.
    outcome.unwrap_or(stagewright::exit::Exit::Bug).into()
}
