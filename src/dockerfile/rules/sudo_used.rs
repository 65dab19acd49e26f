//! sudo in a build.
use super::Finding;
use crate::dockerfile::view::View;

rule!("sudo-used", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let used = view
        .ran()
        .filter(|(_, _, command)| command.wrappers.iter().any(|wrapper| wrapper == "sudo"));
    let found = used.map(|(_, _, command)| {
        Finding::new(
            &command.span,
            "sudo in a build does nothing that USER root does not",
        )
        .because("and it is a way to root for whoever gets into the container")
        .help("USER root for this RUN, and the program's user behind it")
    });
    found.collect()
}
