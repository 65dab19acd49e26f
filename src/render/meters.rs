//! The meters that `bounds.rs` puts into templates, and filters of Tera's own that could make much of little.
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::bounds::{KEPT, LOOPED, PRINTED};

/// As much as one file may hold.
pub(super) const OUTPUT: usize = 4 << 20;
/// What loops may cost together: for each, its rounds times the length of its body.
const ROUNDS: usize = 2 << 20;
/// As large as a value may become.
const VALUE: usize = 64 << 10;
/// As deep as a value may be nested.
const NESTED: usize = 16;

/// What a rendering has used up so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Budget {
    printed: Arc<AtomicUsize>,
    rounds: Arc<AtomicUsize>,
}

impl Budget {
    /// For the next rendering.
    pub(super) fn start(&self) {
        self.printed.store(0, Relaxed);
        self.rounds.store(0, Relaxed);
    }

    /// Puts the meters into an engine.
    pub(super) fn register(&self, tera: &mut Tera) {
        let printed = Arc::clone(&self.printed);
        tera.register_filter(PRINTED, move |value: &Value, _: Kwargs, _: &State| {
            print(value, &printed)
        });
        let rounds = Arc::clone(&self.rounds);
        tera.register_filter(
            LOOPED,
            move |value: &Value, arguments: Kwargs, _: &State| {
                go_round(value, arguments.must_get("weight")?, &rounds)
            },
        );
        tera.register_filter(KEPT, keep);
        tera.register_filter("join", join);
        tera.register_filter("replace", replace);
        tera.register_filter("indent", indent);
        tera.register_function("range", range);
    }
}

fn refuse<T>(message: impl ToString) -> TeraResult<T> {
    Err(tera::Error::message(message))
}

fn print(value: &Value, printed: &AtomicUsize) -> TeraResult<Value> {
    if value.is_undefined() {
        return refuse("this is not defined");
    }
    // The escape function refuses it too, but what it says has no place.
    let bare = value.as_str().filter(|_| !value.is_safe());
    if let Some(reason) = bare.and_then(super::engine::not_plain) {
        return refuse(reason);
    }
    let size = size(value, NESTED).unwrap_or(OUTPUT);
    if printed.fetch_add(size, Relaxed) + size > OUTPUT {
        return refuse(format!("prints more than {} MiB", OUTPUT >> 20));
    }
    Ok(value.clone())
}

fn go_round(value: &Value, weight: usize, rounds: &AtomicUsize) -> TeraResult<Value> {
    let length = value.len().unwrap_or(0);
    let cost = length.saturating_mul(weight);
    if rounds.fetch_add(cost, Relaxed).saturating_add(cost) > ROUNDS {
        return refuse("the loops of this template go round too often");
    }
    Ok(value.clone())
}

fn keep(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    match size(value, NESTED) {
        Some(size) if size <= VALUE => Ok(value.clone()),
        _ => refuse(format!(
            "a value of more than {} KiB, or nested more than {NESTED} deep",
            VALUE >> 10
        )),
    }
}

/// What a value would print, roughly; `None` when it is nested too deep. Stops counting once it is too much.
fn size(value: &Value, depth: usize) -> Option<usize> {
    let depth = depth.checked_sub(1)?;
    let mut sum = 16;
    if let Some(text) = value.as_str() {
        return Some(text.len());
    }
    let array = value.as_array().unwrap_or_default().iter();
    let map = value.as_map().into_iter().flatten().map(|(_, value)| value);
    for item in array.chain(map) {
        sum += size(item, depth)? + 16;
        if sum > OUTPUT {
            break;
        }
    }
    Some(sum)
}

