//! A cache mount in the home of somebody else.
use super::Finding;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("cache-of-another-home", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (stage, instruction) in view.all() {
        let Some(run) = instruction.as_run() else {
            continue;
        };
        let Some(root) = instruction.user.as_deref().map(is_root) else {
            continue;
        };
        if stage.env.contains_key("HOME") {
            continue;
        }
        for mount in run.mounts.iter().filter(|mount| mount.kind == "cache") {
            let target = mount
                .target
                .as_deref()
                .unwrap_or_default()
                .trim_end_matches('/');
            let cache = tables().caches.iter().find(|cache| {
                let here = target.ends_with(&format!("/{}", cache.folder));
                here && run.commands.iter().any(|command| {
                    cache
                        .programs
                        .iter()
                        .any(|program| program == command.program())
                })
            });
            let home = cache
                .and_then(|cache| target.strip_suffix(cache.folder.as_str()))
                .map(|home| home.trim_end_matches('/').to_owned());
            let Some(home) = home else { continue };
            let told = run.commands.iter().any(|command| {
                command.words.iter().any(|word| word.value.contains(target))
                    || command
                        .assignments
                        .iter()
                        .any(|(_, value)| value.contains(target))
            }) || stage.env.values().any(|value| value.contains(target));
            let wrong = (root && home.starts_with("/home/")) || (!root && home == "/root");
            if wrong && !told {
                let user = instruction.user.clone().unwrap_or_default();
                found.push(Finding::new(&mount.span, format!("`{user}` has its cache elsewhere")).because(format!("{home} is the home of another user: this cache is never used")).help("the cache folder of the user who runs this; uid= and gid= make it writable"));
            }
        }
    }
    found
}
