//! `scaffold explain`: each decision and each instruction, traced to a line of the spec or the repository, or to a
//! default.
use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use clap::Args;
use serde_json::{Value as Json, json};

use super::arguments::Writing;
use super::detect::view;
use super::failure::Failure;
use super::session::{self, Session};
use super::{check, generate, init, library, policies};
use crate::context::Context;
use crate::detect::services::{self, Proposal, Wishes};
use crate::detect::{self, Reading};
use crate::exit::Exit;
use crate::plan::Plan;
use crate::policy::Policies;
use crate::render::trace::{Traced, trace};
use crate::report::{Place, Printer};
use crate::spec::services::clean;
use crate::spec::{self, Source, Value};

/// Show where each value and each instruction of the Dockerfile comes from
#[derive(Args, Debug)]
pub(super) struct Explain {
    /// The project's folder, or the name of a rule of a policy, such as policy/user
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Print as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// A value with all that is known of its origin.
struct Origin<'a> {
    key: &'a str,
    value: &'a Value,
    source: String,
    is_default: bool,
    /// Evidence in the repository for a value of the spec.
    evidence: Option<String>,
    /// Where the organisation's policy speaks of it.
    policy: Vec<String>,
}

impl Explain {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        if self.dir.as_str().starts_with("policy/") && !self.dir.exists() {
            return check::explain(self.dir.as_str(), printer);
        }
        let root = session::existing(context, &self.dir)?;
        let writing = Writing::default();
        let (session, plans) = if session::read_text(&root, spec::FILE)?.is_some() {
            generate::planned(&self.dir, &writing, context)?
        } else {
            init::planned(&self.dir, &writing, (context, printer))?
        };
        let mut texts = Vec::new();
        let mut objects = Vec::new();
        let proposals = proposals(&session, &plans)?;
        for plan in &plans {
            let seen = match plan.service {
                Some(_) => of_service(&proposals, plan),
                None => of_project(&session, plan),
            };
            let policies = policies::with_template(&session, &plan.language)?;
            let origins = origins(plan, &seen, &policies);
            let traced = trace(plan)?;
            if self.json {
                objects.push(to_json(&origins, &traced, plan));
            } else {
                texts.push(to_text(&origins, &traced, plan));
            }
        }
        printer.data(&if self.json {
            format!("{:#}\n", all_json(objects, &plans))
        } else {
            texts.join("\n")
        });
        Ok(Exit::Done)
    }
}

/// One project's object, or those of several services.
fn all_json(objects: Vec<Json>, plans: &[Plan]) -> Json {
    let are_services = plans.iter().any(|plan| plan.service.is_some());
    let mut whole = json!({ "schema": 1 });
    if are_services {
        whole["services"] = objects.into_iter().collect();
        return whole;
    }
    for object in objects {
        let Json::Object(entries) = object else {
            continue;
        };
        for (key, value) in entries {
            whole[key] = value;
        }
    }
    whole
}

/// What the repository says, by key: the value and the words for where.
type Seen = BTreeMap<String, (Value, String)>;

/// What the repository says of the same values.
fn of_project(session: &Session<'_>, plan: &Plan) -> Seen {
    let view = view(&session.root, &session.lock);
    let catalogue = plan.language.catalogue();
    let day = (&catalogue, session.context.today.as_str());
    read(&detect::read(&view, &plan.language, &BTreeMap::new(), day))
}

/// All projects of the repository, where several services are planned.
fn proposals(session: &Session<'_>, plans: &[Plan]) -> Result<Vec<Proposal>, Failure> {
    let mut services = plans.iter().filter_map(|plan| plan.service.as_ref());
    let Some(first) = services.next() else {
        return Ok(Vec::new());
    };
    let wishes = Wishes {
        each_program: !first.is_alone || services.any(|service| !service.is_alone),
        ..Wishes::default()
    };
    let view = view(&session.root, &session.lock);
    let languages = library::all(session.context)?;
    let today = session.context.today.as_str();
    Ok(services::find(&view, &languages, &wishes, today))
}

/// What the repository says of one of several services: of its own folder, and of what joins it with others.
fn of_service(proposals: &[Proposal], plan: &Plan) -> Seen {
    let path = plan
        .values
        .get("path")
        .and_then(|path| path.value.as_text());
    let path = clean(path.unwrap_or("."));
    let own = proposals
        .iter()
        .filter(|one| one.folder == path && one.language.id == plan.language.id);
    let name = plan.service.as_ref().map(|service| &service.name);
    let mut own: Vec<_> = own.collect();
    own.sort_by_key(|one| Some(&one.name) != name);
    let Some(one) = own.first() else {
        return Seen::new();
    };
    let mut seen = read(&one.reading);
    for (key, sourced) in &one.values {
        let words = describe(&sourced.source);
        seen.insert(key.clone(), (sourced.value.clone(), words));
    }
    seen
}

