//! A repository under detection: which language, what is found, what is open, what is taken.
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;

use super::detect::view;
use super::failure::Failure;
use super::hidden::hidden;
use super::init::tell;
use super::session::{self, Session};
use super::{library, policies};
use crate::context::Context;
use crate::detect::{self, Decision, Reading, View};
use crate::language::rules::Confidence;
use crate::language::{self, Language};
use crate::plan::Plan;
use crate::report::{Diagnostic, Document, Printer};
use crate::spec::services::Found;
use crate::spec::{Sourced, Spec, Value};

/// A repository under detection.
pub(super) struct Detection<'a> {
    pub(super) view: View,
    pub(super) session: Session<'a>,
    /// Whether guesses are taken as they are shown.
    pub(super) yes: bool,
    /// The guesses that were taken: what depends on them is read again.
    pub(super) assumed: BTreeMap<String, Value>,
}

impl<'a> Detection<'a> {
    pub(super) fn open(
        dir: &Utf8Path,
        documents: Vec<Arc<Document>>,
        context: &'a Context,
        yes: bool,
    ) -> Result<Self, Failure> {
        let root = session::existing(context, dir)?;
        let session = Session {
            context,
            lock: session::read_lock(&root)?,
            policies: policies::of_project(context, &root)?,
            root,
            shown: dir.to_string(),
            documents,
            fixed: Vec::new(),
            found: Vec::new(),
            services: Found::new(),
            with_sample: false,
            with_spec: true,
            opened: session::Opened::default(),
        };
        Ok(Self {
            view: view(&session.root, &session.lock),
            session,
            yes,
            assumed: BTreeMap::new(),
        })
    }

    /// Decides without a person; what is open ends it.
    pub(super) fn settle(mut self, printer: Printer) -> Result<(Session<'a>, Plan), Failure> {
        let language = self.language()?;
        let mut reading = self.read(&language);
        while self.yes && self.assume(&reading) {
            reading = self.read(&language);
        }
        tell(&language, &reading, &self, printer);
        self.refuse_open(&reading)?;
        self.take(&language, &reading);
        let mut plan = self.session.plan(language)?;
        plan.diagnostics.extend(hidden(&self.view, &reading, &plan));
        Ok((self.session, plan))
    }
}

