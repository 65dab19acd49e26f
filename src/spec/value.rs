//! The values a spec can hold, and where each came from.
use std::collections::BTreeMap;

use crate::report::Place;

/// One value of a spec: what TOML can say, less dates and floats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// A list, in the user's order.
    List(Vec<Value>),
    /// A table, sorted by key.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list; empty for anything else.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::List(items) => items.iter().filter_map(Value::as_text).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it says something: not `false`, not an empty text, list or table.
    pub fn is_present(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Integer(_) => true,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
        }
    }

    /// As a person would read it: texts bare, lists with commas.
    pub fn display(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::List(items) => items
                .iter()
                .map(Value::display)
                .collect::<Vec<_>>()
                .join(" "),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| format!("{key}={}", value.display()))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    /// As TOML text on one line, so that it can stand behind `key =`.
    pub fn to_toml(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Text(text) => toml_text(text),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Value::to_toml).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(entries) => {
                let entry = |(key, value): (&String, &Value)| {
                    format!("{} = {}", toml_text(key), value.to_toml())
                };
                let entries: Vec<_> = entries.iter().map(entry).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }

    /// As JSON, for `--json`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(toml::Value::from(self.clone())).unwrap_or_default()
    }
}

impl From<Value> for toml::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Bool(value) => Self::Boolean(value),
            Value::Integer(value) => Self::Integer(value),
            Value::Text(text) => Self::String(text),
            Value::List(items) => Self::Array(items.into_iter().map(Into::into).collect()),
            Value::Map(entries) => Self::Table(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, value.into()))
                    .collect(),
            ),
        }
    }
}

impl TryFrom<&toml::Value> for Value {
    type Error = &'static str;

    fn try_from(value: &toml::Value) -> Result<Self, Self::Error> {
        Ok(match value {
            toml::Value::Boolean(value) => Self::Bool(*value),
            toml::Value::Integer(value) => Self::Integer(*value),
            toml::Value::String(text) => Self::Text(text.clone()),
            toml::Value::Array(items) => {
                Self::List(items.iter().map(Self::try_from).collect::<Result<_, _>>()?)
            }
            toml::Value::Table(entries) => Self::Map(
                entries
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), Self::try_from(value)?)))
                    .collect::<Result<_, Self::Error>>()?,
            ),
            toml::Value::Float(_) | toml::Value::Datetime(_) => {
                return Err("floats and dates have no meaning here; write a text");
            }
        })
    }
}

/// A text as a TOML basic string on one line. Its escapes are JSON's, and DEL must be escaped too
/// (<https://toml.io/en/v1.0.0#string>).
pub fn toml_text(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007F")
}

/// Where a value came from; shown in the summary, in `--json` and by diagnostics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag such as `--port` or `--set`.
    Flag(Place),
    /// A line of the spec.
    Spec(Place),
    /// A line of the person's configuration or of the organisation's policy.
    Setting(Place),
    /// Answered in the wizard.
    Answer,
    /// Seen in the repository.
    Evidence {
        /// Where; an empty text stands for a file whose being there is enough.
        place: Place,
        /// The rule that saw it, such as `version/directive`.
        rule: String,
    },
    /// The name of the project's folder.
    Folder,
    /// The name of the service's table.
    Service,
    /// What the written sample needs.
    Sample,
    /// Where the template comes from.
    Template,
    /// What an earlier run resolved, from `scaffold.lock`.
    Lock,
    /// A table whose entries come from several, the strongest first.
    Joined(Vec<Source>),
    /// A default, with the name of who gives it: a language, a framework, a runtime, the catalogue.
    Default(String),
}

impl Source {
    /// A few words for people: `--port`, `scaffold.toml:3`, `default of flask`.
    pub fn describe(&self) -> String {
        match self {
            Self::Flag(place)
            | Self::Spec(place)
            | Self::Setting(place)
            | Self::Evidence { place, .. } => place.short(),
            Self::Answer => "your answer".to_owned(),
            Self::Folder => "the folder's name".to_owned(),
            Self::Service => "name of the service".to_owned(),
            Self::Sample => "the sample".to_owned(),
            Self::Template => "the template's address".to_owned(),
            Self::Lock => "scaffold.lock".to_owned(),
            Self::Joined(all) => {
                let mut words: Vec<_> = all.iter().map(Self::describe).collect();
                words.dedup();
                words.join(", ")
            }
            Self::Default(whose) => format!("default of {whose}"),
        }
    }

    /// The place to point at, for what the user wrote.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Flag(place) | Self::Spec(place) | Self::Setting(place) => Some(place),
            Self::Evidence { place, .. } if !place.document.text.is_empty() => Some(place),
            Self::Joined(all) => all.iter().find_map(Self::place),
            _ => None,
        }
    }
}

impl Source {
    /// Whether a person said it for this very project.
    pub fn is_said(&self) -> bool {
        match self {
            Self::Flag(_) | Self::Spec(_) | Self::Answer => true,
            Self::Joined(all) => all.iter().any(Self::is_said),
            _ => false,
        }
    }

    /// This one, and another that gives a part of the same table.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all = match self {
            Self::Joined(all) => all,
            one => vec![one],
        };
        if !all.contains(&other) {
            all.push(other);
        }
        Self::Joined(all)
    }
}

/// A value with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced {
    /// What it is.
    pub value: Value,
    /// Where from.
    pub source: Source,
}
