//! `scaffold template`: language folders of one's own, begun, checked and tested.
use camino::Utf8PathBuf;
use clap::Subcommand;

use super::failure::Failure;
use super::{library, session};
use crate::context::Context;
use crate::exit::Exit;
use crate::language::Language;
use crate::report::Printer;

mod cases;
mod check;
mod new;
mod variants;

/// Begin, check and test a language folder of your own
#[derive(Debug, Subcommand)]
pub(super) enum Template {
    /// Begin a language folder that already passes
    New(new::New),
    /// Find what is wrong with a language folder; exit 1 when there is something
    Check(check::Check),
    /// Make a language folder's cases and compare them with what must come out
    Test(cases::Test),
}

impl Template {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        match self {
            Self::New(new) => new.run(context, printer),
            Self::Check(check) => check.run(context, printer),
            Self::Test(test) => test.run(context, printer),
        }
    }

    pub(super) fn wants_json(&self) -> bool {
        match self {
            Self::New(_) => false,
            Self::Check(check) => check.json,
            Self::Test(test) => test.json,
        }
    }
}

/// The language folder in a directory.
fn open(context: &Context, dir: &Utf8PathBuf) -> Result<Language, Failure> {
    let root = session::existing(context, dir)?;
    library::directory(context, &root, (dir.as_str(), None))
}
