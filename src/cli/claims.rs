//! What `verify` claims of a project: from its spec where there is one, from its Dockerfile, and from flags.
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::asked::Asked;
use super::failure::Failure;
use super::session;
use crate::context::Context;
use crate::dockerfile::ignore::Ignore;
use crate::dockerfile::{Surroundings, View};
use crate::engine::claims::{Claims, Health, Life, Secret};
use crate::engine::copy;
use crate::engine::proof::Project;
use crate::engine::survey::Survey;
use crate::plan::Plan;
use crate::report::{Diagnostic, Document};
use crate::spec::Value;

/// Names under which a Dockerfile is looked for.
const NAMES: [&str; 2] = ["Dockerfile", "Containerfile"];

/// What is to be proven of what.
pub(super) struct Case {
    /// Of several services, the one that it is about.
    pub(super) service: Option<String>,
    /// The Dockerfile, as the user would type it.
    pub(super) shown: String,
    pub(super) claims: Claims,
    pub(super) project: Project,
    /// What no step looks at.
    pub(super) open: Vec<String>,
}

/// A Dockerfile with the folder that its build sees.
struct Target {
    root: Utf8PathBuf,
    document: Arc<Document>,
    /// The Dockerfile, where it is not the folder's own.
    file: Option<Utf8PathBuf>,
}

/// Reads all of it: one case, or one of each service.
pub(super) fn read(asked: &Asked, dir: &Utf8Path, context: &Context) -> Result<Vec<Case>, Failure> {
    asked.judge_platform()?;
    let root = session::existing(context, dir)?;
    let plans = match &asked.dockerfile {
        Some(_) => Vec::new(),
        None => session::open(context, dir)?.map_or(Ok(Vec::new()), |session| session.plans())?,
    };
    let plans = asked.chosen(plans)?;
    if plans.iter().any(|plan| plan.service.is_some()) {
        asked.refuse_for_several(&plans)?;
        let cases = plans.into_iter().map(|plan| {
            let target = of_service(dir, &root, &plan)?;
            case(asked, target, Some(&plan), context)
        });
        return cases.collect();
    }
    Ok(vec![of(asked, (dir, root), plans.first(), context)?])
}

/// The case of a folder whose plan is known.
pub(super) fn of(
    asked: &Asked,
    (dir, root): (&Utf8Path, Utf8PathBuf),
    plan: Option<&Plan>,
    context: &Context,
) -> Result<Case, Failure> {
    let (document, file) = document(asked, dir, &root, context)?;
    let target = Target {
        root,
        document,
        file,
    };
    case(asked, target, plan, context)
}

fn of_service(dir: &Utf8Path, root: &Utf8Path, plan: &Plan) -> Result<Target, Failure> {
    let path = plan.dockerfile();
    let Some(text) = session::read_text(root, &path)? else {
        let message = format!("no file {}", session::shown(dir, &path));
        let diagnostic = Diagnostic::error("no-dockerfile", message);
        return Err(Failure::usage(
            diagnostic.help(format!("scaffold generate {dir}")),
        ));
    };
    Ok(Target {
        root: root.join(plan.context()),
        document: Document::file(session::shown(dir, &path), text),
        file: (!plan.is_plain()).then(|| root.join(&path)),
    })
}

fn case(
    asked: &Asked,
    target: Target,
    plan: Option<&Plan>,
    context: &Context,
) -> Result<Case, Failure> {
    let Target {
        root,
        document,
        file,
    } = target;
    let ignored = match ignore_of(file.as_deref())? {
        Some(own) => own,
        None => session::read_text(&root, ".dockerignore")?.unwrap_or_default(),
    };
    let read = |path: &str| (path == ".dockerignore").then(|| ignored.clone());
    let around = Surroundings {
        today: &context.today,
        read: &read,
        has_context: true,
    };
    let view = View::new(&document, around).map_err(|broken| Failure::spec(vec![*broken]))?;
    let seen = copy::seen(root.as_std_path(), &Ignore::new(ignored.lines()))
        .map_err(|error| Failure::usage(Diagnostic::error("wrong-use", error.to_string())))?;
    let survey = Survey::of(&view, root.as_std_path(), &seen);
    let life = life(asked, plan, &view)?;
    let base = survey.base.clone();
    let secrets = asked.secrets()?;
    let service = plan.and_then(|plan| plan.service.as_ref());
    Ok(Case {
        service: service.map(|service| service.name.clone()),
        shown: document.name.clone(),
        open: open(asked, plan),
        project: Project {
            folder: root.into_std_path_buf(),
            file: file.map(Utf8PathBuf::into_std_path_buf),
            arguments: asked.arguments(context),
            platform: asked.runs_on.clone(),
            base,
            fresh: true,
        },
        claims: claims(asked, plan, survey, (life, secrets)),
    })
}

/// An ignore file that only this Dockerfile has wins over the context's.
fn ignore_of(file: Option<&Utf8Path>) -> Result<Option<String>, Failure> {
    let Some((folder, name)) = file.and_then(|file| Some((file.parent()?, file.file_name()?)))
    else {
        return Ok(None);
    };
    session::read_text(folder, &format!("{name}.dockerignore"))
}

