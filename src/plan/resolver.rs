//! Each key's value: what was said, or else the strongest default. Keys are resolved in a fixed order, so that a
//! default may depend on what stands before it.
use std::collections::BTreeMap;

use super::{Inputs, service};
use crate::language::{self, Manifest};
use crate::report::Diagnostic;
use crate::spec::field::holds;
use crate::spec::{Field, Source, Sourced, Value, name};

/// Keys that come before all others; then the options, then the rest.
const FIRST: [&str; 10] = [
    "lang",
    "name",
    "path",
    "context",
    "members",
    "framework",
    "native",
    "runtime",
    "version",
    "files.compose",
];

/// Values of all keys, and the fields they belong to.
pub(super) fn resolve(
    inputs: &Inputs<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (BTreeMap<String, Sourced>, Vec<Field>) {
    let fields = match inputs.service {
        Some(_) => language::service_fields(Some(&inputs.language)),
        None => language::fields(Some(&inputs.language)),
    };
    let mut resolver = Resolver {
        inputs,
        manifest: &inputs.language.manifest,
        values: BTreeMap::new(),
    };
    for field in in_order(&fields) {
        resolver.field(field, diagnostics);
    }
    (resolver.values, fields)
}

fn in_order(fields: &[Field]) -> Vec<&Field> {
    let rank = |field: &Field| match FIRST.iter().position(|key| *key == field.key) {
        Some(position) => position,
        None if !field.key.starts_with("options.") => FIRST.len() + 2,
        // An option that has a meaning only with another one comes after those that always have.
        None if field.when.keys().any(|key| key.starts_with("options.")) => FIRST.len() + 1,
        None => FIRST.len(),
    };
    let mut ordered: Vec<_> = fields.iter().collect();
    ordered.sort_by_key(|field| rank(field));
    ordered
}

struct Resolver<'a> {
    inputs: &'a Inputs<'a>,
    manifest: &'a Manifest,
    values: BTreeMap<String, Sourced>,
}

