//! Secrets that lie in the context, and a COPY that takes everything.
use super::Finding;
use crate::dockerfile::tables::{holds_key, holds_secret, tables};
use crate::dockerfile::view::View;

rule!("secret-in-context", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    if !view.around.has_context {
        return Vec::new();
    }
    let Some((_, instruction)) = view.all().find(|(_, instruction)| {
        instruction
            .as_copy()
            .is_some_and(crate::dockerfile::Copy::is_broad)
    }) else {
        return Vec::new();
    };
    let hidden = |path: &str| {
        view.ignore
            .as_ref()
            .is_some_and(|ignore| ignore.hidden_by(path).is_some())
    };
    // What is brought back by its own name is meant, such as a file of defaults, unless there is a key in it.
    let meant = |path: &str, text: &str| {
        view.ignore
            .as_ref()
            .is_some_and(|ignore| ignore.brings_back(path))
            && !holds_key(text)
    };
    let seen = |path: &&String| {
        !hidden(path)
            && (view.around.read)(path)
                .is_some_and(|text| holds_secret(path, Some(&text)) && !meant(path, &text))
    };
    let files: Vec<_> = tables()
        .secrets
        .asked
        .iter()
        .filter(seen)
        .map(|path| format!("`{path}`"))
        .collect();
    if files.is_empty() {
        return Vec::new();
    }
    vec![
        Finding::new(
            &instruction.span,
            format!("{} goes into the image", files.join(", ")),
        )
        .because("whoever has the image can read it")
        .help("put it into `.dockerignore`"),
    ]
}
