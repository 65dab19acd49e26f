//! TOML, JSON, YAML and XML → [`Node`]. A broken text gives what could be read of it, and a word about the rest; depth
//! and size are bounded.
use std::ops::Range;

use saphyr_parser::{Event, Parser};
use toml::de::{DeTable, DeValue};

use super::json;
use super::node::{Entry, Kind, Node};

/// How deep data may nest: no manifest comes near it.
pub(super) const DEEPEST: usize = 64;
/// How many nodes an XML or YAML document may have.
const MOST: u32 = 500_000;

/// A data format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON, with comments and trailing commas.
    Json,
    /// YAML, the first document; aliases are left out.
    Yaml,
    /// XML: elements are entries, attributes are entries with `@`.
    Xml,
}

/// Reads a text: what it holds, and what is wrong with it.
pub fn parse(format: Format, text: &str) -> (Option<Node>, Option<String>) {
    match format {
        Format::Toml => from_toml(text),
        Format::Json => json::parse(text),
        Format::Yaml => from_yaml(text),
        Format::Xml => match from_xml(text) {
            Ok(node) => (Some(node), None),
            Err(error) => (None, Some(format!("not XML: {error}"))),
        },
    }
}

fn from_toml(text: &str) -> (Option<Node>, Option<String>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let note = errors
        .first()
        .map(|error| format!("not TOML: {}", error.message()));
    let span = table.span();
    (Some(of_table(table.get_ref(), span)), note)
}

fn of_table(table: &DeTable<'_>, span: Range<usize>) -> Node {
    let entry = |(key, value): (
        &toml::Spanned<std::borrow::Cow<'_, str>>,
        &toml::Spanned<DeValue<'_>>,
    )| Entry {
        key: key.get_ref().to_string(),
        span: key.span(),
        node: of_value(value.get_ref(), value.span()),
    };
    let kind = Kind::Map(table.iter().map(entry).collect());
    Node { span, kind }
}

fn of_value(value: &DeValue<'_>, span: Range<usize>) -> Node {
    let kind = match value {
        DeValue::Table(table) => return of_table(table, span),
        DeValue::Array(items) => {
            let items = items
                .iter()
                .map(|item| of_value(item.get_ref(), item.span()));
            Kind::List(items.collect())
        }
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(number) => Kind::Text(number.as_str().to_owned()),
        DeValue::Float(number) => Kind::Text(number.as_str().to_owned()),
        DeValue::Boolean(value) => Kind::Text(value.to_string()),
        DeValue::Datetime(value) => Kind::Text(value.to_string()),
    };
    Node { span, kind }
}

/// A collection that is not closed yet.
enum Open {
    List(Range<usize>, Vec<Node>),
    Map(Range<usize>, Vec<Entry>, Option<(String, Range<usize>)>),
}

/// Marks count lines and characters; a place needs bytes.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The start of the line.
    fn place(&self, line: usize) -> Range<usize> {
        let start = self
            .0
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        start..start
    }
}

fn from_yaml(text: &str) -> (Option<Node>, Option<String>) {
    let lines = Lines::new(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for (count, event) in Parser::new_from_str(text).enumerate() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => return (close(open), Some(format!("not YAML: {error}"))),
        };
        let at = lines.place(span.start.line());
        if count > MOST as usize || open.len() > DEEPEST {
            return (close(open), Some("too large or too deep".to_owned()));
        }
        let done = match event {
            Event::SequenceStart(..) => {
                open.push(Open::List(at, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(at, Vec::new(), None));
                None
            }
            Event::Scalar(text, ..) => Some(leaf(text.into_owned(), at)),
            Event::Alias(_) => Some(leaf(String::new(), at)),
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(Open::close),
            Event::DocumentEnd => break,
            _ => None,
        };
        match (done, open.last_mut()) {
            (Some(node), Some(parent)) => parent.take(node),
            (Some(node), None) => root = Some(node),
            (None, _) => {}
        }
    }
    (root, None)
}

fn leaf(text: String, span: Range<usize>) -> Node {
    Node {
        span,
        kind: Kind::Text(text),
    }
}

/// What was read before a fault: every collection ends there.
fn close(mut open: Vec<Open>) -> Option<Node> {
    let mut node = open.pop()?.close();
    while let Some(mut parent) = open.pop() {
        parent.take(node);
        node = parent.close();
    }
    Some(node)
}

