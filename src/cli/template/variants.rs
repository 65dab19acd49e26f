//! Specs that a language folder must bear: every runtime with every framework, and every value of every option once.
use crate::context::Context;
use crate::language::{self, Language};
use crate::plan::{Inputs, Plan, Resolved, plan};
use crate::report::{Diagnostic, Document};
use crate::spec::{Field, Kind, Spec, Value};

/// A spec of a language, in words.
pub(super) fn all(language: &Language) -> Vec<String> {
    let manifest = &language.manifest;
    let mut all = Vec::new();
    for runtime in manifest.runtimes.names() {
        for framework in manifest.frameworks.names() {
            all.push(format!(
                "runtime = \"{runtime}\"\nframework = \"{framework}\"\n"
            ));
        }
    }
    let fields = language::fields(Some(language));
    for field in fields
        .iter()
        .filter(|field| field.key.starts_with("options."))
    {
        all.extend(
            values(field)
                .iter()
                .map(|value| format!("{} = {}\n", field.key, value.to_toml())),
        );
    }
    all.push(EVERYTHING.to_owned());
    all.push("port = false\nhealth = false\n".to_owned());
    all
}

/// What any language must be able to do, in one spec.
const EVERYTHING: &str = r#"
build.env = { GREETING = "a b" }
build.secrets = ["token"]
production.env = { GREETING = "a $b \"c\"" }
production.labels = { "com.example.a" = "a $b" }
production.user = 1234
production.writable = ["/app/data"]
production.copy = ["static"]
"#;

fn values(field: &Field) -> Vec<Value> {
    match field.kind {
        Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Kind::Choice => {
            let choices = field.choices.iter();
            choices
                .map(|choice| Value::Text(choice.value.clone()))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A variant's plan; none when the folder says itself that it cannot be.
pub(super) fn planned(
    language: &Language,
    text: &str,
    with_sample: bool,
    context: &Context,
) -> Result<Option<Plan>, Vec<Diagnostic>> {
    let fields = language::fields(Some(language));
    let document = Document::file(format!("with {}", text.trim().replace('\n', ", ")), text);
    let made = plan(Inputs {
        language: language.clone(),
        spec: Spec::read(&[document], &fields),
        lock: Resolved::default(),
        catalogue: &language.catalogue(),
        folder: "project",
        today: &context.today,
        with_sample,
        service: None,
    });
    // What a folder refuses with a reason is no fault of it.
    let said = [
        "cannot-go-together",
        "no-meaning-here",
        "no-such-platform",
        "no-package-manager",
    ];
    match made {
        Ok(plan) => Ok(Some(plan)),
        Err(found)
            if found
                .iter()
                .filter(|one| one.is_error())
                .all(|one| said.contains(&one.code)) =>
        {
            Ok(None)
        }
        Err(found) => Err(found),
    }
}
