//! A server for development in the image.
use super::Finding;
use crate::dockerfile::tables::{matching, tables};
use crate::dockerfile::view::View;

rule!("development-server", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let is_development = last.name.as_ref().is_some_and(|name| {
        tables()
            .processes
            .test_stages
            .iter()
            .any(|stage| name.value.eq_ignore_ascii_case(stage))
    });
    if is_development {
        return Vec::new();
    }
    let found = view
        .started()
        .into_iter()
        .flat_map(|(_, command)| command.commands());
    let found = found.filter_map(|command| {
        let pattern = matching(&tables().processes.development, &command)?;
        let finding = Finding::new(&command.span, format!("`{pattern}` is for development"))
            .because("one request at a time, reloading, stack traces for everybody: it is not made for the open network")
            .help("build what has to be built, and start the server for production");
        Some(finding)
    });
    found.collect()
}
