//! `init` of several services with a person at the terminal: which are meant, what is open, write or not.
use super::arguments::Writing;
use super::asking::{ROUNDS, as_question};
use super::failure::Failure;
use super::generate::finish;
use super::policies;
use super::session::Session;
use super::several::{Several, open, perhaps};
use super::wizard::{ANSWER, Draft, review, say};
use crate::detect::services::Proposal;
use crate::exit::Exit;
use crate::language;
use crate::plan::Plan;
use crate::report::{Document, Printer};
use crate::spec::services::TABLE;
use crate::spec::value::toml_text;
use crate::wizard::{self, Answers, Item, Prompter, Question, Stop, Terminal};

/// What stands before the name of a service that is taken off.
const WITHOUT: &str = "without ";
/// The same of one that is taken too.
const WITH: &str = "with ";

/// Asks at the terminal: which services, what is open, then whether to write.
pub(super) fn run(
    mut several: Several<'_>,
    writing: &Writing,
    printer: Printer,
) -> Result<Exit, Failure> {
    let mut terminal = Terminal::new(printer.colour);
    let mut answers = Answers::default();
    loop {
        let found = several.look()?;
        several.tell(&found, printer);
        if !several.choose(&found, &mut terminal, &mut answers)? {
            break;
        }
    }
    let found = several.questions(&mut terminal, &mut answers)?;
    several.refuse_open(&found)?;
    let plans = several.take(&found)?;
    let plans = policies::ask(&mut several, &mut terminal, (plans, &mut answers))?;
    let plans = review(&mut several, &mut terminal, (&mut answers, printer), plans)?;
    let plans = plans.ok_or(Stop::Cancelled)?;
    finish(&several.detection.session, &plans, writing, printer)
}

impl Draft for Several<'_> {
    fn session(&self) -> &Session<'_> {
        &self.detection.session
    }

    fn plans(&mut self, answers: &Answers) -> Result<Vec<Plan>, Failure> {
        say(&mut self.detection.session.documents, answers);
        let found = self.look()?;
        self.take(&found)
    }
}

impl Several<'_> {
    /// Takes one off, or one more; `false` when all that are left are meant.
    fn choose(
        &mut self,
        found: &[Proposal],
        prompter: &mut dyn Prompter,
        answers: &mut Answers,
    ) -> Result<bool, Stop> {
        let taken = self.taken(found);
        let perhaps: Vec<_> = perhaps(found).collect();
        if taken.len() < 2 && perhaps.is_empty() {
            return Ok(false);
        }
        let all = match taken.len() {
            1 => format!("only {}", taken[0].name),
            count => format!("all {count}"),
        };
        let off = taken.iter().filter(|_| taken.len() > 1);
        let off = off.map(|one| format!("{WITHOUT}{}", one.name));
        let more = perhaps.iter().map(|one| format!("{WITH}{}", one.name));
        let rows = std::iter::once(all.clone()).chain(off).chain(more);
        let item = |row: String| Item {
            value: row.clone(),
            title: row,
        };
        let question = Question {
            text: "Which services?".to_owned(),
            default: all,
            items: rows.map(item).collect(),
        };
        let answer = prompter.ask(&question, &|_| Ok(()))?;
        if let Some(name) = answer.strip_prefix(WITHOUT) {
            self.left_out.insert(name.to_owned());
            return Ok(true);
        }
        let name = answer.strip_prefix(WITH);
        let Some(more) = perhaps.iter().find(|one| Some(one.name.as_str()) == name) else {
            return Ok(false);
        };
        let key = format!("{TABLE}.{}.path", more.name);
        let path = format!("{key} = {}", toml_text(&more.folder));
        answers.set(&key, Document::argument(ANSWER, path));
        say(&mut self.detection.session.documents, answers);
        Ok(true)
    }

    /// Asks for one open value after the other; each answer may settle or open others.
    fn questions(
        &mut self,
        prompter: &mut dyn Prompter,
        answers: &mut Answers,
    ) -> Result<Vec<Proposal>, Failure> {
        let rounds = ROUNDS * self.taken(&self.look()?).len();
        for _ in 0..rounds {
            let found = self.look()?;
            let typed = self.typed();
            let taken = self.taken(&found);
            let next = taken.into_iter().find_map(|one| {
                let open = open(one, &typed).into_iter().next()?;
                Some((one, open))
            });
            let Some((one, decision)) = next else {
                return Ok(found);
            };
            let fields = language::service_fields(Some(&one.language));
            let Some(field) = fields.iter().find(|field| field.key == decision.key) else {
                return Ok(found);
            };
            let (field, default) = as_question(field, Some(decision));
            let field = wizard::of_service(&field, &one.name);
            wizard::ask(prompter, &field, default.as_ref(), answers)?;
            say(&mut self.detection.session.documents, answers);
        }
        self.look()
    }
}
