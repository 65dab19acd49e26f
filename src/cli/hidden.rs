//! What `.dockerignore` keeps out of a build that needs it, or may need it: said when a repository is read, as `generate`
//! reads none.
use crate::detect::{Reading, View, is_apart};
use crate::dockerfile::ignore::Ignore;
use crate::dockerfile::tables::certificates;
use crate::language;
use crate::plan::Plan;
use crate::plan::service::from;
use crate::render::quote::shell;
use crate::report::Diagnostic;

/// Warnings, with what brings a file back.
pub(super) fn hidden(view: &View, reading: &Reading, plan: &Plan) -> Vec<Diagnostic> {
    let own = plan.ignore.iter().flat_map(|(_, entries)| entries);
    let own = own.map(String::as_str);
    let ignore = Ignore::new(language::common_ignore().lines().chain(own));
    let mut found = sources(reading, plan, &ignore);
    found.extend(perhaps_read(view, plan, &ignore));
    found
}

/// Files that told what the project is.
fn sources(reading: &Reading, plan: &Plan, ignore: &Ignore) -> Vec<Diagnostic> {
    let findings = reading.decisions.iter();
    let findings = findings.filter_map(|decision| decision.finding.as_ref());
    findings
        .filter(|finding| finding.used)
        .filter_map(|finding| {
            let path = &finding.place.document.name;
            let pattern = ignore.hidden_by(&from(&plan.context(), path))?;
            let message = format!("`.dockerignore` keeps {path} out of the build, which needs it");
            Some(warning(message, pattern).help(brought_back(plan, path)))
        })
        .collect()
}

/// Certificates, which have names as keys have them. Those beside tests are for tests.
fn perhaps_read(view: &View, plan: &Plan, ignore: &Ignore) -> Vec<Diagnostic> {
    let own = format!("{}/", folder(plan));
    let is_own = |path: &str| own == "./" || path.starts_with(&own);
    let patterns = certificates().iter();
    let ids = patterns.flat_map(|pattern| view.glob(pattern).to_vec());
    ids.map(|id| view.path(id))
        .filter(|path| is_own(path) && !is_apart(path))
        .filter_map(|path| {
            let pattern = ignore.hidden_by(&from(&plan.context(), path))?;
            let message =
                format!("`.dockerignore` keeps {path} out of the build, as it may be a key");
            let back = brought_back(plan, path);
            Some(warning(message, pattern).help(format!(
                "if it is no secret, and the program reads it: {back}"
            )))
        })
        .collect()
}

fn warning(message: String, pattern: &str) -> Diagnostic {
    Diagnostic::warning("hidden-source", message).because(format!("by its entry `{pattern}`"))
}

/// The project's folder, from the top.
fn folder(plan: &Plan) -> &str {
    match plan.text("path") {
        "" => ".",
        path => path,
    }
}

fn brought_back(plan: &Plan, path: &str) -> String {
    let path = from(folder(plan), path);
    let service = plan.service.as_ref();
    let table = service.map_or(String::new(), |service| {
        format!("services.{}.", service.name)
    });
    let argument = shell(&format!("{table}build.ignore=!{path}"));
    format!("--set {argument}")
}
