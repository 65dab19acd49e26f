//! The proofs, one file for each thing that is asked of a project, and their names.
use super::claims::Life;
use super::proof::Subject;
use super::report::{Report, Step};

mod arguments;
mod cache;
mod container;
mod context;
mod image;
mod process;
mod server;
mod tool;
mod worker;

pub use container::{hardened, patience};

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $title:literal;)*) => {
        $($(#[$doc])* pub const $name: Step = Step { id: $id, title: $title };)*
        /// All of them, in the order in which they are taken.
        pub const STEPS: &[Step] = &[$($name),*];
    };
}

steps! {
    /// All else needs it.
    BUILD = "build", "builds from nothing";
    /// User, exec forms, ports, labels, health check.
    CONFIG = "config", "image is configured well";
    /// Entry point and health check.
    COMMANDS = "commands", "what it starts is there";
    /// Loaders, libraries, versions of libc.
    LIBRARIES = "libraries", "its libraries are there";
    /// Machine code for the platform.
    MACHINE = "machine", "it is for its platform";
    /// Files that only the build needs.
    LEAN = "lean", "image holds only what it needs";
    /// Shells, compilers, package managers, setuid.
    TOOLS = "tools", "no tool is brought along";
    /// Keys, `.env`, `.git`; what the build got as secrets.
    SECRETS = "secrets", "no secret is in a layer";
    /// Arguments of the build that are secrets by their names.
    ARGUMENTS = "arguments", "no secret argument is in the image";
    /// What it adds.
    SIZE = "size", "size over its base is known";
    /// A container with everything taken away.
    START = "start", "starts hardened";
    /// The first answer.
    ANSWER = "answer", "answers";
    /// A worker's output.
    WORK = "work", "works";
    /// A tool's run.
    END = "end", "runs hardened and ends well";
    /// The image's own health check.
    HEALTHY = "healthy", "turns healthy";
    /// No wrapper.
    PROCESS = "process", "process 1 is the program";
    /// Uid, capabilities, privileges, system calls.
    POWERS = "powers", "process 1 has no powers";
    /// SIGTERM.
    STOP = "stop", "stops on SIGTERM";
    /// Another uid, group 0.
    ANY_USER = "any-user", "runs as any user of group 0";
    /// `PORT`.
    PORT = "port", "listens where PORT says";
    /// The same build again.
    REBUILD = "rebuild", "second build is all cached";
    /// One source file changed.
    EDIT = "edit", "an edit re-runs no dependency step";
    /// The lock file changed.
    LOCK = "lock", "a lock file change builds from the caches";
    /// `--target`.
    TARGETS = "targets", "every named stage builds alone";
    /// Planted secrets.
    CONTEXT = "context", "no secret reaches the build stage";
}

/// The steps for which a container runs.
pub const RUN: [Step; 10] = [
    START, ANSWER, WORK, END, HEALTHY, PROCESS, POWERS, STOP, ANY_USER, PORT,
];

/// The steps that are taken, all that are wanted and can be, after the first build.
pub(super) fn prove(subject: &Subject<'_>, report: &mut Report<'_>) {
    image::prove(subject, report);
    arguments::prove(subject, report);
    if RUN.iter().any(|step| report.selection.wants(step)) {
        match subject.can_run() {
            Ok(()) => run(subject, report),
            Err(reason) => report.leave(&run_steps(subject), &reason),
        }
    }
    cache::prove(subject, report);
    context::prove(subject, report);
}

fn run(subject: &Subject<'_>, report: &mut Report<'_>) {
    // Of a program without a port it may have to be seen whether it ends.
    let ends = || match subject.claims.life {
        Life::Tool => true,
        Life::Portless => tool::ends(subject),
        Life::Worker | Life::Server(_) => false,
    };
    match subject.claims.life {
        Life::Server(port) => server::prove(subject, port, report),
        _ if ends() => tool::prove(subject, report),
        _ => worker::prove(subject, report),
    }
}

/// What a container would prove of this project.
fn run_steps(subject: &Subject<'_>) -> Vec<Step> {
    let server = subject.claims.port().is_some();
    RUN.into_iter()
        .filter(|step| match step.id {
            "work" | "end" => false,
            "answer" => server,
            "healthy" => subject.has_health(),
            "port" => subject.claims.heeds_port,
            _ => true,
        })
        .collect()
}
