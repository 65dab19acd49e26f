//! Files in root's home folder, for a program that is not root.
use super::Finding;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::view::{View, covers};

rule!("home-of-root", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let plain = last.user.as_deref().is_some_and(|user| !is_root(user));
    let between = view.between();
    let into = between.iter().filter(|between| {
        plain && between.to.index == last.index && covers("/root", &between.target)
    });
    let found = into.map(|between| {
        Finding::new(
            &between.span,
            format!(
                "{} cannot be reached: /root is closed to everybody but root",
                between.target
            ),
        )
        .label(format!(
            "the program runs as {}",
            last.user.clone().unwrap_or_default()
        ))
        .help("another folder, such as /opt or /app")
    });
    found.collect()
}
