//! What `check`, `diff` and `update` share: a project that was generated before, and what it would be now.
use super::failure::Failure;
use super::generate;
use super::session::Session;
use crate::image::Catalogue;
use crate::image::moves::moved;
use crate::language::Language;
use crate::plan::Resolved;
use crate::spec::{self, Value};

/// The language of a project's spec.
pub(super) fn language(session: &Session<'_>) -> Result<Language, Failure> {
    session
        .language()?
        .ok_or_else(|| generate::no_language(session))
}

/// What the lock's versions become: the newest in their lines, or with `across` in the default ones.
pub(super) fn newest(resolved: &Resolved, language: &Language, across: bool) -> Resolved {
    let catalogue = Catalogue::embedded();
    let move_one = |image: &str, version: &String| {
        catalogue
            .image(image)
            .map_or_else(|| version.clone(), |image| moved(image, version, across))
    };
    let own = &language.manifest.version.image;
    let lines = resolved
        .lines
        .iter()
        .map(|(image, version)| (image.clone(), move_one(image, version)));
    Resolved {
        version: resolved
            .version
            .as_ref()
            .map(|version| move_one(own, version)),
        lines: lines.collect(),
    }
}

/// The spec's text with its version moved, when it names one that can move.
pub(super) fn newer_spec(
    session: &Session<'_>,
    language: &Language,
    across: bool,
) -> Option<String> {
    let document = session.documents.first()?;
    let said = spec::Spec::read(&session.documents, &crate::language::fields(Some(language)));
    let version = said
        .values
        .get("version")
        .map(|sourced| &sourced.value)
        .and_then(Value::as_text)?;
    let catalogue = Catalogue::embedded();
    let next = moved(
        catalogue.image(&language.manifest.version.image)?,
        version,
        across,
    );
    if next == version {
        return None;
    }
    spec::edit::set_text(&document.text, "version", &next)
}
