//! Fields → questions → answers, each answer going through the same gate as a flag.
use std::sync::Arc;

use super::prompter::{Item, Prompter, Question, Stop};
use crate::plan::Plan;
use crate::report::Document;
use crate::spec::services::TABLE;
use crate::spec::{Field, Kind, Source, Value, argument, parse};

/// Answers so far, as documents like those of `--set`.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// One a key, in the order of asking.
    pub documents: Vec<(String, Arc<Document>)>,
}

impl Answers {
    /// Puts an answer in the place of an earlier one to the same question.
    pub fn set(&mut self, key: &str, document: Arc<Document>) {
        self.documents.retain(|(known, _)| known != key);
        self.documents.push((key.to_owned(), document));
    }

    /// The keys that were answered.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|(key, _)| key.as_str())
    }
}

/// Asks for one field; `default` is what the plan holds now.
pub fn ask(
    prompter: &mut dyn Prompter,
    field: &Field,
    default: Option<&Value>,
    answers: &mut Answers,
) -> Result<(), Stop> {
    let question = question(field, default);
    let answer = prompter.ask(&question, &|text| check(field, text))?;
    let document = argument::from_assignment("answer", &format!("{}={answer}", field.key))
        .map_err(|diagnostic| Stop::Terminal(diagnostic.message))?;
    answers.set(&field.key, document);
    Ok(())
}

/// The same field of one of several services.
pub fn of_service(field: &Field, name: &str) -> Field {
    Field {
        title: format!("{name}: {}", field.title),
        key: format!("{TABLE}.{name}.{}", field.key),
        ..field.clone()
    }
}

fn question(field: &Field, default: Option<&Value>) -> Question {
    let item = |value: &str, title: String| Item {
        value: value.to_owned(),
        title,
    };
    let items = match field.kind {
        Kind::Bool => vec![
            item("false", "no".to_owned()),
            item("true", "yes".to_owned()),
        ],
        Kind::Choice => {
            let choices = field.choices.iter();
            rows(choices.map(|choice| (choice.value.as_str(), choice.title.as_str())))
        }
        _ => Vec::new(),
    };
    Question {
        text: field.title.clone(),
        default: default.map(as_typed).unwrap_or_default(),
        items,
    }
}

/// Items in two columns: the name, which is what one types into the spec, and what it is.
pub fn rows<'a>(choices: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Item> {
    let choices: Vec<_> = choices.collect();
    let width = choices
        .iter()
        .map(|(value, _)| value.len())
        .max()
        .unwrap_or(0);
    choices
        .into_iter()
        .map(|(value, title)| {
            let own = title
                .strip_prefix(value)
                .and_then(|rest| rest.strip_prefix(": "));
            let row = format!("{value:width$}  {}", own.unwrap_or(title));
            Item {
                value: value.to_owned(),
                title: row.trim_end().to_owned(),
            }
        })
        .collect()
}

/// A value as it is typed behind `--set key=`.
fn as_typed(value: &Value) -> String {
    match value {
        Value::List(items) if items.iter().all(|item| !item.display().contains(',')) => {
            let texts: Vec<_> = items.iter().map(Value::display).collect();
            texts.join(",")
        }
        Value::List(_) | Value::Map(_) => value.to_toml(),
        _ => value.display(),
    }
}

fn check(field: &Field, text: &str) -> Result<(), String> {
    let document = argument::from_assignment("answer", &format!("{}={text}", field.key))
        .map_err(|diagnostic| diagnostic.message)?;
    let layer = parse::read(&document, std::slice::from_ref(field));
    match layer.diagnostics.into_iter().next() {
        None => Ok(()),
        Some(diagnostic) => Err(diagnostic.label),
    }
}

/// The value of a field in a plan, unless it is nothing a person would see as a default.
pub(super) fn current<'a>(plan: &'a Plan, field: &Field) -> Option<&'a Value> {
    plan.value(&field.key)
}

/// Whether the user said the value already, by a flag or in the spec.
pub fn is_said(plan: &Plan, key: &str) -> bool {
    plan.values
        .get(key)
        .is_some_and(|sourced| matches!(sourced.source, Source::Flag(_) | Source::Spec(_)))
}

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::*;

    fn port() -> Field {
        let fields = crate::spec::core_fields();
        fields
            .into_iter()
            .find(|field| field.key == "port")
            .unwrap()
    }

    #[test]
    fn enter_takes_the_default_and_nonsense_is_asked_again() {
        let mut script = Script::new(&["abc", "0", ""]);
        let mut answers = Answers::default();
        ask(
            &mut script,
            &port(),
            Some(&Value::Integer(8080)),
            &mut answers,
        )
        .unwrap();
        assert_eq!(script.shown.len(), 2);
        assert_eq!(answers.documents[0].1.text, "port = 8080");
    }

    #[test]
    fn no_answer_is_a_cancel() {
        let result = ask(
            &mut Script::new(&[]),
            &port(),
            None,
            &mut Answers::default(),
        );
        assert!(matches!(result, Err(Stop::Cancelled)));
    }
}
