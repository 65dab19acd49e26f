//! What `new` and `generate` do alike: documents → plan → files → changes → disk.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::failure::Failure;
use super::{library, policies};
use crate::context::Context;
use crate::exit::Exit;
use crate::language::{self, Language, Origin};
use crate::plan::{Inputs, Plan, Resolved};
use crate::policy::Policies;
use crate::render::{self, Entry, FileSet};
use crate::report::{Diagnostic, Document, Place};
use crate::settings::Config;
use crate::settings::config::LICENSE;
use crate::spec::services::{self, Found};
use crate::spec::{self, Choice, Field, Source, Sourced, Spec, Value};
use crate::workspace::{self, Change, Lock};

/// A project folder and everything that was said about it.
pub(super) struct Session<'a> {
    pub(super) context: &'a Context,
    /// The project folder, absolute.
    pub(super) root: Utf8PathBuf,
    /// As the user would type it.
    pub(super) shown: String,
    /// Texts that say something, weakest first.
    pub(super) documents: Vec<Arc<Document>>,
    /// Values that no text says, such as the name that a folder gives; stronger than the documents.
    pub(super) fixed: Vec<(String, Sourced)>,
    /// What was seen in the repository; weaker than the documents.
    pub(super) found: Vec<(String, Sourced)>,
    /// The same of each of several services.
    pub(super) services: Found,
    pub(super) lock: Lock,
    /// What the organisation wants, as far as it is known without the language.
    pub(super) policies: Policies,
    pub(super) with_sample: bool,
    /// Whether the spec is written too.
    pub(super) with_spec: bool,
    /// Folders of one's own, each opened once.
    pub(super) opened: Opened,
}

/// Folders by address and by the commits that were asked for.
pub(super) type Opened = RefCell<BTreeMap<(String, Option<Origin>), Language>>;

/// The absolute folder of an argument, and the way to show it.
pub(super) fn target(context: &Context, dir: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let base = context.folder.as_ref().ok_or_else(|| {
        let message = "the working folder cannot be used: it is gone, or its name is not UTF-8";
        Failure::usage(Diagnostic::error("wrong-use", message))
    })?;
    let joined = base.join(dir);
    // Symbolic links above the project are the user's own way to it; those below it are not followed.
    let exists = joined.exists();
    if exists && !joined.is_dir() {
        let message = format!("{dir} is a file, not a folder");
        return Err(Failure::new(
            Exit::Refused,
            vec![Diagnostic::error("refused", message)],
        ));
    }
    if exists {
        joined
            .canonicalize_utf8()
            .map_err(|error| io_failure(dir, &error))
    } else {
        Ok(joined)
    }
}

/// The same for a folder that must be there.
pub(super) fn existing(context: &Context, dir: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let root = target(context, dir)?;
    if root.is_dir() {
        return Ok(root);
    }
    let message = format!("there is no folder {dir}");
    Err(Failure::usage(Diagnostic::error("wrong-use", message)))
}

fn io_failure(path: &Utf8Path, error: &std::io::Error) -> Failure {
    let message = format!("{path}: {error}");
    Failure::new(Exit::Refused, vec![Diagnostic::error("refused", message)])
}

/// Reads a text file of the project; `None` when it is not there.
pub(super) fn read_text(root: &Utf8Path, name: &str) -> Result<Option<String>, Failure> {
    let bytes = workspace::tree::read(root, name)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| {
        let message = format!("{} is not UTF-8", root.join(name));
        Failure::new(Exit::Broken, vec![Diagnostic::error("syntax", message)])
    })
}

/// Opens the project in `dir`; `None` when no spec is there.
pub(super) fn open<'a>(
    context: &'a Context,
    dir: &Utf8Path,
) -> Result<Option<Session<'a>>, Failure> {
    let root = target(context, dir)?;
    let Some(text) = read_text(&root, spec::FILE)? else {
        return Ok(None);
    };
    Ok(Some(Session {
        context,
        lock: read_lock(&root)?,
        policies: policies::of_project(context, &root)?,
        root,
        shown: dir.to_string(),
        documents: vec![Document::file(shown(dir, spec::FILE), text)],
        fixed: Vec::new(),
        found: Vec::new(),
        services: Found::new(),
        with_sample: false,
        with_spec: false,
        opened: Opened::default(),
    }))
}

