//! A STOPSIGNAL that does not let the server finish, or none where the server wants another one.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::shell::base_name;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("stop-signal", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let set = view.find(last, |instruction| match &instruction.kind {
        Kind::Stopsignal(signal) => Some(signal),
        _ => None,
    });
    let server = view.started().into_iter().find_map(|(_, command)| {
        let word = command.words().first()?;
        let signal = tables().processes.signals.get(base_name(&word.value))?;
        Some((word, signal))
    });
    if let Some(set) = set {
        let name = set.value.trim_start_matches("SIG");
        let kills = matches!(name, "KILL" | "9");
        let wanted = server
            .map(|(_, signal)| signal.clone())
            .or_else(|| last.facts.stop.clone());
        let other = wanted.filter(|wanted| {
            wanted.trim_start_matches("SIG") != name
                && !set.value.contains('$')
                && name.parse::<u8>().is_err()
        });
        return match (kills, other) {
            (true, _) => vec![
                Finding::new(&set.span, "nothing can finish its work on SIGKILL")
                    .help("STOPSIGNAL SIGTERM, or none: it is the default"),
            ],
            (false, Some(wanted)) => vec![
                Finding::new(
                    &set.span,
                    format!("this server finishes its requests on {wanted}"),
                )
                .because(format!("on {} it drops them", set.value))
                .help(format!("STOPSIGNAL {wanted}")),
            ],
            (false, None) => Vec::new(),
        };
    }
    let unsaid = server.filter(|(_, signal)| {
        last.facts.stop.as_ref() != Some(*signal) && last.facts.entrypoint.is_empty()
    });
    let found = unsaid.map(|(word, signal)| {
        Finding::new(
            &word.span,
            format!("`{}` drops its requests on SIGTERM", word.value),
        )
        .help(format!("STOPSIGNAL {signal}"))
    });
    found.into_iter().collect()
}
