//! A PATH that the build stage has and the last one needs.
use super::Finding;
use crate::dockerfile::view::{View, covers};

rule!("path-only-in-build", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let Some((_, command)) = view.first_process() else {
        return Vec::new();
    };
    let Some(program) = command
        .words()
        .first()
        .filter(|word| !word.value.contains('/'))
    else {
        return Vec::new();
    };
    let between = view.between();
    let arriving: Vec<_> = between
        .iter()
        .filter(|between| between.to.index == last.index && between.source.starts_with('/'))
        .collect();
    let lost = arriving.iter().find_map(|between| {
        let folders = own_folders(&between.from.env);
        let folder = folders
            .into_iter()
            .find(|folder| covers(&between.source, folder))?;
        let there = folder.replacen(&between.source, &between.target, 1);
        let known = own_folders(&last.env);
        (!known.contains(&there) && !known.contains(&folder)).then_some(there)
    });
    lost.into_iter()
        .map(|folder| {
            Finding::new(
                &program.span,
                format!(
                    "`{}` may not be found: {folder} is in the PATH of the build stage only",
                    program.value
                ),
            )
            .because("ENV of a stage ends with it; COPY --from brings files, not variables")
            .help(format!("ENV PATH={folder}:$PATH"))
        })
        .collect()
}

/// Folders that a stage puts into PATH beside the system's.
fn own_folders(env: &std::collections::BTreeMap<String, String>) -> Vec<String> {
    let path = env.get("PATH").map(String::as_str).unwrap_or_default();
    path.split(':')
        .filter(|folder| {
            folder.starts_with('/')
                && !folder.starts_with("/usr")
                && !folder.starts_with("/bin")
                && !folder.starts_with("/sbin")
        })
        .map(ToOwned::to_owned)
        .collect()
}
