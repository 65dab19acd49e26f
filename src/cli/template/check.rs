//! `scaffold template check`: what is wrong with a language folder, with its place and its remedy.
use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use clap::Args;
use serde_json::json;

use super::variants;
use crate::cli::failure::Failure;
use crate::context::Context;
use crate::dockerfile::{Surroundings, View, rules};
use crate::exit::Exit;
use crate::language::manifest::Layer;
use crate::language::{self, Language};
use crate::plan::Plan;
use crate::render::{self, FileSet};
use crate::report::{Diagnostic, Document, Place, Printer};

/// How the names of templates end.
const RENDERED: &str = ".tera";

/// Find what is wrong with a language folder; exit 1 when there is something
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The language folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Check {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let language = super::open(context, &self.dir)?;
        let mut found = manifest(&language);
        found.extend(unlisted(&language));
        found.extend(unused(&language));
        let specs = variants::all(&language);
        let mut files = 0;
        for spec in &specs {
            for with_sample in [false, true] {
                let (count, faults) = variant(&language, spec, with_sample, context);
                files += count;
                found.extend(faults);
            }
        }
        once(&mut found);
        let exit = if found.is_empty() {
            Exit::Done
        } else {
            Exit::Findings
        };
        if self.json {
            let all: Vec<_> = found.iter().map(Diagnostic::to_json).collect();
            let object = json!({ "schema": 1, "exit": exit.code(), "diagnostics": all });
            printer.data(&format!("{object:#}\n"));
        } else {
            printer.diagnostics(&found);
            let count = found.len();
            printer.say(&format!(
                "{} specs, {files} files made, {count} findings",
                specs.len()
            ));
        }
        Ok(exit)
    }
}

/// The same fault shows itself in many variants: the first is enough.
fn once(found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    found.retain(|one| {
        let line = one.place.as_ref().map(|place| place.text().to_owned());
        seen.insert((one.code, one.message.clone(), line))
    });
}

/// The place of a word in the folder's own manifest.
fn place(language: &Language, word: &str) -> Option<Place> {
    let document = Document::file(
        format!("{}/language.toml", language.origin.address),
        language.text("language.toml")?,
    );
    let at = document.text.find(word)?;
    Some(Place::new(&document, at..at + word.len()))
}

fn manifest(language: &Language) -> Vec<Diagnostic> {
    let manifest = &language.manifest;
    let mut found = Vec::new();
    for (name, field) in &manifest.options.0 {
        let at = place(language, &format!("options.{name}"));
        let key = format!("options.{name}");
        let rules = manifest.default.iter().map(|rule| &rule.set);
        let frameworks = manifest
            .frameworks
            .0
            .iter()
            .map(|(_, framework)| &framework.defaults);
        let mut sets = rules.chain(frameworks).chain([&manifest.defaults]);
        let has_default = field.default.is_some() || sets.any(|set| set.contains_key(&key));
        if !has_default && !field.or_false && field.when.is_empty() {
            let message = format!("`options.{name}` has no default");
            let diagnostic = Diagnostic::error("option-without-default", message);
            found.push(
                diagnostic
                    .at_maybe(at.as_ref(), "")
                    .help("default = …: what is taken when nobody says it"),
            );
        }
        if field.help.is_empty() {
            let message = format!("`options.{name}` has no help");
            let diagnostic = Diagnostic::error("option-without-help", message);
            found.push(
                diagnostic
                    .at_maybe(at.as_ref(), "")
                    .help("help = \"…\": a sentence or two"),
            );
        }
    }
    for rule in &manifest.find {
        let patterns = [&rule.regex, &rule.with, &rule.without]
            .into_iter()
            .flatten();
        for pattern in patterns.filter(|pattern| regex::Regex::new(pattern).is_err()) {
            let message = format!(
                "the rule {}/{} has a pattern that cannot be read",
                rule.key, rule.id
            );
            found.push(
                Diagnostic::error("broken-pattern", message)
                    .at_maybe(place(language, pattern).as_ref(), ""),
            );
        }
    }
    found.extend(unknown_keys(language));
    found
}

/// Conditions and defaults that name keys which there are not.
fn unknown_keys(language: &Language) -> Vec<Diagnostic> {
    // Those of one service among several count too.
    let mut fields = language::service_fields(Some(language));
    fields.extend(language::fields(Some(language)));
    let manifest = &language.manifest;
    let whens = manifest.default.iter().map(|rule| &rule.when);
    let whens = whens
        .chain(manifest.packages.iter().map(|rule| &rule.when))
        .chain(manifest.ignore.iter().map(|group| &group.when))
        .chain(manifest.refuse.iter().map(|rule| &rule.when))
        .chain(manifest.next.iter().map(|step| &step.when))
        .chain(manifest.tools.values().map(|tool| &tool.when));
    let named = whens.flat_map(|when| when.keys());
    let sets = manifest.default.iter().flat_map(|rule| rule.set.keys());
    let named = named
        .chain(sets)
        .chain(manifest.defaults.keys())
        .chain(&manifest.questions);
    let unknown = named.filter(|key| !fields.iter().any(|field| field.key == **key));
    unknown
        .map(|key| {
            let message = format!("`{key}` is no key of a spec");
            let near = crate::report::nearest(key, fields.iter().map(|field| field.key.as_str()));
            let mut diagnostic = Diagnostic::error("unknown-key", message)
                .at_maybe(place(language, key).as_ref(), "nothing has this name");
            diagnostic.help = near.map(|near| format!("did you mean `{near}`?"));
            diagnostic
        })
        .collect()
}