impl Resolver<'_> {
    fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|sourced| &sourced.value)
    }

    fn holds(&self, when: &crate::spec::When) -> bool {
        holds(when, |key| self.value(key))
    }

    fn field(&mut self, field: &Field, diagnostics: &mut Vec<Diagnostic>) {
        let mut given = self.inputs.spec.values.get(&field.key);
        if let Some(without) = given
            && !self.holds(&field.when)
        {
            // What the repository shows, or what holds for many projects, may have no use here; what somebody said of
            // this one must have one.
            if matches!(without.source, Source::Evidence { .. } | Source::Setting(_)) {
                given = None;
            } else {
                diagnostics.push(without_meaning(field, without));
            }
        }
        let sourced = given.cloned().or_else(|| self.default(field));
        if let Some(sourced) = sourced {
            self.values.insert(field.key.clone(), sourced);
        }
        if field.key == "name" {
            self.snake();
        }
    }

    /// `name_snake` is not a key of the spec: it follows from the name.
    fn snake(&mut self) {
        let Some(name) = self.values.get("name") else {
            return;
        };
        let value = Value::Text(name::snake(&name.value.display()));
        let source = name.source.clone();
        self.values
            .insert("name_snake".to_owned(), Sourced { value, source });
    }

    fn default(&self, field: &Field) -> Option<Sourced> {
        let key = field.key.as_str();
        match key {
            "lang" => return Some(self.sourced(Value::Text(self.inputs.language.id.clone()))),
            "name" => return Some(self.folder_name()),
            // The version depends on the stages: `stages.rs` fills it in.
            "version" => return None,
            // Nothing listens: there is nothing to ask.
            "health" if self.value("port") == Some(&Value::Bool(false)) => {
                return Some(self.sourced(Value::Bool(false)));
            }
            _ => {}
        }
        self.sample_value(field)
            .or_else(|| self.conditional(key))
            .or_else(|| self.of_choice("framework", key))
            .or_else(|| self.of_choice("runtime", key))
            .or_else(|| self.of_language(key))
            .or_else(|| self.of_field(field))
    }

    fn sourced(&self, value: Value) -> Sourced {
        let whose = self.manifest.title.clone();
        Sourced {
            value,
            source: Source::Default(whose),
        }
    }

    fn folder_name(&self) -> Sourced {
        if let Some(service) = &self.inputs.service {
            return Sourced {
                value: Value::Text(service.name.clone()),
                source: Source::Service,
            };
        }
        let slug = name::slug(self.inputs.folder);
        if slug.is_empty() {
            return self.sourced(Value::Text("app".to_owned()));
        }
        Sourced {
            value: Value::Text(slug),
            source: Source::Folder,
        }
    }

    fn sample_value(&self, field: &Field) -> Option<Sourced> {
        if !self.inputs.with_sample || !self.holds(&field.when) {
            return None;
        }
        let value = self.fill(self.manifest.sample.spec.get(&field.key)?)?;
        Some(Sourced {
            value,
            source: Source::Sample,
        })
    }

    fn conditional(&self, key: &str) -> Option<Sourced> {
        let rules = self.manifest.default.iter().rev();
        let value = rules
            .filter(|rule| rule.set.contains_key(key) && self.holds(&rule.when))
            .find_map(|rule| self.fill(&rule.set[key]))?;
        Some(self.sourced(value))
    }

    /// The default that the chosen framework or runtime brings.
    fn of_choice(&self, choice: &str, key: &str) -> Option<Sourced> {
        let chosen = self.value(choice)?.as_text()?;
        let (title, defaults) = match choice {
            "framework" => {
                let framework = self.manifest.frameworks.get(chosen)?;
                (&framework.title, &framework.defaults)
            }
            _ => (
                self.values.get(choice).map(|_| &self.manifest.title)?,
                &self.manifest.runtimes.get(chosen)?.defaults,
            ),
        };
        let value = self.fill(defaults.get(key)?)?;
        Some(Sourced {
            value,
            source: Source::Default(title.clone()),
        })
    }

    fn of_language(&self, key: &str) -> Option<Sourced> {
        let value = self.fill(self.manifest.defaults.get(key)?)?;
        Some(self.sourced(value))
    }

    fn of_field(&self, field: &Field) -> Option<Sourced> {
        let value = match &field.default {
            Some(default) => self.fill(default)?,
            None if field.or_false => Value::Bool(false),
            None if field.key == "command" => Value::List(Vec::new()),
            None => return None,
        };
        let own = field.key.starts_with("options.");
        let whose = if own {
            self.manifest.title.clone()
        } else {
            "scaffold".to_owned()
        };
        Some(Sourced {
            value,
            source: Source::Default(whose),
        })
    }

    /// A manifest's value with `{key}` replaced in its texts.
    fn fill(&self, value: &toml::Value) -> Option<Value> {
        let filled = Value::try_from(value).ok()?;
        Some(self.fill_texts(filled))
    }

    /// What `{key}` stands for; `{folder}` is the service's own, from the root of the build context.
    fn placeholder(&self, key: &str) -> Option<String> {
        match key {
            "folder" => Some(service::folders(|key| self.value(key)).own),
            key => self.value(key).map(Value::display),
        }
    }

    fn list(&self, text: &str) -> Option<Value> {
        let value = self.value(text.strip_prefix('{')?.strip_suffix('}')?)?;
        matches!(value, Value::List(_)).then(|| value.clone())
    }

    fn fill_texts(&self, value: Value) -> Value {
        match value {
            // Nothing but one placeholder may stand for a whole list.
            Value::Text(text) => self
                .list(&text)
                .unwrap_or_else(|| Value::Text(substitute(&text, |key| self.placeholder(key)))),
            Value::List(items) => Value::List(
                items
                    .into_iter()
                    .map(|item| self.fill_texts(item))
                    .collect(),
            ),
            Value::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, item)| (key, self.fill_texts(item)))
                    .collect(),
            ),
            other => other,
        }
    }
}

fn without_meaning(field: &Field, given: &Sourced) -> Diagnostic {
    let needs = field
        .when
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect::<Vec<_>>()
        .join(" and ");
    Diagnostic::error(
        "no-meaning-here",
        format!("`{}` has no meaning here", field.key),
    )
    .at_maybe(given.source.place(), "it would do nothing")
    .because(format!("it needs {needs}"))
}

/// `{key}` replaced by what `lookup` gives; braces around anything else stay as they are.
pub fn substitute(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let found = rest
            .find('}')
            .and_then(|end| Some((end, lookup(&rest[1..end])?)));
        let consumed = if let Some((end, value)) = found {
            out.push_str(&value);
            end + 1
        } else {
            out.push('{');
            1
        };
        rest = &rest[consumed..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_keys_are_replaced() {
        let lookup = |key: &str| (key == "port").then(|| "80".to_owned());
        assert_eq!(substitute("a{port}b{x}{{port}}{", lookup), "a80b{x}{80}{");
    }
}
