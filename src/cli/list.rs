//! `scaffold list`: the languages.
use clap::Args;
use serde_json::json;

use super::failure::Failure;
use crate::exit::Exit;
use crate::language;
use crate::report::Printer;

/// List the languages
#[derive(Args, Debug)]
pub(super) struct List {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(&self, printer: Printer) -> Result<Exit, Failure> {
        let languages = language::load_all()?;
        if self.json {
            let items = languages.iter().map(|language| {
                let manifest = &language.manifest;
                json!({
                    "lang": language.id,
                    "title": manifest.title,
                    "summary": manifest.summary,
                    "frameworks": manifest.frameworks.names().collect::<Vec<_>>(),
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
        }
        Ok(Exit::Done)
    }
}
