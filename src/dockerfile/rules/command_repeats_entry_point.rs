//! A CMD that begins with the program that the base's entry point is.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::shell::base_name;
use crate::dockerfile::view::View;

rule!("command-repeats-entry-point", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let own = view.find(last, |instruction| {
        matches!(instruction.kind, Kind::Entrypoint(_)).then_some(())
    });
    let Some(program) = last.facts.entrypoint.first().filter(|_| own.is_none()) else {
        return Vec::new();
    };
    let plain = |path: &str| {
        base_name(path)
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
            .to_owned()
    };
    let started = view.started();
    let repeated = started.iter().find_map(|(_, command)| {
        command
            .words()
            .first()
            .filter(|word| plain(&word.value) == plain(program))
    });
    let found = repeated.map(|word| {
        Finding::new(
            &word.span,
            format!("{} starts {program} by itself", last.resolved),
        )
        .because(format!(
            "the container runs: {} {} …",
            last.facts.entrypoint.join(" "),
            word.value
        ))
        .help("CMD is what stands behind it; or an ENTRYPOINT of your own")
    });
    found.into_iter().collect()
}
