//! Whether a folder from elsewhere is trusted: by the configuration, from an earlier run, or because a person says so.
use super::failure::Failure;
use crate::context::Context;
use crate::exit::Exit;
use crate::language::Language;
use crate::report::Diagnostic;
use crate::source::{self, Repository};
use crate::wizard::{Item, Prompter, Question, Terminal};

/// Whether a repository is taken without a question.
pub(super) fn is_trusted(context: &Context, address: &str, repository: &Repository) -> bool {
    is_said(context, address) || source::is_trusted(repository, context.manner())
}

/// Whether the configuration says so.
pub(super) fn is_said(context: &Context, address: &str) -> bool {
    let trusted = &context.config.trusted;
    trusted.iter().any(|trusted| begins(address, trusted))
}

/// Whether an address begins with a trusted one: `gh:acme` trusts `gh:acme/x` and not `gh:acmecorp/x`.
fn begins(address: &str, trusted: &str) -> bool {
    let rest = address.strip_prefix(trusted.trim_end_matches('/'));
    !trusted.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '@']))
}

/// Shows what is known of a folder, and asks whether it is trusted.
pub(super) fn ask(context: &Context, address: &str, shown: Vec<String>) -> Result<(), Failure> {
    if !context.can_ask {
        let mut diagnostic = Diagnostic::error(
            "not-trusted",
            format!(
                "{} is used for the first time, and nobody can be asked",
                address.escape_debug()
            ),
        );
        diagnostic.notes = shown;
        let help = format!(
            "--trust, or in config.toml: trusted = [\"{}\"]",
            address.escape_debug()
        );
        return Err(Failure::new(Exit::Refused, vec![diagnostic.help(help)]));
    }
    let mut terminal = Terminal::new(context.colour);
    terminal.show(&shown.join("\n"));
    let item = |value: &str, title: &str| Item {
        value: value.to_owned(),
        title: title.to_owned(),
    };
    let question = Question {
        text: "Trust this template?".to_owned(),
        default: "no".to_owned(),
        items: vec![
            item("no", "no, write nothing"),
            item("yes", "yes, this repository from now on"),
        ],
    };
    match terminal.ask(&question, &|_| Ok(()))?.as_str() {
        "yes" => Ok(()),
        _ => Err(crate::wizard::Stop::Cancelled.into()),
    }
}

/// How many files of a sample are named.
const NAMED: usize = 20;

/// What is known of a folder whose base is not fetched yet.
pub(super) fn on_the_way((address, commit): (&str, &str), base: &str) -> Vec<String> {
    vec![
        format!("from {}", address.escape_debug()),
        format!("commit {commit}"),
        format!(
            "it extends {}, which is fetched and asked about next",
            base.escape_debug()
        ),
    ]
}

/// Where a folder comes from and what it would write.
pub(super) fn introduction(address: &str, language: &Language) -> Vec<String> {
    let commit = language.origin.commit.as_deref().unwrap_or_default();
    let (built_in, own): (Vec<_>, Vec<_>) = language.bases().partition(|base| base.is_built_in());
    let own = own.into_iter().chain([language]);
    let mut samples: Vec<_> = own.flat_map(Language::own_files).collect();
    samples.retain(|path| path.starts_with("sample/"));
    samples.sort();
    samples.dedup();
    let mut lines = vec![
        format!("from {}", address.escape_debug()),
        format!("commit {commit}"),
        "it would write Dockerfile and .dockerignore; a template runs nothing".to_owned(),
    ];
    for base in built_in {
        lines.push(format!(
            "it extends the built-in {}, and a new project has its sample",
            base.id
        ));
    }
    if !samples.is_empty() {
        lines.push(format!(
            "in a new project also what is made of {} files of its own:",
            samples.len()
        ));
        let named = samples.iter().take(NAMED);
        lines.extend(named.map(|path| format!("  {}", path.escape_debug())));
    }
    if samples.len() > NAMED {
        lines.push(format!("  and {} more", samples.len() - NAMED));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_ends_where_a_name_ends() {
        assert!(begins("gh:acme/t@v1", "gh:acme/"));
        assert!(begins("gh:acme/t@v1", "gh:acme/t"));
        assert!(!begins("gh:acmecorp/t", "gh:acme"));
        assert!(!begins("gh:acme/t", ""));
    }
}
