//! Work on a database during the build.
use super::Finding;
use crate::dockerfile::tables::{matching, tables};
use crate::dockerfile::view::View;

rule!("migration-in-build", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let found = view.ran().filter_map(|(_, _, command)| {
        let pattern = matching(&tables().processes.migrations, command)?;
        Some(
            Finding::new(
                &command.span,
                format!("`{pattern}` changes a database, and a build has none"),
            )
            .because("it fails, or changes another one than the program will use")
            .help("a step of its own when the new version is rolled out"),
        )
    });
    found.collect()
}
