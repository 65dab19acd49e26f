//! Several services in one spec: each table below `services` is a spec of its own, and what stands outside of them holds
//! for all. A text is parsed once, however many services it has.
use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

mod text;

use super::{Field, Sourced, Spec, Value, parse};
use crate::report::{Diagnostic, Document, Place};
use text::{Part, Text};

/// The table that holds them.
pub const TABLE: &str = "services";

/// One service of several.
#[derive(Debug)]
pub struct Service {
    /// Its key below `services`.
    pub name: String,
    /// What was said of it, and of all of them.
    pub spec: Spec,
    /// Where its table stands.
    pub place: Option<Place>,
    /// The language folder that it is of.
    pub which: Which,
}

/// All services, sorted by name, and what is wrong outside of their tables.
#[derive(Debug, Default)]
pub struct Services {
    /// Sorted by name.
    pub list: Vec<Service>,
    /// What is wrong with the rest.
    pub diagnostics: Vec<Diagnostic>,
}

/// What says which language folder a service is of.
#[derive(Clone, Debug)]
pub struct Which {
    /// The service's name.
    pub service: String,
    /// The language that is named.
    pub lang: Option<String>,
    /// The address of a folder of one's own, with its place.
    pub template: Option<(String, Place)>,
}

/// Gives the keys of a language's service; `None` for a language that is not known.
pub type FieldsOf<'a> = dyn Fn(&Which) -> Option<Arc<[Field]>> + 'a;

/// What was seen in the repository of each service; weaker than any text.
pub type Found = BTreeMap<String, Vec<(String, Sourced)>>;

/// Whether a text speaks of several services.
pub fn are_named(documents: &[Arc<Document>]) -> bool {
    documents.iter().any(|document| {
        document.text.contains(TABLE) && {
            let (table, _) = DeTable::parse_recoverable(&document.text);
            table.get_ref().contains_key(TABLE)
        }
    })
}

/// Reads all services of the texts, weakest first.
pub fn read(
    documents: &[Arc<Document>],
    found: &Found,
    (core, fields): (&[Field], &FieldsOf<'_>),
) -> Services {
    let parsed: Vec<_> = documents.iter().map(Text::parse).collect();
    let mut services = Services::default();
    let mut shared = Spec::default();
    let mut tables: BTreeMap<&str, Vec<Part<'_>>> = BTreeMap::new();
    for name in found.keys() {
        tables.insert(name, Vec::new());
    }
    for text in &parsed {
        shared.add(text.shared(core));
        for part in text.services(&mut services.diagnostics) {
            tables.entry(part.name).or_default().push(part);
        }
    }
    services.diagnostics.append(&mut shared.diagnostics);
    if tables.is_empty() && services.diagnostics.is_empty() {
        services.diagnostics.push(
            Diagnostic::error("missing-key", "`services` has no service")
                .help("[services.api], with path = \"services/api\" and lang = \"…\""),
        );
    }
    let reader = Reader {
        shared,
        core,
        fields,
    };
    services.list = tables
        .into_iter()
        .map(|(name, parts)| reader.service(name, found.get(name), &parts))
        .collect();
    services
}

/// What all services are read with.
struct Reader<'a> {
    shared: Spec,
    core: &'a [Field],
    fields: &'a FieldsOf<'a>,
}

impl Reader<'_> {
    fn service(
        &self,
        name: &str,
        found: Option<&Vec<(String, Sourced)>>,
        parts: &[Part<'_>],
    ) -> Service {
        let mut spec = Spec::default();
        for (key, sourced) in found.into_iter().flatten() {
            spec.overlay(key.clone(), sourced.clone());
        }
        for (key, sourced) in &self.shared.values {
            spec.overlay(key.clone(), sourced.clone());
        }
        let which = Which {
            service: name.to_owned(),
            lang: language(&spec, parts),
            template: template(&spec, parts),
        };
        let known = (self.fields)(&which);
        let base = parse::join(TABLE, name);
        for part in parts {
            let fields = known.as_deref().unwrap_or(self.core);
            let mut layer = parse::read_table(part.document, &base, part.table, fields);
            if known.is_none() {
                // The language's own keys are not known without it: only what is wrong with all languages is told.
                layer
                    .diagnostics
                    .retain(|diagnostic| diagnostic.code != "unknown-key");
            }
            refuse_once(&mut layer, self.core, &base);
            spec.add(layer);
        }
        let place = parts.first().map(|part| part.place.clone());
        let mut service = Service {
            name: name.to_owned(),
            spec,
            place,
            which,
        };
        service.judge();
        service
    }
}

