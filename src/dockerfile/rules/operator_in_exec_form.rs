//! `&&`, `||`, `|` or `>` as an argument of a JSON array.
use super::Finding;
use crate::dockerfile::view::View;

rule!("operator-in-exec-form", check);

const OPERATORS: [&str; 8] = ["&&", "||", "|", ";", ">", ">>", "2>&1", "&"];

fn check(view: &View<'_>) -> Vec<Finding> {
    let words = view
        .exec_forms()
        .flat_map(|command| command.words().iter().skip(1));
    let found = words
        .filter(|word| OPERATORS.contains(&word.value.as_str()))
        .map(|word| {
            Finding::new(
                &word.span,
                format!("`{}` is an argument here, no operator", word.value),
            )
            .because("a JSON array is started without a shell")
            .help("[\"sh\", \"-c\", \"… exec …\"], or without the operator")
        });
    found.collect()
}
