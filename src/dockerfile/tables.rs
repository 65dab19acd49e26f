//! `templates/rules.toml`: what the rules know of programs. The rules' code names none of them.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::RegexSet;
use serde::Deserialize;

use super::shell::Simple;

use crate::prepared;

/// A program that makes native programs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Compile {
    pub(super) run: Vec<String>,
    pub(super) output: Option<String>,
    pub(super) static_env: Option<String>,
    #[serde(rename = "static")]
    pub(super) static_words: Vec<String>,
    #[serde(default)]
    pub(super) needs_cc: bool,
    #[serde(default)]
    pub(super) static_on_musl: bool,
    pub(super) cross: Vec<String>,
}

/// A command that installs dependencies of the project.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Install {
    pub(super) run: Vec<String>,
    #[serde(default)]
    pub(super) flags: Vec<String>,
}

/// A command that should be given otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Better {
    pub(super) run: Vec<String>,
    pub(super) unless: Vec<String>,
    pub(super) instead: String,
    #[serde(default)]
    pub(super) bare: bool,
    pub(super) dev_flag: Option<String>,
}

/// A program's cache.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cache {
    pub(super) programs: Vec<String>,
    pub(super) folder: String,
    pub(super) off: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) compilers: Vec<String>,
    pub(super) build_packages: Vec<String>,
    pub(super) modules: Vec<String>,
    pub(super) environments: Vec<String>,
    pub(super) data: Vec<String>,
    pub(super) no_source: Vec<String>,
    pub(super) pins: Vec<String>,
    pub(super) installers: Vec<String>,
    pub(super) accounts: Vec<String>,
    pub(super) system_users: Vec<String>,
    pub(super) stepping_down: Vec<String>,
    pub(super) packages: BTreeMap<String, String>,
    pub(super) managers: BTreeMap<String, String>,
    pub(super) tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tags {
    pub(super) floating: Vec<String>,
    pub(super) releases: Vec<String>,
    pub(super) unversioned: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Processes {
    pub(super) wrappers: Vec<String>,
    pub(super) development: Vec<String>,
    pub(super) bind_flags: Vec<String>,
    pub(super) bind_variables: Vec<String>,
    pub(super) tests: Vec<String>,
    pub(super) test_stages: Vec<String>,
    pub(super) migrations: Vec<String>,
    pub(super) signals: BTreeMap<String, String>,
    pub(super) status: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Secrets {
    pub(super) words: Vec<String>,
    pub(super) harmless: Vec<String>,
    pub(super) values: Vec<String>,
    pub(super) files: Vec<String>,
    pub(super) certificates: Vec<String>,
    pub(super) asked: Vec<String>,
    pub(super) settings: BTreeMap<String, Vec<String>>,
    pub(super) made_up: MadeUp,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MadeUp {
    pub(super) hosts: Vec<String>,
}

/// Programs that a production image is better without.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brought {
    pub(super) shells: Vec<String>,
    pub(super) compilers: Vec<String>,
    pub(super) managers: Vec<String>,
}

/// All of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    pub(super) compile: Vec<Compile>,
    pub(super) names: Names,
    pub(super) processes: Processes,
    pub(super) installs: Vec<Install>,
    pub(super) unlocked: Vec<Better>,
    pub(super) development: Vec<Better>,
    pub(super) caches: Vec<Cache>,
    pub(super) secrets: Secrets,
    pub(super) brought: Brought,
}

/// The tables, read once.
pub(super) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| prepared::read(prepared::RULES))
}

/// Patterns of secrets' names that files of certificates have, too.
pub fn certificates() -> &'static [String] {
    &tables().secrets.certificates
}

/// Whether a file that may be mere settings holds a secret, as far as its text is known.
pub(super) fn holds_secret(path: &str, text: Option<&str>) -> bool {
    let words = tables().secrets.settings.get(super::shell::base_name(path));
    match (words, text) {
        (Some(words), Some(text)) => words.iter().any(|word| text.contains(word.as_str())),
        _ => true,
    }
}

