//! `init` at the top of a repository of several services: which there are, what is open, what is taken.
use std::collections::{BTreeMap, BTreeSet};

use super::detection::{Detection, proposal, question};
use super::failure::Failure;
use super::hidden::hidden;
use super::library;
use super::services::Languages;
use super::session::Session;
use crate::detect::services::{self, Proposal, Standing, Wishes};
use crate::detect::{Decision, candidates, is_enough};
use crate::language::rules::Confidence;
use crate::plan::Plan;
use crate::report::{Diagnostic, Printer};
use crate::spec::Value;
use crate::spec::services::TABLE;

/// Values by key, of each service by its name.
type Said = BTreeMap<String, BTreeMap<String, Value>>;

/// A repository of several services under detection.
pub(super) struct Several<'a> {
    pub(super) detection: Detection<'a>,
    /// Taken off by the user.
    pub(super) left_out: BTreeSet<String>,
    /// The guesses that were taken: what depends on them is read again.
    assumed: Said,
    each_program: bool,
}

impl<'a> Several<'a> {
    /// Looks whether the repository is one; gives the detection back when it is a project by itself.
    pub(super) fn open(
        mut detection: Detection<'a>,
        each_program: bool,
        printer: Printer,
    ) -> Result<Result<Self, Detection<'a>>, Failure> {
        let left_out = take_off(&mut detection);
        let is_said = each_program || !left_out.is_empty() || detection.session.has_services();
        let lang = detection.session.language()?;
        if lang.is_some() && !is_said {
            return Ok(Err(detection));
        }
        let mut several = Self {
            detection,
            left_out,
            assumed: Said::new(),
            each_program,
        };
        let found = several.look()?;
        if is_said || several.is_one(&found)? {
            return Ok(Ok(several));
        }
        several.each_program = false;
        let below: Vec<_> = sure(&found)
            .filter(|one| one.folder != ".")
            .map(|one| one.folder.as_str())
            .collect();
        if !below.is_empty() && sure(&found).any(|one| one.folder == ".") {
            let dir = &several.detection.session.shown;
            printer.say(&format!(
                "Also found: {}; `scaffold init {dir} --services` makes a service of each",
                below.join(", ")
            ));
        }
        several.tell_perhaps(&found, printer);
        Ok(Err(several.detection))
    }

    /// What one project is taken instead of.
    fn tell_perhaps(&self, found: &[Proposal], printer: Printer) {
        let names: Vec<_> = perhaps(found).map(|one| one.folder.as_str()).collect();
        if !names.is_empty() && sure(found).any(|one| one.is_joined) {
            let dir = &self.detection.session.shown;
            let text = format!(
                "Perhaps services too: {}; `scaffold init {dir} --services` makes one of each that you name",
                names.join(", ")
            );
            printer.say(&super::init::printable(&text));
        }
    }

    /// Whether several services are meant without a word: the top is no project that could be meant instead.
    fn is_one(&self, found: &[Proposal]) -> Result<bool, Failure> {
        let below = sure(found).filter(|one| one.folder != ".").count();
        let top = found.iter().find(|one| one.folder == ".");
        let joins = top.is_some_and(|top| top.is_joined);
        let top_runs = top.is_some_and(|top| top.standing == Standing::Sure);
        if top_runs && !joins {
            return Ok(false);
        }
        let all = below + usize::from(top_runs);
        if all == 0 || below >= 2 || (all >= 2 && joins) {
            return Ok(all > 0);
        }
        // One service below: where the top shows enough by itself, it is read as a whole.
        let languages = library::all(self.detection.session.context)?;
        let first = candidates(&self.detection.view, languages)
            .into_iter()
            .next();
        Ok(match first.filter(is_enough) {
            Some(first) => !self.detection.read(&first.language).needs.is_empty(),
            None => true,
        })
    }

    pub(super) fn look(&self) -> Result<Vec<Proposal>, Failure> {
        let mut said = self.typed();
        for (name, values) in &self.assumed {
            said.entry(name.clone()).or_default().extend(values.clone());
        }
        let wishes = Wishes {
            said,
            each_program: self.each_program,
        };
        let session = &self.detection.session;
        let languages = library::all(session.context)?;
        Ok(services::find(
            &self.detection.view,
            &languages,
            &wishes,
            &session.context.today,
        ))
    }

    /// What the user typed; what is wrong with it is told when all is planned.
    pub(super) fn typed(&self) -> Said {
        if !self.detection.session.has_services() {
            return Said::new();
        }
        let read = Languages::new(&self.detection.session).read();
        let services = read.list.into_iter().map(|service| {
            let values = service.spec.values.into_iter();
            let values = values.map(|(key, sourced)| (key, sourced.value)).collect();
            (service.name, values)
        });
        services.collect()
    }

    /// Decides without a person; what is open ends it.
    pub(super) fn settle(mut self, printer: Printer) -> Result<(Session<'a>, Vec<Plan>), Failure> {
        let mut found = self.look()?;
        while self.detection.yes && self.assume(&found) {
            found = self.look()?;
        }
        self.tell(&found, printer);
        self.refuse_open(&found)?;
        let plans = self.take(&found)?;
        Ok((self.detection.session, plans))
    }

    /// The services that are taken.
    pub(super) fn taken<'b>(&self, found: &'b [Proposal]) -> Vec<&'b Proposal> {
        let taken = sure(found).filter(|one| !self.left_out.contains(&one.name));
        taken.collect()
    }

    /// Takes the first open value that was not taken yet; whether there was one.
    fn assume(&mut self, found: &[Proposal]) -> bool {
        let typed = self.typed();
        for one in self.taken(found) {
            for decision in open(one, &typed) {
                let first = decision.finding.as_ref().or(decision.alternatives.first());
                let values = self.assumed.entry(one.name.clone()).or_default();
                if let Some(first) = first
                    && !values.contains_key(&decision.key)
                {
                    values.insert(decision.key.clone(), first.value.clone());
                    return true;
                }
            }
        }
        false
    }

    /// What was found, with its evidence.
    pub(super) fn tell(&self, found: &[Proposal], printer: Printer) {
        let taken = self.taken(found);
        let mut text = format!("Found {} services:", taken.len());
        if taken.len() == 1 {
            "Found one service:".clone_into(&mut text);
        }
        for one in &taken {
            text.push_str(&format!("\n  {}", describe(one)));
        }
        for one in perhaps(found) {
            text.push_str(&format!(
                "\n  not {}: perhaps no service; --set {TABLE}.{}.path={} takes it",
                one.folder, one.name, one.folder
            ));
        }
        let not = |one: &&Proposal| matches!(one.standing, Standing::Not(_));
        let others = found.iter().filter(not).count();
        if others > 0 {
            let dir = &self.detection.session.shown;
            text.push_str(&format!(
                "\n  and {others} that are none: scaffold detect {dir} says why"
            ));
        }
        printer.say(&super::init::printable(&text));
        for one in &taken {
            printer.diagnostics(&super::services::told(
                one.reading.warnings.clone(),
                &one.name,
            ));
        }
        for one in found {
            if let Standing::Not(reason) = &one.standing {
                printer.detail(&super::init::printable(&format!(
                    "not {}: {reason}",
                    one.folder
                )));
            }
        }
        for note in self.detection.view.notes() {
            printer.detail(&format!("note: {}", note.escape_debug()));
        }
    }

    /// All that is missing at once, with a command line.
    pub(super) fn refuse_open(&self, found: &[Proposal]) -> Result<(), Failure> {
        let taken = self.taken(found);
        if taken.is_empty() {
            let message = format!(
                "no service is recognised in {}",
                self.detection.session.shown
            );
            let mut diagnostic = Diagnostic::error("unknown-language", message);
            for one in found {
                if let Standing::Not(reason) = &one.standing {
                    diagnostic = diagnostic.because(format!("{}: {reason}", one.folder));
                }
            }
            return Err(Failure::usage(diagnostic));
        }
        let typed = self.typed();
        let message = "not everything is certain, and nobody can be asked";
        let mut diagnostic = Diagnostic::error("missing-answer", message);
        let mut flags = Vec::new();
        for one in taken {
            let (reasons, own) = self.missing(one, &typed);
            for reason in reasons {
                diagnostic = diagnostic.because(format!("{}: {reason}", one.name));
            }
            flags.extend(own);
        }
        if flags.is_empty() {
            return Ok(());
        }
        let shown = &self.detection.session.shown;
        let mut words = self.detection.typed();
        words.extend(
            self.left_out
                .iter()
                .map(|name| format!("--set {TABLE}.{name}=false")),
        );
        words.extend(self.each_program.then(|| "--services".to_owned()));
        words.extend(flags);
        Err(Failure::usage(
            diagnostic.help(format!("scaffold init {shown} {}", words.join(" "))),
        ))
    }

    /// What is missing of one service, and the flags that say it. What only the repository can mend leaves the service
    /// out.
    fn missing(&self, one: &Proposal, typed: &Said) -> (Vec<String>, Vec<String>) {
        let (mut reasons, mut flags) = (Vec::new(), Vec::new());
        let name = &one.name;
        if !self.detection.yes {
            for decision in open(one, typed) {
                reasons.push(question(decision));
                flags.push(format!(
                    "--set {TABLE}.{name}.{}={}",
                    decision.key,
                    proposal(decision)
                ));
            }
        }
        let is_said = |key: &String| typed.get(name).is_some_and(|said| said.contains_key(key));
        let needs = one.reading.needs.iter();
        let unmet: Vec<_> = needs
            .filter(|need| !need.key.as_ref().is_some_and(is_said))
            .collect();
        for need in &unmet {
            let key = need.key.as_deref().unwrap_or("the repository");
            reasons.push(format!("{key}: {}; {}", need.reason, need.help));
        }
        if !unmet.is_empty() {
            flags = vec![format!("--set {TABLE}.{name}=false")];
        }
        (reasons, flags)
    }

    /// Plans what is certain, likely or said.
    pub(super) fn take(&mut self, found: &[Proposal]) -> Result<Vec<Plan>, Failure> {
        let yes = self.detection.yes;
        let mut all = BTreeMap::new();
        let taken: Vec<_> = self.taken(found);
        for one in &taken {
            let mut values = one.values.clone();
            let own: BTreeSet<_> = values.iter().map(|(key, _)| key.clone()).collect();
            for decision in one.reading.shown() {
                let guess = yes.then(|| decision.alternatives.first()).flatten();
                let finding = decision.finding.as_ref();
                let sure = finding.filter(|one| yes || one.confidence > Confidence::Guess);
                let known = own.contains(&decision.key) || decision.key == "name";
                if let Some(finding) = sure.or(guess).filter(|_| !known) {
                    values.push((decision.key.clone(), finding.sourced()));
                }
            }
            all.insert(one.name.clone(), values);
        }
        self.detection.session.services = all;
        let mut plans = self.detection.session.plans()?;
        for plan in &mut plans {
            let name = plan.service.as_ref().map(|service| service.name.clone());
            let one = taken.iter().find(|one| Some(&one.name) == name.as_ref());
            let found = one.map(|one| hidden(&self.detection.view, &one.reading, plan));
            plan.diagnostics.extend(found.unwrap_or_default());
        }
        Ok(plans)
    }
}

