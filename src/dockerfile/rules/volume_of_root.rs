//! A volume that belongs to root, for a program that is not root.
use super::Finding;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::view::{View, covers};
use crate::dockerfile::{Kind, Stage};

rule!("volume-of-root", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    if !last.facts.known || last.user.as_deref().is_none_or(is_root) {
        return Vec::new();
    }
    let volumes = view
        .instructions(last)
        .filter_map(|(_, instruction)| match &instruction.kind {
            Kind::Volume(paths) => Some(paths),
            _ => None,
        });
    let lost = volumes.flatten().filter(|path| {
        path.value.starts_with('/')
            && !path.value.contains('$')
            && !is_given(view, last, &path.value)
    });
    let found = lost.map(|path| {
        Finding::new(
            &path.span,
            format!(
                "{} belongs to root; the program may not write there",
                path.value
            ),
        )
        .because("a volume starts as a copy of the folder in the image, owner and all")
        .help(format!(
            "before USER: RUN install -d -o 65532 -g 65532 {}",
            path.value
        ))
    });
    found.collect()
}

/// Whether some instruction gives the folder, or one above it, to somebody.
fn is_given(view: &View<'_>, stage: &Stage, path: &str) -> bool {
    let handles = |text: &str| covers(text, path) && text.len() > 1;
    view.instructions(stage).any(|(_, instruction)| {
        let plain = instruction
            .user
            .as_deref()
            .is_some_and(|user| !is_root(user));
        match &instruction.kind {
            Kind::Copy(copy) => copy.flag("chown").is_some() && covers(&copy.target.value, path),
            Kind::Run(run) => run.commands.iter().any(|command| {
                let gives = matches!(command.program(), "chown" | "install" | "chmod" | "setfacl")
                    || plain && command.program() == "mkdir";
                gives
                    && command
                        .words
                        .iter()
                        .any(|word| handles(&word.value) || word.value.contains('$'))
                    || matches!(command.program(), "useradd" | "adduser")
                        && command.words.iter().any(|word| handles(&word.value))
            }),
            Kind::Workdir(folder) => plain && handles(&folder.value),
            _ => false,
        }
    })
}
