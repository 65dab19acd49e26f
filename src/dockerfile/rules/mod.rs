//! The rules, one file each: what a rule says stands in `templates/rules/ID.toml` (severity, title, reason, a bad and a
//! good example, both tested), how it finds it in the module of the same name. A rule reports only what the file and the
//! facts prove; what it cannot know it does not guess.
use std::ops::Range;

use serde::Deserialize;

use super::view::View;
use crate::report::{Diagnostic, Severity};

/// Something that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    span: Range<usize>,
    message: String,
    label: String,
    notes: Vec<String>,
    help: Option<String>,
}

impl Finding {
    /// A finding at a place of the Dockerfile.
    pub fn new(span: &Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span: span.clone(),
            message: message.into(),
            label: String::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// A few words at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn because(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    words: &'static str,
    check: fn(&View<'_>) -> Vec<Finding>,
}

/// What a rule says of itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// How bad it is: `note`, `warning` or `error`.
    pub severity: String,
    /// One line.
    pub title: String,
    /// One paragraph: what happens, and when.
    pub reason: String,
    /// A Dockerfile in which it fires.
    pub bad: String,
    /// The same, mended.
    pub good: String,
    /// Files of the context that both examples need.
    #[serde(default)]
    pub files: std::collections::BTreeMap<String, String>,
    /// Files of the context of the good example that differ.
    #[serde(default)]
    pub good_files: std::collections::BTreeMap<String, String>,
}

macro_rules! rule {
    ($id:literal, $check:expr) => {
        pub(super) const RULE: $crate::dockerfile::rules::Rule =
            $crate::dockerfile::rules::Rule::new(
                $id,
                include_str!(concat!("../../../templates/rules/", $id, ".toml")),
                $check,
            );
    };
}

mod argument_out_of_scope;
mod cache_of_another_home;
mod cache_over_output;
mod cache_turned_off;
mod command_repeats_entry_point;
mod command_without_shell;
mod command_without_workdir;
mod compiler_in_image;
mod copy_before_install;
mod credentials_in_url;
mod cross_build_ignored;
mod development_dependencies;
mod development_server;
mod download_to_shell;
mod download_without_checksum;
mod dynamic_program_without_libc;
mod end_of_life;
mod end_of_life_soon;
mod entry_script_without_exec;
mod environment_moved;
mod environment_without_interpreter;
mod fixed_architecture;
mod floating_release;
mod floating_tag;
mod foreign_package_manager;
mod glibc_too_old;
mod health_ignores_status;
mod health_of_another_port;
mod health_only_in_build;
mod health_tool_missing;
mod health_without_shell;
mod home_of_root;
mod ignore_file_missing;
mod ignored_source;
mod interpreter_version_differs;
mod last_stage_platform;
mod libc_mismatch;
mod listens_on_loopback;
mod lock_ignored;
mod low_port;
mod migration_in_build;
mod modules_of_another_libc;
mod named_user;
mod old_patch;
mod operator_in_exec_form;
mod owner_changed_later;
mod package_index_alone;
mod package_lists_kept;
mod path_only_in_build;
mod path_overwritten;
mod platform_argument_default;
mod platform_argument_undeclared;
mod program_missing;
mod relative_workdir;
mod root_work_after_user;
mod run_without_shell;
mod runs_as_root;
mod script_interpreter_missing;
mod script_without_set_e;
mod secret_file_copied;
mod secret_in_context;
mod secret_in_variable;
mod secret_mount_kept;
mod secret_value;
mod shell_missing;
mod shell_swallows_signals;
mod source_in_image;
mod state_lost;
mod stop_signal;
mod sudo_used;
mod test_stage_last;
mod time_zone_without_data;
mod unknown_user;
mod unreachable_stage;
mod user_only_in_build;
mod variable_in_exec_form;
mod volume_of_root;
mod words_of_another_shell;
mod world_writable;
mod wrapper_as_first_process;

/// All rules, sorted by name.
pub static RULES: &[Rule] = &[
    argument_out_of_scope::RULE,
    cache_of_another_home::RULE,
    cache_over_output::RULE,
    cache_turned_off::RULE,
    command_repeats_entry_point::RULE,
    command_without_shell::RULE,
    command_without_workdir::RULE,
    compiler_in_image::RULE,
    copy_before_install::RULE,
    credentials_in_url::RULE,
    cross_build_ignored::RULE,
    development_dependencies::RULE,
    development_server::RULE,
    download_to_shell::RULE,
    download_without_checksum::RULE,
    dynamic_program_without_libc::RULE,
    end_of_life::RULE,
    end_of_life_soon::RULE,
    entry_script_without_exec::RULE,
    environment_moved::RULE,
    environment_without_interpreter::RULE,
    fixed_architecture::RULE,
    floating_release::RULE,
    floating_tag::RULE,
    foreign_package_manager::RULE,
    glibc_too_old::RULE,
    health_ignores_status::RULE,
    health_of_another_port::RULE,
    health_only_in_build::RULE,
    health_tool_missing::RULE,
    health_without_shell::RULE,
    home_of_root::RULE,
    ignore_file_missing::RULE,
    ignored_source::RULE,
    interpreter_version_differs::RULE,
    last_stage_platform::RULE,
    libc_mismatch::RULE,
    listens_on_loopback::RULE,
    lock_ignored::RULE,
    low_port::RULE,
    migration_in_build::RULE,
    modules_of_another_libc::RULE,
    named_user::RULE,
    old_patch::RULE,
    operator_in_exec_form::RULE,
    owner_changed_later::RULE,
    package_index_alone::RULE,
    package_lists_kept::RULE,
    path_only_in_build::RULE,
    path_overwritten::RULE,
    platform_argument_default::RULE,
    platform_argument_undeclared::RULE,
    program_missing::RULE,
    relative_workdir::RULE,
    root_work_after_user::RULE,
    run_without_shell::RULE,
    runs_as_root::RULE,
    script_interpreter_missing::RULE,
    script_without_set_e::RULE,
    secret_file_copied::RULE,
    secret_in_context::RULE,
    secret_in_variable::RULE,
    secret_mount_kept::RULE,
    secret_value::RULE,
    shell_missing::RULE,
    shell_swallows_signals::RULE,
    source_in_image::RULE,
    state_lost::RULE,
    stop_signal::RULE,
    sudo_used::RULE,
    test_stage_last::RULE,
    time_zone_without_data::RULE,
    unknown_user::RULE,
    unreachable_stage::RULE,
    user_only_in_build::RULE,
    variable_in_exec_form::RULE,
    volume_of_root::RULE,
    words_of_another_shell::RULE,
    world_writable::RULE,
    wrapper_as_first_process::RULE,
];

impl Rule {
    const fn new(
        id: &'static str,
        words: &'static str,
        check: fn(&View<'_>) -> Vec<Finding>,
    ) -> Self {
        Self { id, words, check }
    }

    /// What it says of itself.
    pub fn words(&self) -> Words {
        match toml::from_str(self.words) {
            Ok(words) => words,
            Err(error) => unreachable!("templates/rules/{}.toml: {error}", self.id),
        }
    }

    /// What it finds in a Dockerfile.
    pub fn check(&self, view: &View<'_>) -> Vec<Diagnostic> {
        let found = (self.check)(view);
        if found.is_empty() {
            return Vec::new();
        }
        let severity = severity(&self.words().severity);
        found
            .into_iter()
            .map(|finding| self.diagnostic(view, severity, finding))
            .collect()
    }

    fn diagnostic(&self, view: &View<'_>, severity: Severity, finding: Finding) -> Diagnostic {
        let start = match severity {
            Severity::Note => Diagnostic::note(self.id, finding.message),
            Severity::Warning => Diagnostic::warning(self.id, finding.message),
            Severity::Error => Diagnostic::error(self.id, finding.message),
        };
        let mut diagnostic = start.at(&view.place(&finding.span), finding.label);
        diagnostic.notes = finding.notes;
        diagnostic.help = finding.help;
        diagnostic
    }

    /// All that it says, as a text for people.
    pub fn explain(&self) -> String {
        let words = self.words();
        let indent = |text: &str| {
            text.trim_end()
                .lines()
                .map(|line| format!("    {line}").trim_end().to_owned())
                .collect::<Vec<_>>()
                .join("\n")
        };
        format!(
            "{} ({})\n\n{}.\n\n{}\n\nBad:\n\n{}\n\nGood:\n\n{}\n",
            self.id,
            words.severity,
            words.title,
            words.reason.trim(),
            indent(&words.bad),
            indent(&words.good)
        )
    }
}

fn severity(word: &str) -> Severity {
    match word {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Note,
    }
}

/// The rule of that name.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// What all rules find, in the order of the file; worse ones first where two are at one place.
pub fn check(view: &View<'_>, skipped: &[String]) -> Vec<Diagnostic> {
    let active = RULES
        .iter()
        .filter(|rule| !skipped.iter().any(|id| id == rule.id));
    let mut found: Vec<_> = active.flat_map(|rule| rule.check(view)).collect();
    found.sort_by_key(|diagnostic| {
        let start = diagnostic
            .place
            .as_ref()
            .map_or(0, |place| place.span.start);
        (
            start,
            std::cmp::Reverse(diagnostic.severity),
            diagnostic.code,
        )
    });
    found.dedup();
    found
}

#[cfg(test)]
mod tests;
