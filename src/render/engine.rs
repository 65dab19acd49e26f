//! Tera, set up so that a template can only do right: undefined values are errors, and a value that is printed without
//! a filter must be plain.
use std::io::{self, Write};

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::quote;

/// Name under which the texts of a language's folder are added.
pub(super) const DOCKERFILE: &str = "Dockerfile.tera";

/// An engine with our filters and the shared components.
pub(super) fn engine() -> Result<Tera, tera::Error> {
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
    let components =
        crate::language::shared().filter(|(name, _)| name.ends_with(super::sample::RENDERED));
    tera.add_raw_templates(components)?;
    Ok(tera)
}

pub(super) fn refuse_unless_plain(text: &str, out: &mut dyn Write) -> io::Result<()> {
    if text.is_empty() || quote::is_plain(text) {
        return out.write_all(text.as_bytes());
    }
    let message = format!(
        "`{}` is not plain and needs a filter: exec, sh, quoted, copy",
        text.escape_debug()
    );
    Err(io::Error::new(io::ErrorKind::InvalidData, message))
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

fn with_refs(value: &Value, make: impl Fn(&[&str]) -> String) -> Value {
    let words = words(value);
    let refs: Vec<_> = words.iter().map(String::as_str).collect();
    Value::safe_string(&make(&refs))
}

fn exec(value: &Value, _: Kwargs, _: &State) -> Value {
    with_refs(value, quote::exec)
}

fn copy(value: &Value, _: Kwargs, _: &State) -> Value {
    with_refs(value, quote::copy)
}

fn shell(value: &Value, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&quote::shell(&text_of(value)))
}

fn quoted(value: &Value, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&quote::quoted(&text_of(value)))
}

/// A JSON text, for source code and JSON files of samples.
fn json(value: &Value, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&quote::json(&text_of(value)))
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
    Ok(Value::safe_string(&lines.collect::<Vec<_>>().join(" \\\n")))
}