/// Services that are meant without a word.
pub(super) fn sure(found: &[Proposal]) -> impl Iterator<Item = &Proposal> {
    found.iter().filter(|one| one.standing == Standing::Sure)
}

/// What is a service only when somebody says so.
pub(super) fn perhaps(found: &[Proposal]) -> impl Iterator<Item = &Proposal> {
    let found = found.iter();
    found.filter(|one| one.standing == Standing::Perhaps)
}

/// Open decisions that nobody answered.
pub(super) fn open<'a>(one: &'a Proposal, typed: &Said) -> Vec<&'a Decision> {
    let is_said = |key: &String| {
        let said = typed
            .get(&one.name)
            .is_some_and(|said| said.contains_key(key));
        said || one.values.iter().any(|(known, _)| known == key)
    };
    let decisions = one.reading.shown();
    decisions
        .filter(|decision| decision.is_open() && !is_said(&decision.key))
        .collect()
}

/// One line: name, folder, language, what it is built with, and the values that matter most.
pub(super) fn describe(one: &Proposal) -> String {
    let mut text = format!(
        "{}  {} ({})",
        one.name, one.language.manifest.title, one.place.document.name
    );
    for key in ["framework", "port"] {
        let decision = one.reading.decision(key);
        let finding = decision.and_then(|decision| decision.finding.as_ref());
        if let Some(finding) = finding.filter(|finding| finding.value != Value::Bool(false)) {
            let place = finding.place.short();
            text.push_str(&format!(", {key} {} ({place})", finding.value.display()));
        }
    }
    let others = one.members().into_iter();
    let others = others.filter(|member| *member != one.folder);
    let others: Vec<_> = others
        .map(|member| if member == "." { "the top" } else { member })
        .collect();
    if !others.is_empty() {
        text.push_str(&format!(", with {}", others.join(", ")));
    }
    text
}

/// `--set services.NAME=false`: leaves a service out.
fn take_off(detection: &mut Detection<'_>) -> BTreeSet<String> {
    let documents = &mut detection.session.documents;
    let name = |text: &str| {
        let name = text.strip_prefix(TABLE)?.strip_prefix('.')?;
        Some(name.strip_suffix("= false")?.trim().to_owned())
    };
    let names = documents.iter().filter_map(|document| name(&document.text));
    let names = names.filter(|name| !name.contains('.')).collect();
    documents.retain(|document| name(&document.text).is_none_or(|name| name.contains('.')));
    names
}
