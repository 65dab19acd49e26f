//! A variable whose name says that it is a secret.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::tables;
use crate::dockerfile::view::View;

rule!("secret-in-variable", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let shipped: Vec<_> = view
        .chain(view.last())
        .iter()
        .map(|stage| stage.index)
        .collect();
    for (stage, instruction) in view.all() {
        let (variables, is_env) = match &instruction.kind {
            Kind::Env(variables) => (variables, true),
            Kind::Arg(variables) => (variables, false),
            _ => continue,
        };
        let secret = variables
            .iter()
            .filter(|variable| tables::names_secret(&variable.name.value));
        // Whoever unsets a variable, names a file, or turns something on or off, keeps nothing.
        let secret = secret.filter(|variable| {
            variable.value.as_ref().is_none_or(|value| {
                !value.value.is_empty() && !value.value.starts_with('/') && !is_switch(&value.value)
            })
        });
        found.extend(secret.map(|variable| {
            let where_ = if !shipped.contains(&stage.index) {
                "in the build cache and in the provenance of the image"
            } else if is_env {
                "in the image, for everybody who has it"
            } else {
                "in the image's history"
            };
            Finding::new(&variable.name.span, format!("`{}` is readable {where_}", variable.name.value)).help("RUN --mount=type=secret,id=… for the build; docker run -e, or a mounted file, for the program")
        }));
    }
    found
}

/// A value that says on or off and is nobody's secret.
fn is_switch(value: &str) -> bool {
    let words = ["0", "1", "no", "yes", "false", "true", "off", "on", "none"];
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}
