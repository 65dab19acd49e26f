//! What editors, shells and packages want: the schema, completions, the manual page.
use clap::Args;
use clap_complete::Shell;

use super::failure::Failure;
use crate::exit::Exit;
use crate::language;
use crate::policy;
use crate::report::{Diagnostic, Printer};
use crate::spec::{schema, service_keys};

/// Print completions for a shell
#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, printer: Printer) -> Exit {
        let mut bytes = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut super::command(false),
            "scaffold",
            &mut bytes,
        );
        printer.data(&String::from_utf8_lossy(&bytes));
        Exit::Done
    }
}

/// Print the JSON Schema of scaffold.toml, or of scaffold-policy.toml
#[derive(Args, Debug)]
pub(super) struct Schema {
    /// The one of scaffold-policy.toml
    #[arg(long)]
    policy: bool,
}

impl Schema {
    pub(super) fn run(&self, printer: Printer) -> Result<Exit, Failure> {
        let schema = if self.policy {
            policy::schema()
        } else {
            of_specs()?
        };
        printer.data(&format!("{schema:#}\n"));
        Ok(Exit::Done)
    }
}

fn of_specs() -> Result<serde_json::Value, Failure> {
    let languages = language::load_all()?;
    let fields: Vec<_> = languages
        .iter()
        .map(|language| (language.id.clone(), language::fields(Some(language))))
        .collect();
    Ok(schema::schema(
        &language::fields(None),
        &service_keys(),
        &fields,
    ))
}

/// Prints the manual page, in roff.
pub(super) fn man(printer: Printer) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(super::command(true))
        .render(&mut bytes)
        .map_err(|error| {
            Failure::new(Exit::Bug, vec![Diagnostic::error("bug", error.to_string())])
        })?;
    printer.data(&String::from_utf8_lossy(&bytes));
    Ok(Exit::Done)
}
