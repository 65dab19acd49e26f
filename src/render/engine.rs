//! Tera, set up so that a template can only do right: undefined values are errors, and a value that is printed without
//! a filter must be plain.
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::bounds::{Fitted, fit};
use super::meters::{Budget, Sheet, made};
use super::{Error, quote};
use crate::report::{Document, Place};

/// Templates that are fitted with meters, and the texts as they were written.
pub(super) struct Engine {
    tera: Tera,
    budget: Budget,
    written: BTreeMap<String, (Arc<Document>, Fitted)>,
}

impl Engine {
    /// With our filters and these components.
    pub(super) fn new(shared: &[(&str, &str)]) -> Result<Self, Error> {
        let mut tera = Tera::new();
        tera.register_filter("exec", exec);
        tera.register_filter("sh", shell);
        tera.register_filter("quoted", quoted);
        tera.register_filter("copy", copy);
        tera.register_filter("pinned", pinned);
        tera.register_filter("json", json);
        // Every template is "escaped", by a function that escapes nothing and refuses what is not plain.
        tera.autoescape_on([""]);
        tera.set_escape_fn(refuse_unless_plain);
        let budget = Budget::default();
        budget.register(&mut tera);
        let written = BTreeMap::new();
        let mut engine = Self {
            tera,
            budget,
            written,
        };
        engine.add(shared, true)?;
        Ok(engine)
    }

    /// Adds templates, all at once, as one may stand on another; `ours` may define components.
    pub(super) fn add(&mut self, templates: &[(&str, &str)], ours: bool) -> Result<(), Error> {
        for (name, text) in templates {
            let document = Document::file(*name, *text);
            let fitted = fit(text, ours).map_err(|refusal| Error::Template {
                place: Some(Place::new(&document, refusal.at)),
                template: (*name).to_owned(),
                message: refusal.reason,
            })?;
            self.written.insert((*name).to_owned(), (document, fitted));
        }
        let names = templates.iter().map(|(name, _)| *name);
        let fitted = names.filter_map(|name| Some((name, self.written.get(name)?.1.text.as_str())));
        let added = self.tera.add_raw_templates(fitted);
        added.map_err(|error| self.report(templates.last().map_or("", |(name, _)| name), &error))
    }

    /// Whether a template of that name was added.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.written.contains_key(name)
    }

    /// Renders a template, within its limits.
    pub(super) fn render(&self, name: &str, context: &Context) -> Result<String, Error> {
        self.budget.start();
        let mut sheet = Sheet::default();
        let rendered = self.tera.render_to(name, context, &mut sheet);
        rendered.map_err(|error| self.report(name, &error))?;
        String::from_utf8(sheet.0).map_err(|_| Error::NotText(name.to_owned()))
    }

    /// Tera's report, led back to the text as it was written.
    pub(super) fn report(&self, name: &str, error: &tera::Error) -> Error {
        let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind()
        else {
            return super::report(name, error);
        };
        let template = match report.filename() {
            "" => name,
            template => template,
        };
        let place = self.written.get(template).map(|(document, fitted)| {
            let range = &report.span().range;
            Place::new(
                document,
                fitted.original(range.start)..fitted.original(range.end),
            )
        });
        Error::Template {
            template: template.to_owned(),
            message: report.message().to_owned(),
            place,
        }
    }
}

pub(super) fn refuse_unless_plain(text: &str, out: &mut dyn Write) -> io::Result<()> {
    match not_plain(text) {
        None => out.write_all(text.as_bytes()),
        Some(message) => Err(io::Error::new(io::ErrorKind::InvalidData, message)),
    }
}

/// Why a text may not be printed without a filter.
pub(super) fn not_plain(text: &str) -> Option<String> {
    let plain = text.is_empty() || quote::is_plain(text);
    (!plain).then(|| {
        let text = text.escape_debug();
        format!("`{text}` is not plain and needs a filter: exec, sh, quoted, copy")
    })
}

pub(super) fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn words(value: &Value) -> Vec<String> {
    match value.as_array() {
        Some(items) => items.iter().map(text_of).collect(),
        None => vec![text_of(value)],
    }
}

fn with_refs(value: &Value, make: impl Fn(&[&str]) -> String) -> TeraResult<Value> {
    let words = words(value);
    let refs: Vec<_> = words.iter().map(String::as_str).collect();
    safe(make(&refs))
}

/// Each filter may be applied to its own result: what it makes stays bounded.
fn safe(text: String) -> TeraResult<Value> {
    Ok(Value::safe_string(&made(text)?))
}

fn exec(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    with_refs(value, quote::exec)
}

fn copy(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    with_refs(value, quote::copy)
}

pub(super) fn shell(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    safe(quote::shell(&text_of(value)))
}

fn quoted(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    safe(quote::quoted(&text_of(value)))
}

/// A JSON text, for source code and JSON files of samples.
fn json(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    safe(quote::json(&text_of(value)))
}

/// Packages one a line, for `apt` unless `manager` says otherwise. A package without a version gets one that any of
/// the suite's satisfies: the suite itself is fixed by the base image's tag, and an exact version disappears from the
/// mirrors with the next fix. `*` is no version to apk (`apk_blob_pull_dep` in its `src/package.c`).
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera calls"
)]
fn pinned(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let any = match arguments.get::<&str>("manager")? {
        Some("apk") => ">=0",
        _ => "=*",
    };
    let lines = words(value).into_iter().map(|package| {
        let has_version = package.contains(['=', '~', '<', '>']);
        let any = if has_version { "" } else { any };
        format!("      {}", quote::shell(&format!("{package}{any}")))
    });
    safe(lines.collect::<Vec<_>>().join(" \\\n"))
}
