//! Why a command did not do its work, with the exit code that belongs to it.
use serde_json::json;

use crate::exit::Exit;
use crate::report::{Diagnostic, Printer};
use crate::wizard::Stop;
use crate::{language, render, workspace};

/// A run that ends without its result.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    diagnostics: Vec<Diagnostic>,
}

impl Failure {
    pub(super) fn new(exit: Exit, diagnostics: Vec<Diagnostic>) -> Self {
        Self { exit, diagnostics }
    }

    /// The user called it wrongly.
    pub(super) fn usage(diagnostic: Diagnostic) -> Self {
        Self::new(Exit::Usage, vec![diagnostic])
    }

    /// A spec or an argument is wrong: 4 when a file is, 2 when only the command line is.
    pub(super) fn spec(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|diagnostic| {
            let place = diagnostic.place.as_ref();
            let position = place.map_or((true, 0), |place| {
                (place.document.is_argument, place.span.start)
            });
            (std::cmp::Reverse(diagnostic.severity), position)
        });
        let in_a_file = diagnostics.iter().any(|diagnostic| {
            let place = diagnostic.place.as_ref();
            diagnostic.is_error() && place.is_some_and(|place| !place.document.is_argument)
        });
        Self::new(
            if in_a_file { Exit::Broken } else { Exit::Usage },
            diagnostics,
        )
    }

    /// Tells the person, or the program, and gives the exit code.
    pub(super) fn report(&self, printer: Printer, as_json: bool) -> Exit {
        if as_json {
            let diagnostics: Vec<_> = self.diagnostics.iter().map(Diagnostic::to_json).collect();
            let object =
                json!({ "schema": 1, "exit": self.exit.code(), "diagnostics": diagnostics });
            printer.data(&format!("{object:#}\n"));
        } else {
            printer.diagnostics(&self.diagnostics);
        }
        self.exit
    }
}

impl From<language::Error> for Failure {
    fn from(error: language::Error) -> Self {
        Self::new(
            Exit::Broken,
            vec![Diagnostic::error("broken-template", error.to_string())],
        )
    }
}

impl From<render::Error> for Failure {
    fn from(error: render::Error) -> Self {
        Self::new(Exit::Broken, vec![error.diagnostic()])
    }
}

impl From<workspace::Error> for Failure {
    fn from(error: workspace::Error) -> Self {
        let diagnostic = Diagnostic::error("refused", error.to_string())
            .because("nothing was changed by this run");
        Self::new(Exit::Refused, vec![diagnostic])
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Cancelled => Self::new(
                Exit::Interrupted,
                vec![Diagnostic::error(
                    "cancelled",
                    "cancelled; nothing was written",
                )],
            ),
            Stop::Terminal(_) => Self::usage(Diagnostic::error("no-terminal", stop.to_string())),
        }
    }
}
