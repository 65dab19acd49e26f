//! `scaffold list`: the languages, and what was proven of each.
use clap::Args;
use serde_json::{Value, json};

use super::failure::Failure;
use super::library;
use crate::context::Context;
use crate::exit::Exit;
use crate::language::{self, Language, Proof};
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
            let items: Result<Vec<_>, _> = languages.iter().map(to_json).collect();
            let object = json!({ "schema": 1, "languages": items? });
            printer.data(&format!("{object:#}\n"));
            return Ok(Exit::Done);
        }
        let mut rows = Vec::new();
        for language in &languages {
            rows.push((language.id.clone(), to_lines(language)?));
        }
        for known in library::known(context) {
            if known.language.is_none() {
                rows.push((known.name.clone(), vec![known.summary()]));
            }
        }
        let width = rows.iter().map(|(name, _)| name.len()).max();
        let width = width.unwrap_or_default().max(NARROWEST);
        for (name, lines) in rows {
            let names = std::iter::once(name.as_str()).chain(std::iter::repeat(""));
            for (name, line) in names.zip(lines) {
                printer.data(&format!("{name:width$} {line}\n"));
            }
        }
        Ok(Exit::Done)
    }
}

/// What it is for, what it is used with, and each runtime with what was measured of it.
fn to_lines(language: &Language) -> Result<Vec<String>, language::Error> {
    let manifest = &language.manifest;
    let mut lines = vec![manifest.summary.clone()];
    let frameworks: Vec<_> = manifest.frameworks.names().collect();
    lines.push(format!("  frameworks  {}", frameworks.join(", ")));
    let managers = managers(language);
    if !managers.is_empty() {
        lines.push(format!("  managers    {}", managers.join(", ")));
    }
    let proofs = language.proofs()?;
    for runtime in manifest.runtimes.names() {
        let words = match proofs.get(runtime) {
            Some(proof) => words(proof),
            None if language.is_built_in() => "linted, not built".to_owned(),
            None => String::new(),
        };
        lines.push(format!("  {runtime:11} {words}").trim_end().to_owned());
    }
    Ok(lines)
}

fn words(proof: &Proof) -> String {
    let plural = if proof.projects == 1 { "" } else { "s" };
    let mut words = format!("built and run: {} project{plural}", proof.projects);
    for (before, span, unit) in [
        ("adds ", &proof.added_mb, "MB"),
        ("built in ", &proof.cold_build_s, "s"),
        ("after an edit in ", &proof.edit_build_s, "s"),
    ] {
        if let [low, high] = span.as_slice() {
            let (low, high) = (format!("{low:.1}"), format!("{high:.1}"));
            let span = if low == high {
                low
            } else {
                format!("{low} to {high}")
            };
            words.push_str(&format!(", {before}{span} {unit}"));
        }
    }
    words
}

/// What installs the dependencies, where there is a choice.
fn managers(language: &Language) -> Vec<String> {
    let fields = language::fields(Some(language)).into_iter();
    let mut manager = fields.filter(|field| field.key == "options.manager");
    let choices = manager.next().map(|field| field.choices);
    let choices = choices.unwrap_or_default().into_iter();
    choices.map(|choice| choice.value).collect()
}

fn to_json(language: &Language) -> Result<Value, language::Error> {
    let manifest = &language.manifest;
    Ok(json!({
        "lang": language.id,
        "title": manifest.title,
        "summary": manifest.summary,
        "frameworks": manifest.frameworks.names().collect::<Vec<_>>(),
        "managers": managers(language),
        "template": language.origin.address,
        "runtimes": manifest.runtimes.names().collect::<Vec<_>>(),
        "proven": language.proofs()?,
    }))
}