/// A text made by a filter.
pub(super) fn made(text: String) -> TeraResult<String> {
    if text.len() > VALUE {
        return refuse(format!("makes a text of more than {} KiB", VALUE >> 10));
    }
    Ok(text)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera calls"
)]
fn join(items: &[Value], arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let separator = arguments.get::<&str>("sep")?.unwrap_or_default();
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        if size(item, NESTED).is_none_or(|size| size > VALUE) {
            return refuse("joins a value that is too large");
        }
        text.push_str(&super::engine::text_of(item));
        text = made(text)?;
    }
    Ok(Value::from(text))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera calls"
)]
fn replace(text: &str, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let from = arguments.must_get::<&str>("from")?;
    let to = arguments.must_get::<&str>("to")?;
    let count = text.matches(from).count();
    if count.saturating_mul(to.len()) > VALUE {
        return refuse(format!("makes a text of more than {} KiB", VALUE >> 10));
    }
    Ok(Value::from(made(text.replace(from, to))?))
}

/// Behind each line feed, so many blanks.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera calls"
)]
fn indent(text: &str, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let width = arguments.get::<usize>("width")?.unwrap_or(4).min(80);
    let blanks = format!("\n{}", " ".repeat(width));
    if text.lines().count().saturating_mul(width) > VALUE {
        return refuse(format!("makes a text of more than {} KiB", VALUE >> 10));
    }
    Ok(Value::from(made(text.replace('\n', &blanks))?))
}

/// Whole numbers from `start` to below `end`, at most a thousand.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera calls"
)]
fn range(arguments: Kwargs, _: &State) -> TeraResult<Vec<i64>> {
    let start = arguments.get::<i64>("start")?.unwrap_or(0);
    let end = arguments.must_get::<i64>("end")?;
    if end.saturating_sub(start) > 1000 {
        return refuse("a range of more than 1000 numbers");
    }
    Ok((start..end).collect())
}

/// Takes as much as one file may hold.
#[derive(Default)]
pub(super) struct Sheet(pub(super) Vec<u8>);

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > OUTPUT {
            let message = format!("writes a file of more than {} MiB", OUTPUT >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::engine::Engine;

    fn render(text: &str) -> Result<String, String> {
        let mut engine = Engine::new(&[]).unwrap();
        let texts = vec!["x".repeat(100); 50];
        let context =
            tera::Context::from_serialize(&serde_json::json!({ "texts": texts })).unwrap();
        let rendered = engine
            .add(&[("t", text)], false)
            .and_then(|()| engine.render("t", &context));
        rendered.map_err(|error| error.to_string())
    }

    #[test]
    fn what_would_spin_or_swell_is_refused() {
        let loops = "{% for a in range(end=1000) %}".repeat(4) + &"{% endfor %}".repeat(4);
        let doubled = |first: &str, next: &str| {
            format!("{{% set s = {first} %}}") + &format!("{{% set s = {next} %}}").repeat(60)
        };
        for (text, reason) in [
            (loops.as_str(), "go round too often"),
            (
                "{{ range(end=1000000000) | length }}",
                "more than 1000 numbers",
            ),
            (&doubled("\"x\"", "s ~ s"), "a value of more than"),
            (&doubled("[1]", "[s, s]"), "a value of more than"),
            (&doubled("[1]", "[s]"), "nested more than"),
            (&doubled("[1]", "[...s, ...s]"), "a value of more than"),
            (
                &("{% set s %}x{% endset %}".to_owned()
                    + &"{% set s %}{{ s }}{{ s }}{% endset %}".repeat(60)),
                "a value of more than",
            ),
            (
                &format!("{{{{ \"'\" {} }}}}", "| sh".repeat(60)),
                "a text of more than",
            ),
            (
                "{% set s = texts | join(sep=\"y\") %}{{ s | replace(from=\"\", to=s) }}",
                "a text of more than",
            ),
            (
                "{% for a in range(end=1000) %}{% for b in range(end=100) %}{{ texts | join | safe }}{% endfor %}{% endfor %}",
                "prints more than",
            ),
            (
                "{% for a in range(end=2) %}{{ b }}{% endfor %}",
                "not defined",
            ),
        ] {
            let error = render(text).unwrap_err();
            assert!(error.contains(reason), "{text:.60}: {error}");
        }
    }

    #[test]
    fn what_is_usual_is_not() {
        let text = "{% for a in texts %}{% for b in texts %}{{ a }}\n{% endfor %}{% endfor %}";
        assert_eq!(render(text).unwrap().len(), 50 * 50 * 101);
    }
}
