//! What a project depends on, from every manifest and lock file that its language names.
use super::data::Format;
use super::node::{Found, Node};
use super::reader::Look;
use super::scope::Scope;
use crate::language::rules::{DependencyList, Detect};
use crate::report::Place;

/// One dependency.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Its name, as the language compares names.
    pub name: String,
    /// The version or range that stands beside it; empty for none.
    pub version: String,
    /// What stands in brackets behind its name.
    pub extras: String,
    /// Whether the project names it itself.
    pub direct: bool,
    /// Where.
    pub place: Place,
}

/// All of them, in the order of the lists; direct ones first, each name once for either.
pub(super) fn collect(
    scope: &Scope<'_>,
    detect: &Detect,
    lists: &[DependencyList],
) -> Vec<Dependency> {
    let mut all: Vec<Dependency> = lists
        .iter()
        .flat_map(|list| of_list(scope, detect, list))
        .collect();
    all.sort_by(|a, b| (!a.direct, &a.name).cmp(&(!b.direct, &b.name)));
    all.dedup_by(|b, a| {
        let same = a.name == b.name && a.direct == b.direct;
        if same && !b.extras.is_empty() && !a.extras.contains(&b.extras) {
            a.extras = format!("{} {}", a.extras, b.extras);
        }
        same
    });
    all
}

/// Names as they are compared.
pub(super) fn normalize(how: &str, name: &str) -> String {
    let lower = name.trim().to_ascii_lowercase();
    match how {
        "dashes" => {
            let parts = lower.split(['-', '_', '.']).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("-")
        }
        "lower" => lower,
        _ => name.trim().to_owned(),
    }
}

fn of_list(scope: &Scope<'_>, detect: &Detect, list: &DependencyList) -> Vec<Dependency> {
    let look = Look::from(list);
    if list.keys || list.name.is_some() {
        let files = look.files(scope).into_iter();
        return files
            .flat_map(|id| entries(scope, detect, list, id))
            .collect();
    }
    let hits = look.hits(scope).into_iter();
    hits.map(|hit| {
        let named = |name: &str| hit.captures.get(name).cloned();
        Dependency {
            name: normalize(
                &detect.normalize,
                &named("name").unwrap_or_else(|| hit.text.clone()),
            ),
            version: named("version").unwrap_or_default(),
            extras: named("extras").unwrap_or_default(),
            direct: !list.transitive,
            place: hit.place,
        }
    })
    .collect()
}

/// The entries at a path, named by their keys or by a part of them.
fn entries(
    scope: &Scope<'_>,
    detect: &Detect,
    list: &DependencyList,
    id: super::view::Id,
) -> Vec<Dependency> {
    let paths = [
        (Format::Toml, &list.toml),
        (Format::Json, &list.json),
        (Format::Yaml, &list.yaml),
        (Format::Xml, &list.xml),
    ];
    let path = paths
        .into_iter()
        .find_map(|(format, path)| Some((format, path.as_ref()?)));
    let Some((format, path)) = path else {
        return Vec::new();
    };
    let (Some(node), Some(document)) = (scope.view.node(id, format), scope.view.text(id)) else {
        return Vec::new();
    };
    let dependency = |found: &Found<'_>| {
        let (name, span) = match &list.name {
            Some(part) => {
                let name = found.node.at(part);
                let name = name.first()?;
                (name.node.text()?.to_owned(), name.node.span.clone())
            }
            None => (found.key.to_owned(), found.key_span.clone()),
        };
        Some(Dependency {
            name: normalize(&detect.normalize, &name),
            version: version(list, found.node),
            extras: extras(found.node),
            direct: !list.transitive,
            place: Place::new(&document, span),
        })
    };
    node.at(path).iter().filter_map(dependency).collect()
}

/// The text of the version's key, or the entry itself when that is a text.
fn version(list: &DependencyList, node: &Node) -> String {
    let part = list.version.as_deref().unwrap_or("version");
    let found = node.at(part);
    let below = found.first().and_then(|found| found.node.text());
    below.or(node.text()).unwrap_or_default().to_owned()
}

fn extras(node: &Node) -> String {
    let found = node.at("extras[]");
    let texts = found.iter().filter_map(|found| found.node.text());
    texts.collect::<Vec<_>>().join(" ")
}
