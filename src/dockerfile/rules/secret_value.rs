//! A text that has the form of a secret.
use super::Finding;
use crate::dockerfile::tables::holds_key;
use crate::dockerfile::view::View;

rule!("secret-value", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let secret = view
        .all()
        .filter(|(_, instruction)| holds_key(view.text(&instruction.span)));
    let found = secret.map(|(_, instruction)| {
        Finding::new(
            &instruction.keyword,
            "a key or token stands in this instruction",
        )
        .because("whoever has the file or the image has it")
        .help("take it back where it was made, and give the new one as --mount=type=secret")
    });
    found.collect()
}
