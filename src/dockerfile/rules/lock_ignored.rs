//! An install that may take other versions than the lock file says.
use super::Finding;
use crate::dockerfile::Instruction;
use crate::dockerfile::artefact::settings;
use crate::dockerfile::shell::Simple;
use crate::dockerfile::tables::{Better, matching, tables};
use crate::dockerfile::view::{Stage, View};

rule!("lock-ignored", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let found = view.ran().filter_map(|(stage, instruction, command)| {
        let better = tables()
            .unlocked
            .iter()
            .find(|better| applies(better, stage, instruction, command))?;
        Some(
            Finding::new(&command.span, "the lock file does not bind this install")
                .because("where it is missing or no longer fits, other versions are taken without a word")
                .help(better.instead.clone()),
        )
    });
    found.collect()
}

/// Whether a command is the one that could be better; also used by the rule about development dependencies.
pub(super) fn applies(
    better: &Better,
    stage: &Stage,
    instruction: &Instruction,
    command: &Simple,
) -> bool {
    let Some(pattern) = matching(&better.run, command) else {
        return false;
    };
    let words = pattern.split(' ').count() - 1;
    let named = better.bare && command.operands().count() > words;
    let set = settings(stage, instruction, command);
    let held = better.unless.iter().any(|word| {
        command.has_flag(word)
            || set
                .iter()
                .any(|(name, value)| name == word && !value.is_empty())
    });
    let wanted = better
        .dev_flag
        .as_deref()
        .is_none_or(|flag| command.has_flag(flag));
    !named && !held && wanted
}
