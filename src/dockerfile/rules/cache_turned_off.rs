//! A cache mount for a program whose cache is turned off.
use super::Finding;
use crate::dockerfile::artefact::settings;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("cache-turned-off", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let found = view.ran().filter_map(|(stage, instruction, command)| {
        let cache = tables().caches.iter().find(|cache| {
            cache
                .programs
                .iter()
                .any(|program| program == command.program())
        })?;
        let folder = cache.folder.as_str();
        let mounts = &instruction.as_run()?.mounts;
        let mounted = mounts.iter().any(|mount| {
            mount.kind == "cache"
                && mount
                    .target
                    .as_deref()
                    .is_some_and(|target| target.trim_end_matches('/').ends_with(folder))
        });
        let set = settings(stage, instruction, command);
        let off = cache.off.iter().find(|off| {
            command.has(off)
                || set.iter().any(|(name, value)| {
                    name == *off && !matches!(value.as_str(), "" | "0" | "false" | "off" | "no")
                })
        })?;
        mounted.then(|| {
            Finding::new(
                &command.span,
                format!("`{off}` turns off the cache that is mounted for it"),
            )
            .because("every build downloads everything again")
            .help(format!("without {off}: a cache mount is in no layer"))
        })
    });
    found.collect()
}
