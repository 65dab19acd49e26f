//! A user name and a password in an address.
use super::Finding;
use crate::dockerfile::view::View;

rule!("credentials-in-url", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, instruction) in view.all() {
        let text = view.text(&instruction.span);
        for (at, _) in text.match_indices("://") {
            let rest = &text[at + 3..];
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?'))
                .unwrap_or(rest.len());
            let Some((user, _)) = rest[..end].rsplit_once('@') else {
                continue;
            };
            let Some((_, password)) = user.split_once(':') else {
                continue;
            };
            // A secret mount read in the same instruction leaves no trace.
            let read = instruction
                .as_run()
                .is_some_and(|run| run.mounts.iter().any(|mount| mount.kind == "secret"));
            if password.is_empty()
                || password.starts_with("$(")
                || password.starts_with('<')
                || (read && password.contains('$'))
            {
                continue;
            }
            let start = instruction.span.start + at + 3;
            found.push(
                Finding::new(&(start..start + user.len()), "a password in an address")
                    .because("it is readable in the image's history")
                    .help("RUN --mount=type=secret,id=… and read it there"),
            );
        }
    }
    found
}
