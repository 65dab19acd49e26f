//! An ENV PATH without the old one.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::view::View;

rule!("path-overwritten", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let variables = view
        .all()
        .filter_map(|(_, instruction)| match &instruction.kind {
            Kind::Env(variables) => Some(variables),
            _ => None,
        });
    let values = variables
        .flatten()
        .filter(|variable| variable.name.value == "PATH")
        .filter_map(|variable| variable.value.as_ref());
    let lost = values.filter(|value| {
        !value.value.contains("PATH")
            && !value
                .value
                .split(':')
                .any(|folder| folder == "/usr/bin" || folder == "/bin")
    });
    let found = lost.map(|value| {
        Finding::new(&value.span, "the system's programs are no longer found")
            .because("this PATH has neither the old one nor /usr/bin")
            .help(format!("{}:$PATH", value.value))
    });
    found.collect()
}
