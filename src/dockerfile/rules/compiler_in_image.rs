//! Compilers in the image.
use super::Finding;
use crate::dockerfile::tables::{matching, tables};
use crate::dockerfile::view::View;

rule!("compiler-in-image", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    if view.started().is_empty() {
        return Vec::new();
    }
    if last.facts.compiler {
        let base = view.chain(last)[0];
        return vec![Finding::new(&base.image.span, format!("{} is made for building", base.resolved)).because("the image brings a compiler and all its packages: more to download, more to attack").help("build here, and COPY --from it into a small base")];
    }
    let mut found = Vec::new();
    for (_, instruction) in view.instructions(last) {
        let removed = instruction.commands().iter().any(|command| {
            command.has("del")
                || command.has("purge")
                || command.has("remove")
                || command.has("autoremove")
        });
        let installs = instruction.commands().iter().filter(|command| {
            matching(&tables().names.installers, command).is_some()
                && !command.has("--virtual")
                && !command.has("-t")
        });
        let words = installs
            .flat_map(|command| command.operands())
            .filter(|word| {
                tables().names.build_packages.iter().any(|package| {
                    word.value == *package || word.value.starts_with(&format!("{package}="))
                })
            });
        found.extend(words.filter(|_| !removed).take(1).map(|word| {
            Finding::new(&word.span, format!("`{}` is for building", word.value))
                .because("it stays in the image: more to download, more to attack")
                .help("in a build stage; what it made comes with COPY --from")
        }));
    }
    found
}
