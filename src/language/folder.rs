//! Where language folders come from: the tree that is embedded in the program. The only place that knows of the
//! embedding; its traps (new files, `.tera` suffixes, stray files) are tested here.
use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::manifest::Manifest;
use super::part::Part;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

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
    pub manifest: Manifest,
    dir: &'static Dir<'static>,
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
}

/// The names of all languages, sorted.
pub fn ids() -> Vec<&'static str> {
    let mut ids: Vec<_> = TEMPLATES
        .dirs()
        .filter(|dir| dir.get_file(dir.path().join(MANIFEST)).is_some())
        .filter_map(|dir| dir.path().to_str())
        .collect();
    ids.sort_unstable();
    ids
}

/// Loads a language; `None` when there is none of that name.
pub fn load(id: &str) -> Result<Option<Language>, Error> {
    let Some(dir) = TEMPLATES.get_dir(id) else {
        return Ok(None);
    };
    let Some(text) = dir
        .get_file(dir.path().join(MANIFEST))
        .and_then(|file| file.contents_utf8())
    else {
        return Ok(None);
    };
    Ok(Some(Language {
        id: id.to_owned(),
        manifest: manifest(id, text)?,
        dir,
    }))
}

/// A manifest with all that it includes.
fn manifest(id: &str, text: &str) -> Result<Manifest, Error> {
    let mut manifest: Manifest = parse(&format!("{id}/{MANIFEST}"), text)?;
    for name in manifest.include.clone().iter().rev() {
        let file = format!("{SHARED}/{name}.toml");
        let text = shared().find(|(path, _)| *path == file);
        let (_, text) = text.ok_or_else(|| Error::Include {
            id: id.to_owned(),
            file: file.clone(),
        })?;
        parse::<Part>(&file, text)?.join(&mut manifest);
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

/// What languages share, components, files and parts of manifests: name → text.
pub fn shared() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = TEMPLATES
        .get_dir(SHARED)
        .map(Dir::files)
        .into_iter()
        .flatten();
    files.filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
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
    pub fn text(&self, name: &str) -> Option<&'static str> {
        self.dir
            .get_file(self.dir.path().join(name))?
            .contents_utf8()
    }

    /// The files of one layer of the sample: path within the layer → bytes. Empty when there is no such layer.
    pub fn sample(&self, layer: &str) -> BTreeMap<String, &'static [u8]> {
        let root = self.dir.path().join("sample").join(layer);
        let mut files = BTreeMap::new();
        if let Some(dir) = self.dir.get_dir(&root) {
            collect(dir, &root, &mut files);
        }
        files
    }
}

fn collect(
    dir: &'static Dir<'static>,
    root: &std::path::Path,
    files: &mut BTreeMap<String, &'static [u8]>,
) {
    for file in dir.files() {
        if let Some(path) = file
            .path()
            .strip_prefix(root)
            .ok()
            .and_then(|path| path.to_str())
        {
            files.insert(path.replace('\\', "/"), file.contents());
        }
    }
    for dir in dir.dirs() {
        collect(dir, root, files);
    }
}

#[cfg(test)]
mod tests {
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

    /// Cargo leaves a folder with a `Cargo.toml` out of a package, and editors leave files behind: neither may happen.
    #[test]
    fn the_embedded_tree_is_the_one_on_disk() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut pending = vec![root.clone()];
        while let Some(dir) = pending.pop() {
            for entry in fs_err::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                    continue;
                }
                let name = path.strip_prefix(&root).unwrap();
                assert!(
                    TEMPLATES.get_file(name).is_some(),
                    "not embedded: {}",
                    name.display()
                );
                let base = name.file_name().unwrap().to_string_lossy().into_owned();
                let stray =
                    base.ends_with(['~', '#']) || [".DS_Store", ".swp"].contains(&base.as_str());
                assert!(
                    !stray && base != "Cargo.toml" && base != ".git",
                    "stray: {}",
                    name.display()
                );
            }
        }
    }
}
