//! A health check that needs a shell, on a base that has none.
use super::Finding;
use crate::dockerfile::artefact::lacks;
use crate::dockerfile::view::View;

rule!("health-without-shell", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let bare = last.facts.shell == Some(false) && lacks(view, last, "sh");
    let health = view
        .health()
        .filter(|(_, command)| bare && command.is_shell());
    let found = health.map(|(_, command)| {
        Finding::new(&command.span, format!("{} has no shell to run this check", last.resolved))
            .because("the container stays unhealthy for ever, and runs")
            .help("a program of your own as a JSON array: HEALTHCHECK CMD [\"/app/server\", \"--health\"]")
    });
    found.into_iter().collect()
}
