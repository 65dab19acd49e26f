//! The result of a writing command, for people and for programs.
use serde_json::{Value, json};

use super::arguments::Writing;
use super::services;
use super::session::Session;
use crate::plan::Plan;
use crate::render::Keep;
use crate::report::{Diagnostic, Printer};
use crate::spec::NextStep;
use crate::workspace::{Action, Change, State, diff, lock};

/// The most steps that a person is shown.
const MOST_STEPS: usize = 12;

/// What happened.
pub(super) struct Outcome<'a> {
    pub(super) plans: &'a [Plan],
    pub(super) changes: &'a [Change],
    /// Whether the lock was, or would be, written.
    pub(super) lock: bool,
    pub(super) next: Vec<NextStep>,
}

impl Outcome<'_> {
    /// Whether anything was, or would be, written.
    fn any(&self) -> bool {
        let idle =
            |change: &Change| matches!(change.action, Action::None | Action::Skip | Action::Refuse);
        self.lock || !self.changes.iter().all(idle)
    }
}

/// Tells it.
pub(super) fn tell(
    outcome: &Outcome<'_>,
    session: &Session<'_>,
    writing: &Writing,
    printer: Printer,
) {
    if writing.json {
        printer.data(&format!("{:#}\n", to_json(outcome, session, writing)));
        return;
    }
    if writing.diff {
        printer.data(&diffs(outcome.changes));
    }
    files(outcome, writing, printer);
    if !writing.dry_run && outcome.any() {
        steps(&outcome.next, printer);
    }
}

/// The changes as one diff.
pub(super) fn diffs(changes: &[Change]) -> String {
    let texts = changes.iter().map(|change| {
        let after = change.after().unwrap_or(&change.entry.bytes);
        if change.action == Action::None {
            String::new()
        } else {
            diff::unified(&change.path, change.before.as_deref(), after)
        }
    });
    texts.collect()
}

/// For a new project: the kept files as a diff, the sample's by name, as it is long and new anyhow.
pub(super) fn overview(changes: &[Change]) -> String {
    let (kept, sample): (Vec<_>, Vec<_>) = changes
        .iter()
        .cloned()
        .partition(|change| change.entry.keep == Keep::Tracked);
    diffs(&kept) + &listing(&sample, |change| change.action != Action::None)
}

fn files(outcome: &Outcome<'_>, writing: &Writing, printer: Printer) {
    let mut text = listing(outcome.changes, |change| change.action != Action::None);
    if outcome.lock {
        text.push_str(&format!("{:>9}  {}\n", "write", lock::FILE));
    }
    let kept = listing(outcome.changes, |change| change.verb() == "keep");
    match (outcome.any(), writing.dry_run) {
        (_, true) if text.is_empty() => printer.data("nothing to do\n"),
        (_, true) => printer.data(&text),
        (true, false) => printer.say((text + &kept).trim_end()),
        (false, false) => printer.say(format!("{text}{kept}nothing to do").trim_end()),
    }
}

/// A line for each change that `shown` wants.
fn listing(changes: &[Change], shown: impl Fn(&Change) -> bool) -> String {
    let mut text = String::new();
    for change in changes.iter().filter(|change| shown(change)) {
        text.push_str(&line(change));
        text.push('\n');
    }
    text
}

fn line(change: &Change) -> String {
    let note = match (&change.action, change.verb()) {
        (Action::Merge(_, conflicts), _) if *conflicts > 0 => {
            format!("  ({conflicts} conflicts are marked in it)")
        }
        (Action::Beside(_), _) => format!("  (as {}.new)", change.path),
        (_, "keep") => "  (edited by you; nothing new for it)".to_owned(),
        (Action::Skip, _) if change.state == State::Ours => {
            "  (no longer made; scaffold update removes it)".to_owned()
        }
        _ => String::new(),
    };
    format!("{:>9}  {}{note}", change.verb(), change.path)
}

fn steps(next: &[NextStep], printer: Printer) {
    if next.is_empty() {
        return;
    }
    printer.say("\nNext:");
    for step in next.iter().take(MOST_STEPS) {
        printer.say(&format!("  {}    # {}", step.run, step.why));
    }
    if let Some(more) = next.len().checked_sub(MOST_STEPS).filter(|more| *more > 0) {
        printer.say(&format!(
            "  # and {more} more: scaffold generate --json lists them"
        ));
    }
}

fn to_json(outcome: &Outcome<'_>, session: &Session<'_>, writing: &Writing) -> Value {
    let diagnostics = services::diagnostics(outcome.plans);
    let mut object = json!({
        "schema": 1,
        "dir": session.root.as_str(),
        "dry_run": writing.dry_run,
        "changed": outcome.any(),
    });
    match outcome.plans {
        [plan] if plan.service.is_none() => {
            object["values"] = values(plan);
            object["images"] = images(plan);
            object["template"] = template(plan);
        }
        plans => object["services"] = plans.iter().map(service).collect(),
    }
    object["lock"] = json!(if outcome.lock { "write" } else { "none" });
    let files = outcome.changes.iter().map(|change| file(change, writing));
    object["files"] = files.collect();
    object["diagnostics"] = diagnostics.iter().map(Diagnostic::to_json).collect();
    let steps = outcome.next.iter();
    object["next"] = steps
        .map(|step| json!({ "run": step.run, "why": step.why }))
        .collect();
    object
}

fn service(plan: &Plan) -> Value {
    json!({
        "name": plan.service.as_ref().map(|service| &service.name),
        "dockerfile": plan.dockerfile(),
        "context": plan.context(),
        "values": values(plan),
        "images": images(plan),
        "template": template(plan),
    })
}

/// Where the language folder is from; null for a built-in one.
fn template(plan: &Plan) -> Value {
    let origin = plan.resolved.template.as_ref();
    origin.map_or(
        Value::Null,
        |origin| json!({ "address": origin.address, "commit": origin.commit }),
    )
}

fn values(plan: &Plan) -> Value {
    let fields = plan.fields.iter();
    let values = fields.filter_map(|field| {
        let sourced = plan.values.get(&field.key)?;
        let source = sourced.source.describe();
        Some(json!({ "key": field.key, "value": sourced.value.to_json(), "source": source }))
    });
    values.collect()
}

fn images(plan: &Plan) -> Value {
    json!({ "build": plan.build.reference, "production": plan.production.reference })
}

fn file(change: &Change, writing: &Writing) -> Value {
    let mut object = json!({
        "path": change.path,
        "state": change.state.word(),
        "action": change.verb(),
    });
    if let Action::Merge(_, conflicts) = change.action {
        object["conflicts"] = json!(conflicts);
    }
    if writing.diff {
        object["diff"] = json!(diffs(std::slice::from_ref(change)));
    }
    object
}
