//! What editors, shells and packages want: the schema, completions, the manual page.
use clap::Args;
use clap_complete::Shell;

use super::failure::Failure;
use crate::exit::Exit;
use crate::language;
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

/// Prints the JSON Schema of `scaffold.toml`.
pub(super) fn schema(printer: Printer) -> Result<Exit, Failure> {
    let languages = language::load_all()?;
    let fields: Vec<_> = languages
        .iter()
        .map(|language| (language.id.clone(), language::fields(Some(language))))
        .collect();
    let schema = schema::schema(&language::fields(None), &service_keys(), &fields);
    printer.data(&format!("{schema:#}\n"));
    Ok(Exit::Done)
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
