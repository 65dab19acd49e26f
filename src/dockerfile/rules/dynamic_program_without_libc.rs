//! A program that needs a libc, copied to a base that has none.
use super::Finding;
use crate::dockerfile::artefact;
use crate::dockerfile::view::View;
use crate::image::Libc;

rule!("dynamic-program-without-libc", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let empty = between.iter().filter(|between| {
        between.to.facts.libc == Some(Libc::None) && between.from.facts.libc.is_some()
    });
    let found = empty.filter_map(|between| {
        let command = artefact::native(view, between)?;
        if has_loader(view, between.to.index) {
            return None;
        }
        Some(
            Finding::new(
                &between.span,
                format!(
                    "{} has no libc, and this program needs one",
                    between.to.resolved
                ),
            )
            .label(format!(
                "made by `{}` in stage {}",
                command.program(),
                between.from.title()
            ))
            .because("it starts with: no such file or directory")
            .help("link it statically, or take a base with the libc of the build stage"),
        )
    });
    found.collect()
}

/// Whether somebody copies the loader by hand.
fn has_loader(view: &View<'_>, index: usize) -> bool {
    let parts = [
        "/lib/ld-",
        "/lib64",
        "ld-linux",
        "ld-musl",
        "libc.so",
        "/runtime/",
    ];
    view.between().iter().any(|between| {
        between.to.index == index
            && (parts.iter().any(|part| between.source.contains(part))
                || between.source == "/lib"
                || between.source == "/runtime"
                || between.source == "/")
    })
}
