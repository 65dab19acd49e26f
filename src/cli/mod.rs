//! The command line: arguments in, exit code out. One file a command; each calls the other rooms in order.
use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::context::Context;
use crate::exit::Exit;
use crate::report::Printer;

mod arguments;
mod asked;
mod asking;
mod check;
mod claims;
mod conflicts;
mod detect;
mod detection;
mod drift;
mod explain;
mod failure;
mod generate;
mod hidden;
mod init;
mod library;
mod list;
mod new;
mod next;
mod packaging;
mod pinning;
mod policies;
mod report;
mod services;
mod session;
mod several;
mod several_asking;
mod show;
mod template;
mod trust;
mod update;
mod upkeep;
mod verify;
mod wizard;

pub use arguments::{Global, Writing};
use failure::Failure;

/// Proven multi-stage Dockerfiles from a small spec.
#[derive(Debug, Parser)]
#[command(
    name = "scaffold",
    version,
    disable_help_subcommand = true,
    propagate_version = false
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a whole project that builds and answers: sample, Dockerfile, .dockerignore, scaffold.toml
    New(new::New),
    /// Containerise a repository that exists: detects, then writes scaffold.toml, Dockerfile, .dockerignore
    Init(init::Init),
    /// Make or update the container files from scaffold.toml
    Generate(generate::Generate),
    /// Find drift, ended support and faults; exit 1 when there are any
    Check(check::Check),
    /// Build the image and prove it on an engine; exit 1 when something does not hold
    Verify(verify::Verify),
    /// Show what update would change; exit 1 when there is something
    Diff(update::Diff),
    /// Bring versions and files up to date, keeping your edits
    Update(update::Update),
    /// Show what a repository is and why: candidates, evidence, what was rejected
    Detect(detect::Detect),
    /// Show where each value and each instruction of the Dockerfile comes from
    Explain(explain::Explain),
    /// List the languages
    List(list::List),
    /// Show a language's options, frameworks, runtimes and versions
    Show(show::Show),
    /// Begin, check and test a language folder of your own
    #[command(subcommand)]
    Template(template::Template),
    /// Print the JSON Schema of scaffold.toml, or of scaffold-policy.toml
    Schema(packaging::Schema),
    /// Print completions for a shell
    Completions(packaging::Completions),
    /// Print the manual page
    Man,
}

/// Runs the command of `arguments` and says how it ended.
pub fn run(arguments: impl Iterator<Item = OsString>, context: &Context) -> Exit {
    let arguments: Vec<_> = arguments.collect();
    let wants_help = arguments
        .iter()
        .any(|word| word == "-h" || word == "--help");
    let parsed = command(wants_help)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => finish(&cli, context),
        Err(error) => usage(&error),
    }
}

/// The command tree; with `examples`, the help shows the command lines of the language folders.
fn command(examples: bool) -> clap::Command {
    let command = Cli::command();
    if !examples {
        return command;
    }
    let Ok(languages) = crate::language::load_all() else {
        return command;
    };
    // One a language: with many of them, all would be a page.
    let lines = languages
        .iter()
        .filter_map(|language| language.manifest.examples.first())
        .map(|line| format!("  {line}"));
    let lines: Vec<_> = lines.collect();
    let text = format!("Examples:\n{}", lines.join("\n"));
    command
        .after_help(text.clone())
        .mut_subcommand("new", |new| new.after_help(text))
}

fn usage(error: &clap::Error) -> Exit {
    // Help and version go to stdout and are no error; a closed pipe is no error either.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}

fn finish(cli: &Cli, context: &Context) -> Exit {
    let printer = cli.global.printer(context);
    match dispatch(cli, context, printer) {
        Ok(exit) => exit,
        Err(failure) => failure.report(printer, cli.wants_json()),
    }
}

fn dispatch(cli: &Cli, context: &Context, printer: Printer) -> Result<Exit, Failure> {
    let context = &cli.global.settle(context, cli.may_ask())?;
    match &cli.command {
        None if context.can_ask => new::New::default().run(context, printer),
        None => {
            printer.data(&command(true).render_help().to_string());
            Ok(Exit::Usage)
        }
        Some(Command::New(new)) => new.run(context, printer),
        Some(Command::Init(init)) => init.run(context, printer),
        Some(Command::Generate(generate)) => generate.run(context, printer),
        Some(Command::Check(check)) => check.run(context, printer),
        Some(Command::Verify(verify)) => verify.run(context, printer),
        Some(Command::Diff(diff)) => diff.run(context, printer),
        Some(Command::Update(update)) => update.run(context, printer),
        Some(Command::Detect(detect)) => detect.run(context, printer),
        Some(Command::Explain(explain)) => explain.run(context, printer),
        Some(Command::List(list)) => list.run(context, printer),
        Some(Command::Show(show)) => show.run(context, printer),
        Some(Command::Template(template)) => template.run(context, printer),
        Some(Command::Schema(schema)) => schema.run(printer),
        Some(Command::Completions(completions)) => Ok(completions.run(printer)),
        Some(Command::Man) => packaging::man(printer),
    }
}

impl Cli {
    fn may_ask(&self) -> bool {
        let writing = match &self.command {
            Some(Command::New(new)) => &new.writing,
            Some(Command::Init(init)) => &init.writing,
            Some(Command::Generate(generate)) => &generate.writing,
            _ => return !self.wants_json(),
        };
        !writing.forbids_questions()
    }

    fn wants_json(&self) -> bool {
        match &self.command {
            Some(Command::New(new)) => new.writing.json,
            Some(Command::Init(init)) => init.writing.json,
            Some(Command::Generate(generate)) => generate.writing.json,
            Some(Command::Check(check)) => check.wants_json(),
            Some(Command::Verify(verify)) => verify.json,
            Some(Command::Update(update)) => update.json,
            Some(Command::Detect(detect)) => detect.json,
            Some(Command::Explain(explain)) => explain.json,
            Some(Command::Template(template)) => template.wants_json(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_tree_is_sound() {
        command(true).debug_assert();
    }
}