/// The Dockerfile's text, and its path where it is not the context's own.
fn document(
    asked: &Asked,
    dir: &Utf8Path,
    root: &Utf8Path,
    context: &Context,
) -> Result<(Arc<Document>, Option<Utf8PathBuf>), Failure> {
    if let Some(path) = &asked.dockerfile {
        let folder = path.parent().filter(|parent| !parent.as_str().is_empty());
        let folder = session::existing(context, folder.unwrap_or(Utf8Path::new(".")))?;
        let name = path.file_name().unwrap_or_default();
        return match session::read_text(&folder, name)? {
            Some(text) => Ok((Document::file(path.as_str(), text), Some(folder.join(name)))),
            None => Err(Failure::usage(Diagnostic::error(
                "no-dockerfile",
                format!("no file {path}"),
            ))),
        };
    }
    for name in NAMES {
        if let Some(text) = session::read_text(root, name)? {
            let file = (name != NAMES[0]).then(|| root.join(name));
            return Ok((Document::file(session::shown(dir, name), text), file));
        }
    }
    let message = format!("no {} in {dir}", NAMES[0]);
    let help = "scaffold generate, or scaffold init, makes one; scaffold verify --dockerfile PATH judges another";
    Err(Failure::usage(
        Diagnostic::error("no-dockerfile", message).help(help),
    ))
}

/// By a flag, by the spec, by the one port that is exposed.
fn life(asked: &Asked, plan: Option<&Plan>, view: &View<'_>) -> Result<Life, Failure> {
    if asked.no_port {
        return Ok(Life::Portless);
    }
    if let Some(port) = asked.port {
        return Ok(Life::Server(port));
    }
    if let Some(plan) = plan {
        let port = match plan.value("port") {
            Some(Value::Integer(port)) => u16::try_from(*port).ok(),
            _ => None,
        };
        return Ok(port.map_or(Life::Portless, Life::Server));
    }
    let exposed = view.exposed();
    if let [(port, _)] = exposed.as_slice() {
        return Ok(Life::Server(*port));
    }
    let message = format!(
        "which port does it listen on? {} ports are exposed",
        exposed.len()
    );
    let help = "scaffold verify --port N, or --no-port when it is no server";
    Err(Failure::usage(
        Diagnostic::error("missing-answer", message).help(help),
    ))
}

fn claims(
    asked: &Asked,
    plan: Option<&Plan>,
    survey: Survey,
    (life, secrets): (Life, Vec<Secret>),
) -> Claims {
    let health = plan
        .map(|plan| plan.text("health"))
        .filter(|health| !health.is_empty());
    let writable = plan
        .map(|plan| texts(plan, "production.writable"))
        .unwrap_or_default();
    Claims {
        life,
        health: if health.is_some() {
            Health::Checked
        } else {
            Health::Unsaid
        },
        must_be_ok: asked.path.is_some() || health.is_some(),
        path: asked
            .path
            .clone()
            .unwrap_or_else(|| health.unwrap_or("/").to_owned()),
        answer: None,
        contains: None,
        patience: asked.patience,
        slow: asked.slow.clone(),
        heeds_port: plan.is_some(),
        port_names: survey.port_names,
        program: None,
        edit: survey.edit,
        lock: survey.lock,
        dependencies: survey.dependencies,
        targets: survey.targets,
        build_stage: survey.build_stage,
        exposes: plan.is_some(),
        absent: Vec::new(),
        labels: plan.map(labels).unwrap_or_default(),
        env: asked.env.clone(),
        writable: [writable, asked.writable.clone()].concat(),
        adds_at_most: None,
        secrets,
        canaries: asked.not_given(survey.secret_arguments),
        instructions: survey.instructions,
    }
}

fn labels(plan: &Plan) -> Vec<String> {
    match plan.value("production.labels") {
        Some(Value::Map(map)) => map.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn texts(plan: &Plan, key: &str) -> Vec<String> {
    match plan.value(key) {
        Some(Value::List(list)) => list
            .iter()
            .filter_map(Value::as_text)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// What the spec promises and no step looks at.
fn open(asked: &Asked, plan: Option<&Plan>) -> Vec<String> {
    let Some(plan) = plan else {
        return Vec::new();
    };
    let given = |id: &String| {
        asked
            .secret
            .iter()
            .any(|secret| secret.split(',').any(|part| part == format!("id={id}")))
    };
    let secrets = texts(plan, "build.secrets")
        .into_iter()
        .filter(|id| !given(id));
    let secrets = secrets
        .map(|id| format!("that the secret `{id}` leaves no trace (--secret id={id},src=FILE)"));
    let platforms = texts(plan, "platforms")
        .into_iter()
        .filter(|platform| Some(platform) != asked.runs_on.as_ref());
    let platforms = platforms
        .filter(|platform| asked.runs_on.is_some() || !crate::engine::client::is_native(platform))
        .map(|platform| format!("the image for {platform} (--runs-on {platform})"));
    secrets.chain(platforms).collect()
}
