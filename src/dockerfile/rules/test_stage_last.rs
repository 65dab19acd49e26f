//! A stage for tests or development at the end of the file.
use super::Finding;
use crate::dockerfile::tables::{matching, tables};
use crate::dockerfile::view::View;

rule!("test-stage-last", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    if view.stages.len() < 2 {
        return Vec::new();
    }
    let names = &tables().processes.test_stages;
    let by_name = last.name.as_ref().filter(|name| {
        names
            .iter()
            .any(|stage| name.value.eq_ignore_ascii_case(stage))
    });
    let by_command = view
        .started()
        .into_iter()
        .flat_map(|(_, command)| command.commands())
        .any(|command| matching(&tables().processes.tests, &command).is_some());
    if by_name.is_none() && !by_command {
        return Vec::new();
    }
    let span = last
        .name
        .as_ref()
        .map_or(&last.image.span, |name| &name.span);
    vec![
        Finding::new(span, "without --target, this stage is the image")
            .because("it tests or debugs; it is not what should run")
            .help("move it before the stage that runs in production"),
    ]
}
