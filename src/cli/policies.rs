//! The policies that hold for a run: those of the repository, those beside the template, the one beside the person's
//! configuration; and what becomes of what they find.
use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::failure::Failure;
use super::library;
use super::services;
use super::session::Session;
use super::wizard::{ANSWER, Draft};
use crate::context::Context;
use crate::language::{self, Language};
use crate::plan::{self, Inputs, Plan};
use crate::policy::{self, Policies, find};
use crate::report::{Diagnostic, Document, nearest};
use crate::source::{self, Address, Repository};
use crate::spec::value::toml_text;
use crate::wizard::{Answers, Prompter, Question};

/// The policies of the project in `root`, its template's left out.
pub(super) fn of_project(context: &Context, root: &Utf8Path) -> Result<Policies, Failure> {
    let mut policies = Policies::default();
    let working = context.folder.as_deref().unwrap_or(root);
    for folder in find::folders(root, working) {
        let policy = find::in_folder(&folder, &shown(context, &folder));
        policies.repository.extend(policy.map_err(Failure::spec)?);
    }
    let person = &context.config.folder;
    if !person.as_str().is_empty() {
        policies.person = find::of_person(person).map_err(Failure::spec)?;
    }
    Ok(policies)
}

/// Plans and judges. Where a spec is made, a choice that is allowed takes the place of a default that is not.
pub(super) fn plan(
    policies: &Policies,
    mut inputs: Inputs<'_>,
    with_spec: bool,
) -> Result<Plan, Vec<Diagnostic>> {
    let mut plan = judged(policies, inputs.clone())?;
    if !with_spec {
        return Ok(plan);
    }
    for (key, choices) in policies.alternatives(&plan) {
        for sourced in choices {
            let mut other = inputs.clone();
            other.spec.overlay(key.clone(), sourced);
            // Not every choice goes with all that was said.
            if let Ok(better) = judged(policies, other.clone())
                && errors(&better) < errors(&plan)
            {
                (inputs, plan) = (other, better);
                break;
            }
        }
    }
    for diagnostic in &mut plan.diagnostics {
        say_on_command_line(diagnostic);
    }
    Ok(plan)
}

fn judged(policies: &Policies, inputs: Inputs<'_>) -> Result<Plan, Vec<Diagnostic>> {
    let today = inputs.today;
    let mut plan = plan::plan(inputs)?;
    let found = policies.judge(&plan, today);
    plan.diagnostics.extend(found);
    Ok(plan)
}

/// A spec that is not written yet cannot be changed.
fn say_on_command_line(diagnostic: &mut Diagnostic) {
    let help = diagnostic.help.as_deref();
    let line = help.and_then(|help| help.strip_suffix(policy::IN_SPEC));
    let flag = line.map(|line| format!("--set '{}'", line.replacen(" = ", "=", 1)));
    diagnostic.help = flag.or_else(|| diagnostic.help.take());
}

fn errors(plan: &Plan) -> usize {
    let found = plan.diagnostics.iter();
    found.filter(|one| one.is_error()).count()
}

/// Asks for labels that have to be there and that nobody else knows. What one service lacks is said of all.
pub(super) fn ask(
    draft: &mut dyn Draft,
    prompter: &mut dyn Prompter,
    (plans, answers): (Vec<Plan>, &mut Answers),
) -> Result<Vec<Plan>, Failure> {
    let mut missing: BTreeMap<String, Vec<Policies>> = BTreeMap::new();
    for plan in &plans {
        let policies = with_template(draft.session(), &plan.language)?;
        for name in policies.missing_labels(plan) {
            missing.entry(name).or_default().push(policies.clone());
        }
    }
    if missing.is_empty() {
        return Ok(plans);
    }
    for (name, policies) in missing {
        let question = Question {
            text: format!("Label {name}"),
            default: String::new(),
            items: Vec::new(),
        };
        let accept = |text: &str| {
            let mut each = policies.iter();
            each.try_for_each(|policies| policies.accept_label(&name, text))
        };
        let value = prompter.ask(&question, &accept)?;
        let key = format!("production.labels.{}", toml_text(&name));
        let text = format!("{key} = {}", toml_text(&value));
        answers.set(&key, Document::argument(ANSWER, text));
    }
    draft.plans(answers)
}

