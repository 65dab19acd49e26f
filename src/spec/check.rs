//! One value against its field: type, pattern, range. The single gate through which every value of a user goes.
use regex::Regex;

use super::field::{Field, Kind};
use super::value::Value;
use crate::report::nearest;

/// Longest text a value may have, in bytes: far above any sensible use, far below what could hurt.
const LONGEST: usize = 4096;

/// Why a value is refused: what is wrong, and what to type instead if that is known.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it.
    pub message: String,
    /// What to type instead.
    pub help: Option<String>,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }
}

/// Checks `value` against `field`.
pub fn check(field: &Field, value: &Value) -> Result<(), Refusal> {
    if field.or_false && *value == Value::Bool(false) {
        return Ok(());
    }
    match (field.kind, value) {
        (Kind::Bool, Value::Bool(_)) => Ok(()),
        (Kind::Integer, Value::Integer(number)) => in_range(field, *number),
        (Kind::String, Value::Text(text)) => is_text(field, text),
        (Kind::Path, Value::Text(text)) => is_text(field, text).and_then(|()| is_path(text)),
        (Kind::Choice, Value::Text(text)) => is_choice(field, text),
        (Kind::List | Kind::Paths, Value::List(items)) => {
            items.iter().try_for_each(|item| is_item(field, item))
        }
        (Kind::Map, Value::Map(entries)) => entries
            .iter()
            .try_for_each(|(key, value)| is_key(field, key).and_then(|()| is_item(field, value))),
        _ => Err(Refusal::new(format!("expected {}", field.allowed()))),
    }
}

fn is_item(field: &Field, item: &Value) -> Result<(), Refusal> {
    let Some(text) = item.as_text() else {
        return Err(Refusal::new(format!("expected {}", field.allowed())));
    };
    match field.kind {
        Kind::Paths => is_text(field, text).and_then(|()| is_path(text)),
        _ if !field.choices.is_empty() => is_choice(field, text),
        _ => is_text(field, text),
    }
}

fn in_range(field: &Field, number: i64) -> Result<(), Refusal> {
    let low = field.min.is_none_or(|min| number >= min);
    let high = field.max.is_none_or(|max| number <= max);
    if low && high {
        Ok(())
    } else {
        Err(Refusal::new(format!("expected {}", field.allowed())))
    }
}

fn is_text(field: &Field, text: &str) -> Result<(), Refusal> {
    if text.len() > LONGEST {
        return Err(Refusal::new(format!("longer than {LONGEST} bytes")));
    }
    if text.chars().any(is_unprintable) {
        return Err(Refusal::new(
            "holds a control character, such as a line break",
        ));
    }
    match &field.pattern {
        Some(pattern) if !matches(pattern, text) => {
            Err(Refusal::new(format!("expected {}", field.allowed())))
        }
        _ => Ok(()),
    }
}

/// Control characters, and the marks that make a line read other than it is (Unicode Technical Report 36, section 3.2.4).
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_key(field: &Field, key: &str) -> Result<(), Refusal> {
    match &field.keys {
        Some(pattern) if !matches(pattern, key) => Err(Refusal::new(format!(
            "`{}` cannot be a name here: {pattern}",
            key.escape_debug()
        ))),
        _ => Ok(()),
    }
}

fn is_path(text: &str) -> Result<(), Refusal> {
    let escapes = text.split('/').any(|part| part == "..");
    if text.is_empty() || text.starts_with(['/', '-', '~']) || text.contains('\\') || escapes {
        return Err(Refusal::new(
            "expected a path below the project: relative, with `/`, without `..`",
        ));
    }
    Ok(())
}

fn is_choice(field: &Field, text: &str) -> Result<(), Refusal> {
    if field.choices.iter().any(|choice| choice.value == text) {
        return Ok(());
    }
    let names = field.choices.iter().map(|choice| choice.value.as_str());
    Err(Refusal {
        message: format!("expected {}", field.allowed()),
        help: nearest(text, names).map(|name| format!("did you mean `{name}`?")),
    })
}

/// Whether the whole text matches; a pattern that does not compile matches nothing (manifests are checked when loaded).
fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Field {
        toml::from_str(&format!("title = 't'\n{text}")).unwrap()
    }

    fn refused(field: &Field, value: &Value) -> String {
        check(field, value).unwrap_err().message
    }

    #[test]
    fn a_port_is_a_number_or_false() {
        let port = field("kind = 'integer'\nmin = 1\nmax = 65535\nor_false = true");
        assert_eq!(check(&port, &Value::Integer(8080)), Ok(()));
        assert_eq!(check(&port, &Value::Bool(false)), Ok(()));
        assert!(refused(&port, &Value::Integer(0)).contains("from 1 to 65535"));
        assert!(refused(&port, &Value::Text("80".into())).contains("whole number"));
        assert!(refused(&port, &Value::Bool(true)).contains("or false"));
    }

    #[test]
    fn texts_hold_no_line_breaks_and_match_from_end_to_end() {
        let name = field("kind = 'string'\npattern = '[a-z]+'\nexpects = 'small letters'");
        assert_eq!(check(&name, &Value::Text("abc".into())), Ok(()));
        assert!(refused(&name, &Value::Text("a\nb".into())).contains("control"));
        assert!(refused(&name, &Value::Text("a\u{202e}b".into())).contains("control"));
        assert!(refused(&name, &Value::Text("abc1".into())).contains("small letters"));
        assert!(refused(&name, &Value::Text("a".repeat(10_000))).contains("4096"));
    }

    #[test]
    fn paths_stay_below_the_project() {
        let path = field("kind = 'path'");
        for bad in ["/etc", "../x", "a/../b", "", "-rf", "~/x", "a\\b"] {
            assert!(check(&path, &Value::Text(bad.into())).is_err(), "{bad}");
        }
        assert_eq!(check(&path, &Value::Text("./cmd/api".into())), Ok(()));
    }

    #[test]
    fn a_choice_names_the_nearest() {
        let choice = field("kind = 'choice'\nchoices = [{ value = 'slim' }, { value = 'alpine' }]");
        let refusal = check(&choice, &Value::Text("slimm".into())).unwrap_err();
        assert_eq!(refusal.help.unwrap(), "did you mean `slim`?");
    }
}
