//! Secrets that lie in the context, and a COPY that takes everything.
use super::Finding;
use crate::dockerfile::tables::tables;
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
    let seen = |path: &&String| {
        view.ignore
            .as_ref()
            .is_none_or(|ignore| ignore.hidden_by(path).is_none())
            && (view.around.read)(path).is_some()
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
