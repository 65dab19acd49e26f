//! The wizard's way through `new`: ask, sum up, change, show, write.
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::arguments::Writing;
use super::failure::Failure;
use super::generate::finish;
use super::new::{fit_name, open};
use super::report::overview;
use super::session::Session;
use super::{library, policies};
use crate::context::Context;
use crate::exit::Exit;
use crate::language::{self, Language};
use crate::plan::Plan;
use crate::report::{Diagnostic, Document, Printer};
use crate::spec::{Source, name};
use crate::wizard::{self, Answers, Choice, Prompter, Question, Stop, Terminal};

/// What the command line said already.
pub(super) struct Start {
    pub(super) dir: Option<Utf8PathBuf>,
    pub(super) name: Option<(String, Source)>,
    pub(super) documents: Vec<Arc<Document>>,
}

/// Asks at the terminal, then goes on like `new`.
pub(super) fn run(
    start: Start,
    writing: &Writing,
    (context, printer): (&Context, Printer),
) -> Result<Exit, Failure> {
    let mut terminal = Terminal::new(printer.colour);
    let dialogue = Dialogue { context, printer };
    let Some((session, plan)) = dialogue.hold(start, &mut terminal)? else {
        return Err(Stop::Cancelled.into());
    };
    // From here on nothing is asked but what to do with files that are in the way.
    finish(&session, &[plan], writing, printer)
}

struct Dialogue<'a> {
    context: &'a Context,
    printer: Printer,
}

impl<'a> Dialogue<'a> {
    /// `None` when the person cancels at the summary.
    fn hold(
        &self,
        start: Start,
        prompter: &mut dyn Prompter,
    ) -> Result<Option<(Session<'a>, Plan)>, Failure> {
        let named = match (start.name, &start.dir) {
            (None, None) => Some((ask_name(prompter)?, Source::Answer)),
            (named, _) => named,
        };
        let spoken = named.as_ref().map_or("", |(name, _)| name);
        let dir = start
            .dir
            .unwrap_or_else(|| Utf8PathBuf::from(name::slug(spoken)));
        let mut session = open(self.context, &dir, start.documents)?;
        let mut answers = Answers::default();
        let language = match session.language()? {
            Some(language) => language,
            None => ask_language(prompter, &mut answers, self.context)?,
        };
        fit_name(&mut session, &language, named.as_ref(), self.printer);
        let plan = self.questions(&mut session, &language, prompter, &mut answers)?;
        let reviewed = review(
            &mut session,
            &language,
            prompter,
            (&mut answers, self.printer),
            plan,
        )?;
        Ok(reviewed.map(|plan| (session, plan)))
    }

    /// The language's questions, less what was said already.
    fn questions(
        &self,
        session: &mut Session<'_>,
        language: &Language,
        prompter: &mut dyn Prompter,
        answers: &mut Answers,
    ) -> Result<Plan, Failure> {
        let mut plan = replan(session, language, answers)?;
        for key in &language.manifest.questions {
            let field = plan.fields.iter().find(|field| field.key == *key).cloned();
            let Some(field) = field.filter(|field| plan.holds(&field.when)) else {
                continue;
            };
            if wizard::is_said(&plan, key)
                || (key == "port" && plan.value(key) == Some(&crate::spec::Value::Bool(false)))
            {
                continue;
            }
            plan = self.question(session, language, prompter, (&field, plan, answers))?;
        }
        policies::ask(session, language, prompter, (plan, answers))
    }

    /// One question; an answer that goes with nothing is told and asked again.
    fn question(
        &self,
        session: &mut Session<'_>,
        language: &Language,
        prompter: &mut dyn Prompter,
        (field, plan, answers): (&crate::spec::Field, Plan, &mut Answers),
    ) -> Result<Plan, Failure> {
        loop {
            let before = answers.clone();
            wizard::ask(prompter, field, plan.value(&field.key), answers)?;
            let new = replan(session, language, answers);
            match new.and_then(|new| policies::refuse_new(&plan, &new).map(|()| new)) {
                Ok(plan) => return Ok(plan),
                Err(failure) => {
                    failure.report(self.printer, false);
                    *answers = before;
                }
            }
        }
    }
}

