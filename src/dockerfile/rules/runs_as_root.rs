//! An image that runs as root.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("runs-as-root", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    if !last.user.as_deref().is_some_and(is_root)
        || view.started().is_empty() && last.facts.stop.is_none()
        || steps_down(view)
    {
        return Vec::new();
    }
    // A USER in another stage is told by the rule about that.
    let elsewhere = view.all().any(|(stage, instruction)| {
        matches!(&instruction.kind, Kind::User(user) if !is_root(&user.value))
            && stage.index != last.index
    });
    let own = view.find(last, |instruction| match &instruction.kind {
        Kind::User(user) => Some(user.span.clone()),
        _ => None,
    });
    if elsewhere && own.is_none() {
        return Vec::new();
    }
    let finding = Finding::new(
        own.as_ref().unwrap_or(&last.image.span),
        "the program runs as root",
    )
    .because("whoever breaks into it is root in the container, and one step from the host");
    vec![finding.help("USER 65532:65532 at the end, and files that it may read")]
}

/// Whether something gives root up before the program starts, or a script of the project might.
fn steps_down(view: &View<'_>) -> bool {
    let programs = &tables().names.stepping_down;
    let names = |text: &str| {
        programs
            .iter()
            .any(|program| text.contains(program.as_str()))
    };
    let started = view.started();
    let script = started
        .iter()
        .flat_map(|(_, command)| command.words())
        .any(|word| word.value.ends_with(".sh") || word.value.contains("entrypoint"));
    let all = view
        .instructions(view.last())
        .flat_map(|(_, instruction)| instruction.commands());
    let installed = all.flat_map(|command| &command.words).any(|word| {
        programs
            .iter()
            .any(|program| word.value == *program || word.value.ends_with(&format!("/{program}")))
    });
    installed
        || (script && !view.around.has_context)
        || started
            .iter()
            .any(|(_, command)| names(view.text(&command.span)))
        || script_steps_down(view, &started)
}

fn script_steps_down(
    view: &View<'_>,
    started: &[(&crate::dockerfile::Instruction, &crate::dockerfile::Command)],
) -> bool {
    let words = started.iter().flat_map(|(_, command)| command.words());
    let scripts = words.filter_map(|word| view.script(&word.value));
    scripts.into_iter().any(|(_, text)| {
        tables()
            .names
            .stepping_down
            .iter()
            .any(|program| text.contains(program.as_str()))
    })
}
