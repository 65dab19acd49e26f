//! The whole context copied, and no `.dockerignore`.
use super::Finding;
use crate::dockerfile::view::View;

rule!("ignore-file-missing", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    if !view.around.has_context || view.ignore.is_some() {
        return Vec::new();
    }
    let broad = view.all().find_map(|(_, instruction)| {
        instruction
            .as_copy()
            .filter(|copy| copy.is_broad())
            .map(|_| instruction)
    });
    let found = broad.map(|instruction| {
        Finding::new(
            &instruction.span,
            "everything in the folder goes into the build, and there is no `.dockerignore`",
        )
        .because("version control, local builds, secrets; and every note that changes builds all of it again")
        .help("a `.dockerignore`; scaffold init writes one")
    });
    found.into_iter().collect()
}
