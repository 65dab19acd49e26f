//! The summary: every value that matters with where it came from, and what to do now.
use super::prompter::{Item, Prompter, Question, Stop};
use super::questions::{Answers, ask, current, of_service};
use crate::plan::Plan;
use crate::spec::{Field, Source, Value};

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

/// The lines of one plan, or of each service below its name.
fn summary(plans: &[Plan]) -> String {
    let mut text = Vec::new();
    for plan in plans {
        text.extend(plan.service.as_ref().map(|service| service.name.clone()));
        text.extend(lines(plan, false));
    }
    text.join("\n")
}

/// Shows the summary and asks what now.
pub fn review(
    prompter: &mut dyn Prompter,
    plans: &[Plan],
    answers: &mut Answers,
) -> Result<Choice, Stop> {
    prompter.show(&summary(plans));
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
        "change" => change(prompter, plans, answers).map(|()| Choice::Changed),
        _ => Ok(Choice::Cancel),
    }
}

fn item(value: &str, title: &str) -> Item {
    Item {
        value: value.to_owned(),
        title: title.to_owned(),
    }
}

/// Which key, then its value; of several services, which of them first.
fn change(prompter: &mut dyn Prompter, plans: &[Plan], answers: &mut Answers) -> Result<(), Stop> {
    let plan = match plans {
        [plan] => Some(plan),
        _ => which(prompter, plans)?,
    };
    let Some(plan) = plan else {
        return Ok(());
    };
    let fields = changeable(plan);
    let items = fields.iter().map(|field| {
        let value = plan.value(&field.key).map(Value::display);
        let title = format!("{} = {}", field.key, value.unwrap_or_default());
        item(&field.key, &title)
    });
    let question = Question {
        text: "Which one?".to_owned(),
        default: String::new(),
        items: items.collect(),
    };
    let key = prompter.ask(&question, &|_| Ok(()))?;
    let Some(field) = fields.into_iter().find(|field| field.key == key) else {
        return Ok(());
    };
    let asked = match &plan.service {
        Some(service) if !field.once => of_service(field, &service.name),
        _ => field.clone(),
    };
    ask(prompter, &asked, current(plan, field), answers)
}

/// Another language or template is another project, and where a service lies was found: those are not offered.
fn changeable(plan: &Plan) -> Vec<&Field> {
    let fields = plan.fields.iter();
    let fields = fields.filter(|field| {
        let key = field.key.as_str();
        let is_place = plan.service.is_some() && key == "path";
        !["lang", "template"].contains(&key) && !is_place && plan.holds(&field.when)
    });
    fields.collect()
}

fn which<'a>(prompter: &mut dyn Prompter, plans: &'a [Plan]) -> Result<Option<&'a Plan>, Stop> {
    let name = |plan: &'a Plan| plan.service.as_ref().map(|service| service.name.as_str());
    let names = plans.iter().filter_map(name);
    let question = Question {
        text: "Of which service?".to_owned(),
        default: String::new(),
        items: names.map(|name| item(name, name)).collect(),
    };
    let chosen = prompter.ask(&question, &|_| Ok(()))?;
    let mut plans = plans.iter();
    Ok(plans.find(|plan| name(plan) == Some(chosen.as_str())))
}
