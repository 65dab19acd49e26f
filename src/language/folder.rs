//! A language is a folder: its manifest, its templates, its sample. Where the folder comes from makes no difference.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8Path;
use toml::Spanned;
use toml::de::DeTable;

use super::base::{self, Around, Elsewhere};
use super::embedded;
use super::embedded::SHARED;
use super::error::{Error, no_manifest};
use super::extend;
use super::files::Files;
use super::manifest::Manifest;
use super::origin::Origin;
use super::part::Part;
use super::reading::{parsed, prepared, shaped, tabled};
use super::shared::shared;
use crate::image::Catalogue;
use crate::image::catalogue::Extension;
use crate::report::{Document, Place};

/// The manifest's name in a folder.
pub(super) const MANIFEST: &str = "language.toml";
/// The images that a folder brings along.
const IMAGES: &str = "images.toml";
/// The template of the Dockerfile.
pub const DOCKERFILE: &str = "Dockerfile.tera";

/// A language: its folder's name, its manifest, its files.
#[derive(Clone, Debug)]
pub struct Language {
    /// The folder's name; what `lang` says.
    pub id: String,
    /// Its manifest, laid over the one that it extends.
    pub manifest: Arc<Manifest>,
    /// Where the folder comes from, as `template` says it; empty for an embedded one.
    pub origin: Origin,
    files: Files,
    base: Option<Arc<Language>>,
    images: Option<Arc<Catalogue>>,
}

/// The names of all languages, sorted.
pub fn ids() -> Vec<&'static str> {
    embedded::with_file(MANIFEST)
}

/// The built-in languages that were loaded: they stay as they are, and several parts of one run ask for all of them.
static LOADED: Mutex<BTreeMap<String, Language>> = Mutex::new(BTreeMap::new());

/// Loads a language; `None` when there is none of that name.
pub fn load(id: &str) -> Result<Option<Language>, Error> {
    let loaded = || LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = loaded().get(id) {
        return Ok(Some(known.clone()));
    }
    if !ids().contains(&id) {
        return Ok(None);
    }
    let files = Files::embedded(id);
    let around = Around {
        beside: &|_| Ok(None),
        elsewhere: &base::nowhere,
    };
    let language = from_files(id, files, Origin::default(), around)?;
    loaded().insert(id.to_owned(), language.clone());
    Ok(Some(language))
}

/// Puts in all that a manifest includes.
fn include(manifest: &mut Manifest, document: &Arc<Document>) -> Result<(), Error> {
    for include in manifest.include.clone().iter().rev() {
        let file = format!("{SHARED}/{}.toml", include.part);
        let text = shared().find(|(path, _)| *path == file);
        let (_, text) = text.ok_or_else(|| Error::Form {
            place: word_in(document, &include.part),
            message: format!(
                "`include` names {}, which does not exist",
                file.escape_debug()
            ),
        })?;
        shaped::<Part>(&Document::file(file, ""), prepared(text))?
            .under(&include.when)
            .join(manifest);
    }
    Ok(())
}

