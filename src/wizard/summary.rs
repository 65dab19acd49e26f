//! The summary: every value that matters with where it came from, and what to do now.
use super::prompter::{Item, Prompter, Question, Stop};
use super::questions::{Answers, ask, current};
use crate::plan::Plan;
use crate::spec::Source;

/// What the person chose at the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Write the files.
    Write,
    /// An answer was changed: plan again.
    Changed,
    /// Show what would be written.
    Diff,
    /// Write nothing.
    Cancel,
}

/// Keys that the summary shows even when nobody touched them.
const ALWAYS: [&str; 7] = [
    "name",
    "lang",
    "version",
    "framework",
    "runtime",
    "port",
    "health",
];

/// The lines of the summary: key, value, source. Without `all`, only what shapes the project or was said.
pub fn lines(plan: &Plan, all: bool) -> Vec<String> {
    let shown: Vec<_> = plan
        .fields
        .iter()
        .filter_map(|field| Some((field, plan.values.get(&field.key)?)))
        .filter(|(field, sourced)| {
            let own = field.key.starts_with("options.")
                && plan.holds(&field.when)
                && sourced.value.is_present();
            let said = !matches!(sourced.source, Source::Default(_));
            all || own || said || ALWAYS.contains(&field.key.as_str())
        })
        .map(|(field, sourced)| {
            (
                field.key.as_str(),
                sourced.value.display(),
                sourced.source.describe(),
            )
        })
        .collect();
    let keys = shown
        .iter()
        .map(|(key, ..)| key.chars().count())
        .max()
        .unwrap_or(0);
    let values = shown
        .iter()
        .map(|(_, value, _)| value.chars().count())
        .max()
        .unwrap_or(0);
    shown
        .into_iter()
        .map(|(key, value, source)| {
            let line = format!(
                "  {key:keys$}  {value:values$}  ({source})",
                values = values.min(40)
            );
            line.trim_end().to_owned()
        })
        .collect()
}

/// Shows the summary and asks what now.
pub fn review(
    prompter: &mut dyn Prompter,
    plan: &Plan,
    answers: &mut Answers,
) -> Result<Choice, Stop> {
    prompter.show(&lines(plan, false).join("\n"));
    let question = Question {
        text: "Write these files?".to_owned(),
        default: "write".to_owned(),
        items: vec![
            item("write", "write"),
            item("change", "change one"),
            item("diff", "show diff"),
            item("cancel", "cancel"),
        ],
    };
    match prompter.ask(&question, &|_| Ok(()))?.as_str() {
        "write" => Ok(Choice::Write),
        "diff" => Ok(Choice::Diff),
        "change" => change(prompter, plan, answers).map(|()| Choice::Changed),
        _ => Ok(Choice::Cancel),
    }
}

/// Asks whether what was shown is to be written.
pub fn confirm(prompter: &mut dyn Prompter) -> Result<Choice, Stop> {
    let question = Question {
        text: "Write these files?".to_owned(),
        default: "write".to_owned(),
        items: vec![
            item("write", "write"),
            item("diff", "show diff"),
            item("cancel", "cancel"),
        ],
    };
    Ok(match prompter.ask(&question, &|_| Ok(()))?.as_str() {
        "write" => Choice::Write,
        "diff" => Choice::Diff,
        _ => Choice::Cancel,
    })
}

fn item(value: &str, title: &str) -> Item {
    Item {
        value: value.to_owned(),
        title: title.to_owned(),
    }
}

/// Which key, then its value. Another language or template is another project: those are not offered.
fn change(prompter: &mut dyn Prompter, plan: &Plan, answers: &mut Answers) -> Result<(), Stop> {
    let fields: Vec<_> = plan
        .fields
        .iter()
        .filter(|field| !["lang", "template"].contains(&field.key.as_str()))
        .filter(|field| plan.holds(&field.when))
        .collect();
    let items = fields.iter().map(|field| {
        let value = plan
            .value(&field.key)
            .map(crate::spec::Value::display)
            .unwrap_or_default();
        Item {
            value: field.key.clone(),
            title: format!("{} = {value}", field.key),
        }
    });
    let question = Question {
        text: "Which one?".to_owned(),
        default: String::new(),
        items: items.collect(),
    };
    let key = prompter.ask(&question, &|_| Ok(()))?;
    match fields.into_iter().find(|field| field.key == key) {
        Some(field) => ask(prompter, field, current(plan, field), answers),
        None => Ok(()),
    }
}
