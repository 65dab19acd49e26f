//! What cannot be, or should not: checks over the whole plan, each with its remedy.
use super::Draft;
use super::service;
use super::stages::{self, Stages};
use crate::dockerfile::ignore::Ignore;
use crate::report::Diagnostic;
use crate::spec::{Source, Value};

/// Words that make a variable look like a secret; the list of BuildKit's check `SecretsUsedInArgOrEnv`
/// (<https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/>).
const SECRET_WORDS: [&str; 10] = [
    "apikey",
    "auth",
    "credential",
    "credentials",
    "key",
    "password",
    "pword",
    "passwd",
    "secret",
    "token",
];

/// Folders of the system: a program has no business writing there, and a mount would break the image.
const SYSTEM: [&str; 10] = [
    "bin", "boot", "dev", "etc", "lib", "lib64", "proc", "sbin", "sys", "usr",
];

/// Runs all of them.
pub(super) fn run(
    draft: &Draft<'_>,
    stages: &Stages,
    ignore: &[(String, Vec<String>)],
    found: &mut Vec<Diagnostic>,
) {
    found.extend(stages::judge_version(draft, stages));
    found.extend(stages::judge_suites(draft, stages));
    found.extend(stages::judge_needs(draft, stages));
    found.extend(stages::judge_platforms(draft, stages));
    found.extend(refused(draft));
    found.extend(service::foreign_context(draft));
    found.extend(secrets(draft));
    found.extend(low_port(draft));
    found.extend(health_without_port(draft));
    found.extend(system_folders(draft));
    found.extend(hidden_copies(draft, ignore));
    found.extend(unchecked(draft));
}

/// Whether the workflows that are written check the files, and whether there is one that could.
fn unchecked(draft: &Draft<'_>) -> Option<Diagnostic> {
    let is_on = |key: &str| draft.value(key).is_some_and(Value::is_present);
    let written = is_on("files.github") || is_on("files.gitlab");
    match (written, is_on("ci.scaffold")) {
        (true, false) => Some(
            Diagnostic::note(
                "ci-without-check",
                "the workflow does not run `scaffold check`: it is not known where a runner gets scaffold",
            )
            .at_maybe(place(draft, "files.github").or(place(draft, "files.gitlab")), "")
            .help("ci.scaffold = \"https://…\", a Git repository of scaffold with a tag for each version"),
        ),
        (false, true) => Some(
            Diagnostic::error("no-meaning-here", "`ci.scaffold` has no meaning here")
                .at_maybe(place(draft, "ci.scaffold"), "it would do nothing")
                .because("it needs files.github = true or files.gitlab = true"),
        ),
        _ => None,
    }
}

fn place<'a>(draft: &'a Draft<'_>, key: &str) -> Option<&'a crate::report::Place> {
    draft.source(key).and_then(Source::place)
}

/// Combinations that the language folder rules out.
fn refused(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let inputs = draft.inputs;
    let rules = inputs.language.manifest.refuse.iter();
    rules
        .filter(|rule| draft.holds(&rule.when) && (inputs.with_sample || !rule.sample))
        .filter(|rule| !rule.unless.as_ref().is_some_and(|when| draft.holds(when)))
        .map(|rule| {
            let keys = rule
                .when
                .keys()
                .chain(rule.unless.iter().flatten().map(|(key, _)| key));
            let culprit = keys.into_iter().find_map(|key| place(draft, key));
            let found = if rule.warn {
                Diagnostic::warning("better-not-together", rule.reason.clone())
            } else {
                Diagnostic::error("cannot-go-together", rule.reason.clone())
            };
            found.at_maybe(culprit, "").help(rule.help.clone())
        })
        .collect()
}

fn secrets(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, remedy) in [
        (
            "build.env",
            "name it in `build.secrets`: a secret mount leaves no trace in the image",
        ),
        (
            "production.env",
            "give it when the container is started: docker run -e, or a mounted file",
        ),
    ] {
        let Some(Value::Map(entries)) = draft.value(table) else {
            continue;
        };
        for name in entries.keys().filter(|name| looks_secret(name)) {
            let message = format!(
                "`{table}.{name}` looks like a secret; it would stay readable in the image"
            );
            found.push(
                Diagnostic::error("secret-in-image", message)
                    .at_maybe(place(draft, table), "")
                    .help(remedy),
            );
        }
    }
    found
}

fn looks_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split('_').any(|word| SECRET_WORDS.contains(&word)) && !lower.contains("public")
}

fn low_port(draft: &Draft<'_>) -> Option<Diagnostic> {
    match draft.value("port")? {
        Value::Integer(port) if *port < 1024 => Some(
            Diagnostic::warning("low-port", format!("port {port} is below 1024"))
                .at_maybe(place(draft, "port"), "")
                .because("a program that is not root may not listen there on every engine")
                .help("port = 8080, and publish it as the low one: docker run -p 80:8080"),
        ),
        _ => None,
    }
}

fn health_without_port(draft: &Draft<'_>) -> Option<Diagnostic> {
    let no_port = draft.value("port") == Some(&Value::Bool(false));
    let asked = draft.value("health").and_then(Value::as_text).is_some();
    (no_port && asked).then(|| {
        Diagnostic::error("cannot-go-together", "a health path needs a port")
            .at_maybe(place(draft, "health").or(place(draft, "port")), "")
            .help("health = false, or a port")
    })
}

fn system_folders(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let writable = draft.texts("production.writable").into_iter();
    writable
        .filter(|path| {
            path.split('/')
                .nth(1)
                .is_some_and(|first| SYSTEM.contains(&first))
        })
        .map(|path| {
            Diagnostic::error("wrong-value", format!("`{path}` belongs to the system"))
                .at_maybe(place(draft, "production.writable"), "")
                .help("a folder of the program's own, such as /app/data or /data")
        })
        .collect()
}

/// What production copies must survive `.dockerignore`.
fn hidden_copies(draft: &Draft<'_>, groups: &[(String, Vec<String>)]) -> Vec<Diagnostic> {
    let patterns = groups
        .iter()
        .flat_map(|(_, entries)| entries.iter().map(String::as_str));
    let ignore = Ignore::new(crate::language::common_ignore().lines().chain(patterns));
    let own = service::folders(|key| draft.value(key)).own;
    let copies = draft.texts("production.copy").into_iter();
    let mut found: Vec<_> = copies
        .filter_map(|path| Some((path, ignore.hidden_by(&service::join(&own, path))?)))
        .map(|(path, pattern)| {
            Diagnostic::error(
                "hidden-copy",
                format!("`{path}` is kept out of the build by `.dockerignore`"),
            )
            .at_maybe(place(draft, "production.copy"), "")
            .because(format!("by its entry `{pattern}`"))
            .help("move what production needs to another name")
        })
        .collect();
    found.extend(service::hidden_members(draft, &ignore));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_names_are_known_by_their_words() {
        for name in ["API_KEY", "DB_PASSWORD", "token"] {
            assert!(looks_secret(name), "{name}");
        }
        for name in ["MONKEY", "STRIPE_PUBLIC_KEY", "TZ"] {
            assert!(!looks_secret(name), "{name}");
        }
    }
}
