//! What detection says: values with their evidence, what else there was, what is missing.
use crate::language::Language;
use crate::language::rules::{Confidence, Need};
use crate::report::{Diagnostic, Place};
use crate::spec::{Source, Sourced, Value};

use super::fill::Captures;

/// A value that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub value: Value,
    /// Where.
    pub place: Place,
    /// The rule: `key/id`.
    pub rule: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// A few words on how it was chosen; empty when it simply stands there.
    pub reason: String,
    /// Whether the build needs the file that it was found in.
    pub used: bool,
    /// What the rule captured.
    pub(super) captures: Captures,
}

impl Finding {
    /// As a value of the spec.
    pub fn sourced(&self) -> Sourced {
        Sourced {
            value: self.value.clone(),
            source: Source::Evidence {
                place: self.place.clone(),
                rule: self.rule.clone(),
            },
        }
    }
}

/// A value that was not taken.
#[derive(Clone, Debug)]
pub struct Considered {
    /// What it is.
    pub value: Value,
    /// Where.
    pub place: Place,
    /// The rule: `key/id`.
    pub rule: String,
    /// Why not.
    pub reason: String,
}

/// All about one key.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The key.
    pub key: String,
    /// What was chosen; a guess must be confirmed.
    pub finding: Option<Finding>,
    /// What may be meant as well.
    pub alternatives: Vec<Finding>,
    /// What was not taken.
    pub considered: Vec<Considered>,
}

impl Decision {
    /// Nothing yet.
    pub(super) fn new(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            finding: None,
            alternatives: Vec::new(),
            considered: Vec::new(),
        }
    }

    /// Whether a person has to say it: there are several values and nothing decides, or there is only a guess.
    pub fn is_open(&self) -> bool {
        match &self.finding {
            Some(finding) => finding.confidence == Confidence::Guess,
            None => !self.alternatives.is_empty(),
        }
    }

    /// Whether the key is only for other rules.
    pub fn is_fact(&self) -> bool {
        self.key.starts_with("facts.")
    }
}

/// One sign of a language that was there.
#[derive(Clone, Debug)]
pub struct Sign {
    /// The file, or how many.
    pub what: String,
    /// What it counted; below nothing when it spoke against the language.
    pub weight: i32,
}

/// A language that the repository may be of.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The language.
    pub language: Language,
    /// The sum of its signs.
    pub score: u32,
    /// Its signs.
    pub signs: Vec<Sign>,
}

/// All about the repository as one of a language.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Keys in the order in which they were decided.
    pub decisions: Vec<Decision>,
    /// What must be known and is not.
    pub needs: Vec<Need>,
    /// Said with findings.
    pub warnings: Vec<Diagnostic>,
}

impl Reading {
    /// Of what was not looked into.
    pub(super) fn nothing() -> Self {
        Self {
            decisions: Vec::new(),
            needs: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The decision about a key.
    pub fn decision(&self, key: &str) -> Option<&Decision> {
        self.decisions.iter().find(|decision| decision.key == key)
    }

    /// Decisions about keys of the spec, less those that came to nothing.
    pub fn shown(&self) -> impl Iterator<Item = &Decision> {
        self.decisions
            .iter()
            .filter(|decision| !decision.is_fact() && decision.says_something())
    }
}

impl Decision {
    fn says_something(&self) -> bool {
        self.finding.is_some() || !self.alternatives.is_empty() || !self.considered.is_empty()
    }
}
