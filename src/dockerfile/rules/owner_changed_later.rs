//! A recursive change of owner or mode in a layer of its own.
use super::Finding;
use crate::dockerfile::view::{View, covers, join};

rule!("owner-changed-later", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for stage in view.chain(view.last()) {
        let mut copied: Vec<(String, usize)> = Vec::new();
        for (at, instruction) in stage.instructions.iter().enumerate() {
            if let Some(copy) = instruction.as_copy() {
                copied.push((join(&instruction.workdir, &copy.target.value), at));
            }
            let changes = instruction.commands().iter().filter(|command| {
                matches!(command.program(), "chown" | "chmod")
                    && command.arguments().iter().any(|word| {
                        word.value.starts_with('-') && word.value.contains('R')
                            || word.value == "--recursive"
                    })
            });
            for command in changes {
                let paths: Vec<_> = command
                    .operands()
                    .skip(1)
                    .map(|word| join(&instruction.workdir, &word.value))
                    .collect();
                let twice = copied.iter().any(|(target, _)| {
                    paths
                        .iter()
                        .any(|path| path.starts_with('/') && covers(path, target))
                });
                if twice {
                    let flag = if command.program() == "chown" {
                        "chown"
                    } else {
                        "chmod"
                    };
                    found.push(
                        Finding::new(
                            &command.span,
                            "every file that was copied is now in the image twice",
                        )
                        .because("a change of owner or mode is a copy in a new layer")
                        .help(format!("COPY --{flag}=…")),
                    );
                }
            }
        }
    }
    found
}
