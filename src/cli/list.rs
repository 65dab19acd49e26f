//! `scaffold list`: the languages.
use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::library;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Printer;

/// List the languages
#[derive(Args, Debug)]
pub(super) struct List {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let languages = library::all(context)?;
        if self.json {
            let items = languages.iter().map(|language| {
                let manifest = &language.manifest;
                json!({
                    "lang": language.id,
                    "title": manifest.title,
                    "summary": manifest.summary,
                    "frameworks": manifest.frameworks.names().collect::<Vec<_>>(),
                    "template": language.origin.address,
                    "runtimes": manifest.runtimes.names().collect::<Vec<_>>(),
                })
            });
            let object = json!({ "schema": 1, "languages": items.collect::<Vec<_>>() });
            printer.data(&format!("{object:#}\n"));
        } else {
            for language in &languages {
                let manifest = &language.manifest;
                printer.data(&format!("{:10} {}\n", language.id, manifest.summary));
            }
            let missing = library::known(context).into_iter();
            for known in missing.filter(|known| known.language.is_none()) {
                printer.data(&format!("{:10} {}\n", known.name, known.summary()));
            }
        }
        Ok(Exit::Done)
    }
}