/// Whether a text holds something that has the form of a key or token.
pub(super) fn holds_key(text: &str) -> bool {
    static VALUES: OnceLock<Option<RegexSet>> = OnceLock::new();
    // A pattern that does not compile is found by the test of the example of `secret-value`.
    let values = VALUES.get_or_init(|| RegexSet::new(&tables().secrets.values).ok());
    values.as_ref().is_some_and(|values| values.is_match(text))
}

/// Whether the name of a variable says that it is a secret.
pub fn names_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let secrets = &tables().secrets;
    let has = |words: &[String]| {
        lower
            .split('_')
            .any(|part| words.iter().any(|word| word == part))
    };
    has(&secrets.words) && !has(&secrets.harmless)
}

/// The pattern of a list that a command begins with.
pub(super) fn matching<'t>(patterns: &'t [String], command: &Simple) -> Option<&'t str> {
    patterns
        .iter()
        .map(String::as_str)
        .find(|pattern| command.begins(pattern))
}

/// Whether a command installs what the project's own files say that it needs.
pub(super) fn installs(command: &Simple) -> bool {
    tables().installs.iter().any(|entry| {
        let with_flag =
            entry.flags.is_empty() || entry.flags.iter().any(|flag| command.has_flag(flag));
        let Some(pattern) = matching(&entry.run, command).filter(|_| with_flag) else {
            return false;
        };
        // With names of packages it installs those, not what the project's files say.
        let words = pattern.split(' ').count() - 1;
        let alone = command.words.len() == 1;
        if words == 0 {
            alone
        } else {
            entry.flags.iter().any(|flag| command.has_flag(flag))
                || command.operands().count() <= words
                || pattern.contains("dependency")
        }
    })
}

/// Whether a command fetches something that an edit of the source does not change: the project's dependencies, or
/// packages of the system.
pub fn fetches(command: &Simple) -> bool {
    installs(command) || matching(&tables().names.installers, command).is_some()
}

/// What a program is that no production image needs.
pub fn brought(name: &str) -> Option<&'static str> {
    let brought = &tables().brought;
    let lists = [
        (&brought.shells, "shell"),
        (&brought.compilers, "compiler"),
        (&brought.managers, "package manager"),
    ];
    let has = |list: &[String]| list.iter().any(|one| one == name);
    lists
        .into_iter()
        .find(|(list, _)| has(list))
        .map(|(_, kind)| kind)
}

/// Whether files whose names end so are seldom a program's source.
pub fn is_no_source(end: &str) -> bool {
    tables().names.no_source.iter().any(|one| one == end)
}

/// Whether a file of that name says which versions of the dependencies there are.
pub fn pins(name: &str) -> bool {
    tables()
        .names
        .pins
        .iter()
        .any(|part| name.contains(part.as_str()))
}

/// Whether a path lies in a folder of modules, whose own tests may hold made-up keys.
pub fn is_module(path: &str) -> bool {
    let modules = &tables().names.modules;
    path.split('/')
        .any(|part| modules.iter().any(|name| name == part))
}

/// Whether a process starts the program as its child and keeps the signals: a shell, or a tool for development. An
/// interpreter may stand before it.
pub fn wraps(words: &[&str]) -> bool {
    let begins = |words: &[&str], pattern: &str| {
        let mut words = words.iter().copied();
        pattern.split(' ').all(|part| words.next() == Some(part))
    };
    let by_tool = |words: &[&str]| {
        let wrappers = &tables().processes.wrappers;
        wrappers.iter().any(|pattern| begins(words, pattern))
    };
    let first = words.first().copied().unwrap_or_default();
    let shells = &tables().brought.shells;
    shells.iter().any(|shell| shell == first)
        || by_tool(words)
        || by_tool(words.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tables_are_read() {
        assert!(super::tables().compile.len() > 2);
    }
}
