//! A document of any data format as one kind of tree, with the place of each part; and paths through it.
use std::ops::Range;

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Byte range in the text.
    pub span: Range<usize>,
    /// What it holds.
    pub kind: Kind,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, number, truth value or nothing, as text.
    Text(String),
    /// Items.
    List(Vec<Node>),
    /// Entries in order; a name may come twice.
    Map(Vec<Entry>),
}

/// An entry of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// Byte range of the name.
    pub span: Range<usize>,
    /// Its value.
    pub node: Node,
}

/// A part that a path found, with the name it stands under.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The name; empty for items and the whole.
    pub key: &'a str,
    /// Byte range of the name.
    pub key_span: &'a Range<usize>,
    /// The part.
    pub node: &'a Node,
}

impl Node {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The parts at a path such as `a.b[].c`.
    pub fn at(&self, path: &str) -> Vec<Found<'_>> {
        let mut found = vec![Found {
            key: "",
            key_span: &self.span,
            node: self,
        }];
        for step in steps(path) {
            found = found
                .into_iter()
                .flat_map(|found| found.node.step(&step))
                .collect();
        }
        found
    }

    fn step(&self, step: &Step) -> Vec<Found<'_>> {
        match (step, &self.kind) {
            (Step::Key(_) | Step::Any, Kind::Map(entries)) => entries
                .iter()
                .filter(|entry| step.takes(&entry.key))
                .map(|entry| Found {
                    key: &entry.key,
                    key_span: &entry.span,
                    node: &entry.node,
                })
                .collect(),
            (Step::Each, Kind::List(items)) => items
                .iter()
                .map(|node| Found {
                    key: "",
                    key_span: &node.span,
                    node,
                })
                .collect(),
            // One item may stand where a list is meant.
            (Step::Each, Kind::Text(_)) => vec![Found {
                key: "",
                key_span: &self.span,
                node: self,
            }],
            _ => Vec::new(),
        }
    }
}

enum Step {
    Key(String),
    Any,
    Each,
}

impl Step {
    fn takes(&self, key: &str) -> bool {
        match self {
            Self::Key(wanted) => wanted == key,
            Self::Any => true,
            Self::Each => false,
        }
    }
}

/// `a."b.c"[].*` → key a, key b.c, each, any.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("[]") {
            steps.push(Step::Each);
            rest = after;
        } else if let Some((key, after)) = quoted(rest) {
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len()).max(1);
            let key = &rest[..end];
            steps.push(match key {
                "*" => Step::Any,
                key => Step::Key(key.to_owned()),
            });
            rest = &rest[end..];
        }
    }
    steps
}

fn quoted(rest: &str) -> Option<(&str, &str)> {
    rest.strip_prefix('"')?.split_once('"')
}

#[cfg(test)]
mod tests {
    use super::super::data::{Format, parse};

    fn found(path: &str, text: &str) -> Vec<String> {
        let (node, _) = parse(Format::Toml, text);
        let found = node.unwrap();
        let found = found.at(path);
        let text = |found: &super::Found<'_>| found.node.text().map(ToOwned::to_owned);
        found.iter().filter_map(text).collect()
    }

    #[test]
    fn paths_walk_tables_and_lists() {
        let text = "[a]\nb = ['x', 'y']\n[a.'c.d']\ne = 1\n[[p]]\nn = 'one'\n[[p]]\nn = 'two'\n";
        assert_eq!(found("a.b[]", text), ["x", "y"]);
        assert_eq!(found("a.\"c.d\".e", text), ["1"]);
        assert_eq!(found("p[].n", text), ["one", "two"]);
        assert_eq!(found("a.*.e", text), ["1"]);
        assert!(found("a.missing", text).is_empty());
    }
}