/// The policies of a project with those beside the template of its language.
pub(super) fn with_template(
    session: &Session<'_>,
    language: &Language,
) -> Result<Policies, Failure> {
    let mut policies = session.policies.clone();
    let (context, address) = (session.context, language.origin.address.as_str());
    match Address::parse(address) {
        Ok(Address::Directory(folder)) if !address.is_empty() => {
            let folder = library::straight(&session.root.join(folder));
            for folder in find::folders(&folder, &folder) {
                let policy = find::in_folder(&folder, &shown(context, &folder));
                policies.template.extend(policy.map_err(Failure::spec)?);
            }
        }
        Ok(Address::Repository(repository)) => {
            if let Some(bytes) = language.bytes(policy::FILE) {
                let name = match repository.folder.as_str() {
                    "" => format!("{}/{}", repository.url, policy::FILE),
                    folder => format!("{}//{folder}/{}", repository.url, policy::FILE),
                };
                let policy = find::of_bytes(bytes.into_owned(), &name);
                policies.template.push(policy.map_err(Failure::spec)?);
            }
            if let Some(bytes) = at_top(context, &repository, language)? {
                let name = format!("{}/{}", repository.url, policy::FILE);
                let policy = find::of_bytes(bytes, &name);
                policies.template.push(policy.map_err(Failure::spec)?);
            }
        }
        _ => {}
    }
    Ok(policies)
}

/// The policy at the top of a template's repository, where the template is a folder below it.
fn at_top(
    context: &Context,
    repository: &Repository,
    language: &Language,
) -> Result<Option<Vec<u8>>, Failure> {
    let commit = language.origin.commit.as_deref();
    let Some(commit) = commit.filter(|_| !repository.folder.is_empty()) else {
        return Ok(None);
    };
    source::file(repository, commit, policy::FILE, context.manner())
        .map_err(|error| library::failure(&error))
}

/// A policy in a folder, as the user would type it.
fn shown(context: &Context, folder: &Utf8Path) -> String {
    let path = folder.join(policy::FILE);
    let working = context.folder.as_deref();
    let relative = working.and_then(|working| library::relative(&path, working));
    let relative = relative.map(|path| path.as_str().trim_start_matches("./").to_owned());
    relative.unwrap_or_else(|| path.into_string())
}

/// Keys that no language has. One that another language has says nothing about these plans, and is no fault.
pub(super) fn unknown_options(
    context: &Context,
    policies: &Policies,
    plans: &[Plan],
) -> Result<Vec<Diagnostic>, Failure> {
    let is_own = |key: &str| {
        let mut fields = plans.iter().flat_map(|plan| &plan.fields);
        fields.any(|field| field.key == key)
    };
    let mut said = policies.options();
    said.retain(|(key, _)| !is_own(key));
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let languages = library::all(context)?;
    let fields = languages.iter();
    let fields = fields.flat_map(|language| language::fields(Some(language)));
    let known: BTreeSet<_> = fields.map(|field| field.key).collect();
    said.retain(|(key, _)| !known.contains(*key));
    let found = said.into_iter().map(|(key, place)| {
        let message = format!("no language has `{}`", key.escape_debug());
        let found = Diagnostic::warning("unknown-key", message).at(place, "nothing has this name");
        match nearest(key, known.iter().map(String::as_str)) {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found,
        }
    });
    Ok(found.collect())
}

/// What breaks a policy is not written.
pub(super) fn refuse(plans: &[Plan]) -> Result<(), Failure> {
    let found = services::diagnostics(plans);
    if found.iter().any(Diagnostic::is_error) {
        return Err(Failure::spec(found));
    }
    Ok(())
}

/// The same of what one more answer brought.
pub(super) fn refuse_new(before: &[Plan], after: &[Plan]) -> Result<(), Failure> {
    let known = services::diagnostics(before);
    let mut new = services::diagnostics(after);
    new.retain(|one| one.is_error() && !known.contains(one));
    if new.is_empty() {
        return Ok(());
    }
    Err(Failure::spec(new))
}

/// Adds what was found in a Dockerfile. What the spec it was made from was blamed for already is told once, at the line
/// of the Dockerfile where the spec has none.
pub(super) fn merge(found: &mut Vec<Diagnostic>, judged: Vec<Diagnostic>) {
    for one in judged {
        let is_same = |other: &&mut Diagnostic| {
            one.related.is_some()
                && (one.code, &one.message, &one.related)
                    == (other.code, &other.message, &other.related)
                && (other.place.is_some() || other.notes.last() == one.notes.last())
        };
        match found.iter_mut().find(is_same) {
            Some(other) if other.place.is_none() => other.place = one.place,
            Some(_) => {}
            None => found.push(one),
        }
    }
}
