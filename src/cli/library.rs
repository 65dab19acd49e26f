//! The language folders of this run: the built-in ones, those that the configuration names, and the one that a spec or a
//! flag names. Whoever brings a folder from elsewhere is asked whether it is trusted.
use std::cell::RefCell;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::failure::Failure;
use super::trust;
use crate::context::Context;
use crate::exit::Exit;
use crate::language::{self, Around, DEEPEST, Language, Origin};
use crate::report::{Diagnostic, Document, Place, Printer, nearest};
use crate::source::{self, Address, Fetched, Repository};
use crate::spec::argument;

/// A folder that the configuration names.
pub(super) struct Known {
    pub(super) name: String,
    pub(super) address: String,
    /// None when it would have to be fetched or asked for first.
    pub(super) language: Option<Language>,
}

impl Known {
    /// One line for people.
    pub(super) fn summary(&self) -> String {
        match &self.language {
            Some(language) => language.manifest.summary.clone(),
            None => format!("{}, not fetched yet", self.address),
        }
    }
}

/// Opens the folder at an address; `locked` is what an earlier run took.
pub(super) fn open(
    context: &Context,
    (address, place): (&str, Option<&Place>),
    base: &Utf8Path,
    locked: Option<&Origin>,
) -> Result<Language, Failure> {
    match Address::parse(address) {
        Err(error) => Err(Failure::spec(vec![
            Diagnostic::error("wrong-address", "this is no address of a template")
                .at_maybe(place, error.to_string())
                .help(
                    "./folder, gh:owner/repository/folder@version, or the URL of a git repository",
                ),
        ])),
        Ok(Address::Directory(folder)) => {
            let folder = straight(&base.join(folder));
            let folder = folder.canonicalize_utf8().map_err(|error| {
                let message = format!("the template {folder} cannot be read");
                Failure::spec(vec![
                    Diagnostic::error("no-template", message)
                        .at_maybe(place, error.to_string())
                        .help("scaffold template new DIR makes one"),
                ])
            })?;
            directory(context, &folder, (address, locked))
        }
        Ok(Address::Repository(repository)) => {
            let pinned = locked.and_then(|origin| origin.commit.as_deref());
            let opening = Opening {
                context,
                locked,
                depth: DEEPEST,
            };
            opening.repository((address, &repository), pinned)
        }
    }
}

/// The language folder in a directory.
pub(super) fn directory(
    context: &Context,
    folder: &Utf8Path,
    (address, locked): (&str, Option<&Origin>),
) -> Result<Language, Failure> {
    let origin = Origin {
        address: address.to_owned(),
        ..Origin::default()
    };
    let opening = Opening {
        context,
        locked,
        depth: DEEPEST,
    };
    let failed = RefCell::new(None);
    let elsewhere = |address: &str| opening.below(address, &failed);
    let language = language::read(folder, origin, &elsewhere);
    match failed.take() {
        Some(failure) => Err(failure),
        None => Ok(language?),
    }
}

/// A folder with those that it extends, on their way here.
#[derive(Clone, Copy)]
struct Opening<'a> {
    context: &'a Context,
    /// What an earlier run took.
    locked: Option<&'a Origin>,
    /// How many repositories may still stand on each other.
    depth: usize,
}

/// Why a folder that is extended cannot be had, on its way through a room that knows nothing of it.
type Failed = RefCell<Option<Failure>>;

