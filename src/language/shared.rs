//! What stands beside the languages: components, files and parts of manifests that they share, and what a new folder
//! begins with.
use super::Manifest;
use super::embedded::{self, SHARED};
use super::files::Files;

/// The folder of what a new language folder begins with.
const SKELETON: &str = "skeleton";

/// The files of a new language folder, by path; `extending` one that is laid over another.
pub fn skeleton(extending: bool) -> Vec<(String, String)> {
    let name = if extending { "extending" } else { "alone" };
    let files = Files::embedded(&format!("{SKELETON}/{name}"));
    let paths = files.paths().into_iter();
    let texts = paths.filter_map(|path| {
        let text = files.text(&path)?.into_owned();
        Some((path, text))
    });
    texts.collect()
}

/// What languages share, components, files and parts of manifests: name → text.
pub fn shared() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::shared()
}

/// The templates among them that a manifest can use: name → text. Components that come with a part of a manifest come
/// with it only.
pub fn shared_templates(manifest: &Manifest) -> Vec<(&'static str, &'static str)> {
    let is_part = |name: &str| shared().any(|(path, _)| path.strip_suffix(".toml") == Some(name));
    let includes = |name: &str| {
        let mut included = manifest.include.iter();
        included.any(|include| name == format!("{SHARED}/{}", include.part))
    };
    let templates = shared().filter(|(path, _)| {
        let name = path.strip_suffix(".tera");
        name.is_some_and(|name| !is_part(name) || includes(name))
    });
    templates.collect()
}

/// The template of `.dockerignore`.
pub const IGNORE: &str = "shared/dockerignore.tera";

/// The `.dockerignore` entries that every project gets: the part of the template before a language's own.
pub fn common_ignore() -> &'static str {
    let text = shared()
        .find(|(name, _)| *name == IGNORE)
        .map(|(_, text)| text);
    text.and_then(|text| text.split("{%").next())
        .unwrap_or_default()
}
