//! Where a value stands: a text we read, and a range of bytes in it.
use std::ops::Range;
use std::sync::Arc;

/// A text with a name: a file, or an argument of the command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Document {
    /// A path as the user would type it, or the flag (`--set`).
    pub name: String,
    /// The whole text, as read.
    pub text: String,
    /// Whether it came from the command line and not from a file.
    pub is_argument: bool,
}

impl Document {
    /// A file of that name with that text.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
            is_argument: false,
        })
    }

    /// An argument of the command line: the flag, and its value as TOML text.
    pub fn argument(flag: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: flag.into(),
            text: text.into(),
            is_argument: true,
        })
    }
}

/// A range of bytes in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The text it lies in.
    pub document: Arc<Document>,
    /// Byte range in `document.text`.
    pub span: Range<usize>,
}

impl Place {
    /// The place of `span` in `document`, cut to the text.
    pub fn new(document: &Arc<Document>, span: Range<usize>) -> Self {
        let end = span.end.min(document.text.len());
        Self {
            document: Arc::clone(document),
            span: span.start.min(end)..end,
        }
    }

    /// Line and column of its start; both count from 1, columns in characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = self
            .document
            .text
            .get(..self.span.start)
            .unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        (line, column)
    }

    /// `scaffold.toml:3` for a file, the flag itself for an argument, the name alone for a file that was not read.
    pub fn short(&self) -> String {
        if self.document.is_argument || self.document.text.is_empty() {
            self.document.name.clone()
        } else {
            format!("{}:{}", self.document.name, self.line_column().0)
        }
    }

    /// The text of the range.
    pub fn text(&self) -> &str {
        self.document
            .text
            .get(self.span.clone())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let document = Document::file("f", "a\nä = 1\n");
        let place = Place::new(&document, 7..8);
        assert_eq!(place.line_column(), (2, 5));
        assert_eq!(place.short(), "f:2");
        assert_eq!(place.text(), "1");
    }

    #[test]
    fn a_span_past_the_end_is_cut() {
        let document = Document::file("f", "ab");
        assert_eq!(Place::new(&document, 5..9).span, 2..2);
    }
}
