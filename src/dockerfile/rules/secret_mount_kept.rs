//! A mounted secret that is copied into the layer.
use super::Finding;
use crate::dockerfile::view::View;

rule!("secret-mount-kept", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let found = view.ran().filter_map(|(_, instruction, command)| {
        let mounts = &instruction.as_run()?.mounts;
        let secrets: Vec<_> = mounts
            .iter()
            .filter(|mount| mount.kind == "secret")
            .map(|mount| {
                mount
                    .target
                    .clone()
                    .unwrap_or_else(|| "/run/secrets/".to_owned())
            })
            .collect();
        let reads = command.operands().any(|word| {
            secrets
                .iter()
                .any(|secret| word.value.contains(secret.as_str()))
        });
        let copies = matches!(command.program(), "cp" | "mv" | "install") && reads;
        let prints = matches!(command.program(), "cat" | "echo" | "printf")
            && command.arguments().iter().any(|word| {
                secrets
                    .iter()
                    .any(|secret| word.value.contains(secret.as_str()))
            });
        let writes = prints
            && command
                .writes
                .iter()
                .any(|path| path.value != "/dev/null" && !path.value.starts_with("/dev/"));
        // What is removed in the same instruction is in no layer.
        let removed = instruction
            .commands()
            .iter()
            .any(|other| other.program() == "rm");
        ((copies || writes) && !removed).then(|| {
            Finding::new(&command.span, "the secret is written into the layer")
                .because("the mount leaves no trace; its copy does")
                .help(
                    "let the program read it where it is mounted: target=… puts it where it looks",
                )
        })
    });
    found.collect()
}
