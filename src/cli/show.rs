//! `scaffold show LANG`: everything that can be said about a language in a spec.
use clap::Args;
use serde_json::{Value, json};

use super::arguments::LanguageName;
use super::failure::Failure;
use super::library;
use crate::context::Context;
use crate::exit::Exit;
use crate::image::Line;
use crate::language::{self, Language};
use crate::report::Printer;
use crate::spec::Field;

/// Show a language's options, frameworks, runtimes and versions
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The language, or the address of a template
    #[arg(value_name = "LANG", value_parser = LanguageName)]
    lang: String,
    /// List the folder's files, each with the folder that it comes from
    #[arg(long, conflicts_with = "json")]
    tree: bool,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let language = library::find(context, &self.lang)?;
        if self.tree {
            printer.data(&tree(&language));
            return Ok(Exit::Done);
        }
        let catalogue = language.catalogue();
        let image = catalogue.image(&language.manifest.version.image);
        let lines = image
            .map(|image| image.lines.as_slice())
            .unwrap_or_default();
        let text = if self.json {
            format!("{:#}\n", to_json(&language, lines, &context.today))
        } else {
            to_text(&language, lines, &context.today)
        };
        printer.data(&text);
        Ok(Exit::Done)
    }
}

fn tree(language: &Language) -> String {
    let tree = language.tree();
    let width = tree
        .keys()
        .map(|path| path.chars().count())
        .max()
        .unwrap_or(0);
    let lines = tree
        .iter()
        .map(|(path, from)| format!("{path:width$}  {from}\n"));
    lines.collect()
}

fn options(language: &Language) -> Vec<Field> {
    let fields = language::fields(Some(language));
    fields
        .into_iter()
        .filter(|field| field.key.starts_with("options."))
        .collect()
}

fn to_text(language: &Language, lines: &[Line], today: &str) -> String {
    let manifest = &language.manifest;
    let mut text = format!("{}: {}\n", manifest.title, manifest.summary);
    section(
        &mut text,
        "framework",
        manifest
            .frameworks
            .0
            .iter()
            .map(|(name, framework)| (name.clone(), framework.title.clone())),
    );
    section(
        &mut text,
        "runtime",
        manifest
            .runtimes
            .0
            .iter()
            .map(|(name, runtime)| (name.clone(), runtime.title.clone())),
    );
    section(
        &mut text,
        "version",
        lines
            .iter()
            .map(|line| (line.version.clone(), version_words(line, today))),
    );
    text.push_str("\noptions\n");
    for field in options(language) {
        text.push_str(&option(&field));
    }
    let native: Vec<_> = manifest
        .native
        .iter()
        .map(|native| native.dependency.as_str())
        .collect();
    if !native.is_empty() {
        text.push_str(&format!("\nnative\n  {}\n", native.join(", ")));
    }
    text
}

fn section(text: &mut String, title: &str, rows: impl Iterator<Item = (String, String)>) {
    let rows: Vec<_> = rows.collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    text.push_str(&format!("\n{title}\n"));
    for (name, words) in rows {
        text.push_str(format!("  {name:width$}  {words}").trim_end());
        text.push('\n');
    }
}

fn version_words(line: &Line, today: &str) -> String {
    let default = if line.default { ", default" } else { "" };
    match &line.eol {
        Some(eol) if line.is_over(today) => format!("newest {}, ended {eol}", line.latest),
        Some(eol) => format!("newest {}, supported until {eol}{default}", line.latest),
        None => format!("newest {}, supported{default}", line.latest),
    }
}

fn option(field: &Field) -> String {
    let default = field
        .default
        .as_ref()
        .map(|value| format!(", default {value}"))
        .unwrap_or_default();
    let mut text = format!(
        "  {} ({}{default})\n      {}\n",
        field.key,
        field.allowed(),
        field.title
    );
    if !field.help.is_empty() {
        text.push_str(&format!("      {}\n", field.help));
    }
    text
}

fn to_json(language: &Language, lines: &[Line], today: &str) -> Value {
    let manifest = &language.manifest;
    let frameworks = manifest.frameworks.0.iter();
    let runtimes = manifest.runtimes.0.iter();
    json!({
        "schema": 1,
        "lang": language.id,
        "title": manifest.title,
        "summary": manifest.summary,
        "frameworks": frameworks.map(|(name, f)| json!({ "name": name, "title": f.title })).collect::<Vec<_>>(),
        "runtimes": runtimes.map(|(name, r)| json!({ "name": name, "title": r.title, "note": r.note })).collect::<Vec<_>>(),
        "versions": lines.iter().map(|line| version_json(line, today)).collect::<Vec<_>>(),
        "options": options(language).iter().map(option_json).collect::<Vec<_>>(),
        "native": manifest.native.iter().map(|native| &native.dependency).collect::<Vec<_>>(),
    })
}

fn version_json(line: &Line, today: &str) -> Value {
    json!({
        "version": line.version,
        "newest": line.latest,
        "end_of_life": line.eol,
        "supported": !line.is_over(today),
        "default": line.default,
    })
}

fn option_json(field: &Field) -> Value {
    json!({
        "key": field.key,
        "title": field.title,
        "help": field.help,
        "allowed": field.allowed(),
        "choices": field.choices.iter().map(|choice| json!({ "value": choice.value, "title": choice.title })).collect::<Vec<_>>(),
        "default": field.default,
    })
}