impl Opening<'_> {
    /// The folder at an address of a repository.
    fn repository(
        self,
        (address, repository): (&str, &Repository),
        pinned: Option<&str>,
    ) -> Result<Language, Failure> {
        let fetched = source::fetch(repository, pinned, self.context.manner());
        let Fetched { commit, files } = fetched.map_err(|error| failure(&error))?;
        let failed = Failed::default();
        let beside = |name: &str| {
            let found = source::beside(repository, &commit, name, self.context.manner());
            found.or_else(|error| {
                failed.replace(Some(failure(&error)));
                Ok(None)
            })
        };
        let elsewhere = |other: &str| {
            let shown = || trust::on_the_way((address, &commit), other);
            match self.trust((address, repository), &commit, &shown) {
                Ok(()) => self.below(other, &failed),
                Err(failure) => {
                    failed.replace(Some(failure));
                    None
                }
            }
        };
        let origin = Origin {
            address: address.to_owned(),
            commit: Some(commit.clone()),
            ..Origin::default()
        };
        let around = Around {
            beside: &beside,
            elsewhere: &elsewhere,
        };
        let language = language::from_files(repository.name(), files, origin, around);
        let language = match failed.take() {
            Some(failure) => return Err(failure),
            None => language?,
        };
        let shown = || trust::introduction(address, &language);
        self.trust((address, repository), &commit, &shown)?;
        Ok(language)
    }

    /// Asks whether a repository is trusted, once. Nothing that it names is fetched before.
    fn trust(
        self,
        (address, repository): (&str, &Repository),
        commit: &str,
        shown: &dyn Fn() -> Vec<String>,
    ) -> Result<(), Failure> {
        if trust::is_trusted(self.context, address, repository) {
            return Ok(());
        }
        if !self.context.trust {
            trust::ask(self.context, address, shown())?;
        }
        source::trust(repository, commit, self.context.manner()).map_err(|error| failure(&error))
    }

    /// A folder of another repository that one extends; none where the text is no such address.
    fn below(self, address: &str, failed: &Failed) -> Option<Language> {
        let Ok(Address::Repository(repository)) = Address::parse(address) else {
            return None;
        };
        let pinned = self.locked.and_then(|origin| origin.extends.get(address));
        let below = if let Some(depth) = self.depth.checked_sub(1) {
            let below = Opening { depth, ..self };
            below.repository((address, &repository), pinned.map(String::as_str))
        } else {
            let message =
                format!("more than {DEEPEST} repositories extend each other, or in a circle");
            let found = Diagnostic::error("broken-template", message);
            Err(Failure::new(Exit::Broken, vec![found]))
        };
        below.map_err(|failure| failed.replace(Some(failure))).ok()
    }
}

pub(super) fn failure(error: &source::Error) -> Failure {
    let (exit, code) = match error {
        source::Error::Files(_) => (Exit::Broken, "broken-template"),
        _ => (Exit::Refused, "cannot-fetch"),
    };
    Failure::new(exit, vec![Diagnostic::error(code, error.to_string())])
}

/// The folder that the configuration calls so.
pub(super) fn named(context: &Context, name: &str) -> Result<Option<Language>, Failure> {
    let Some((address, place)) = context.config.templates.get(name) else {
        return Ok(None);
    };
    let language = open(
        context,
        (address, Some(place)),
        &context.config.folder,
        None,
    )?;
    let address = absolute(address, &context.config.folder);
    Ok(Some(language.called(name.to_owned()).at(address)))
}

/// A directory of the configuration means the same from everywhere.
pub(super) fn absolute(address: &str, folder: &Utf8Path) -> String {
    match Address::parse(address) {
        Ok(Address::Directory(path)) => folder.join(path).into_string(),
        _ => address.to_owned(),
    }
}

/// The language of that name, or at that address.
pub(super) fn find(context: &Context, name: &str) -> Result<Language, Failure> {
    let known = match language::load(name)? {
        None => named(context, name)?,
        known => known,
    };
    if let Some(language) = known {
        return Ok(language);
    }
    if name.contains(['/', ':', '.']) {
        let working = super::session::target(context, Utf8Path::new("."))?;
        return open(context, (name, None), &working, None);
    }
    Err(unknown(context, name))
}

/// No language has this name.
pub(super) fn unknown(context: &Context, name: &str) -> Failure {
    let names = names(context);
    let message = format!("no language `{}`", name.escape_debug());
    let near = nearest(name, names.iter().map(String::as_str));
    let mut diagnostic = Diagnostic::error("unknown-language", message)
        .because(format!("there are {}", names.join(", ")));
    diagnostic.help = near.map(|name| format!("did you mean `{name}`?"));
    Failure::usage(diagnostic)
}

