//! The two streams: data on stdout, everything else on stderr, each locked for one write.
use std::io::{self, Write};

use super::{Diagnostic, human};

/// How much is said on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// Errors, warnings, what was done.
    Normal,
    /// And where each value came from.
    Verbose,
}

/// Writes to the two streams; decided once, handed down.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    /// How much is said.
    pub verbosity: Verbosity,
    /// Whether stderr gets colour.
    pub colour: bool,
}

impl Printer {
    /// Data for whoever called: stdout. A closed pipe is a normal end.
    pub fn data(&self, text: &str) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// A line for the person, unless `--quiet`.
    pub fn say(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.always(text);
        }
    }

    /// A line for the person with `--verbose` only.
    pub fn detail(&self, text: &str) {
        if self.verbosity >= Verbosity::Verbose {
            self.always(text);
        }
    }

    /// A line for the person in any case.
    pub fn always(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Diagnostics for the person; warnings and notes are dropped by `--quiet`.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            if diagnostic.is_error() || self.verbosity >= Verbosity::Normal {
                self.always(human::render(diagnostic, self.colour).trim_end());
            }
        }
    }
}
