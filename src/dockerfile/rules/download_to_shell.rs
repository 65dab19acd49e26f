//! A download that a shell runs as it comes.
use super::Finding;
use crate::dockerfile::shell::is_shell;
use crate::dockerfile::view::View;

rule!("download-to-shell", check);

const DOWNLOADS: [&str; 2] = ["curl", "wget"];

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, instruction) in view.all() {
        let commands = instruction.commands();
        for (at, command) in commands.iter().enumerate() {
            let downloads = DOWNLOADS.contains(&command.program());
            let piped = commands[at..]
                .iter()
                .take_while(|one| one.after == "|")
                .count();
            let runs = piped > 0
                && commands
                    .get(at + 1..=at + piped)
                    .is_some_and(|rest| rest.iter().any(|next| is_shell(next.program())));
            let substituted = is_shell(command.program())
                && command.words.iter().any(|word| {
                    DOWNLOADS.iter().any(|name| {
                        word.value.starts_with(&format!("<({name} "))
                            || word.value.contains(&format!("$({name} "))
                    })
                });
            if (downloads && runs) || substituted {
                found.push(Finding::new(&command.span, "whatever comes is run, as root").because("nobody sees whether it is what it was yesterday").help("a package, a tool's own image with COPY --from, or a download with its checksum"));
            }
        }
    }
    found
}
