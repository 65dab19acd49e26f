//! What a key of the spec may hold. The core's keys stand in `templates/spec.toml`, a language's options in its
//! `language.toml`; the wizard, `--set`, validation, `show` and the JSON Schema all read this one description.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::value::Value;

/// The type of a field.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number between `min` and `max`.
    Integer,
    /// A text without control characters.
    String,
    /// A path below the project: relative, with `/`, without `..`.
    Path,
    /// One of `choices`.
    Choice,
    /// A list of texts.
    List,
    /// A list of paths below the project.
    Paths,
    /// A table of texts.
    Map,
}

/// One of several values to choose from.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// As it is written in the spec.
    pub value: String,
    /// One line for people.
    #[serde(default)]
    pub title: String,
}

/// Keys and the values they must have; see [`holds`].
pub type When = BTreeMap<String, toml::Value>;

/// One key of the spec.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "keys of a manifest")]
pub struct Field {
    /// The dotted key; empty in a file that gives it as the table's name.
    #[serde(default)]
    pub key: String,
    /// Its type.
    pub kind: Kind,
    /// A few words; the wizard's question.
    pub title: String,
    /// One or two sentences.
    #[serde(default)]
    pub help: String,
    /// A regular expression that the text, or each item, must match from end to end.
    pub pattern: Option<String>,
    /// What `pattern` means, in words.
    #[serde(default)]
    pub expects: String,
    /// The same for the keys of a table.
    pub keys: Option<String>,
    /// The least number.
    pub min: Option<i64>,
    /// The greatest number.
    pub max: Option<i64>,
    /// Whether `false` may stand instead, for "none".
    #[serde(default)]
    pub or_false: bool,
    /// Whether it may stand outside of the services' tables, for all of them.
    #[serde(default)]
    pub shared: bool,
    /// Whether one service of several does not have it.
    #[serde(default)]
    pub alone: bool,
    /// Whether it is of all services together: it stands outside of their tables only.
    #[serde(default)]
    pub once: bool,
    /// The values of a choice, or of a list's items.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Only then has it a meaning.
    #[serde(default)]
    pub when: When,
    /// The value when nobody says one.
    pub default: Option<toml::Value>,
}

impl Field {
    /// What it accepts, in words: for errors and for `show`.
    pub fn allowed(&self) -> String {
        let kind = match self.kind {
            Kind::Bool => "true or false".to_owned(),
            Kind::Integer => format!(
                "a whole number from {} to {}",
                self.min.unwrap_or(i64::MIN),
                self.max.unwrap_or(i64::MAX)
            ),
            Kind::Choice => format!("one of {}", self.choice_names()),
            Kind::List if !self.choices.is_empty() => {
                format!("a list of {}", self.choice_names())
            }
            Kind::Path => "a path below the project, without `..`".to_owned(),
            Kind::String => self.text_words("a text"),
            Kind::List => format!("a list; each item {}", self.text_words("a text")),
            Kind::Paths => "a list of paths below the project, without `..`".to_owned(),
            Kind::Map => format!("a table; each value {}", self.text_words("a text")),
        };
        if self.or_false {
            format!("{kind}, or false for none")
        } else {
            kind
        }
    }

    fn text_words(&self, otherwise: &str) -> String {
        if self.expects.is_empty() {
            otherwise.to_owned()
        } else {
            self.expects.clone()
        }
    }

    fn choice_names(&self) -> String {
        self.choices
            .iter()
            .map(|choice| choice.value.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Whether each key of `when` has one of the values named for it.
///
/// A list means any of its values, `{ not = … }` none of them; `true` against a text or a list means "not empty"; `false`
/// means "nothing there". A version line is meant with all its patches.
pub fn holds<'a>(when: &When, lookup: impl Fn(&str) -> Option<&'a Value>) -> bool {
    when.iter().all(|(key, wanted)| {
        let actual = lookup(key);
        let fits =
            |one: &toml::Value| matches(one, actual) || key == "version" && is_patch(one, actual);
        match wanted.get("not") {
            Some(unwanted) => !any(unwanted, fits),
            None => any(wanted, fits),
        }
    })
}

fn any(wanted: &toml::Value, fits: impl Fn(&toml::Value) -> bool) -> bool {
    match wanted {
        toml::Value::Array(several) => several.iter().any(fits),
        one => fits(one),
    }
}

fn is_patch(line: &toml::Value, actual: Option<&Value>) -> bool {
    let (Some(line), Some(Value::Text(version))) = (line.as_str(), actual) else {
        return false;
    };
    let patch = version.strip_prefix(line);
    patch.is_some_and(|patch| patch.starts_with('.'))
}

fn matches(wanted: &toml::Value, actual: Option<&Value>) -> bool {
    match (wanted, actual) {
        (toml::Value::Boolean(wanted), actual) => actual.is_some_and(Value::is_present) == *wanted,
        (wanted, Some(Value::List(items))) => items
            .iter()
            .any(|item| Value::try_from(wanted).as_ref() == Ok(item)),
        (wanted, Some(actual)) => Value::try_from(wanted).as_ref() == Ok(actual),
        (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(text: &str) -> When {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_version_line_is_meant_with_its_patches() {
        let version = Value::Text("1.18.4".into());
        let lookup = |_: &str| Some(&version);
        assert!(holds(&when("version = ['1.18', '1.17']"), lookup));
        assert!(holds(&when("version = '1.18.4'"), lookup));
        assert!(!holds(&when("version = '1.1'"), lookup));
        assert!(!holds(&when("version = { not = ['1.18'] }"), lookup));
        assert!(!holds(&when("'options.x' = '1.18'"), lookup));
    }

    #[test]
    fn all_keys_must_hold_and_a_list_means_any() {
        let framework = Value::Text("red".into());
        let cgo = Value::Bool(false);
        let lookup = |key: &str| match key {
            "framework" => Some(&framework),
            "cgo" => Some(&cgo),
            _ => None,
        };
        assert!(holds(
            &when("framework = ['blue', 'red']\ncgo = false"),
            lookup
        ));
        assert!(!holds(&when("framework = 'red'\ncgo = true"), lookup));
        assert!(holds(&when("missing = false"), lookup));
        assert!(holds(&when("framework = true"), lookup));
        assert!(holds(&when("framework = { not = 'blue' }"), lookup));
        assert!(!holds(
            &when("framework = { not = ['blue', 'red'] }"),
            lookup
        ));
    }
}
