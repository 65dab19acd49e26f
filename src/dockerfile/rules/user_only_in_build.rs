//! A USER in a stage that is not the last one.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::artefact::is_root;
use crate::dockerfile::view::View;

rule!("user-only-in-build", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let set = view.find(last, |instruction| {
        matches!(instruction.kind, Kind::User(_)).then_some(())
    });
    if set.is_some() || last.user.as_deref().is_none_or(|user| !is_root(user)) {
        return Vec::new();
    }
    let elsewhere = view
        .all()
        .find_map(|(stage, instruction)| match &instruction.kind {
            Kind::User(user) if !is_root(&user.value) => Some((stage, user)),
            _ => None,
        });
    let found = elsewhere.map(|(stage, user)| {
        Finding::new(
            &user.span,
            format!(
                "only stage {} runs as `{}`; the image runs as root",
                stage.title(),
                user.value
            ),
        )
        .because("each FROM starts anew: users, USER and ENV of another stage do not come along")
        .help("USER in the last stage, with the user made there, or a number")
    });
    found.into_iter().collect()
}
