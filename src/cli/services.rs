//! Several services of one repository: each is planned like a project of its own.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::failure::Failure;
use super::session::Session;
use crate::image::Catalogue;
use crate::language::{self, Language};
use crate::plan::{self, Inputs, Plan};
use crate::report::Diagnostic;
use crate::spec::services::{self, Service, Services, clean};
use crate::spec::{self, Field};

/// Languages with their fields, each loaded once.
#[derive(Default)]
pub(super) struct Languages(RefCell<BTreeMap<String, Option<Known>>>);

#[derive(Clone)]
struct Known {
    language: Language,
    fields: Arc<[Field]>,
}

impl Languages {
    fn get(&self, id: &str) -> Option<Known> {
        if let Some(known) = self.0.borrow().get(id) {
            return known.clone();
        }
        // Every folder in the program loads: a test holds it.
        let language = language::load(id).ok().flatten();
        let known = language.map(|language| Known {
            fields: language::service_fields(Some(&language)).into(),
            language,
        });
        self.0.borrow_mut().insert(id.to_owned(), known.clone());
        known
    }

    /// What the texts say, and what was seen.
    pub(super) fn read(&self, session: &Session<'_>) -> Services {
        let core = language::service_fields(None);
        let fields = |id: &str| self.get(id).map(|known| known.fields);
        services::read(&session.documents, &session.services, (&core, &fields))
    }
}

/// A plan for each service, or all that stands against any of them.
pub(super) fn plans(session: &Session<'_>) -> Result<Vec<Plan>, Failure> {
    let languages = Languages::default();
    let read = languages.read(session);
    let mut faults = read.diagnostics;
    let catalogue = Catalogue::embedded();
    let mut shared: BTreeMap<String, usize> = BTreeMap::new();
    for service in &read.list {
        *shared.entry(clean(service.text("path"))).or_default() += 1;
    }
    let mut plans = Vec::new();
    for service in read.list {
        let is_alone = shared.get(&clean(service.text("path"))) == Some(&1);
        match languages.get(service.text("lang")) {
            Some(known) => {
                let planned = plan_one(session, service, (known.language, &catalogue, is_alone));
                match planned {
                    Ok(plan) => plans.push(plan),
                    Err(found) => faults.extend(found),
                }
            }
            None => faults.extend(service.spec.diagnostics),
        }
    }
    if faults.is_empty() {
        Ok(plans)
    } else {
        Err(Failure::spec(distinct(faults)))
    }
}

fn plan_one(
    session: &Session<'_>,
    service: Service,
    (language, catalogue, is_alone): (Language, &Catalogue, bool),
) -> Result<Plan, Vec<Diagnostic>> {
    let name = service.name;
    let lock = session.lock.services.get(&name).cloned();
    let planned = plan::plan(Inputs {
        language,
        spec: service.spec,
        lock: lock.unwrap_or_default(),
        catalogue,
        folder: &name,
        today: &session.context.today,
        with_sample: false,
        service: Some(plan::Service {
            name: name.clone(),
            is_alone,
        }),
    });
    match planned {
        Ok(mut plan) => {
            plan.diagnostics = told(plan.diagnostics, &name);
            Ok(plan)
        }
        Err(found) => Err(told(found, &name)),
    }
}

/// What does not stand in a service's table says whose it is.
pub(super) fn told(found: Vec<Diagnostic>, name: &str) -> Vec<Diagnostic> {
    let found = found.into_iter();
    let in_spec = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.as_ref();
        place.is_some_and(|place| {
            place.document.name.ends_with(spec::FILE) || place.document.is_argument
        })
    };
    let told = found.map(|diagnostic| {
        if in_spec(&diagnostic) {
            return diagnostic;
        }
        diagnostic.because(format!("of the service `{name}`"))
    });
    told.collect()
}

/// What is said of all plans, each once: a fault in a shared key concerns every service.
pub(super) fn diagnostics(plans: &[Plan]) -> Vec<Diagnostic> {
    let all = plans
        .iter()
        .flat_map(|plan| plan.diagnostics.iter().cloned());
    distinct(all.collect())
}

fn distinct(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    for one in found {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}
