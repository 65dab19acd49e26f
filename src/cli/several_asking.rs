//! `init` of several services with a person at the terminal: which are meant, what is open, write or not.
use super::arguments::Writing;
use super::asking::{ROUNDS, add_answers, as_question};
use super::failure::Failure;
use super::generate::finish;
use super::several::{Several, open};
use super::wizard::shown;
use crate::detect::services::Proposal;
use crate::exit::Exit;
use crate::language;
use crate::report::Printer;
use crate::spec::services::TABLE;
use crate::wizard::{self, Answers, Choice, Item, Prompter, Question, Stop, Terminal};

/// Asks at the terminal: which services, what is open, then whether to write.
pub(super) fn run(
    mut several: Several<'_>,
    writing: &Writing,
    printer: Printer,
) -> Result<Exit, Failure> {
    let mut terminal = Terminal::new(printer.colour);
    loop {
        let found = several.look()?;
        several.tell(&found, printer);
        if !several.choose(&found, &mut terminal)? {
            break;
        }
    }
    let found = several.questions(&mut terminal)?;
    several.refuse_open(&found)?;
    let plans = several.take(&found)?;
    loop {
        match wizard::confirm(&mut terminal)? {
            Choice::Write => break,
            Choice::Diff => {
                let changes = shown(&several.detection.session, &plans)?;
                terminal.show(&super::report::overview(&changes));
            }
            _ => return Err(Stop::Cancelled.into()),
        }
    }
    finish(&several.detection.session, &plans, writing, printer)
}

impl Several<'_> {
    /// Takes one off; `false` when all that are left are meant.
    fn choose(&mut self, found: &[Proposal], prompter: &mut dyn Prompter) -> Result<bool, Stop> {
        let taken = self.taken(found);
        if taken.len() < 2 {
            return Ok(false);
        }
        let item = |value: &str, title: String| Item {
            value: value.to_owned(),
            title,
        };
        let mut items = vec![item("", format!("all {}", taken.len()))];
        items.extend(
            taken
                .iter()
                .map(|one| item(&one.name, format!("without {}", one.name))),
        );
        let question = Question {
            text: "Which services?".to_owned(),
            default: String::new(),
            items,
        };
        let name = prompter.ask(&question, &|_| Ok(()))?;
        let more = !name.is_empty();
        self.left_out.extend(more.then_some(name));
        Ok(more)
    }

    /// Asks for one open value after the other; each answer may settle or open others.
    fn questions(&mut self, prompter: &mut dyn Prompter) -> Result<Vec<Proposal>, Failure> {
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
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
            let (mut field, default) = as_question(field, Some(decision));
            field.title = format!("{}: {}", one.name, field.title);
            field.key = format!("{TABLE}.{}.{}", one.name, field.key);
            wizard::ask(prompter, &field, default.as_ref(), &mut answers)?;
            add_answers(&mut self.detection, &answers);
        }
        self.look()
    }
}
