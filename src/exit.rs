//! How a run ends. The one table of exit codes; the README repeats it.
use std::process::ExitCode;

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