/// The place of a word in a text, for faults that have lost theirs.
fn word_in(document: &Arc<Document>, word: &str) -> Place {
    let at = document.text.find(word).unwrap_or(0);
    Place::new(document, at..at + word.len())
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
pub fn read(root: &Utf8Path, origin: Origin, elsewhere: &Elsewhere<'_>) -> Result<Language, Error> {
    let id = root.file_name().unwrap_or_default();
    let files = Files::read(root).map_err(|source| Error::Files {
        id: id.to_owned(),
        source,
    })?;
    let around = Around {
        beside: &|name| base::beside(root, name),
        elsewhere,
    };
    from_files(id, files, origin, around)
}

/// A language of files that were read before, and of the folders that it extends.
pub fn from_files(
    id: &str,
    files: Files,
    origin: Origin,
    around: Around<'_>,
) -> Result<Language, Error> {
    let mut language = made(id, files, origin, (around, base::DEEPEST))?;
    let elsewhere = language.bases().map(|base| &base.origin);
    let elsewhere =
        elsewhere.filter_map(|origin| Some((origin.address.clone(), origin.commit.clone()?)));
    language.origin.extends = elsewhere.collect();
    Ok(language)
}

pub(super) fn made(
    id: &str,
    files: Files,
    origin: Origin,
    (around, depth): (Around<'_>, usize),
) -> Result<Language, Error> {
    let text = files.text(MANIFEST);
    let text = text.ok_or_else(|| no_manifest(id, &files))?;
    let place = origin.place(id);
    let document = Document::file(format!("{place}/{MANIFEST}"), text);
    let table = if files.are_embedded() {
        prepared(&document.text)
    } else {
        tabled(&document)?
    };
    let (mut manifest, base) = match base::extended(&document, table.get_ref(), (around, depth))? {
        Some(base) => (laid_over(&document, table, &base)?, Some(Arc::new(base))),
        None => (shaped(&document, table)?, None),
    };
    let mut bases = std::iter::successors(base.as_deref(), |base| base.base());
    if bases.any(|base| base.id == id) {
        return Err(Error::Form {
            place: word_in(&document, "extends"),
            message: format!("a folder that extends `{id}` has another name"),
        });
    }
    include(&mut manifest, &document)?;
    let images = files.text(IMAGES).map(|text| {
        let document = Document::file(format!("{place}/{IMAGES}"), text);
        let below = base
            .as_ref()
            .map_or_else(Catalogue::embedded, |base| base.catalogue());
        parsed::<Extension>(&document).map(|own| Arc::new(below.with(own)))
    });
    Ok(Language {
        id: id.to_owned(),
        manifest: Arc::new(manifest),
        origin,
        files,
        base,
        images: images.transpose()?,
    })
}

/// The manifest laid over the one it extends. What is merged has no places of its own, so a fault is looked for by its
/// name. It goes through text once more: a second reader of all types would make the program larger.
fn laid_over(
    document: &Arc<Document>,
    table: Spanned<DeTable<'_>>,
    base: &Language,
) -> Result<Manifest, Error> {
    let own: toml::Table = shaped(document, table)?;
    let merged = extend::lay(base.table()?, own).to_string();
    toml::from_str(&merged).map_err(|error| {
        let message = error.message().to_owned();
        let word = message.split('`').nth(1).unwrap_or_default();
        Error::Form {
            place: word_in(document, word),
            message,
        }
    })
}

impl Language {
    /// The same under another name.
    #[must_use]
    pub fn called(mut self, id: String) -> Self {
        self.id = id;
        self
    }

    /// The same with another way to say where it comes from.
    #[must_use]
    pub fn at(mut self, address: String) -> Self {
        self.origin.address = address;
        self
    }

    /// The language that it extends.
    pub fn base(&self) -> Option<&Language> {
        self.base.as_deref()
    }

    /// All that it extends, the nearest first.
    pub fn bases(&self) -> impl Iterator<Item = &Language> {
        std::iter::successors(self.base(), |base| base.base())
    }

    /// Whether the folder lies in the program.
    pub fn is_built_in(&self) -> bool {
        self.files.are_embedded()
    }

    /// Its manifest as it is written, laid over those that it extends.
    fn table(&self) -> Result<toml::Table, Error> {
        let text = self.files.text(MANIFEST).unwrap_or_default();
        let document = Document::file(MANIFEST, text);
        let own = if self.is_built_in() {
            shaped(&document, prepared(&document.text))?
        } else {
            parsed(&document)?
        };
        match self.base() {
            Some(base) => Ok(extend::lay(base.table()?, own)),
            None => Ok(own),
        }
    }

    /// The text of a file of the folder, or else of the one that it extends.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        let below = || self.base()?.text(name);
        self.files.text(name).or_else(below)
    }

    /// The bytes of a file of the folder itself.
    pub fn bytes(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        self.files.get(name)
    }

    /// The templates of the Dockerfile: name → text, the one to render last. A folder's own may stand on the one of the
    /// folder that it extends: `{% extends "NAME/Dockerfile.tera" %}`.
    pub fn dockerfiles(&self) -> Vec<(String, Cow<'_, str>)> {
        self.dockerfiles_as(self.origin.place(&self.id))
    }

    fn dockerfiles_as(&self, name: &str) -> Vec<(String, Cow<'_, str>)> {
        let below = self.base().map(|base| base.dockerfiles_as(&base.id));
        let mut all = below.unwrap_or_default();
        let own = self.files.text(DOCKERFILE);
        all.extend(own.map(|text| (format!("{name}/{DOCKERFILE}"), text)));
        all
    }

    /// The files of one layer of the sample: path within the layer → bytes. Empty when there is no such layer.
    pub fn sample(&self, layer: &str) -> BTreeMap<String, Cow<'_, [u8]>> {
        let root = format!("sample/{layer}/");
        let mut files = self
            .base()
            .map(|base| base.sample(layer))
            .unwrap_or_default();
        for path in self.files.paths() {
            if let Some(inside) = path.strip_prefix(&root)
                && let Some(bytes) = self.files.get(&path)
            {
                files.insert(inside.to_owned(), bytes);
            }
        }
        files
    }

    /// The paths of its own files, without those of the folder that it extends.
    pub fn own_files(&self) -> Vec<String> {
        self.files.paths()
    }

    /// All files by path, with the name of the folder that each comes from; its address, where it is of another
    /// repository.
    pub fn tree(&self) -> BTreeMap<String, &str> {
        self.tree_as(&self.id)
    }

    fn tree_as<'a>(&'a self, name: &'a str) -> BTreeMap<String, &'a str> {
        let below = self.base();
        let below = below.map(|base| base.tree_as(base.origin.place(&base.id)));
        let mut tree = below.unwrap_or_default();
        let own = self.files.paths().into_iter();
        tree.extend(own.map(|path| (path, name)));
        tree
    }

    /// The base images that there are for it.
    pub fn catalogue(&self) -> Catalogue {
        match &self.images {
            Some(images) => Catalogue::clone(images),
            None => self
                .base()
                .map_or_else(Catalogue::embedded, Self::catalogue),
        }
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

    /// Keys are decided in the order in which they first appear: a rule can only name what was decided before it, or what
    /// no rule decides and only the user says.
    #[test]
    fn detection_rules_name_only_what_stands_before_them() {
        for language in load_all().unwrap() {
            let mut known: Vec<String> = vec!["lang".into(), "name".into()];
            known.extend(
                crate::spec::service_keys()
                    .into_iter()
                    .map(|field| field.key),
            );
            let rules = &language.manifest.find;
            for rule in rules {
                if !known.contains(&rule.key) {
                    known.push(rule.key.clone());
                }
            }
            let position = |key: &str| known.iter().position(|known| known == key);
            let fields = crate::language::fields(Some(&language));
            let is_said = |key: &str| fields.iter().any(|field| field.key == key);
            for rule in rules {
                let name = format!("{}: {}/{}", language.id, rule.key, rule.id);
                for key in rule.when.keys() {
                    let before = match position(key) {
                        Some(at) => at < position(&rule.key).unwrap(),
                        None => is_said(key),
                    };
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
            let folder = templates.join(&embedded.id);
            let read = read(&folder, Origin::default(), &base::nowhere).unwrap();
            assert_eq!(read.files.paths(), embedded.files.paths());
            assert_eq!(read.table().unwrap(), embedded.table().unwrap());
            for layer in embedded.manifest.sample.layers.iter().map(Layer::path) {
                assert_eq!(read.sample(layer), embedded.sample(layer), "{layer}");
            }
        }
    }
}
