//! System packages installed by somebody who is not root.
use super::Finding;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::tables::{matching, tables};
use crate::dockerfile::view::View;

rule!("root-work-after-user", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let commands = view.ran().filter(|(_, instruction, command)| {
        let plain = instruction
            .user
            .as_deref()
            .is_some_and(|user| !is_root(user) && !user.contains('$'));
        plain
            && !command.wrappers.iter().any(|wrapper| wrapper == "sudo")
            && matching(&tables().names.installers, command).is_some()
    });
    let found = commands.map(|(_, instruction, command)| {
        let user = instruction.user.clone().unwrap_or_default();
        Finding::new(
            &command.span,
            format!("`{user}` may not install system packages"),
        )
        .because("USER holds for every instruction behind it")
        .help("before USER, or between USER root and USER")
    });
    found.collect()
}