impl Detection<'_> {
    /// The language that was said, or the one with the most signs.
    pub(super) fn language(&self) -> Result<Language, Failure> {
        if let Some(language) = self.session.language()? {
            return Ok(language);
        }
        let languages = library::all(self.session.context)?;
        let mut candidates = detect::candidates(&self.view, languages);
        candidates.retain(|candidate| candidate.score >= detect::ENOUGH);
        if detect::is_close(&candidates) && !self.yes {
            return Err(self.several(&candidates));
        }
        let first = candidates.into_iter().next();
        match first {
            Some(candidate) => Ok(candidate.language),
            None => Err(self.none(&library::all(self.session.context)?)),
        }
    }

    fn several(&self, candidates: &[detect::Candidate]) -> Failure {
        let mut diagnostic = Diagnostic::error(
            "missing-answer",
            "more than one language fits, and nothing decides",
        );
        for candidate in candidates {
            let signs: Vec<_> = candidate
                .signs
                .iter()
                .map(|sign| sign.what.as_str())
                .collect();
            let title = &candidate.language.manifest.title;
            diagnostic = diagnostic.because(format!("{title}: {}", signs.join(", ")));
        }
        let lang = candidates
            .first()
            .map_or("LANG", |candidate| candidate.language.id.as_str());
        Failure::usage(diagnostic.help(format!(
            "scaffold init {} --set lang={lang}",
            self.session.shown
        )))
    }

    fn none(&self, languages: &[Language]) -> Failure {
        let ids = library::names(self.session.context).join(", ");
        let shown = &self.session.shown;
        let message = format!("no language is recognised in {shown}");
        let mut diagnostic =
            Diagnostic::error("unknown-language", message).because(format!("known: {ids}"));
        let elsewhere = detect::elsewhere(&self.view, languages);
        for (folder, title) in elsewhere.iter().take(20) {
            diagnostic = diagnostic.because(format!("{folder}: {title}"));
        }
        for note in self.view.notes().into_iter().take(5) {
            diagnostic = diagnostic.because(note);
        }
        let help = match elsewhere.first() {
            Some((folder, _)) => {
                let dir = Utf8Path::new(shown).join(folder);
                format!("scaffold init {dir}")
            }
            None => format!("scaffold init {shown} --set lang=LANG, if it is one of these"),
        };
        Failure::usage(diagnostic.help(help))
    }

    /// Takes the first open value that was not taken yet; whether there was one.
    fn assume(&mut self, reading: &Reading) -> bool {
        let open = self.unanswered(reading);
        let next = open.into_iter().find_map(|decision| {
            let first = decision
                .finding
                .as_ref()
                .or(decision.alternatives.first())?;
            let new = !self.assumed.contains_key(&decision.key);
            new.then(|| (decision.key.clone(), first.value.clone()))
        });
        let found = next.is_some();
        self.assumed.extend(next);
        found
    }

    /// What the repository says, given what the user said.
    pub(super) fn read(&self, language: &Language) -> Reading {
        let fields = language::fields(Some(language));
        let spec = Spec::read(&self.session.documents, &fields);
        let mut said = self.assumed.clone();
        said.extend(
            spec.values
                .into_iter()
                .map(|(key, sourced)| (key, sourced.value)),
        );
        let catalogue = language.catalogue();
        let day = (&catalogue, self.session.context.today.as_str());
        detect::read(&self.view, language, &said, day)
    }

    /// Whether the user said the key.
    pub(super) fn is_said(&self, key: &str) -> bool {
        let said = |document: &Arc<Document>| {
            let text: Result<toml::Table, _> = document.text.parse();
            text.is_ok_and(|table| lookup(&table, key).is_some())
        };
        self.session.documents.iter().any(said)
    }

    /// Open decisions that nobody answered.
    pub(super) fn unanswered<'a>(&self, reading: &'a Reading) -> Vec<&'a Decision> {
        let decisions = reading.shown();
        decisions
            .filter(|decision| decision.is_open() && !self.is_said(&decision.key))
            .collect()
    }

    /// Takes what is certain or likely; with `--yes`, guesses and first alternatives too.
    pub(super) fn take(&mut self, language: &Language, reading: &Reading) {
        self.session.found.clear();
        for decision in reading.shown() {
            let guess = self.yes.then(|| decision.alternatives.first()).flatten();
            let sure = decision
                .finding
                .as_ref()
                .filter(|finding| self.yes || finding.confidence > Confidence::Guess);
            if let Some(finding) = sure.or(guess) {
                let sourced: Sourced = finding.sourced();
                self.session.found.push((decision.key.clone(), sourced));
            }
        }
        self.fit_name(language);
    }

    /// A name that means something else in the language gets another end, as in `new`.
    fn fit_name(&mut self, language: &Language) {
        let reserved = &language.manifest.name.reserved;
        let found = self.session.found.iter_mut().find(|(key, _)| key == "name");
        if let Some((_, sourced)) = found
            && let Some(name) = sourced.value.as_text()
            && reserved.iter().any(|reserved| reserved == name)
        {
            sourced.value = Value::Text(format!("{name}-app"));
        }
    }

    /// What was typed, to be typed again.
    pub(super) fn typed(&self) -> Vec<String> {
        let said = self.session.documents.iter();
        let said = said.filter(|document| document.is_argument);
        said.map(|document| format!("--set {}", set_text(&document.text)))
            .collect()
    }

    /// All that is missing at once, with a command line.
    fn refuse_open(&self, reading: &Reading) -> Result<(), Failure> {
        let open = if self.yes {
            Vec::new()
        } else {
            self.unanswered(reading)
        };
        let needs = reading.needs.iter();
        let needs: Vec<_> = needs
            .filter(|need| !need.key.as_ref().is_some_and(|key| self.is_said(key)))
            .collect();
        if open.is_empty() && needs.is_empty() {
            return Ok(());
        }
        let mut diagnostic = Diagnostic::error(
            "missing-answer",
            "not everything is certain, and nobody can be asked",
        );
        let mut flags = Vec::new();
        for decision in open {
            diagnostic = diagnostic.because(question(decision));
            flags.push(format!("--set {}={}", decision.key, proposal(decision)));
        }
        let blocked = needs.iter().any(|need| need.key.is_none());
        for need in needs {
            let key = need.key.as_deref().unwrap_or("the repository");
            diagnostic = diagnostic.because(format!("{key}: {}; {}", need.reason, need.help));
        }
        let all: Vec<_> = self.typed().into_iter().chain(flags).collect();
        let shown = &self.session.shown;
        Err(Failure::usage(if blocked {
            diagnostic.help(format!("then run `scaffold init {shown}` again"))
        } else {
            diagnostic.help(format!("scaffold init {shown} {}", all.join(" ")))
        }))
    }
}

fn lookup<'a>(table: &'a toml::Table, key: &str) -> Option<&'a toml::Value> {
    match key.split_once('.') {
        None => table.get(key),
        Some((first, rest)) => lookup(table.get(first)?.as_table()?, rest),
    }
}

/// A one-line document as it was typed behind `--set`.
fn set_text(text: &str) -> String {
    let (key, value) = text.split_once(" = ").unwrap_or((text, ""));
    let bare = value.trim_matches('"');
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/:@-".contains(c);
    if bare.chars().all(plain) {
        format!("{key}={bare}")
    } else {
        format!("'{key}={value}'")
    }
}

pub(super) fn question(decision: &Decision) -> String {
    let finding = decision.finding.as_ref();
    let all = finding.into_iter().chain(&decision.alternatives);
    let values: Vec<_> = all
        .map(|finding| {
            let place = finding.place.short();
            let place = if place.is_empty() {
                "usual".to_owned()
            } else {
                place
            };
            format!(
                "{} ({})",
                finding.value.display(),
                [place.as_str(), finding.reason.as_str()]
                    .join(" ")
                    .trim_end()
            )
        })
        .collect();
    format!("{}: perhaps {}", decision.key, values.join(" or "))
}

pub(super) fn proposal(decision: &Decision) -> String {
    let first = decision.finding.as_ref().or(decision.alternatives.first());
    match first.map(|finding| &finding.value) {
        Some(Value::List(_) | Value::Map(_)) | None => first
            .map(|finding| format!("'{}'", finding.value.to_toml()))
            .unwrap_or_default(),
        Some(value) => set_text(&format!("x = {}", value.to_toml()))
            .trim_start_matches('\'')
            .trim_start_matches("x=")
            .trim_end_matches('\'')
            .to_owned(),
    }
}