/// What is of all services together cannot stand in the table of one, and says so.
fn refuse_once(layer: &mut parse::Layer, core: &[Field], base: &str) {
    for diagnostic in &mut layer.diagnostics {
        let name = diagnostic.message.trim_start_matches("unknown key `");
        let name = name.trim_end_matches('`');
        let own = name.strip_prefix(base).unwrap_or_default();
        let top = own.trim_start_matches('.').split('.').next();
        let is_once = |field: &&Field| field.once && field.key.split('.').next() == top;
        if diagnostic.code == "unknown-key" && core.iter().any(|field| is_once(&field)) {
            let message = format!("`{name}` cannot hold for one service");
            "of all services together".clone_into(&mut diagnostic.label);
            diagnostic.help = Some(format!(
                "[{}] outside of the tables",
                top.unwrap_or_default()
            ));
            diagnostic.message = message;
        }
    }
}

/// The language that the last text names, or the one of all services.
fn language(spec: &Spec, parts: &[Part<'_>]) -> Option<String> {
    let said = parts.iter().rev();
    let said = said.filter_map(|part| part.table.get("lang")?.get_ref().as_str());
    let said = said.map(ToOwned::to_owned).next();
    said.or_else(|| {
        spec.values
            .get("lang")?
            .value
            .as_text()
            .map(ToOwned::to_owned)
    })
}

/// The folder that the last text names, or the one that was seen to be meant.
fn template(spec: &Spec, parts: &[Part<'_>]) -> Option<(String, Place)> {
    let said = |part: &Part<'_>| {
        let value = part.table.get("template")?;
        let text = value.get_ref().as_str()?.to_owned();
        Some((text, Place::new(part.document, value.span())))
    };
    if let Some(part) = parts
        .iter()
        .rfind(|part| part.table.contains_key("template"))
    {
        return said(part);
    }
    let found = spec.values.get("template")?;
    let text = found.value.as_text()?.to_owned();
    Some((text, found.source.place()?.clone()))
}

impl Service {
    /// The text of a key; empty when there is none.
    pub fn text(&self, key: &str) -> &str {
        let value = self.spec.values.get(key).map(|sourced| &sourced.value);
        value.and_then(Value::as_text).unwrap_or_default()
    }

    /// What every service must say, and what cannot be.
    fn judge(&mut self) {
        for (key, help) in [
            ("path", "path = \"services/api\": the folder of the service"),
            ("lang", "lang = \"…\"; `scaffold list` shows them"),
        ] {
            let wrong = self
                .spec
                .diagnostics
                .iter()
                .any(|one| one.message.contains(&format!(".{key}`")));
            let elsewhere = key == "lang" && self.which.template.is_some();
            if !self.spec.values.contains_key(key) && !wrong && !elsewhere {
                let message = format!("`{TABLE}.{}.{key}` is missing", self.name);
                let diagnostic = Diagnostic::error("missing-key", message).help(help);
                let diagnostic = diagnostic.at_maybe(self.place.as_ref(), "");
                self.spec.diagnostics.push(diagnostic);
            }
        }
        for key in ["context", "members"] {
            self.judge_folder(key);
        }
    }

    /// The context holds the service and all that it is built from.
    fn judge_folder(&mut self, key: &str) {
        let Some(sourced) = self.spec.values.get(key) else {
            return;
        };
        let context = clean(self.text(if self.spec.values.contains_key("context") {
            "context"
        } else {
            "path"
        }));
        let inner = match key {
            "context" => vec![self.text("path")],
            _ => sourced.value.texts(),
        };
        let outside = inner
            .into_iter()
            .find(|path| !holds(&context, &clean(path)));
        if let Some(path) = outside {
            let message = format!("`{path}` is not in the build context `{context}`");
            let diagnostic = Diagnostic::error("cannot-go-together", message)
                .at_maybe(sourced.source.place(), "")
                .help("context = \".\", or another folder that holds both");
            self.spec.diagnostics.push(diagnostic);
        }
    }
}

/// A path without what means nothing in it; `.` for the root.
pub fn clean(path: &str) -> String {
    let parts = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".");
    let joined = parts.collect::<Vec<_>>().join("/");
    if joined.is_empty() {
        ".".to_owned()
    } else {
        joined
    }
}

