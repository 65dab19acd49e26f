//! The `scaffold` command: arguments in, exit code out. Everything else is in the library.
use std::process::ExitCode;

use stagewright::exit::Exit;

fn main() -> ExitCode {
    end_at_a_panic();
    let context = stagewright::context::Context::from_process();
    stagewright::cli::run(std::env::args_os(), &context).into()
}

/// A panic says where it was, as always; the exit code says that it is our bug. The release does not unwind, so this is
/// the last that runs: what a proof had started is removed by the next one.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "after a panic nothing else of the program runs"
)]
fn end_at_a_panic() {
    let say = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        say(panic);
        std::process::exit(Exit::Bug.code().into());
    }));
}
