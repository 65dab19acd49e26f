//! The source of a compiled program in the image.
use super::Finding;
use crate::dockerfile::artefact::compiles;
use crate::dockerfile::view::{View, join};

rule!("source-in-image", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let between = view.between();
    let whole = between
        .iter()
        .filter(|between| between.to.index == last.index)
        .filter(|between| {
            let stage = between.from;
            let compiled = view
                .instructions(stage)
                .flat_map(|(_, instruction)| instruction.commands())
                .any(|command| compiles(command).is_some());
            let source = view.instructions(stage).any(|(_, instruction)| {
                instruction.as_copy().is_some_and(|copy| {
                    copy.is_broad()
                        && join(&instruction.workdir, &copy.target.value) == between.source
                        && between.source != "/"
                })
            });
            compiled && source
        });
    let found = whole.map(|between| {
        Finding::new(
            &between.span,
            format!("{} is the whole source, beside the program", between.source),
        )
        .because("more to download, and your code for everybody who has the image")
        .help("only what runs: COPY --from=… /the/program /app/")
    });
    found.collect()
}
