//! A WORKDIR that depends on what the base says.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::view::View;

rule!("relative-workdir", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for stage in &view.stages {
        let first = stage
            .instructions
            .iter()
            .find_map(|instruction| match &instruction.kind {
                Kind::Workdir(path) => Some(path),
                _ => None,
            });
        // Behind an absolute one, or on a stage of this file, the folder is known.
        let relative = first.filter(|path| {
            stage.parent.is_none()
                && !path.value.starts_with(['/', '$', '\\'])
                && path.value.get(1..2) != Some(":")
        });
        found.extend(relative.map(|path| {
            Finding::new(
                &path.span,
                format!("`{}` lies below whatever the base's folder is", path.value),
            )
            .help(format!("WORKDIR /{}", path.value.trim_start_matches("./")))
        }));
    }
    found
}