/// The summary until the person writes; `None` when it is cancelled there. A change that does not go is told, and the
/// value before stays.
pub(super) fn review(
    session: &mut Session<'_>,
    language: &Language,
    prompter: &mut dyn Prompter,
    (answers, printer): (&mut Answers, Printer),
    mut plan: Plan,
) -> Result<Option<Plan>, Failure> {
    loop {
        let before = answers.clone();
        match wizard::review(prompter, &plan, answers)? {
            Choice::Write => match policies::refuse(std::slice::from_ref(&plan)) {
                Ok(()) => return Ok(Some(plan)),
                Err(failure) => {
                    failure.report(printer, false);
                }
            },
            Choice::Cancel => return Ok(None),
            Choice::Diff => prompter.show(&overview(&shown(session, std::slice::from_ref(&plan))?)),
            Choice::Changed => {
                let new = replan(session, language, answers);
                match new.and_then(|new| policies::refuse_new(&plan, &new).map(|()| new)) {
                    Ok(new) => plan = new,
                    Err(failure) => {
                        failure.report(printer, false);
                        prompter.show("That does not go; the value before stays.");
                        *answers = before;
                    }
                }
            }
        }
    }
}

/// What would be written, to be shown.
pub(super) fn shown(
    session: &Session<'_>,
    plans: &[Plan],
) -> Result<Vec<crate::workspace::Change>, Failure> {
    let mut changes = session.changes(&session.files(plans)?)?;
    for change in &mut changes {
        change.decide(crate::workspace::OnConflict::Fail, &session.lock);
    }
    Ok(changes)
}

pub(super) fn replan(
    session: &mut Session<'_>,
    language: &Language,
    answers: &Answers,
) -> Result<Plan, Failure> {
    let said = session
        .documents
        .iter()
        .filter(|document| document.name != ANSWER);
    let mut documents: Vec<_> = said.cloned().collect();
    documents.extend(answers.documents.iter().map(|(_, document)| {
        Arc::new(Document {
            name: ANSWER.to_owned(),
            text: document.text.clone(),
            is_argument: true,
        })
    }));
    // A changed name replaces the one that the folder gave.
    let renamed = answers.keys().any(|key| key == "name");
    let fixed = if renamed {
        std::mem::take(&mut session.fixed)
    } else {
        Vec::new()
    };
    session.documents = documents;
    let plan = session.plan(language.clone());
    if plan.is_err() && renamed {
        session.fixed = fixed;
    }
    plan
}

/// The name under which answers appear as a source.
pub(super) const ANSWER: &str = "your answer";

fn ask_name(prompter: &mut dyn Prompter) -> Result<String, Stop> {
    let question = Question {
        text: "Project name".to_owned(),
        default: "my-app".to_owned(),
        items: Vec::new(),
    };
    let check = |text: &str| {
        if name::slug(text).is_empty() {
            Err("a name needs letters or digits".to_owned())
        } else {
            Ok(())
        }
    };
    prompter.ask(&question, &check)
}

/// Which language; the answer is one like any other, so that the summary says where it came from.
pub(super) fn ask_language(
    prompter: &mut dyn Prompter,
    answers: &mut Answers,
    context: &Context,
) -> Result<Language, Failure> {
    let mut rows: Vec<_> = language::load_all()?
        .into_iter()
        .map(|language| (language.id, language.manifest.summary.clone()))
        .collect();
    rows.extend(library::known(context).into_iter().map(|known| {
        let summary = known.summary();
        (known.name, summary)
    }));
    let question = Question {
        text: "Language".to_owned(),
        default: String::new(),
        items: wizard::rows(
            rows.iter()
                .map(|(id, summary)| (id.as_str(), summary.as_str())),
        ),
    };
    let id = prompter.ask(&question, &|_| Ok(()))?;
    answers.set(
        "lang",
        Document::argument(ANSWER, format!("lang = \"{id}\"")),
    );
    let found = match language::load(&id)? {
        None => library::named(context, &id)?,
        found => found,
    };
    found.ok_or_else(|| {
        Failure::usage(Diagnostic::error(
            "unknown-language",
            format!("no language `{id}`"),
        ))
    })
}
