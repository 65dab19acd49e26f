//! The wizard's way through `new`: ask, sum up, change, show, write. `init` sums up in the same way.
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
use crate::workspace::{Change, OnConflict};

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
    let Some((session, plans)) = dialogue.hold(start, &mut terminal)? else {
        return Err(Stop::Cancelled.into());
    };
    // From here on nothing is asked but what to do with files that are in the way.
    finish(&session, &plans, writing, printer)
}

/// What a dialogue is about: planned anew after each answer.
pub(super) trait Draft {
    fn session(&self) -> &Session<'_>;

    /// A plan of the project, or of each of several services.
    fn plans(&mut self, answers: &Answers) -> Result<Vec<Plan>, Failure>;
}

/// A new project.
struct Project<'a> {
    session: Session<'a>,
    language: Language,
}

impl Draft for Project<'_> {
    fn session(&self) -> &Session<'_> {
        &self.session
    }

    fn plans(&mut self, answers: &Answers) -> Result<Vec<Plan>, Failure> {
        self.plan(answers).map(|plan| vec![plan])
    }
}

impl Project<'_> {
    fn plan(&mut self, answers: &Answers) -> Result<Plan, Failure> {
        say(&mut self.session.documents, answers);
        // A changed name replaces the one that the folder gave.
        let renamed = answers.keys().any(|key| key == "name");
        let fixed = if renamed {
            std::mem::take(&mut self.session.fixed)
        } else {
            Vec::new()
        };
        let plan = self.session.plan(self.language.clone());
        if plan.is_err() && renamed {
            self.session.fixed = fixed;
        }
        plan
    }
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
    ) -> Result<Option<(Session<'a>, Vec<Plan>)>, Failure> {
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
        let mut project = Project { session, language };
        let plan = self.questions(&mut project, prompter, &mut answers)?;
        let plans = policies::ask(&mut project, prompter, (vec![plan], &mut answers))?;
        let reviewed = review(&mut project, prompter, (&mut answers, self.printer), plans)?;
        Ok(reviewed.map(|plans| (project.session, plans)))
    }

    /// The language's questions, less what was said already.
    fn questions(
        &self,
        project: &mut Project<'_>,
        prompter: &mut dyn Prompter,
        answers: &mut Answers,
    ) -> Result<Plan, Failure> {
        let mut plan = project.plan(answers)?;
        for key in &project.language.clone().manifest.questions {
            let field = plan.fields.iter().find(|field| field.key == *key).cloned();
            let Some(field) = field.filter(|field| plan.holds(&field.when)) else {
                continue;
            };
            if wizard::is_said(&plan, key)
                || (key == "port" && plan.value(key) == Some(&crate::spec::Value::Bool(false)))
            {
                continue;
            }
            plan = self.question(project, prompter, (&field, plan, answers))?;
        }
        Ok(plan)
    }

    /// One question; an answer that goes with nothing is told and asked again.
    fn question(
        &self,
        project: &mut Project<'_>,
        prompter: &mut dyn Prompter,
        (field, plan, answers): (&crate::spec::Field, Plan, &mut Answers),
    ) -> Result<Plan, Failure> {
        let plans = [plan];
        loop {
            let before = answers.clone();
            wizard::ask(prompter, field, plans[0].value(&field.key), answers)?;
            let new = project.plan(answers);
            let new = new.map(|plan| [plan]);
            match new.and_then(|new| policies::refuse_new(&plans, &new).map(|()| new)) {
                Ok([plan]) => return Ok(plan),
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
    draft: &mut dyn Draft,
    prompter: &mut dyn Prompter,
    (answers, printer): (&mut Answers, Printer),
    mut plans: Vec<Plan>,
) -> Result<Option<Vec<Plan>>, Failure> {
    loop {
        let before = answers.clone();
        match wizard::review(prompter, &plans, answers)? {
            Choice::Write => match policies::refuse(&plans) {
                Ok(()) => return Ok(Some(plans)),
                Err(failure) => {
                    failure.report(printer, false);
                }
            },
            Choice::Cancel => return Ok(None),
            Choice::Diff => prompter.show(&overview(&shown(draft.session(), &plans)?)),
            Choice::Changed => {
                let new = draft.plans(answers);
                match new.and_then(|new| policies::refuse_new(&plans, &new).map(|()| new)) {
                    Ok(new) => plans = new,
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
fn shown(session: &Session<'_>, plans: &[Plan]) -> Result<Vec<Change>, Failure> {
    let mut changes = session.changes(&session.files(plans)?)?;
    for change in &mut changes {
        change.decide(OnConflict::Fail, &session.lock);
    }
    Ok(changes)
}

/// Puts the answers behind what was said before, in the place of earlier ones.
pub(super) fn say(documents: &mut Vec<Arc<Document>>, answers: &Answers) {
    documents.retain(|document| document.name != ANSWER);
    documents.extend(answers.documents.iter().map(|(_, document)| {
        Arc::new(Document {
            name: ANSWER.to_owned(),
            text: document.text.clone(),
            is_argument: true,
        })
    }));
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