/// The folders that the configuration names, as far as they are there and trusted; nothing is fetched, nobody is asked.
pub(super) fn known(context: &Context) -> Vec<Known> {
    let quiet = Context {
        offline: true,
        can_ask: false,
        ..context.clone()
    };
    let templates = context.config.templates.iter();
    templates
        .map(|(name, (address, _))| Known {
            name: name.clone(),
            address: address.clone(),
            language: named(&quiet, name).ok().flatten(),
        })
        .collect()
}

/// Fetches what the configuration names and trusts, where it is not there yet, so that it takes part in detection; says
/// what does not.
pub(super) fn prepare(context: &Context, printer: Printer) {
    let missing = known(context).into_iter();
    for known in missing.filter(|known| known.language.is_none()) {
        let may = !context.offline && trust::is_said(context, &known.address);
        if may && named(context, &known.name).is_ok() {
            continue;
        }
        let name = &known.name;
        printer.say(&format!(
            "{name} takes no part: it is not fetched yet; `scaffold show {name}` fetches it"
        ));
    }
}

/// All languages that need no fetching, the built-in ones first.
pub(super) fn all(context: &Context) -> Result<Vec<Language>, Failure> {
    let mut languages = language::load_all()?;
    languages.extend(
        known(context)
            .into_iter()
            .filter_map(|known| known.language),
    );
    Ok(languages)
}

/// The names that `lang` may have.
pub(super) fn names(context: &Context) -> Vec<String> {
    let ids = language::ids().into_iter().map(ToOwned::to_owned);
    ids.chain(context.config.templates.keys().cloned())
        .collect()
}

/// `--template` as a document: a name becomes `lang`, anything else `template`, as the project at `dir` would say it.
pub(super) fn document(
    context: &Context,
    template: &str,
    dir: &Utf8Path,
) -> Result<Arc<Document>, Failure> {
    let key = if context.config.templates.contains_key(template) {
        ("lang", template.to_owned())
    } else {
        let root = super::session::target(context, dir)?;
        let working = super::session::target(context, Utf8Path::new("."))?;
        ("template", from_project(template, &working, &root))
    };
    let document = argument::from_flag("--template", key.0, &key.1);
    document.map_err(|diagnostic| Failure::spec(vec![diagnostic]))
}

/// A directory as it is written into the spec of a project: relative to the project where that is possible.
fn from_project(address: &str, working: &Utf8Path, root: &Utf8Path) -> String {
    match Address::parse(address) {
        Ok(Address::Directory(path)) => {
            let path = working.join(path);
            let path = path.canonicalize_utf8().unwrap_or(path);
            relative(&path, root).map_or_else(|| path.to_string(), Utf8PathBuf::into_string)
        }
        _ => address.to_owned(),
    }
}

/// Without `..`: the project's folder need not be there yet.
pub(super) fn straight(path: &Utf8Path) -> Utf8PathBuf {
    let mut straight = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::ParentDir => {
                straight.pop();
            }
            Utf8Component::CurDir => {}
            part => straight.push(part),
        }
    }
    straight
}

/// A path seen from a folder.
pub(super) fn relative(path: &Utf8Path, root: &Utf8Path) -> Option<Utf8PathBuf> {
    let (mut path, mut root) = (path.components().peekable(), root.components().peekable());
    while path.peek().is_some() && path.peek() == root.peek() {
        path.next();
        root.next();
    }
    let up = root.map(|_| "..");
    let mut relative: Utf8PathBuf = up.collect();
    relative.extend(path);
    // Different drives have nothing in common.
    let inside = !relative.starts_with("..");
    relative.is_relative().then(|| {
        if inside {
            Utf8Path::new(".").join(relative)
        } else {
            relative
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_named_from_the_project() {
        let path = |path: &str, root: &str| relative(path.into(), root.into()).unwrap();
        assert_eq!(path("/a/t", "/a/b"), "../t");
        assert_eq!(path("/a/b/t", "/a/b"), "./t");
    }
}
