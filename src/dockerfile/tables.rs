//! `templates/rules.toml`: what the rules know of programs. The rules' code names none of them.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::shell::Simple;

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
    pub(super) asked: Vec<String>,
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
}

/// The tables, read once.
pub(super) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(
        || match toml::from_str(include_str!("../../templates/rules.toml")) {
            Ok(tables) => tables,
            Err(error) => unreachable!("templates/rules.toml: {error}"),
        },
    )
}

/// The pattern of a list that a command begins with.
pub(super) fn matching<'t>(patterns: &'t [String], command: &Simple) -> Option<&'t str> {
    patterns
        .iter()
        .map(String::as_str)
        .find(|pattern| command.begins(pattern))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tables_are_read() {
        assert!(super::tables().compile.len() > 2);
    }
}