/// A file of the project as the user would type it.
pub(super) fn shown(dir: &Utf8Path, name: &str) -> String {
    if dir == "." {
        name.to_owned()
    } else {
        dir.join(name).into_string()
    }
}

impl Session<'_> {
    /// The language that the documents name.
    pub(super) fn language(&self) -> Result<Option<Language>, Failure> {
        let said = spec::peek(&self.documents, "lang");
        let template = spec::peek_place(&self.documents, "template");
        let locked = &self.lock.resolved;
        let found = self.find(said.as_deref(), template.as_ref(), Some(locked))?;
        let Some(id) = said.filter(|_| found.is_none()) else {
            return Ok(found);
        };
        let mut fields = language::fields(None);
        for field in fields.iter_mut().filter(|field| field.key == "lang") {
            let names = library::names(self.context).into_iter();
            field.choices = names
                .map(|value| Choice {
                    value,
                    title: String::new(),
                })
                .collect();
        }
        let spec = Spec::read(&self.documents, &fields);
        let about_lang = spec
            .diagnostics
            .into_iter()
            .filter(|diagnostic| diagnostic.code != "unknown-key");
        let found: Vec<_> = about_lang.collect();
        if found.is_empty() {
            return Err(library::unknown(self.context, &id));
        }
        Err(Failure::spec(found))
    }

    /// The language of a name, or the folder at an address; at the commit that the lock names for it.
    pub(super) fn find(
        &self,
        lang: Option<&str>,
        template: Option<&(String, Place)>,
        locked: Option<&Resolved>,
    ) -> Result<Option<Language>, Failure> {
        if let Some((address, place)) = template {
            let language = self.folder(address, (place, &self.root), locked)?;
            let id = lang.map_or_else(|| language.id.clone(), ToOwned::to_owned);
            return Ok(Some(language.called(id)));
        }
        let Some(id) = lang else {
            return Ok(None);
        };
        if let Some(language) = language::load(id)? {
            return Ok(Some(language));
        }
        let config = &self.context.config;
        let Some((address, place)) = config.templates.get(id) else {
            return Ok(None);
        };
        let absolute = library::absolute(address, &config.folder);
        let language = self.folder(&absolute, (place, &config.folder), locked)?;
        Ok(Some(language.called(id.to_owned())))
    }

    fn folder(
        &self,
        address: &str,
        (place, base): (&Place, &Utf8Path),
        locked: Option<&Resolved>,
    ) -> Result<Language, Failure> {
        let locked = locked.and_then(|resolved| resolved.template.as_ref());
        let locked = locked.filter(|template| template.address == address);
        let key = (address.to_owned(), locked.cloned());
        if let Some(language) = self.opened.borrow().get(&key) {
            return Ok(language.clone());
        }
        let language = library::open(self.context, (address, Some(place)), base, locked)?;
        self.opened.borrow_mut().insert(key, language.clone());
        Ok(language)
    }

    /// Decides everything.
    pub(super) fn plan(&self, language: Language) -> Result<Plan, Failure> {
        let catalogue = language.catalogue();
        let fields = language::fields(Some(&language));
        let mut spec = Spec::default();
        for (key, sourced) in &self.found {
            spec.overlay(key.clone(), sourced.clone());
        }
        spec.read_more(&self.documents, &fields);
        let policies = policies::with_template(self, &language)?;
        self.complete((&language, &fields), &policies, &mut spec);
        for (key, sourced) in &self.fixed {
            spec.overlay(key.clone(), sourced.clone());
        }
        let inputs = Inputs {
            language,
            spec,
            lock: self.lock.resolved.clone(),
            catalogue: &catalogue,
            folder: self.root.file_name().unwrap_or_default(),
            today: &self.context.today,
            with_sample: self.with_sample,
            service: None,
        };
        policies::plan(&policies, inputs, self.with_spec).map_err(Failure::spec)
    }

    /// Where the spec is written, what the person's configuration and the organisation's policies say and where the
    /// language folder is from belong into it.
    pub(super) fn complete(
        &self,
        (language, fields): (&Language, &[Field]),
        policies: &Policies,
        spec: &mut Spec,
    ) {
        if self.with_spec {
            defaults(&self.context.config, language, spec);
            policies.shape(fields, spec);
            license(&self.context.config, spec);
            origin(language, spec);
        }
    }

    /// Whether it is about several services.
    pub(super) fn has_services(&self) -> bool {
        !self.services.is_empty() || services::are_named(&self.documents)
    }

    /// Decides everything: of the one project, or of each service.
    pub(super) fn plans(&self) -> Result<Vec<Plan>, Failure> {
        if self.has_services() {
            return super::services::plans(self);
        }
        let language = self
            .language()?
            .ok_or_else(|| super::generate::no_language(self))?;
        Ok(vec![self.plan(language)?])
    }

    /// The files of all plans; with the sample, the spec that gives the same files again.
    pub(super) fn files(&self, plans: &[Plan]) -> Result<FileSet, Failure> {
        let mut files = render::render(plans, self.with_sample)?;
        if self.with_spec {
            let text = super::new::spec_text(plans);
            files.insert(spec::FILE, Entry::once(text.into_bytes()));
        }
        Ok(files)
    }

    /// What would change.
    pub(super) fn changes(&self, files: &FileSet) -> Result<Vec<Change>, Failure> {
        Ok(workspace::classify(&self.root, files, &self.lock)?)
    }
}