/// Files below `sample/` that no layer can reach.
fn unlisted(language: &Language) -> Vec<Diagnostic> {
    let layers: Vec<_> = language
        .manifest
        .sample
        .layers
        .iter()
        .filter_map(|layer| pattern(layer.path()))
        .collect();
    let own = language.own_files().into_iter();
    let samples = own.filter_map(|path| Some(path.strip_prefix("sample/")?.to_owned()));
    samples
        .filter(|path| !layers.iter().any(|layer| layer.is_match(path)))
        .map(|path| {
            let message = format!("sample/{path} is in no layer: nothing writes it");
            let layers = language.manifest.sample.layers.iter();
            let layers: Vec<_> = layers.map(Layer::path).collect();
            let layers = layers.join(", ");
            Diagnostic::error("unlisted-file", message)
                .at_maybe(place(language, "layers").as_ref(), "")
                .because(format!("the layers are {layers}"))
                .help("name its folder in `layers`, or delete it")
        })
        .collect()
}

/// A layer's name, where `{key}` stands for any text.
fn pattern(layer: &str) -> Option<regex::Regex> {
    let mut parts = layer.split('{');
    let mut text = format!("^{}", regex::escape(parts.next()?));
    for part in parts {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        text.push_str("[^/]*");
        text.push_str(&regex::escape(rest));
    }
    regex::Regex::new(&format!("{text}/")).ok()
}

/// Options of its own that neither a template nor the manifest asks for.
fn unused(language: &Language) -> Vec<Diagnostic> {
    let tree = language.tree();
    let templates = tree.keys().filter(|path| path.ends_with(RENDERED));
    let mut texts: Vec<_> = templates.filter_map(|path| language.text(path)).collect();
    texts.extend(language.dockerfiles().into_iter().map(|(_, text)| text));
    let shared: Vec<_> = language::shared().map(|(_, text)| text).collect();
    let own = language.text("language.toml").unwrap_or_default();
    let names = language.manifest.options.names();
    let own_names = names.filter(|name| own.contains(&format!("options.{name}]")));
    own_names
        .filter(|name| {
            let dotted = format!("options.{name}");
            let uses = |text: &str| text.contains(&dotted);
            let in_manifest = own.matches(&dotted).count() > 1;
            !(in_manifest
                || texts.iter().any(|text| uses(text))
                || shared.iter().any(|text| uses(text)))
        })
        .map(|name| {
            let message = format!("`options.{name}` changes nothing");
            Diagnostic::error("unused-option", message)
                .at_maybe(place(language, &format!("options.{name}")).as_ref(), "")
                .help("use it in a template, or take it out")
        })
        .collect()
}

/// How many files a variant gives, and what is wrong with it.
fn variant(
    language: &Language,
    spec: &str,
    with_sample: bool,
    context: &Context,
) -> (usize, Vec<Diagnostic>) {
    let plan = match variants::planned(language, spec, with_sample, context) {
        Ok(Some(plan)) => plan,
        Ok(None) => return (0, Vec::new()),
        Err(found) => return (0, found),
    };
    let plans = [plan];
    match render::render(&plans, with_sample) {
        Ok(files) => (files.len(), judged(&plans[0], &files, spec, context)),
        Err(error) => {
            let spec = spec.trim().replace('\n', ", ");
            (0, vec![error.diagnostic().because(format!("with {spec}"))])
        }
    }
}

/// What our own rules say of the Dockerfile among its files.
fn judged(plan: &Plan, files: &FileSet, spec: &str, context: &Context) -> Vec<Diagnostic> {
    let text = |path: &str| {
        let bytes = files.get(path)?.bytes.clone();
        String::from_utf8(bytes).ok()
    };
    let name = format!(
        "{} with {}",
        plan.language.id,
        spec.trim().replace('\n', ", ")
    );
    let document = Document::file(
        format!("Dockerfile of {name}"),
        text("Dockerfile").unwrap_or_default(),
    );
    let around = Surroundings {
        today: &context.today,
        read: &text,
        has_context: true,
    };
    match View::new(&document, around) {
        Ok(view) => rules::check(&view, &[]),
        Err(diagnostic) => vec![*diagnostic],
    }
}