/// Whether a folder holds a path, both clean.
pub fn holds(folder: &str, path: &str) -> bool {
    folder == "."
        || path == folder
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{argument, core_fields, service_keys};

    fn read_all(texts: &[Arc<Document>]) -> Services {
        let mut core = service_keys();
        core.extend(core_fields());
        let of_one = core.iter().filter(|field| !field.once).cloned();
        let fields: Arc<[Field]> = of_one.collect();
        let of = |which: &Which| {
            let known = which.lang.as_deref() == Some("x") || which.template.is_some();
            known.then(|| Arc::clone(&fields))
        };
        read(texts, &Found::new(), (&core, &of))
    }

    fn messages(text: &str) -> Vec<String> {
        let services = read_all(&[Document::file("f", text)]);
        let own = services
            .list
            .into_iter()
            .flat_map(|service| service.spec.diagnostics);
        let all = services.diagnostics.into_iter().chain(own);
        all.filter(|one| !one.message.contains("`services.a.lang` cannot"))
            .map(|one| one.message)
            .collect()
    }

    #[test]
    fn what_stands_outside_holds_for_all_and_a_service_wins() {
        let text = "[production]\nuser = 5\nenv = { A = '1' }\n[services.a]\npath = 'a'\n\
                    [services.b]\npath = 'b'\nport = 1\nproduction.user = 7\nproduction.env = { B = '2' }\n";
        let set = argument::from_assignment("--set", "services.b.port=2").unwrap();
        let services = read_all(&[Document::file("f", text), set]);
        let [a, b] = services.list.as_slice() else {
            panic!("{services:?}")
        };
        assert_eq!(a.spec.values["production.user"].value, Value::Integer(5));
        assert_eq!(b.spec.values["production.user"].value, Value::Integer(7));
        assert_eq!(b.spec.values["production.env"].value.display(), "A=1 B=2");
        assert_eq!(b.spec.values["port"].value, Value::Integer(2));
    }

    #[test]
    fn faults_have_the_whole_name_of_their_key() {
        let found = messages(
            "port = 1\n[services.a]\nlang = 'x'\npath = 'a'\nprot = 1\n[services.a.build]\nx = 1\n",
        );
        assert_eq!(
            found,
            [
                "`port` cannot hold for all services",
                "unknown key `services.a.prot`",
                "unknown key `services.a.build.x`"
            ]
        );
        assert_eq!(messages("services = 3"), ["`services` is a table"]);
        assert_eq!(messages("[services]"), ["`services` has no service"]);
        assert_eq!(
            messages("[services.A]\nx = 1"),
            ["`A` cannot be a service's name"]
        );
    }

    #[test]
    fn a_folder_of_ones_own_says_the_language() {
        assert!(messages("[services.a]\ntemplate = './x'\npath = 'a'\n").is_empty());
        assert_eq!(
            messages("[services.a]\ntemplate = false\npath = 'a'\n"),
            ["`services.a.lang` is missing"]
        );
        assert_eq!(
            messages("template = './x'\n[services.a]\nlang = 'x'\npath = 'a'\n"),
            ["`template` cannot hold for all services"]
        );
    }

    #[test]
    fn what_is_of_all_together_stands_outside_of_the_tables() {
        let table = "[services.a]\nlang = 'x'\npath = 'a'\n";
        assert_eq!(messages(&format!("files.compose = true\n{table}")), [""; 0]);
        assert_eq!(
            messages(&format!("{table}files.compose = true\n")),
            ["`services.a.files` cannot hold for one service"]
        );
    }

    #[test]
    fn the_context_holds_what_is_built() {
        let found = messages(
            "[services.a]\nlang = 'x'\npath = 'a/b'\ncontext = 'c'\nmembers = ['c/x', 'd']\n",
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(messages("[services.a]\nlang = 'x'\npath = 'a/b'\ncontext = 'a'\nmembers = ['a/b', './a/c']\n").is_empty());
    }
}