impl Open {
    fn take(&mut self, node: Node) {
        match self {
            Self::List(_, items) => items.push(node),
            Self::Map(_, entries, pending) => {
                if let Some((key, span)) = pending.take() {
                    entries.push(Entry { key, span, node });
                } else {
                    let key = node.text().unwrap_or_default().to_owned();
                    *pending = Some((key, node.span));
                }
            }
        }
    }

    fn close(self) -> Node {
        match self {
            Self::List(span, items) => Node {
                span,
                kind: Kind::List(items),
            },
            Self::Map(span, entries, _) => Node {
                span,
                kind: Kind::Map(entries),
            },
        }
    }
}

fn from_xml(text: &str) -> Result<Node, roxmltree::Error> {
    let options = roxmltree::ParsingOptions {
        nodes_limit: MOST,
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(text, options)?;
    let root = document.root_element();
    let entry = Entry {
        key: root.tag_name().name().to_owned(),
        span: root.range(),
        node: of_element(root, 0),
    };
    Ok(Node {
        span: root.range(),
        kind: Kind::Map(vec![entry]),
    })
}

fn of_element(element: roxmltree::Node<'_, '_>, depth: usize) -> Node {
    let children = element.children().filter(roxmltree::Node::is_element);
    let attributes = element.attributes().map(|attribute| Entry {
        key: format!("@{}", attribute.name()),
        span: element.range(),
        node: leaf(attribute.value().to_owned(), element.range()),
    });
    let mut entries: Vec<_> = attributes.collect();
    if depth < DEEPEST {
        entries.extend(children.map(|child| Entry {
            key: child.tag_name().name().to_owned(),
            span: child.range(),
            node: of_element(child, depth + 1),
        }));
    }
    let text = element.text().unwrap_or_default().trim();
    let kind = if entries.is_empty() {
        Kind::Text(text.to_owned())
    } else {
        Kind::Map(entries)
    };
    Node {
        span: element.range(),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(format: Format, text: &str, path: &str) -> Vec<(usize, String)> {
        let (node, _) = parse(format, text);
        let Some(node) = node else {
            return Vec::new();
        };
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let found = node.at(path).into_iter();
        found
            .filter_map(|found| Some((line(found.node.span.start), found.node.text()?.to_owned())))
            .collect()
    }

    #[test]
    fn every_format_gives_values_and_lines() {
        let yaml = "services:\n  web:\n    ports:\n      - \"80:8000\"\n      - 81\n";
        let found = texts(Format::Yaml, yaml, "services.*.ports[]");
        assert_eq!(found, [(4, "80:8000".to_owned()), (5, "81".to_owned())]);
        let xml = "<project>\n <a n='1'>x</a>\n <b><c>y</c></b>\n</project>";
        assert_eq!(
            texts(Format::Xml, xml, "project.b.c"),
            [(3, "y".to_owned())]
        );
        assert_eq!(
            texts(Format::Xml, xml, "project.a.@n"),
            [(2, "1".to_owned())]
        );
        let toml = "a = 1\n[t]\nb = 'x'\n";
        assert_eq!(texts(Format::Toml, toml, "t.b"), [(3, "x".to_owned())]);
        let json = "{\n  // a comment\n  \"a\": {\"b\": [1, \"x\",]}\n}";
        assert_eq!(
            texts(Format::Json, json, "a.b[]"),
            [(3, "1".to_owned()), (3, "x".to_owned())]
        );
    }

    #[test]
    fn broken_texts_give_a_note_and_no_panic() {
        for format in [Format::Toml, Format::Json, Format::Yaml, Format::Xml] {
            for text in ["{", "[[", "a: [", "<a><b>", "\"", "\u{0}", "a = = b"] {
                let _ = parse(format, text);
            }
            let deep = "[".repeat(100_000);
            let _ = parse(format, &deep);
            let deep = "<a>".repeat(5_000);
            let _ = parse(format, &deep);
        }
        let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n";
        assert!(parse(Format::Yaml, bomb).0.is_some());
        let lol = "<!DOCTYPE l [<!ENTITY a \"aa\">]><l>&a;</l>";
        assert!(parse(Format::Xml, lol).0.is_none());
    }
}
