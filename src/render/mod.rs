//! Plan → [`FileSet`]. The only room that knows Tera, and the only one that turns values into instructions.
use std::collections::BTreeMap;

use serde_json::Value as Json;

mod bounds;
mod context;
mod engine;
pub mod fileset;
mod further;
mod meters;
pub mod quote;
mod sample;
pub mod trace;

use engine::Engine;

pub use fileset::{Entry, FileSet, Keep};

use crate::language::{DOCKERFILE, IGNORE, shared_templates};
use crate::plan::Plan;
use crate::report::{Diagnostic, Place};
use crate::spec::Value;

/// A template that cannot be rendered: a fault of the language folder, with the template's name and line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not parse, or does not render.
    #[error("{template}: {message}")]
    Template {
        /// The template's name.
        template: String,
        /// What is wrong.
        message: String,
        /// Where.
        place: Option<Place>,
    },
    /// The folder lacks a file that it must have.
    #[error("the language folder has no {0}")]
    Missing(String),
    /// A file of the sample is not text although its name says that it is rendered.
    #[error("{0}: not UTF-8")]
    NotText(String),
    /// A file of the sample has a path that it may not have, and why.
    #[error("{path}: {1}", path = .0.escape_debug())]
    BadPath(String, &'static str),
}

impl Error {
    /// As a finding, with its place.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Template {
                message,
                place: Some(place),
                ..
            } => Diagnostic::error("broken-template", "the template cannot be rendered")
                .at(place, message.clone()),
            _ => Diagnostic::error("broken-template", self.to_string()),
        }
    }
}

/// The files of all plans: the container files, and with `with_sample` the sample project.
pub fn render(plans: &[Plan], with_sample: bool) -> Result<FileSet, Error> {
    let mut files = FileSet::default();
    let mut engines: BTreeMap<&str, Engine> = BTreeMap::new();
    for plan in plans {
        let id = plan.language.id.as_str();
        // An engine knows its templates: what was read for one service serves the next one of its language.
        let mut renderer = match engines.remove(id) {
            Some(engine) => Renderer::with(engine, plan)?,
            None => Renderer::new(plan)?,
        };
        add(plan, &mut renderer, with_sample, &mut files)?;
        engines.insert(id, renderer.engine);
    }
    further::add(plans, &mut files)?;
    Ok(files)
}

fn add(
    plan: &Plan,
    renderer: &mut Renderer,
    with_sample: bool,
    files: &mut FileSet,
) -> Result<(), Error> {
    let name = renderer.dockerfile(plan)?;
    let dockerfile = renderer.shared(&name)?;
    files.insert(plan.dockerfile(), Entry::tracked(dockerfile));
    files.insert(plan.ignore_file(), Entry::tracked(renderer.shared(IGNORE)?));
    let companions = plan.language.manifest.file.iter();
    for file in companions.filter(|file| plan.holds(&file.when)) {
        let template = plan.language.text(&file.template);
        let template = template.ok_or_else(|| Error::Missing(file.template.clone()))?;
        let text = renderer.named(&file.template, &template)?;
        files.insert(plan.in_folder(&file.path), Entry::tracked(text));
    }
    if with_sample {
        sample::add(plan, renderer, files)?;
    }
    Ok(())
}

struct Renderer {
    engine: Engine,
    context: tera::Context,
}

impl Renderer {
    fn new(plan: &Plan) -> Result<Self, Error> {
        let shared = shared_templates(&plan.language.manifest);
        Self::with(Engine::new(&shared)?, plan)
    }

    /// With an engine that was used before.
    fn with(engine: Engine, plan: &Plan) -> Result<Self, Error> {
        let context = context::context(plan);
        let context = tera::Context::from_serialize::<Json>(&context)
            .map_err(|error| report("context", &error))?;
        Ok(Self { engine, context })
    }

    fn shared(&self, name: &str) -> Result<String, Error> {
        let text = self.engine.render(name, &self.context);
        text.map(|text| tidy(&text))
    }

    /// Adds the templates of the Dockerfile and gives the name of the one to render.
    fn dockerfile(&mut self, plan: &Plan) -> Result<String, Error> {
        let templates = plan.language.dockerfiles();
        let last = templates.last().map(|(name, _)| name.clone());
        let texts = templates.iter();
        let texts: Vec<_> = texts
            .map(|(name, text)| (name.as_str(), text.as_ref()))
            .collect();
        if !last.as_ref().is_some_and(|last| self.engine.knows(last)) {
            self.engine.add(&texts, false)?;
        }
        last.ok_or_else(|| Error::Missing(DOCKERFILE.to_owned()))
    }

    fn named(&mut self, name: &str, text: &str) -> Result<String, Error> {
        if !self.engine.knows(name) {
            self.engine.add(&[(name, text)], false)?;
        }
        self.shared(name)
    }
}

/// A report without a place.
fn report(template: &str, error: &tera::Error) -> Error {
    Error::Template {
        template: template.to_owned(),
        message: error.to_string(),
        place: None,
    }
}

/// LF only, exactly one at the end.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    format!("{}\n", text.trim_end())
}

/// `{key}` in a sample's path or layer replaced by values.
fn fill_path(plan: &Plan, path: &str) -> String {
    crate::plan::substitute(path, |key| plan.value(key).map(Value::display))
}
