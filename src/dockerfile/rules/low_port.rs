//! A port below 1024 for a program that is not root.
use super::Finding;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::view::View;

rule!("low-port", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let plain = view
        .last()
        .user
        .as_deref()
        .is_some_and(|user| !is_root(user));
    // A program that was given the right to do so may.
    let may = view.ran().any(|(_, _, command)| {
        let words = command.arguments().iter();
        command.program() == "setcap"
            && words
                .into_iter()
                .any(|word| word.value.contains("cap_net_bind_service"))
    });
    if !plain || may {
        return Vec::new();
    }
    let ports = view.exposed();
    let low = ports.into_iter().filter(|(port, _)| *port < 1024);
    let found = low.map(|(port, span)| {
        Finding::new(
            &span,
            format!("port {port} is below 1024 and the program is not root"),
        )
        .because("Docker allows it today; other engines, and hosts with another setting, do not")
        .help(format!(
            "listen on {}, and publish it as the low one: -p {port}:{}",
            port + 8000,
            port + 8000
        ))
    });
    found.collect()
}
