//! What follows for a service from where its project lies, with the file that says so.
use super::projects::Project;
use crate::report::{Document, Place};
use crate::spec::{Source, Sourced, Value};

/// What follows from where a project lies.
pub(super) fn placed(project: &Project) -> Vec<(String, Sourced)> {
    let evidence = |place: Place, rule: &str, value: Value| Sourced {
        value,
        source: Source::Evidence {
            place,
            rule: rule.to_owned(),
        },
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let own = |rule, value| evidence(project.place(), rule, value);
    let mut values = vec![
        (
            "path".to_owned(),
            own("path/project", text(&project.folder)),
        ),
        (
            "lang".to_owned(),
            own("lang/project", text(&project.language.id)),
        ),
    ];
    if project.members.is_empty() {
        return values;
    }
    let file = project
        .root
        .as_ref()
        .map_or(&project.file, |root| &root.file);
    let joined = |rule, value| {
        evidence(
            Place::new(&Document::file(file.as_str(), ""), 0..0),
            rule,
            value,
        )
    };
    let context = project.context();
    if context != project.folder {
        values.push((
            "context".to_owned(),
            joined("context/workspace", text(&context)),
        ));
    }
    let members = project.members.iter().map(|member| text(member)).collect();
    values.push((
        "members".to_owned(),
        joined("members/workspace", Value::List(members)),
    ));
    let loose = project.language.manifest.workspace.loose.as_ref();
    let set = project.root.as_ref().map(|root| &root.set).or(loose);
    for (key, value) in set.into_iter().flatten() {
        if let Ok(value) = Value::try_from(value) {
            values.push((key.clone(), joined("workspace/set", value)));
        }
    }
    values
}
