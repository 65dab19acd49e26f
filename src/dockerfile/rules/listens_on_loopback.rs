//! A server that listens to itself only.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;
use crate::dockerfile::{Kind, Text};

rule!("listens-on-loopback", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let started = view.started();
    let words: Vec<_> = started
        .iter()
        .flat_map(|(_, command)| command.commands())
        .flat_map(|command| addresses(&command.words))
        .collect();
    let variables =
        view.instructions(view.last())
            .filter_map(|(_, instruction)| match &instruction.kind {
                Kind::Env(variables) => Some(variables),
                _ => None,
            });
    let names = &tables().processes.bind_variables;
    let set = variables
        .flatten()
        .filter(|variable| names.contains(&variable.name.value))
        .filter_map(|variable| variable.value.clone());
    let found = words
        .into_iter()
        .chain(set)
        .filter(|text| is_loopback(&text.value));
    found
        .map(|text| {
            Finding::new(&text.span, "it listens to the container itself only")
                .because("a published port leads to another address: connection refused")
                .help("0.0.0.0, or [::] for both families")
        })
        .collect()
}

/// What stands behind the flags that say where to listen.
fn addresses(words: &[Text]) -> Vec<Text> {
    let flags = &tables().processes.bind_flags;
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Some((flag, value)) = word.value.split_once('=')
            && flags.iter().any(|known| known == flag)
        {
            found.push(Text {
                value: value.to_owned(),
                span: word.span.clone(),
            });
        } else if flags.contains(&word.value) {
            found.extend(words.get(at + 1).cloned());
        }
    }
    found
}

fn is_loopback(address: &str) -> bool {
    let host = address.rsplit_once("://").map_or(address, |(_, host)| host);
    ["127.0.0.1", "localhost", "[::1]", "::1"]
        .iter()
        .any(|loopback| {
            host.strip_prefix(loopback)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        })
}
