//! How a run ends. The one table of exit codes; the README repeats it.
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

type Task = Box<dyn Fn() + Send>;

/// What is put right when the user interrupts.
static ON_INTERRUPT: Mutex<Vec<Task>> = Mutex::new(Vec::new());

/// Whether somebody interrupts right now.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// What a finished run tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// Findings, drift, or merge conflicts left in files.
    Findings,
    /// Wrong use, or answers are missing.
    Usage,
    /// Refused: it would overwrite, leave the target folder, or the disk or a registry would not do it.
    Refused,
    /// A spec or a template is broken.
    Broken,
    /// A fault of this program.
    Bug,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// The process exit code, 0 to 255.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Broken => 4,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Has something put right when the user interrupts, or the process is told to end (SIGTERM, SIGHUP): what was asked for
/// last first; then the process ends with 130.
/// There is one handler in a process: a question may be asked before an engine makes what must be removed.
pub fn on_interrupt(task: impl Fn() + Send + 'static) {
    let mut tasks = ON_INTERRUPT.lock().unwrap_or_else(PoisonError::into_inner);
    if tasks.is_empty() {
        let _ = ctrlc::set_handler(interrupted);
    }
    tasks.push(Box::new(task));
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "an interrupted program has nobody to return to"
)]
fn interrupted() {
    INTERRUPTED.store(true, Ordering::SeqCst);
    let tasks = ON_INTERRUPT.lock().unwrap_or_else(PoisonError::into_inner);
    for task in tasks.iter().rev() {
        task();
    }
    std::process::exit(i32::from(Exit::Interrupted.code()));
}

/// Goes no further once somebody interrupted: what fails from then on fails because of that.
pub fn stop_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}
