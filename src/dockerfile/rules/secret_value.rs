//! A text that has the form of a secret.
use regex::RegexSet;

use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("secret-value", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    // A pattern that does not compile is found by the test of this rule's example.
    let Ok(patterns) = RegexSet::new(&tables().secrets.values) else {
        return Vec::new();
    };
    let secret = view
        .all()
        .filter(|(_, instruction)| patterns.is_match(view.text(&instruction.span)));
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
