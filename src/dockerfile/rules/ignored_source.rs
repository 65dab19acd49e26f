//! A COPY of what `.dockerignore` hides.
use super::Finding;
use crate::dockerfile::view::View;

rule!("ignored-source", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let Some(ignore) = &view.ignore else {
        return Vec::new();
    };
    let copies = view
        .all()
        .filter_map(|(_, instruction)| instruction.as_copy())
        .filter(|copy| copy.from().is_none());
    let sources = copies.flat_map(|copy| &copy.sources).filter(|source| {
        !source.value.contains(['$', '*', '?', '['])
            && !matches!(source.value.as_str(), "." | "./" | "/")
    });
    let found = sources.filter_map(|source| {
        let pattern = ignore.hidden_by(&source.value)?;
        // An exception below it brings parts back.
        (!ignore.has_exception_below(&source.value)).then(|| {
            Finding::new(&source.span, "`.dockerignore` hides this from the build")
                .because(format!("by its entry `{pattern}`"))
                .help(format!(
                    "take `{pattern}` out, or put `!{}` behind it",
                    source.value
                ))
        })
    });
    found.collect()
}
