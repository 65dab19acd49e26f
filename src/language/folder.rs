//! A language is a folder: its manifest, its templates, its sample. Where the folder comes from makes no difference.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;

use super::embedded;
use super::files::{self, Files};
use super::manifest::Manifest;
use super::part::Part;

/// The manifest's name in a folder.
const MANIFEST: &str = "language.toml";
/// The folder of components that every Dockerfile may use.
const SHARED: &str = "shared";

/// A language: its folder's name, its manifest, its files.
#[derive(Clone, Debug)]
pub struct Language {
    /// The folder's name; what `lang` says.
    pub id: String,
    /// Its manifest.
    pub manifest: Arc<Manifest>,
    files: Files,
}

/// What is wrong with a language folder: always a fault of whoever wrote it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The manifest does not have the form of one.
    #[error("{file}: {source}")]
    Manifest {
        /// The file.
        file: String,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// The manifest includes what is not there.
    #[error("{id}/{MANIFEST}: `include` names {file}, which does not exist")]
    Include {
        /// The folder.
        id: String,
        /// What it names.
        file: String,
    },
    /// The folder has no manifest.
    #[error("{0}: there is no {MANIFEST}, so this is no language folder")]
    NoManifest(String),
    /// The directory holds what no language folder may hold.
    #[error("{id}: {source}")]
    Files {
        /// The folder.
        id: String,
        /// What, and why.
        source: files::Error,
    },
}

/// The names of all languages, sorted.
pub fn ids() -> Vec<&'static str> {
    embedded::with_file(MANIFEST)
}

/// Loads a language; `None` when there is none of that name.
pub fn load(id: &str) -> Result<Option<Language>, Error> {
    let known = ids().contains(&id);
    let files = Files::embedded(id).filter(|_| known);
    files.map(|files| from_files(id, files)).transpose()
}

/// A manifest with all that it includes.
fn manifest(id: &str, text: &str) -> Result<Manifest, Error> {
    let mut manifest: Manifest = parse(&format!("{id}/{MANIFEST}"), text)?;
    for include in manifest.include.clone().iter().rev() {
        let file = format!("{SHARED}/{}.toml", include.part);
        let text = shared().find(|(path, _)| *path == file);
        let (_, text) = text.ok_or_else(|| Error::Include {
            id: id.to_owned(),
            file: file.clone(),
        })?;
        parse::<Part>(&file, text)?
            .under(&include.when)
            .join(&mut manifest);
    }
    Ok(manifest)
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|source| Error::Manifest {
        file: file.to_owned(),
        source: Box::new(source),
    })
}

/// All languages, sorted by name.
pub fn load_all() -> Result<Vec<Language>, Error> {
    let mut languages = Vec::new();
    for id in ids() {
        languages.extend(load(id)?);
    }
    Ok(languages)
}

/// Reads a language from a directory of somebody's own; its name is the directory's.
pub fn read(root: &Utf8Path) -> Result<Language, Error> {
    let id = root.file_name().unwrap_or_default();
    let files = Files::read(root).map_err(|source| Error::Files {
        id: id.to_owned(),
        source,
    })?;
    from_files(id, files)
}

fn from_files(id: &str, files: Files) -> Result<Language, Error> {
    let text = files.text(MANIFEST);
    let text = text.ok_or_else(|| Error::NoManifest(id.to_owned()))?;
    Ok(Language {
        id: id.to_owned(),
        manifest: Arc::new(manifest(id, &text)?),
        files,
    })
}

/// What languages share, components, files and parts of manifests: name → text.
pub fn shared() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::texts(SHARED)
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

impl Language {
    /// The text of a file of the folder.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.files.text(name)
    }

    /// The files of one layer of the sample: path within the layer → bytes. Empty when there is no such layer.
    pub fn sample(&self, layer: &str) -> BTreeMap<String, Cow<'_, [u8]>> {
        let root = format!("sample/{layer}/");
        let mut files = BTreeMap::new();
        for path in self.files.paths() {
            if let Some(inside) = path.strip_prefix(&root)
                && let Some(bytes) = self.files.get(&path)
            {
                files.insert(inside.to_owned(), bytes);
            }
        }
        files
    }
}

#[cfg(test)]
mod tests {
    use super::super::manifest::Layer;
    use super::*;

    #[test]
    fn every_manifest_loads() {
        for language in load_all().unwrap() {
            assert!(
                language.text("Dockerfile.tera").is_some(),
                "{}",
                language.id
            );
        }
    }

    /// Keys are decided in the order in which they first appear: a rule can only name what was decided before it.
    #[test]
    fn detection_rules_name_only_what_stands_before_them() {
        for language in load_all().unwrap() {
            let mut known: Vec<String> = vec!["lang".into(), "name".into()];
            let rules = &language.manifest.find;
            for rule in rules {
                if !known.contains(&rule.key) {
                    known.push(rule.key.clone());
                }
            }
            let position = |key: &str| known.iter().position(|known| known == key);
            for rule in rules {
                let name = format!("{}: {}/{}", language.id, rule.key, rule.id);
                for key in rule.when.keys() {
                    let before = position(key).is_some_and(|at| at < position(&rule.key).unwrap());
                    assert!(before || key == &rule.key, "{name} names {key}");
                }
                for pattern in [&rule.regex, &rule.with, &rule.without]
                    .into_iter()
                    .flatten()
                {
                    assert!(regex::Regex::new(pattern).is_ok(), "{name}: {pattern}");
                }
                let twice = rules
                    .iter()
                    .filter(|other| (&other.key, &other.id) == (&rule.key, &rule.id));
                assert_eq!(twice.count(), 1, "{name} is there twice");
            }
        }
    }

    /// What is embedded and what lies on disk is one and the same to those who use it.
    #[test]
    fn a_directory_is_as_good_as_an_embedded_folder() {
        let templates = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for embedded in load_all().unwrap() {
            let read = read(&templates.join(&embedded.id)).unwrap();
            assert_eq!(read.files.paths(), embedded.files.paths());
            assert_eq!(read.text(MANIFEST), embedded.text(MANIFEST));
            for layer in embedded.manifest.sample.layers.iter().map(Layer::path) {
                assert_eq!(read.sample(layer), embedded.sample(layer), "{layer}");
            }
        }
    }
}
