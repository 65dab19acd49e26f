//! Hits of a rule in one file: what its expression captures, over the whole text or over pieces of it.
use std::ops::Range;
use std::sync::Arc;

use regex::Regex;

use super::fill::Captures;
use super::reader::{Hit, MOST, Piece};
use crate::report::{Document, Place};

pub(super) struct Maker<'a> {
    /// How a line begins that is not read.
    pub(super) comment: Option<&'a str>,
    /// What every rule knows of the file: made for hits only, as most files give none.
    pub(super) captures: &'a dyn Fn() -> Captures,
    pub(super) document: &'a Arc<Document>,
}

impl Maker<'_> {
    pub(super) fn whole(&self, regex: &Regex, most: usize) -> Vec<Hit> {
        let all = regex.captures_iter(&self.document.text).take(most);
        all.filter_map(|found| {
            let first = found.iter().skip(1).flatten().next();
            let span = first.or(found.get(0)).map_or(0..0, |m| m.range());
            (!self.is_comment(span.start)).then(|| self.hit(regex, &found, span))
        })
        .collect()
    }

    fn is_comment(&self, at: usize) -> bool {
        let before = self.document.text.get(..at).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = self.document.text.get(start..).unwrap_or_default();
        self.comment
            .is_some_and(|mark| line.trim_start_matches([' ', '\t']).starts_with(mark))
    }

    pub(super) fn piece(&self, piece: &Piece, regex: Option<&Regex>) -> Vec<Hit> {
        let mut hits = match regex {
            None => vec![Hit {
                captures: (self.captures)(),
                text: piece.text.clone(),
                place: Place::new(self.document, piece.span.clone()),
            }],
            Some(regex) => {
                let all = regex.captures_iter(&piece.text).take(MOST);
                all.map(|found| self.hit(regex, &found, piece.span.clone()))
                    .collect()
            }
        };
        for hit in &mut hits {
            hit.captures.insert("key".to_owned(), piece.key.clone());
        }
        hits
    }

    fn hit(&self, regex: &Regex, found: &regex::Captures<'_>, span: Range<usize>) -> Hit {
        let mut captures = (self.captures)();
        for (index, name) in regex.capture_names().enumerate() {
            let Some(text) = found.get(index) else {
                continue;
            };
            captures.insert(index.to_string(), text.as_str().to_owned());
            if let Some(name) = name {
                captures.insert(name.to_owned(), text.as_str().to_owned());
            }
        }
        let text = found
            .iter()
            .skip(1)
            .flatten()
            .next()
            .or(found.get(0))
            .map_or("", |text| text.as_str());
        Hit {
            captures,
            text: text.to_owned(),
            place: Place::new(self.document, span),
        }
    }
}
