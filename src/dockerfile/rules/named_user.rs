//! A user by name at the end of the image.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::view::View;

rule!("named-user", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.find(view.last(), |instruction| match &instruction.kind {
        Kind::User(user) => Some(user),
        _ => None,
    });
    let named = last.filter(|user| {
        !is_root(&user.value)
            && !user.value.contains('$')
            && user.value.starts_with(|c: char| !c.is_ascii_digit())
    });
    let found = named.map(|user| {
        Finding::new(&user.span, format!("`{}` is a name", user.value))
            .because("Kubernetes cannot tell whether a name is root: with runAsNonRoot it refuses the container")
            .help("its number, such as USER 10001")
    });
    found.into_iter().collect()
}