/// What the person's configuration says, weaker than what is seen or said.
fn defaults(config: &Config, language: &Language, spec: &mut Spec) {
    let has = |name: &str| language.manifest.runtimes.get(name).is_some();
    for (key, sourced) in &config.defaults {
        let fits = key != "runtime" || sourced.value.as_text().is_some_and(has);
        if fits && !spec.values.contains_key(key) {
            spec.overlay(key.clone(), sourced.clone());
        }
    }
}

/// The licence is a label beside those that were said.
fn license(config: &Config, spec: &mut Spec) {
    let Some(license) = &config.license else {
        return;
    };
    let key = "production.labels";
    let mut labels = spec.values.get(key).cloned().unwrap_or_else(|| Sourced {
        value: Value::Map(BTreeMap::new()),
        source: license.source.clone(),
    });
    if let Value::Map(entries) = &mut labels.value
        && !entries.contains_key(LICENSE)
    {
        if !entries.is_empty() {
            labels.source = labels.source.and(license.source.clone());
        }
        entries.insert(LICENSE.to_owned(), license.value.clone());
    }
    spec.overlay(key.to_owned(), labels);
}

/// A template that was chosen by its name is named by its address, so that the spec says the same to everybody.
fn origin(language: &Language, spec: &mut Spec) {
    let address = &language.origin.address;
    if !address.is_empty() && !spec.values.contains_key("template") {
        let value = Value::Text(address.clone());
        let source = Source::Template;
        spec.overlay("template".to_owned(), Sourced { value, source });
    }
}

/// The lock of a project, or none.
pub(super) fn read_lock(root: &Utf8Path) -> Result<Lock, Failure> {
    let Some(text) = read_text(root, workspace::lock::FILE)? else {
        return Ok(Lock::default());
    };
    Lock::parse(&text).map_err(|error| {
        let diagnostic = Diagnostic::error("broken-lock", format!("{}: {error}", workspace::lock::FILE))
            .help("take it back from version control, or delete it: the files on disk then count as yours");
        Failure::new(Exit::Broken, vec![diagnostic])
    })
}
