//! A start command with a relative path in an image without WORKDIR.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::view::View;

rule!("command-without-workdir", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let set = view.find(last, |instruction| {
        matches!(instruction.kind, Kind::Workdir(_)).then_some(())
    });
    if set.is_some() || !last.facts.known || last.workdir != "/" {
        return Vec::new();
    }
    // Where files go to the root of the image, the root is meant.
    let root = view.instructions(last).any(|(_, instruction)| {
        instruction.as_copy().is_some_and(|copy| {
            matches!(copy.target.value.as_str(), "." | "./" | "/")
                || !copy.target.value.starts_with('/')
        })
    });
    let words: Vec<_> = view
        .started()
        .into_iter()
        .flat_map(|(_, command)| command.words())
        .collect();
    let relative = words.into_iter().find(|word| {
        let value = &word.value;
        let path = value.starts_with("./")
            || value.starts_with("../")
            || (value.contains('/')
                && !value.starts_with(['/', '-', '$'])
                && !value.contains("://")
                && !value.contains([' ', ':', '=']));
        path && !root
    });
    let found = relative.map(|word| {
        Finding::new(&word.span, format!("`{}` is looked for in /", word.value))
            .because("WORKDIR of another stage does not come along")
            .help("WORKDIR in the last stage, or the whole path")
    });
    found.into_iter().collect()
}
