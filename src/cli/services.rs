//! Several services of one repository: each is planned like a project of its own.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::failure::Failure;
use super::policies;
use super::session::Session;
use crate::image::Catalogue;
use crate::language::{self, Language, Origin};
use crate::plan::{self, Inputs, Plan};
use crate::policy::Policies;
use crate::report::Diagnostic;
use crate::spec::services::{self, Service, Services, Which, clean};
use crate::spec::{self, Field};

/// The languages of a project's services with their fields, each opened once.
pub(super) struct Languages<'a, 'b> {
    session: &'a Session<'b>,
    known: RefCell<BTreeMap<Key, Option<Known>>>,
    /// Why the first that could not be opened could not.
    failure: RefCell<Option<Failure>>,
}

/// The name, the address, and what the lock has of it.
type Key = (Option<String>, Option<String>, Option<Origin>);

#[derive(Clone)]
struct Known {
    language: Language,
    /// The keys of a service's table.
    fields: Arc<[Field]>,
    /// The same with those of all services together.
    all: Arc<[Field]>,
    catalogue: Arc<Catalogue>,
}

impl<'a, 'b> Languages<'a, 'b> {
    pub(super) fn new(session: &'a Session<'b>) -> Self {
        Self {
            session,
            known: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    fn get(&self, which: &Which) -> Option<Known> {
        let locked = self.session.lock.services.get(&which.service);
        let origin = locked.and_then(|resolved| resolved.template.clone());
        let address = which.template.as_ref().map(|(address, _)| address.clone());
        let key = (which.lang.clone(), address, origin);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let lang = which.lang.as_deref();
        let found = self.session.find(lang, which.template.as_ref(), locked);
        let language = found.unwrap_or_else(|failure| {
            self.failure.borrow_mut().get_or_insert(failure);
            None
        });
        let known = language.map(|language| {
            let all: Arc<[Field]> = language::service_fields(Some(&language)).into();
            let own = all.iter().filter(|field| !field.once);
            Known {
                fields: own.cloned().collect(),
                all,
                catalogue: Arc::new(language.catalogue()),
                language,
            }
        });
        self.known.borrow_mut().insert(key, known.clone());
        known
    }

    /// What the texts say, and what was seen.
    pub(super) fn read(&self) -> Services {
        let core = language::service_fields(None);
        let fields = |which: &Which| self.get(which).map(|known| known.fields);
        let session = self.session;
        services::read(&session.documents, &session.services, (&core, &fields))
    }
}

/// A plan for each service, or all that stands against any of them.
pub(super) fn plans(session: &Session<'_>) -> Result<Vec<Plan>, Failure> {
    let languages = Languages::new(session);
    let read = languages.read();
    if let Some(failure) = languages.failure.take() {
        return Err(failure);
    }
    let mut faults = read.diagnostics;
    let mut shared: BTreeMap<String, usize> = BTreeMap::new();
    for service in &read.list {
        *shared.entry(clean(service.text("path"))).or_default() += 1;
    }
    let mut plans = Vec::new();
    for service in read.list {
        let is_alone = shared.get(&clean(service.text("path"))) == Some(&1);
        match languages.get(&service.which) {
            Some(known) => {
                let policies = policies::with_template(session, &known.language)?;
                match plan_one(session, service, (known, is_alone), &policies) {
                    Ok(plan) => plans.push(plan),
                    Err(found) => faults.extend(found),
                }
            }
            None => faults.extend(service.spec.diagnostics),
        }
    }
    faults.extend(plan::together::judge(&plans));
    if faults.is_empty() {
        Ok(plans)
    } else {
        Err(Failure::spec(distinct(faults)))
    }
}

fn plan_one(
    session: &Session<'_>,
    service: Service,
    (known, is_alone): (Known, bool),
    policies: &Policies,
) -> Result<Plan, Vec<Diagnostic>> {
    let name = service.name;
    let lock = session.lock.services.get(&name).cloned();
    let mut spec = service.spec;
    session.complete((&known.language, &known.all), policies, &mut spec);
    let inputs = Inputs {
        language: known.language,
        spec,
        lock: lock.unwrap_or_default(),
        catalogue: &known.catalogue,
        folder: &name,
        today: &session.context.today,
        with_sample: false,
        service: Some(plan::Service {
            name: name.clone(),
            is_alone,
        }),
    };
    match policies::plan(policies, inputs, session.with_spec) {
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
