//! Flags that several commands share.
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, ValueEnum};

use super::failure::Failure;
use crate::context::{ConfigFile, Context};
use crate::report::printer::Verbosity;
use crate::report::{Diagnostic, Document, Printer};
use crate::settings::Config;
use crate::spec::argument;
use crate::workspace::OnConflict;

/// Flags that every command has.
#[derive(Args, Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Global {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say where each value comes from
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Read no configuration of the person
    #[arg(long, global = true)]
    pub isolated: bool,
    /// Fetch nothing: templates come from the cache, digests from scaffold.lock
    #[arg(long, global = true)]
    pub offline: bool,
    /// Take templates from anywhere without a question
    #[arg(long, global = true)]
    pub trust: bool,
}

/// A language's name. Help and completions show the built-in ones; others are known once the configuration is read.
#[derive(Clone, Debug)]
pub(super) struct LanguageName;

impl TypedValueParser for LanguageName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        clap::builder::StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let ids = crate::language::ids().into_iter();
        Some(Box::new(ids.map(PossibleValue::new)))
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Global {
    /// The surroundings as these flags want them, with the person's configuration. A command that forbids questions
    /// forbids also those of trust and those of git.
    pub(super) fn settle(&self, context: &Context, may_ask: bool) -> Result<Context, Failure> {
        let config = match &context.config_file {
            _ if self.isolated => Config::default(),
            ConfigFile::None => Config::default(),
            ConfigFile::Usual(path) if !path.is_file() => Config {
                folder: folder_of(path),
                ..Config::default()
            },
            ConfigFile::Usual(path) | ConfigFile::Named(path) => read_config(path)?,
        };
        Ok(Context {
            config,
            can_ask: context.can_ask && may_ask,
            colour: self.printer(context).colour,
            offline: self.offline,
            trust: self.trust,
            ..context.clone()
        })
    }

    pub(super) fn printer(&self, context: &Context) -> Printer {
        let verbosity = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        };
        let colour = match self.color {
            Color::Auto => context.colour,
            Color::Always => true,
            Color::Never => false,
        };
        Printer { verbosity, colour }
    }
}

/// Flags of the commands that write.
#[derive(Args, Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Writing {
    /// Set any key of the spec, such as options.x=y (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Take every value as shown, ask nothing; never overwrites
    #[arg(short, long)]
    pub yes: bool,
    /// Never ask; missing answers end with exit code 2
    #[arg(long)]
    pub no_input: bool,
    /// Show what would be done, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show the changes as a diff
    #[arg(long)]
    pub diff: bool,
    /// What to do with files that you made or changed
    #[arg(long, value_enum, value_name = "WHAT")]
    pub on_conflict: Option<Conflict>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
    /// Fail where the lock would change; a flag of one command only.
    #[arg(skip)]
    pub locked: bool,
}

/// What to do with a file that the user made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Conflict {
    /// Stop before anything is written
    Fail,
    /// Leave it
    Skip,
    /// Write ours over it
    Overwrite,
    /// Merge both, marking conflicts
    Merge,
    /// Write ours beside it as FILE.new
    New,
}

impl From<Conflict> for OnConflict {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::Fail => Self::Fail,
            Conflict::Skip => Self::Skip,
            Conflict::Overwrite => Self::Overwrite,
            Conflict::Merge => Self::Merge,
            Conflict::New => Self::New,
        }
    }
}

fn read_config(path: &Utf8Path) -> Result<Config, Failure> {
    let text = fs_err::read_to_string(path).map_err(|error| {
        let message = format!("the configuration cannot be read: {error}");
        Failure::usage(Diagnostic::error("broken-config", message))
    })?;
    let document = Document::file(path.as_str(), text);
    Config::parse(&document, folder_of(path)).map_err(Failure::spec)
}

fn folder_of(path: &Utf8Path) -> Utf8PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
    folder.unwrap_or(Utf8Path::new(".")).to_owned()
}

impl Writing {
    /// The `--set` flags as documents, in their order.
    pub(super) fn documents(&self) -> Result<Vec<Arc<Document>>, Vec<Diagnostic>> {
        let (good, bad): (Vec<_>, Vec<_>) = self
            .set
            .iter()
            .map(|assignment| argument::from_assignment("--set", assignment))
            .partition(Result::is_ok);
        if bad.is_empty() {
            Ok(good.into_iter().flatten().collect())
        } else {
            Err(bad.into_iter().filter_map(Result::err).collect())
        }
    }

    /// Whether a flag says that nothing is asked.
    pub(super) fn forbids_questions(&self) -> bool {
        self.yes || self.no_input || self.json
    }
}
