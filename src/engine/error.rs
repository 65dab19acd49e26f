//! Why a proof could not be given. Each message stands alone: it is often the only line that a person sees.
use std::io;
use std::time::Duration;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, in words for the person who reads the report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The proof itself: the project does not do what it must.
    #[error("expected {expected}; saw {seen}")]
    Refuted {
        /// What must be so.
        expected: String,
        /// What was so.
        seen: String,
    },
    /// Several things at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<Error>),
    /// Neither proven nor refuted: this engine, or this machine, cannot tell.
    #[error("not proven: {0}")]
    Unproven(String),
    /// The program is missing or may not be run.
    #[error("`{command}` could not be started: {source}")]
    Start {
        /// The command line.
        command: String,
        /// Why.
        source: io::Error,
    },
    /// It ran longer than a healthy run ever does.
    #[error("`{command}` was not done after {} s{output}", limit.as_secs())]
    TooSlow {
        /// The command line.
        command: String,
        /// The time it was given.
        limit: Duration,
        /// The end of what it had said by then.
        output: String,
    },
    /// It ended with a failure.
    #[error("`{command}` failed ({status}){output}")]
    Failed {
        /// The command line.
        command: String,
        /// Exit code or signal.
        status: String,
        /// The end of what it said.
        output: String,
    },
    /// A file or socket.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The engine answered something that is no JSON, or other JSON than documented.
    #[error("{what} could not be read: {source}")]
    Json {
        /// What was being read.
        what: String,
        /// Why not.
        source: serde_json::Error,
    },
}

/// Refutes the proof unless `holds`.
pub fn ensure(holds: bool, expected: impl Into<String>, seen: impl Into<String>) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(refuted(expected, seen))
}

/// All that fails, told at once.
pub fn all(proofs: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let mut errors: Vec<_> = proofs.into_iter().filter_map(Result::err).collect();
    match errors.len() {
        0 => Ok(()),
        1 => Err(errors.remove(0)),
        _ => Err(Error::Several(errors)),
    }
}

/// A refutation.
pub fn refuted(expected: impl Into<String>, seen: impl Into<String>) -> Error {
    Error::Refuted {
        expected: expected.into(),
        seen: seen.into(),
    }
}

/// Neither proven nor refuted.
pub fn unproven(reason: impl Into<String>) -> Error {
    Error::Unproven(reason.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told() {
        let proofs = || vec![ensure(false, "a", "b"), Ok(()), ensure(false, "c", "d")];
        let told = |proofs: Vec<Result<()>>| all(proofs).err().map(|error| error.to_string());
        assert_eq!(told(vec![Ok(())]), None);
        assert_eq!(
            told(proofs().split_off(1)).as_deref(),
            Some("expected c; saw d")
        );
        assert_eq!(
            told(proofs()).as_deref(),
            Some("expected a; saw b\nexpected c; saw d")
        );
    }
}
