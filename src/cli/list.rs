//! `scaffold list`: the languages.
use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::library;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Printer;

/// The column of names does not move with each of them.
const NARROWEST: usize = 10;

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
            let own = languages.iter();
            let own = own.map(|language| (language.id.clone(), language.manifest.summary.clone()));
            let missing = library::known(context).into_iter();
            let missing = missing.filter(|known| known.language.is_none());
            let missing = missing.map(|known| (known.name.clone(), known.summary()));
            let rows: Vec<_> = own.chain(missing).collect();
            let width = rows.iter().map(|(name, _)| name.len()).max();
            let width = width.unwrap_or_default().max(NARROWEST);
            for (name, summary) in rows {
                printer.data(&format!("{name:width$} {summary}\n"));
            }
        }
        Ok(Exit::Done)
    }
}
