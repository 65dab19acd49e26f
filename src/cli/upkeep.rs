//! What `check`, `diff` and `update` share: a project that was generated before, and what it would be now.
use super::session::Session;
use crate::image::moves::moved;
use crate::plan::{Plan, Resolved};
use crate::report::Document;
use crate::spec::services::TABLE;
use crate::spec::{Source, Value, edit};

/// Moves what the lock and the spec say of versions: to the newest in their lines, or with `across` to the default
/// ones. Gives the spec's new text when a version that stands in it moves.
pub(super) fn move_on(session: &mut Session<'_>, plans: &[Plan], across: bool) -> Option<String> {
    let mover = Mover { across };
    let before = session.documents.first()?.clone();
    let mut text = before.text.clone();
    for plan in plans {
        let resolved = match &plan.service {
            None => Some(&mut session.lock.resolved),
            Some(service) => session.lock.services.get_mut(&service.name),
        };
        if let Some(resolved) = resolved {
            *resolved = mover.resolved(resolved, plan);
        }
        if let Some(newer) = mover.spec(&text, plan) {
            text = newer;
        }
    }
    if text == before.text {
        return None;
    }
    session.documents[0] = Document::file(before.name.clone(), text.as_str());
    Some(text)
}

struct Mover {
    across: bool,
}

impl Mover {
    fn version(&self, plan: &Plan, image: &str, version: &str) -> String {
        let catalogue = plan.language.catalogue();
        catalogue.image(image).map_or_else(
            || version.to_owned(),
            |image| moved(image, version, self.across),
        )
    }

    fn resolved(&self, resolved: &Resolved, plan: &Plan) -> Resolved {
        let own = &plan.language.manifest.version.image;
        let lines = resolved.lines.iter();
        Resolved {
            version: resolved
                .version
                .as_ref()
                .map(|version| self.version(plan, own, version)),
            lines: lines
                .map(|(image, version)| (image.clone(), self.version(plan, image, version)))
                .collect(),
            digests: resolved.digests.clone(),
            template: resolved.template.clone(),
        }
    }

    /// The spec's text with the plan's version moved, when it names one that can move.
    fn spec(&self, text: &str, plan: &Plan) -> Option<String> {
        let sourced = plan.values.get("version")?;
        let Source::Spec(_) = sourced.source else {
            return None;
        };
        let Value::Text(version) = &sourced.value else {
            return None;
        };
        let next = self.version(plan, &plan.language.manifest.version.image, version);
        if next == *version {
            return None;
        }
        match &plan.service {
            None => edit::set_text(text, &["version"], &next),
            Some(service) => edit::set_text(text, &[TABLE, &service.name, "version"], &next),
        }
    }
}
