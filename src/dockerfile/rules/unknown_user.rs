//! A USER that does not exist in its stage.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::artefact::lacks_user;
use crate::dockerfile::view::{View, expand};

rule!("unknown-user", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let users = view
        .all()
        .filter_map(|(stage, instruction)| match &instruction.kind {
            Kind::User(user) => Some((stage, user)),
            _ => None,
        });
    let unknown = users.filter(|(stage, user)| {
        let name = expand(&user.value, |name| stage.env.get(name).cloned());
        lacks_user(view, stage, &name)
    });
    let found = unknown.map(|(stage, user)| {
        let elsewhere = view.stages.iter().find(|other| {
            other.index != stage.index && other.facts.known && !lacks_user(view, other, &user.value)
        });
        let finding = Finding::new(
            &user.span,
            format!("no user `{}` in {}", user.value, stage.resolved),
        )
        .help("make it in this stage, or take a number: USER 65532:65532");
        match elsewhere {
            Some(other) => finding.because(format!(
                "it is there in stage {}, which is another image",
                other.title()
            )),
            None => finding.because("the container ends with: unable to find user"),
        }
    });
    found.collect()
}
