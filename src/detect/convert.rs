//! A text or a rule's own value → a value of the spec.
use crate::image::{Image, Range, range};
use crate::language::rules::As;
use crate::spec::Value;

use super::fill::fill;

/// A value and what is to be said of it.
pub(super) struct Converted {
    pub(super) value: Value,
    pub(super) reason: String,
    pub(super) sure: bool,
}

impl Converted {
    fn plain(value: Value) -> Self {
        Self {
            value,
            reason: String::new(),
            sure: true,
        }
    }
}

/// The lines a version is solved against, and the day.
#[derive(Clone, Copy)]
pub(super) struct Versions<'a> {
    pub(super) image: Option<&'a Image>,
    pub(super) today: &'a str,
    /// Whether newer lines run what was written for older ones.
    pub(super) compatible: bool,
}

/// Reads a text as the rule says; `None` when it cannot be that.
pub(super) fn convert(kind: As, text: &str, versions: Versions<'_>) -> Option<Converted> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let solved = |solution: Option<range::Solution>| {
        solution.map(|solution| Converted {
            value: Value::Text(solution.version),
            reason: solution.reason,
            sure: solution.sure,
        })
    };
    let (image, today) = (versions.image?, versions.today);
    match kind {
        As::Text => Some(Converted::plain(Value::Text(text.to_owned()))),
        As::Integer => {
            let number = text.replace('_', "").parse().ok()?;
            Some(Converted::plain(Value::Integer(number)))
        }
        As::List => Some(Converted::plain(list(
            text.split([',', ' ']).map(ToOwned::to_owned),
        ))),
        As::Words => Some(Converted::plain(list(words(text)?.into_iter()))),
        As::Exact => {
            let solution = range::solve_exact(image, text, today)?;
            let sure = solution.sure || versions.compatible;
            solved(Some(range::Solution { sure, ..solution }))
        }
        As::Supported => solved(range::solve_supported(image, text, today)),
        As::Minimum => solved(range::solve_minimum(image, text, today)),
        As::Range => {
            let solution = Range::parse(text)?.solve(image, today)?;
            let reason = format!("{text}: {}", solution.reason);
            solved(Some(range::Solution { reason, ..solution }))
        }
        As::Outside => solved(Range::parse(text)?.outside(image, today)),
    }
}

/// Whether a version that another rule chose goes with this text; `None` when the text is no condition.
pub(super) fn agrees(kind: As, text: &str, chosen: &str, image: &Image) -> Option<bool> {
    let range = match kind {
        As::Minimum => Range::at_least(&range::leading(text)?),
        As::Range => Range::parse(text.trim())?,
        _ => return None,
    };
    Some(match image.line_of(chosen) {
        Some(line) => range.admits_line(line),
        None => range.admits(&range::leading(chosen)?),
    })
}

fn list(items: impl Iterator<Item = String>) -> Value {
    let items = items.filter(|item| !item.is_empty());
    Value::List(items.map(Value::Text).collect())
}

/// The words of a command line, with quotes read as a shell reads them. `None` when it needs a shell: variables,
/// pipes, several commands.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('$' | '`' | '\\', _) | ('|' | '&' | ';' | '<' | '>' | '(' | ')', None) => return None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// A rule's own value with its placeholders replaced; `None` when one has no value.
pub(super) fn filled(
    value: &toml::Value,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Option<Value> {
    fill_value(Value::try_from(value).ok()?, lookup)
}

fn fill_value(value: Value, lookup: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    Some(match value {
        Value::Text(text) => Value::Text(fill(&text, lookup)?),
        Value::List(items) => Value::List(
            items
                .into_iter()
                .map(|item| fill_value(item, lookup))
                .collect::<Option<_>>()?,
        ),
        Value::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, item)| Some((key, fill_value(item, lookup)?)))
                .collect::<Option<_>>()?,
        ),
        other => other,
    })
}

/// Both together: items of lists, entries of tables; of anything else the first.
pub(super) fn join(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::List(mut items), Value::List(more)) => {
            for item in more {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            Value::List(items)
        }
        (Value::Map(mut entries), Value::Map(more)) => {
            for (key, value) in more {
                entries.entry(key).or_insert(value);
            }
            Value::Map(entries)
        }
        (first, _) => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_needs_a_shell_is_none() {
        let plain = words("serve -b '0.0.0.0:80' a:b").unwrap();
        assert_eq!(plain, ["serve", "-b", "0.0.0.0:80", "a:b"]);
        assert_eq!(words("a && b"), None);
        assert_eq!(words("a $PORT"), None);
        assert_eq!(words("a 'b"), None);
    }
}