fn read(reading: &Reading) -> Seen {
    let findings = reading.decisions.iter().filter_map(|decision| {
        let finding = decision.finding.as_ref()?;
        let reason = match finding.reason.as_str() {
            "" => String::new(),
            reason => format!(": {reason}"),
        };
        let words = format!("{}, {}{reason}", finding.place.short(), finding.rule);
        Some((decision.key.clone(), (finding.value.clone(), words)))
    });
    findings.collect()
}

fn origins<'a>(plan: &'a Plan, seen: &Seen, policies: &Policies) -> Vec<Origin<'a>> {
    let fields = plan.fields.iter();
    let origin = |key: &str| {
        let sourced = plan.values.get(key)?;
        let (value, words) = seen.get(key)?;
        (*value == sourced.value).then(|| words.clone())
    };
    fields
        .filter_map(|field| {
            let sourced = plan.values.get(&field.key)?;
            Some(Origin {
                key: &field.key,
                value: &sourced.value,
                source: describe(&sourced.source),
                is_default: matches!(sourced.source, Source::Default(_)),
                evidence: origin(&field.key)
                    .filter(|_| !matches!(sourced.source, Source::Default(_))),
                policy: spoken(policies, &field.key, &sourced.source),
            })
        })
        .collect()
}

/// The places of the policies that speak of a key, other than the one that its value is from.
fn spoken(policies: &Policies, key: &str, source: &Source) -> Vec<String> {
    let places = policies.places(key).into_iter().map(Place::short);
    let mut places: Vec<_> = places
        .filter(|place| !source.describe().contains(place))
        .collect();
    places.dedup();
    places
}

fn describe(source: &Source) -> String {
    match source {
        Source::Evidence { place, rule } => format!("{}, {rule}", place.short()),
        other => other.describe(),
    }
}

impl Origin<'_> {
    fn words(&self) -> String {
        let words = match &self.evidence {
            Some(evidence) if !evidence.starts_with(self.source.as_str()) => {
                format!("{} ({evidence})", self.source)
            }
            Some(evidence) => evidence.clone(),
            None => self.source.clone(),
        };
        if self.policy.is_empty() {
            return words;
        }
        format!("{words}; the policy: {}", self.policy.join(", "))
    }
}

fn to_text(origins: &[Origin<'_>], traced: &[Traced], plan: &Plan) -> String {
    let shown = origins.iter().filter(|origin| {
        !origin.is_default
            || origin.value.is_present()
                && plan
                    .fields
                    .iter()
                    .any(|field| field.key == origin.key && plan.holds(&field.when))
    });
    let rows: Vec<_> = shown
        .map(|origin| {
            (
                origin.key,
                origin.value.display().escape_debug().to_string(),
                origin.words(),
            )
        })
        .collect();
    let keys = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let values = rows.iter().map(|row| row.1.chars().count());
    let values = values.max().unwrap_or(0).min(40);
    let mut text = String::new();
    if let Some(service) = &plan.service {
        text.push_str(&format!("Service {}\n\n", service.name));
    }
    text.push_str("Decisions\n");
    for (key, value, words) in rows {
        let words = words.escape_debug();
        text.push_str(&format!("  {key:keys$}  {value:values$}  {words}\n"));
    }
    text.push_str(&format!("\n{}\n", plan.dockerfile()));
    for one in traced {
        text.push_str(&format!(
            "  {:>3}  {}\n       {}\n",
            one.instruction.line,
            one.instruction.first_line(),
            because(one, origins, plan)
        ));
    }
    text
}

/// The values that an instruction comes from; those that were said or seen come first.
fn because(one: &Traced, origins: &[Origin<'_>], plan: &Plan) -> String {
    let mut causes: Vec<_> = one
        .keys
        .iter()
        .filter_map(|key| origins.iter().find(|origin| origin.key == key))
        .collect();
    causes.sort_by_key(|origin| origin.is_default);
    if causes.is_empty() {
        return format!("the template of {}", plan.language.manifest.title);
    }
    let said = causes.iter().filter(|origin| !origin.is_default).count();
    let kept = if said == 0 { causes.len() } else { said.max(3) };
    let words = causes.iter().take(kept).map(|origin| {
        let value = origin.value.display();
        let value = value.escape_debug();
        format!("{} {value} ({})", origin.key, origin.source)
    });
    words.collect::<Vec<_>>().join(", ")
}

fn to_json(origins: &[Origin<'_>], traced: &[Traced], plan: &Plan) -> Json {
    let decisions = origins.iter().map(|origin| {
        json!({
            "key": origin.key,
            "value": origin.value.to_json(),
            "source": origin.source,
            "evidence": origin.evidence,
            "policy": origin.policy,
        })
    });
    let instructions = traced.iter().map(|one| {
        json!({
            "line": one.instruction.line,
            "text": one.instruction.text,
            "keys": one.keys,
        })
    });
    let mut object = json!({
        "lang": plan.language.id,
        "decisions": decisions.collect::<Vec<_>>(),
        "instructions": instructions.collect::<Vec<_>>(),
    });
    if let Some(service) = &plan.service {
        object["name"] = json!(service.name);
        object["dockerfile"] = json!(plan.dockerfile());
    }
    object
}
