//! Lists and downloads of packages that stay in the image.
use super::Finding;
use crate::dockerfile::view::View;

rule!("package-lists-kept", check);

const LISTS: &str = "/var/lib/apt";

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let mut found = Vec::new();
    for (_, instruction) in view.instructions(last) {
        let Some(run) = instruction.as_run() else {
            continue;
        };
        let mounted = run.mounts.iter().any(|mount| {
            mount.kind == "cache"
                && mount.target.as_deref().is_some_and(|target| {
                    target.starts_with(LISTS)
                        || target.starts_with("/var/cache/apk")
                        || target.starts_with("/etc/apk/cache")
                })
        });
        let cleaned = run.commands.iter().any(|command| {
            let by_manager = matches!(command.program(), "apt-get" | "apt")
                && (command.has("dist-clean") || command.has("distclean"));
            by_manager
                || matches!(command.program(), "rm" | "find")
                    && command.words.iter().any(|word| {
                        word.value.contains(LISTS)
                            || word.value.contains("/var/cache/apk")
                            || word.value.starts_with("/var/lib/{")
                    })
        });
        let lists = run.commands.iter().find(|command| {
            let apt = matches!(command.program(), "apt-get" | "apt") && command.has("update");
            let keeps = !command.has("--no-cache") && !command.has("--no-network");
            let apk = command.program() == "apk"
                && keeps
                && (command.has("update") || command.has("add"));
            apt || apk
        });
        if let Some(command) = lists.filter(|_| !mounted && !cleaned) {
            found.push(Finding::new(&command.span, "the lists of packages stay in this layer").help("in the same RUN: rm -rf /var/lib/apt/lists/*; apk add --no-cache; or a cache mount over the lists"));
        }
    }
    found
}
