//! `scaffold new`: a whole project that builds and answers.
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::arguments::{LanguageName, Writing};
use super::failure::Failure;
use super::generate::finish;
use super::session::{self, Session};
use super::wizard;
use super::{library, policies};
use crate::context::Context;
use crate::exit::Exit;
use crate::language::{self, Language};
use crate::plan::Plan;
use crate::report::{Diagnostic, Document, Place, Printer};
use crate::spec::services::Found;
use crate::spec::{self, Source, Sourced, Value, argument, name, write};

/// Make a whole project that builds and answers: sample, Dockerfile, .dockerignore, scaffold.toml
#[derive(Args, Debug, Default)]
pub(super) struct New {
    /// The folder to make, or `.`; its name becomes the project's
    #[arg(value_name = "DIR")]
    dir: Option<Utf8PathBuf>,
    /// The language
    #[arg(long, value_parser = LanguageName)]
    lang: Option<String>,
    /// A language folder of your own: ./folder, gh:owner/repository/folder@version, a git URL, or a name
    #[arg(long, value_name = "ADDRESS")]
    template: Option<String>,
    /// The project's name, if it is not the folder's
    #[arg(long)]
    name: Option<String>,
    /// The framework of the sample
    #[arg(long)]
    framework: Option<String>,
    /// The production base
    #[arg(long)]
    runtime: Option<String>,
    /// The port that the server listens on, or false
    #[arg(long)]
    port: Option<String>,
    #[command(flatten)]
    pub(super) writing: Writing,
}

impl New {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let mut documents = Vec::new();
        let flags = [
            ("--lang", "lang", &self.lang),
            ("--framework", "framework", &self.framework),
            ("--runtime", "runtime", &self.runtime),
            ("--port", "port", &self.port),
        ];
        for (flag, key, value) in flags {
            if let Some(value) = value {
                let document = argument::from_flag(flag, key, value);
                documents.push(document.map_err(|diagnostic| Failure::spec(vec![diagnostic]))?);
            }
        }
        if let Some(template) = &self.template {
            let dir = self.dir.clone().unwrap_or_else(|| Utf8PathBuf::from("."));
            documents.push(library::document(context, template, &dir)?);
        }
        documents.extend(self.writing.documents().map_err(Failure::spec)?);
        let named = self.take_name(&mut documents);
        let has_language = ["lang", "template"]
            .iter()
            .any(|key| spec::peek(&documents, key).is_some());
        if context.can_ask && (self.dir.is_none() || !has_language) {
            return wizard::run(
                wizard::Start {
                    dir: self.dir.clone(),
                    name: named,
                    documents,
                },
                &self.writing,
                (context, printer),
            );
        }
        let dir = self.dir.clone().ok_or_else(|| self.missing(has_language))?;
        let mut session = open(context, &dir, documents)?;
        let language = session.language()?.ok_or_else(|| self.missing(false))?;
        fit_name(&mut session, &language, named.as_ref(), printer);
        let plan = session.plan(language)?;
        finish(&session, &[plan], &self.writing, printer)
    }

    /// The name that was said. Its document is taken out: the name is made fit later, and as it was typed it might be
    /// refused.
    fn take_name(&self, documents: &mut Vec<Arc<Document>>) -> Option<(String, Source)> {
        let flag = |name: &str| {
            let place = Place::new(&Document::argument(name, ""), 0..0);
            Source::Flag(place)
        };
        let set = spec::peek(documents, "name").map(|name| (name, flag("--set")));
        documents.retain(|document| spec::parse::peek(document, "name").is_none());
        let named = self.name.clone().map(|name| (name, flag("--name")));
        named.or(set)
    }

    /// All that is missing at once, with a command line that works.
    fn missing(&self, has_language: bool) -> Failure {
        let ids = language::ids();
        let mut diagnostic = Diagnostic::error(
            "missing-answer",
            "answers are missing, and nobody can be asked",
        );
        if self.dir.is_none() {
            diagnostic = diagnostic.because("DIR: the folder to make, or `.`");
        }
        if !has_language {
            diagnostic = diagnostic.because(format!("--lang: one of {}", ids.join(", ")));
        }
        let dir = self.dir.as_ref().map_or("my-app", |dir| dir.as_str());
        let lang = self
            .lang
            .as_deref()
            .or(ids.first().copied())
            .unwrap_or("LANG");
        Failure::usage(diagnostic.help(format!("scaffold new {dir} --lang {lang}")))
    }
}

/// A session for a new project in `dir`.
pub(super) fn open<'a>(
    context: &'a Context,
    dir: &Utf8Path,
    documents: Vec<Arc<Document>>,
) -> Result<Session<'a>, Failure> {
    let root = session::target(context, dir)?;
    Ok(Session {
        context,
        policies: policies::of_project(context, &root)?,
        lock: if root.exists() {
            session::read_lock(&root)?
        } else {
            crate::workspace::Lock::default()
        },
        root,
        shown: dir.to_string(),
        documents,
        fixed: Vec::new(),
        found: Vec::new(),
        services: Found::new(),
        with_sample: true,
        with_spec: true,
        opened: session::Opened::default(),
    })
}

/// Makes the given name, or the folder's, fit for an image and for the language, and says what it changed.
pub(super) fn fit_name(
    session: &mut Session<'_>,
    language: &Language,
    named: Option<&(String, Source)>,
    printer: Printer,
) {
    let folder = session.root.file_name().unwrap_or_default().to_owned();
    let wanted = named.map_or(folder.as_str(), |(name, _)| name);
    let mut fitted = name::slug(wanted);
    if fitted.is_empty() {
        "app".clone_into(&mut fitted);
    }
    let mut reason =
        "an image's name has small letters and digits, with `.`, `_` or `-` between them";
    let reserved = &language.manifest.name.reserved;
    if reserved.contains(&fitted) || reserved.contains(&name::snake(&fitted)) {
        fitted.push_str("-app");
        reason = "the name means something else in this language";
    }
    if fitted != wanted {
        printer.say(&format!(
            "name: {fitted}, made of {}: {reason}",
            wanted.escape_debug()
        ));
    }
    let source = named.map_or(Source::Folder, |(_, source)| source.clone());
    session.fixed = vec![(
        "name".to_owned(),
        Sourced {
            value: Value::Text(fitted),
            source,
        },
    )];
}

/// The `scaffold.toml` of a new project: what shaped the sample, what was said or seen, and nothing that is a default
/// anyhow. Each of several services has a table.
pub(super) fn spec_text(plans: &[Plan]) -> String {
    let projects = plans.iter().map(|plan| {
        let name = plan.service.as_ref().map(|service| service.name.as_str());
        (name, kept(plan), plan.fields.as_slice())
    });
    let projects: Vec<_> = projects.collect();
    write::to_text(&projects)
}

fn kept(plan: &Plan) -> BTreeMap<String, Sourced> {
    let layers = &plan.language.manifest.sample.layers;
    let shapes = |key: &str| {
        let written = plan.service.is_none();
        let mut layers = layers.iter();
        written && layers.any(|layer| layer.path().contains(&format!("{{{key}}}")))
    };
    let kept = |key: &str, sourced: &Sourced| {
        let said = !matches!(
            sourced.source,
            Source::Default(_) | Source::Lock | Source::Service
        );
        key == "lang" || shapes(key) || said
    };
    let fields = plan.fields.iter();
    fields
        .filter(|field| plan.holds(&field.when))
        .filter_map(|field| Some((field.key.clone(), plan.values.get(&field.key)?)))
        .filter(|(key, sourced)| kept(key, sourced))
        .map(|(key, sourced)| (key, sourced.clone()))
        .collect()
}
