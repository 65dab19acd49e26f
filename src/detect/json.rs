//! JSON → [`Node`], with places. Takes comments and trailing commas, as many tools do; stops at the first other fault
//! and keeps what it has.
use std::ops::Range;

use super::data::DEEPEST;
use super::node::{Entry, Kind, Node};

/// Reads a text.
pub(super) fn parse(text: &str) -> (Option<Node>, Option<String>) {
    let mut reader = Reader {
        text,
        at: 0,
        fault: None,
    };
    let node = reader.value(0);
    reader.blank();
    if node.is_some() && reader.at < text.len() {
        reader.fail("something behind the value");
    }
    let fault = reader
        .fault
        .map(|(at, what)| format!("not JSON: {what} at byte {at}"));
    (node, fault)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    fault: Option<(usize, &'static str)>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fail(&mut self, what: &'static str) {
        if self.fault.is_none() {
            self.fault = Some((self.at, what));
        }
    }

    /// Blanks and comments.
    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let skipped = if trimmed.starts_with("//") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
            } else {
                return;
            };
            self.at += skipped;
        }
    }

    fn takes(&mut self, byte: char) -> bool {
        self.blank();
        let found = self.rest().starts_with(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.blank();
        let start = self.at;
        if depth > DEEPEST {
            self.fail("too deep");
            return None;
        }
        let kind = match self.rest().bytes().next() {
            Some(b'{') => Kind::Map(self.entries(depth)),
            Some(b'[') => Kind::List(self.items(depth)),
            Some(b'"') => Kind::Text(self.string()?.0),
            Some(_) => Kind::Text(self.word()?),
            None => {
                self.fail("a value is missing");
                return None;
            }
        };
        Some(Node {
            span: start..self.at,
            kind,
        })
    }

    fn entries(&mut self, depth: usize) -> Vec<Entry> {
        self.at += 1;
        let mut entries = Vec::new();
        while !self.takes('}') {
            let Some((key, span)) = self.string() else {
                break;
            };
            if !self.takes(':') {
                self.fail("`:` is missing");
            }
            let node = self.value(depth + 1);
            entries.extend(node.map(|node| Entry { key, span, node }));
            if self.fault.is_some() || (!self.takes(',') && !self.ends('}')) {
                break;
            }
        }
        entries
    }

    fn items(&mut self, depth: usize) -> Vec<Node> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.takes(']') {
            items.extend(self.value(depth + 1));
            if self.fault.is_some() || (!self.takes(',') && !self.ends(']')) {
                break;
            }
        }
        items
    }

    fn ends(&mut self, byte: char) -> bool {
        self.blank();
        let ends = self.rest().starts_with(byte);
        if !ends {
            self.fail("`,` is missing");
        }
        ends
    }

    fn string(&mut self) -> Option<(String, Range<usize>)> {
        let start = self.at;
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.strip_prefix('"')?.bytes().position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let Some(end) = end else {
            self.fail("a text does not end");
            return None;
        };
        self.at += end + 2;
        let span = start..self.at;
        let raw = &self.text[span.clone()];
        let text = serde_json::from_str(raw);
        Some((
            text.unwrap_or_else(|_| raw.trim_matches('"').to_owned()),
            span,
        ))
    }

    fn word(&mut self) -> Option<String> {
        let rest = self.rest();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let end = rest.find(|c| !plain(c)).unwrap_or(rest.len());
        if end == 0 {
            self.fail("no value");
            return None;
        }
        self.at += end;
        Some(rest[..end].to_owned())
    }
}
