//! One of several services: where its files lie, what its build sees, and how paths of the repository become paths of
//! the build.
use super::{Draft, Plan};
use crate::dockerfile::ignore::Ignore;
use crate::language::workspace::Reach;
use crate::report::Diagnostic;
use crate::spec::services::clean;
use crate::spec::{Source, Value};

/// Which of several services a plan is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name in the spec.
    pub name: String,
    /// Whether its folder is no other service's too.
    pub is_alone: bool,
}

/// Folders from the root of the build context.
#[derive(Debug)]
pub struct Folders {
    /// The service's own; `.` where it is the context.
    pub own: String,
    /// Those that it is built from, its own included; none for the whole context.
    pub members: Vec<String>,
}

/// The folders of the values of a spec.
pub(super) fn folders<'a>(value: impl Fn(&str) -> Option<&'a Value>) -> Folders {
    let text = |key| value(key).and_then(Value::as_text).unwrap_or(".");
    let (path, context) = (clean(text("path")), clean(text("context")));
    let members = value("members").map(Value::texts).unwrap_or_default();
    Folders {
        own: from(&context, &path),
        members: members
            .into_iter()
            .map(|member| from(&context, &clean(member)))
            .collect(),
    }
}

/// A path of the repository, as seen from a folder that holds it.
pub fn from(folder: &str, path: &str) -> String {
    match path
        .strip_prefix(folder)
        .map(|rest| rest.trim_start_matches('/'))
    {
        _ if folder == "." => path.to_owned(),
        Some("") | None => ".".to_owned(),
        Some(rest) => rest.to_owned(),
    }
}

/// `.dockerignore` entries of a project, which start from its own folder, for a build that sees more: the same below
/// each folder that is built. What begins with a slash stays one of the context's top.
pub(super) fn below(folders: &Folders, entries: &[String]) -> Vec<String> {
    let mut tops = folders.members.clone();
    if tops.is_empty() {
        tops.push(folders.own.clone());
    }
    let placed = |entry: &str| {
        let bare = entry.trim_start_matches('!');
        bare.starts_with("**/") || bare.starts_with('/')
    };
    let mut all = Vec::new();
    for entry in entries {
        if placed(entry) {
            all.push(entry.replacen('/', "", usize::from(!entry.contains("**/"))));
            continue;
        }
        let (not, bare) = match entry.strip_prefix('!') {
            Some(bare) => ("!", bare),
            None => ("", entry.as_str()),
        };
        all.extend(tops.iter().map(|top| match top.as_str() {
            "." => entry.clone(),
            top => format!("{not}{top}/{bare}"),
        }));
    }
    all
}

/// Files that only repositories of several services have, and no build needs.
pub(super) fn own_files() -> (String, Vec<String>) {
    let entries = vec!["**/*.dockerignore".to_owned()];
    ("Of each service's own build".to_owned(), entries)
}

/// Folders that are built must survive `.dockerignore`.
pub(super) fn hidden_members(draft: &Draft<'_>, ignore: &Ignore) -> Vec<Diagnostic> {
    let folders = folders(|key| draft.value(key));
    let hidden = folders
        .members
        .iter()
        .filter_map(|path| Some((path, ignore.hidden_by(path)?)));
    hidden
        .map(|(path, pattern)| {
            let message = format!("`{path}` is kept out of the build by its ignore file");
            Diagnostic::error("hidden-copy", message)
                .at_maybe(draft.source("members").and_then(Source::place), "")
                .because(format!("by the entry `{pattern}`"))
                .help("move what is built to another name")
        })
        .collect()
}

/// A build that sees more than the service's folder needs a Dockerfile that knows of it.
pub(super) fn foreign_context(draft: &Draft<'_>) -> Option<Diagnostic> {
    let manifest = &draft.inputs.language.manifest;
    let folders = folders(|key| draft.value(key));
    let (above, alone) = (folders.own != ".", folders.members.is_empty());
    let (message, help) = match manifest.context {
        Reach::Own if above || !alone => (
            "is built from its own folder",
            "leave `context` and `members` out, where the folder has all that its build needs"
                .to_owned(),
        ),
        Reach::Members if above && alone => (
            "is built from folders that are named",
            format!(
                "members = [\"{}\", …]: the folders that its build needs, its own included; or leave `context` out",
                draft.value("path").map(Value::display).unwrap_or_default()
            ),
        ),
        _ => return None,
    };
    let message = format!("a service of {} {message}", manifest.title);
    let mut places = ["members", "context"].into_iter();
    let place = places.find_map(|key| draft.source(key).and_then(Source::place));
    let found = Diagnostic::error("cannot-go-together", message);
    Some(found.at_maybe(place, "").help(help))
}

impl Plan {
    /// Its folders, from the root of the build context.
    pub fn folders(&self) -> Folders {
        folders(|key| self.value(key))
    }

    /// The folder that the build sees, from the root of the repository.
    pub fn context(&self) -> String {
        clean(
            self.value("context")
                .and_then(Value::as_text)
                .unwrap_or("."),
        )
    }

    /// A path of its own folder, from the root of the repository.
    pub fn in_folder(&self, name: &str) -> String {
        let path = self.value("path").and_then(Value::as_text);
        join(&clean(path.unwrap_or(".")), name)
    }

    /// The path of its Dockerfile.
    pub fn dockerfile(&self) -> String {
        match &self.service {
            Some(service) if !service.is_alone => {
                self.in_folder(&format!("{}.Dockerfile", service.name))
            }
            _ => self.in_folder("Dockerfile"),
        }
    }

    /// Whether `docker build FOLDER` finds the Dockerfile and its ignore file by itself.
    pub fn is_plain(&self) -> bool {
        let alone = self.service.as_ref().is_none_or(|service| service.is_alone);
        alone && self.folders().own == "."
    }

    /// The path of its ignore file: the context's own, or one that only this Dockerfile has.
    pub fn ignore_file(&self) -> String {
        if self.is_plain() {
            join(&self.context(), ".dockerignore")
        } else {
            format!("{}.dockerignore", self.dockerfile())
        }
    }
}

/// A path below a folder; `.` is the root.
pub fn join(folder: &str, path: &str) -> String {
    match folder {
        "." => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_from_the_context() {
        let values = |key: &str| match key {
            "path" => Some(Value::Text("./a/b/".into())),
            "context" => Some(Value::Text("a".into())),
            "members" => Some(Value::List(vec![
                Value::Text("a/b".into()),
                Value::Text("a".into()),
            ])),
            _ => None,
        };
        let (path, context, members) = (values("path"), values("context"), values("members"));
        let found = folders(|key| match key {
            "path" => path.as_ref(),
            "context" => context.as_ref(),
            _ => members.as_ref(),
        });
        assert_eq!(found.own, "b");
        assert_eq!(found.members, ["b", "."]);
        let entries = ["bin", "**/x", "!y", "/z", "!/z"].map(ToOwned::to_owned);
        assert_eq!(
            below(&found, &entries),
            ["b/bin", "bin", "**/x", "!b/y", "!y", "z", "!z"]
        );
    }
}
