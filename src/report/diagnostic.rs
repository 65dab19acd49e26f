//! Something a user can mend in a file or on the command line: what, where, why, what to type next.
use serde_json::{Value, json};

use super::source::Place;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// It works today and may not tomorrow.
    Warning,
    /// It stops the run.
    Error,
}

impl Severity {
    /// The word that stands before the message.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding, without colour and without layout: those are the business of [`super::human`] and [`to_json`](Self::to_json).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name for programs, such as `unknown-key`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where, when it has a place.
    pub place: Option<Place>,
    /// A few words at the place.
    pub label: String,
    /// A second place that has to do with it, with a few words: what the first one breaks.
    pub related: Option<(Place, String)>,
    /// Why, and what is allowed.
    pub notes: Vec<String>,
    /// What to type next.
    pub help: Option<String>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            place: None,
            label: String::new(),
            related: None,
            notes: Vec::new(),
            help: None,
        }
    }

    /// Stops the run.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// Does not stop the run.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Only tells.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Points at a place, with a few words there.
    #[must_use]
    pub fn at(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.place = Some(place.clone());
        self.label = label.into();
        self
    }

    /// Points at a place if there is one.
    #[must_use]
    pub fn at_maybe(self, place: Option<&Place>, label: impl Into<String>) -> Self {
        match place {
            Some(place) => self.at(place, label),
            None => self,
        }
    }

    /// Points at a second place, with a few words there.
    #[must_use]
    pub fn against(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.related = Some((place.clone(), label.into()));
        self
    }

    /// Adds a reason or what is allowed.
    #[must_use]
    pub fn because(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to type next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Message, reasons and remedy in one line, for formats that have only one.
    pub fn text(&self) -> String {
        let mut notes = self.notes.clone();
        if let Some((place, label)) = &self.related {
            notes.push(format!("{label}: {}", place.short()));
        }
        let notes = notes.join("; ");
        let notes = if notes.is_empty() {
            notes
        } else {
            format!(" ({notes})")
        };
        let help = self.help.as_ref().map(|help| format!(": {help}"));
        format!("{}{notes}{}", self.message, help.unwrap_or_default())
    }

    /// Whether it stops the run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same for programs: `{code, severity, message, file, line, column, related, notes, help}`.
    pub fn to_json(&self) -> Value {
        let mut object = json!({
            "code": self.code,
            "severity": self.severity.word(),
            "message": self.message,
        });
        if let Some(place) = &self.place {
            let (line, column) = place.line_column();
            object["file"] = json!(place.document.name);
            object["line"] = json!(line);
            object["column"] = json!(column);
            object["label"] = json!(self.label);
        }
        if let Some((place, label)) = &self.related {
            let (line, column) = place.line_column();
            let file = &place.document.name;
            object["related"] =
                json!({ "file": file, "line": line, "column": column, "label": label });
        }
        object["notes"] = json!(self.notes);
        object["help"] = json!(self.help);
        object
    }
}

/// The nearest of `candidates` to `word`, when it is near enough to be a slip of the fingers.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("prot", ["name", "port"]), Some("port"));
        assert_eq!(nearest("zebra", ["name", "port"]), None);
    }
}
