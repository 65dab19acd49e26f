//! `init` with a person at the terminal: asks what is open, sums up, changes one, shows, writes.
use std::sync::Arc;

use super::arguments::Writing;
use super::detection::{Detection, hidden};
use super::failure::Failure;
use super::generate::finish;
use super::init::tell;
use super::wizard::{self as dialogue, ask_language, replan};
use super::{library, policies};
use crate::detect::{Decision, Reading, candidates, is_close};
use crate::exit::Exit;
use crate::language::{self, Language};
use crate::plan::Plan;
use crate::report::{Diagnostic, Document, Printer};
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
    let reading = questions(&mut detection, &language, &mut terminal, &mut answers)?;
    detection.take(&language, &reading);
    let Some(mut plan) = review(
        &mut detection,
        &language,
        &mut terminal,
        (&mut answers, printer),
    )?
    else {
        return Err(Stop::Cancelled.into());
    };
    plan.diagnostics.extend(hidden(&reading, &plan));
    finish(&detection.session, &[plan], writing, printer)
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
) -> Result<Reading, Failure> {
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
            return Ok(reading);
        };
        let Some(field) = fields.iter().find(|field| field.key == key) else {
            return Ok(reading);
        };
        let (field, default) = as_question(field, open.as_ref());
        wizard::ask(prompter, &field, default.as_ref(), answers)?;
        add_answers(detection, answers);
    }
    Ok(detection.read(language))
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

pub(super) fn add_answers(detection: &mut Detection<'_>, answers: &Answers) {
    let documents = &mut detection.session.documents;
    documents.retain(|document| document.name != super::wizard::ANSWER);
    documents.extend(answers.documents.iter().map(|(_, document)| {
        Arc::new(Document {
            name: super::wizard::ANSWER.to_owned(),
            text: document.text.clone(),
            is_argument: true,
        })
    }));
}

/// The summary; `None` when the person cancels there.
fn review(
    detection: &mut Detection<'_>,
    language: &Language,
    prompter: &mut dyn Prompter,
    (answers, printer): (&mut Answers, Printer),
) -> Result<Option<Plan>, Failure> {
    let session = &mut detection.session;
    let plan = replan(session, language, answers)?;
    let plan = policies::ask(session, language, prompter, (plan, answers))?;
    dialogue::review(
        &mut detection.session,
        language,
        prompter,
        (answers, printer),
        plan,
    )
}
