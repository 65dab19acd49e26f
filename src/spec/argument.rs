//! `--set key=value` as a one-line document, so that it goes through the same reader as a file and its faults have a
//! place too.
use std::sync::Arc;

use toml::de::DeTable;

use super::value::toml_text;
use crate::report::{Diagnostic, Document};

/// Turns `key=value` into a document. The value is TOML where it is TOML, and otherwise a text.
pub fn from_assignment(flag: &str, assignment: &str) -> Result<Arc<Document>, Diagnostic> {
    let shown = assignment.escape_debug();
    let Some((key, value)) = assignment.split_once('=') else {
        return Err(
            Diagnostic::error("wrong-use", format!("{flag} {shown}: no `=` in it"))
                .help(format!("{flag} port=8080")),
        );
    };
    let key = key.trim();
    let literal = format!("{key} = {value}");
    if is_one_value(&literal) {
        return Ok(Document::argument(flag, literal));
    }
    let quoted = format!("{key} = {}", toml_text(value));
    if is_one_value(&quoted) {
        return Ok(Document::argument(flag, quoted));
    }
    Err(Diagnostic::error(
        "wrong-use",
        format!("{flag} {shown}: `{}` is no key", key.escape_debug()),
    )
    .help(format!("{flag} options.name=value")))
}

/// The same for a flag of its own, such as `--port 8080`.
pub fn from_flag(flag: &str, key: &str, value: &str) -> Result<Arc<Document>, Diagnostic> {
    let text = format!("{key} = {}", toml_text(value));
    let text = match value.parse::<i64>() {
        Ok(number) => format!("{key} = {number}"),
        Err(_) if value == "false" => format!("{key} = false"),
        Err(_) => text,
    };
    Ok(Document::argument(flag, text))
}

/// Whether the text is TOML with exactly one key: a value with a line break must not smuggle in a second one.
fn is_one_value(text: &str) -> bool {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut table = table.get_ref();
    if !errors.is_empty() || table.len() != 1 {
        return false;
    }
    let single_line = text.lines().count() == 1;
    while let Some((_, value)) = table.iter().next() {
        match value.get_ref().as_table() {
            Some(inner) if inner.len() == 1 => table = inner,
            _ => break,
        }
    }
    single_line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(assignment: &str) -> String {
        from_assignment("--set", assignment).unwrap().text.clone()
    }

    #[test]
    fn toml_stays_toml_and_the_rest_is_text() {
        assert_eq!(text("port=8080"), "port = 8080");
        assert_eq!(text("port=abc"), "port = \"abc\"");
        assert_eq!(text("options.app=a.b:c"), "options.app = \"a.b:c\"");
        assert_eq!(text("health=/x=y"), "health = \"/x=y\"");
        assert_eq!(
            text("production.copy=['a', 'b']"),
            "production.copy = ['a', 'b']"
        );
    }

    #[test]
    fn a_line_break_smuggles_nothing_in() {
        let hostile = text("name=1\nport = 2");
        let table: toml::Table = hostile.parse().unwrap();
        assert_eq!(table.keys().collect::<Vec<_>>(), ["name"]);
        assert!(from_assignment("--set", "no-equals").is_err());
        assert!(from_assignment("--set", "a b=c").is_err());
        assert!(from_assignment("--set", "=c").is_err());
    }
}
