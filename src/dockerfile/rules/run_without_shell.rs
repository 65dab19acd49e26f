//! A RUN in shell form on a base that has no shell.
use super::Finding;
use crate::dockerfile::artefact::lacks;
use crate::dockerfile::view::View;
use crate::dockerfile::{Form, Kind};

rule!("run-without-shell", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let bare = view.all().filter(|(stage, _)| {
        stage.shell.is_none() && stage.facts.shell == Some(false) && lacks(view, stage, "sh")
    });
    let runs = bare.filter_map(|(stage, instruction)| match &instruction.kind {
        Kind::Run(run) if matches!(run.command.form, Form::Shell(_)) => Some((stage, instruction)),
        _ => None,
    });
    let found = runs.map(|(stage, instruction)| {
        Finding::new(
            &instruction.keyword,
            format!("{} has no shell to run this", stage.resolved),
        )
        .because("the build ends with: exec: \"/bin/sh\": no such file or directory")
        .help("do it in the build stage, and COPY --from it")
    });
    found.collect()
}
