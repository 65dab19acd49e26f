//! A build on the builder's platform that does not look at the one it builds for.
use super::Finding;
use crate::dockerfile::artefact::compiles;
use crate::dockerfile::view::View;

rule!("cross-build-ignored", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let mut found = Vec::new();
    for stage in view.stages.iter().filter(|stage| {
        stage
            .platform
            .as_ref()
            .is_some_and(|platform| platform.value.contains("BUILDPLATFORM"))
    }) {
        let leaves = between
            .iter()
            .any(|between| between.from.index == stage.index && between.to.platform.is_none());
        let text: String = stage
            .instructions
            .iter()
            .map(|instruction| view.text(&instruction.span))
            .collect();
        let looks = ["TARGET", "xx-", "--arch", "dpkg --add-architecture"]
            .iter()
            .any(|word| text.contains(word));
        let command = stage
            .instructions
            .iter()
            .flat_map(crate::dockerfile::Instruction::commands)
            .find(|command| {
                let Some(entry) = compiles(command) else {
                    return false;
                };
                !entry.cross.iter().any(|word| text.contains(word.as_str()))
            });
        if let Some(command) = command.filter(|_| leaves && !looks) {
            found.push(
                Finding::new(
                    &command.span,
                    format!(
                        "`{}` builds for the builder's own platform",
                        command.program()
                    ),
                )
                .label("whatever the image is for")
                .because(format!(
                    "stage {} stands on $BUILDPLATFORM and never asks for TARGETARCH",
                    stage.title()
                ))
                .because("on another platform the program ends with: exec format error")
                .help("ARG TARGETOS TARGETARCH, and tell the compiler"),
            );
        }
    }
    found
}
