//! `init` with a person at the terminal: asks what is open, sums up, changes one, shows, writes.
use super::arguments::Writing;
use super::detection::Detection;
use super::failure::Failure;
use super::generate::finish;
use super::hidden::hidden;
use super::init::tell;
use super::session::Session;
use super::wizard::{Draft, ask_language, review, say};
use super::{library, policies};
use crate::detect::{Decision, candidates, is_close};
use crate::exit::Exit;
use crate::language::{self, Language};
use crate::plan::Plan;
use crate::report::{Diagnostic, Printer};
use crate::spec::{Choice as FieldChoice, Field, Kind, Value};
use crate::wizard::{self, Answers, Prompter, Stop, Terminal};

/// How many rounds of questions there are at most: an answer may bring up another question.
pub(super) const ROUNDS: usize = 12;

/// Asks at the terminal, then goes on like `generate`.
pub(super) fn run(
    mut detection: Detection<'_>,
    writing: &Writing,
    printer: Printer,
) -> Result<Exit, Failure> {
    let mut terminal = Terminal::new(printer.colour);
    let mut answers = Answers::default();
    let language = language(&mut detection, &mut terminal, &mut answers)?;
    tell(&language, &detection.read(&language), &detection, printer);
    questions(&mut detection, &language, &mut terminal, &mut answers)?;
    let mut found = Found {
        detection,
        language,
    };
    let plans = found.plans(&answers)?;
    let plans = policies::ask(&mut found, &mut terminal, (plans, &mut answers))?;
    let plans = review(&mut found, &mut terminal, (&mut answers, printer), plans)?;
    let plans = plans.ok_or(Stop::Cancelled)?;
    finish(&found.detection.session, &plans, writing, printer)
}

/// A repository with its language: what an answer changes is looked at anew.
struct Found<'a> {
    detection: Detection<'a>,
    language: Language,
}

impl Draft for Found<'_> {
    fn session(&self) -> &Session<'_> {
        &self.detection.session
    }

    fn plans(&mut self, answers: &Answers) -> Result<Vec<Plan>, Failure> {
        say(&mut self.detection.session.documents, answers);
        let reading = self.detection.read(&self.language);
        self.detection.take(&self.language, &reading);
        let mut plan = self.detection.session.plan(self.language.clone())?;
        plan.diagnostics
            .extend(hidden(&self.detection.view, &reading, &plan));
        Ok(vec![plan])
    }
}

fn language(
    detection: &mut Detection<'_>,
    prompter: &mut dyn Prompter,
    answers: &mut Answers,
) -> Result<Language, Failure> {
    let found = candidates(&detection.view, library::all(detection.session.context)?);
    if detection.session.language()?.is_none() && is_close(&found) {
        return ask_language(prompter, answers, detection.session.context);
    }
    detection.language()
}

/// Asks for one open value after the other; each answer may settle or open others.
fn questions(
    detection: &mut Detection<'_>,
    language: &Language,
    prompter: &mut dyn Prompter,
    answers: &mut Answers,
) -> Result<(), Failure> {
    let fields = language::fields(Some(language));
    for _ in 0..ROUNDS {
        let reading = detection.read(language);
        if let Some(need) = reading.needs.iter().find(|need| need.key.is_none()) {
            let diagnostic = Diagnostic::error("missing-answer", need.reason.clone());
            return Err(Failure::usage(diagnostic.help(need.help.clone())));
        }
        let open = detection.unanswered(&reading).first().copied().cloned();
        let needed = reading.needs.iter().find_map(|need| need.key.clone());
        let Some(key) = open.as_ref().map(|open| open.key.clone()).or(needed) else {
            return Ok(());
        };
        let Some(field) = fields.iter().find(|field| field.key == key) else {
            return Ok(());
        };
        let (field, default) = as_question(field, open.as_ref());
        wizard::ask(prompter, &field, default.as_ref(), answers)?;
        say(&mut detection.session.documents, answers);
    }
    Ok(())
}

/// Alternatives become a choice; a guess becomes what Enter gives.
pub(super) fn as_question(field: &Field, open: Option<&Decision>) -> (Field, Option<Value>) {
    let Some(decision) = open else {
        return (field.clone(), None);
    };
    let guess = decision
        .finding
        .as_ref()
        .map(|finding| finding.value.clone());
    let texts = decision.alternatives.iter().map(|finding| FieldChoice {
        value: finding.value.display(),
        title: finding.place.short(),
    });
    let is_choice = guess.is_none() && matches!(field.kind, Kind::String | Kind::Choice);
    if is_choice {
        let field = Field {
            kind: Kind::Choice,
            choices: texts.collect(),
            ..field.clone()
        };
        return (field, None);
    }
    let first = decision.alternatives.first();
    let default = guess.or_else(|| first.map(|finding| finding.value.clone()));
    (field.clone(), default)
}
