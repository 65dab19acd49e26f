//! What `verify` claims of a project: from its spec where there is one, from its Dockerfile, and from flags.
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

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

/// Seconds for the first answer of a program that nobody knows.
const PATIENCE: u64 = 30;

/// What a user may say of the project.
#[derive(Args, Debug)]
pub(super) struct Asked {
    /// Judge this Dockerfile, whoever wrote it
    #[arg(long, value_name = "PATH")]
    dockerfile: Option<Utf8PathBuf>,
    /// The port that the server listens on [default: the spec's, or the one that is exposed]
    #[arg(long, value_name = "N", conflicts_with = "no_port")]
    port: Option<u16>,
    /// It is no server
    #[arg(long)]
    no_port: bool,
    /// Where the server is asked [default: the spec's health, or /]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// A route that answers slowly: a request to it must complete while the container stops
    #[arg(long, value_name = "PATH")]
    slow: Option<String>,
    /// Seconds for the first answer
    #[arg(long, value_name = "SECONDS", default_value_t = PATIENCE)]
    patience: u64,
    /// Build and judge for another platform
    #[arg(long, value_name = "PLATFORM")]
    runs_on: Option<String>,
    /// A secret of the build, as in docker build: id=ID,src=FILE (repeatable)
    #[arg(long, value_name = "SECRET")]
    secret: Vec<String>,
    /// An argument of the build, KEY=VALUE (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    build_arg: Vec<String>,
    /// What the program needs from its environment (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    env: Vec<String>,
    /// A folder in which the program may write, beside the spec's (repeatable)
    #[arg(long, value_name = "PATH")]
    writable: Vec<String>,
}

/// What is to be proven of what.
pub(super) struct Case {
    /// The Dockerfile, as the user would type it.
    pub(super) shown: String,
    pub(super) claims: Claims,
    pub(super) project: Project,
    /// What no step looks at.
    pub(super) open: Vec<String>,
}

/// Reads all of it.
pub(super) fn read(asked: &Asked, dir: &Utf8Path, context: &Context) -> Result<Case, Failure> {
    let root = session::existing(context, dir)?;
    let plan = if asked.dockerfile.is_none() {
        planned(context, dir)?
    } else {
        None
    };
    of(asked, (dir, root), plan.as_ref(), context)
}

/// The same of a folder whose plan is known.
pub(super) fn of(
    asked: &Asked,
    (dir, root): (&Utf8Path, Utf8PathBuf),
    plan: Option<&Plan>,
    context: &Context,
) -> Result<Case, Failure> {
    let (document, file) = document(asked, dir, &root, context)?;
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
    Ok(Case {
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

fn planned(context: &Context, dir: &Utf8Path) -> Result<Option<Plan>, Failure> {
    let Some(session) = session::open(context, dir)? else {
        return Ok(None);
    };
    let plans = session.plans()?;
    if plans.iter().any(|plan| plan.service.is_some()) {
        return Err(each(dir, &plans));
    }
    Ok(plans.into_iter().next())
}

/// Of several services one is proven at a time: the command line for each.
fn each(dir: &Utf8Path, plans: &[Plan]) -> Failure {
    let message = "several services: which one is to be proven?";
    let mut diagnostic = Diagnostic::error("missing-answer", message);
    let line = |plan: &Plan| {
        let port = match plan.value("port") {
            Some(Value::Integer(port)) => format!("--port {port}"),
            _ => "--no-port".to_owned(),
        };
        let dockerfile = session::shown(dir, &plan.dockerfile());
        let context = session::shown(dir, &plan.context());
        format!("scaffold verify {context} --dockerfile {dockerfile} {port}")
    };
    let mut lines = plans.iter().map(line);
    let first = lines.next().unwrap_or_default();
    for line in lines {
        diagnostic = diagnostic.because(line);
    }
    Failure::usage(diagnostic.help(first))
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
) -> Result<(std::sync::Arc<Document>, Option<Utf8PathBuf>), Failure> {
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

impl Default for Asked {
    fn default() -> Self {
        Self {
            dockerfile: None,
            port: None,
            no_port: false,
            path: None,
            slow: None,
            patience: PATIENCE,
            runs_on: None,
            secret: Vec::new(),
            build_arg: Vec::new(),
            env: Vec::new(),
            writable: Vec::new(),
        }
    }
}

impl Asked {
    /// Arguments for each build. Paths are the user's, seen from the user's folder.
    fn arguments(&self, context: &Context) -> Vec<String> {
        let secrets = self.secret.iter().map(|secret| {
            let parts = secret.split(',').map(|part| match source(part) {
                Some(path) => format!("src={}", absolute(context, path)),
                None => part.to_owned(),
            });
            format!("--secret={}", parts.collect::<Vec<_>>().join(","))
        });
        let arguments = self
            .build_arg
            .iter()
            .map(|pair| format!("--build-arg={pair}"));
        secrets.chain(arguments).collect()
    }

    /// The secrets that are files, to be looked for in the image.
    fn secrets(&self) -> Result<Vec<Secret>, Failure> {
        let mut found = Vec::new();
        for secret in &self.secret {
            let id = secret.split(',').find_map(|part| part.strip_prefix("id="));
            let wrong = |message: String| {
                Failure::usage(
                    Diagnostic::error("wrong-use", message).help("--secret id=ID,src=FILE"),
                )
            };
            let Some(id) = id else {
                return Err(wrong(format!(
                    "no id in `--secret {}`",
                    secret.escape_debug()
                )));
            };
            if let Some(path) = secret.split(',').find_map(source) {
                let content = fs_err::read(path).map_err(|error| wrong(error.to_string()))?;
                found.push(Secret {
                    id: id.to_owned(),
                    content,
                });
            }
        }
        Ok(found)
    }
}

fn source(part: &str) -> Option<&str> {
    part.strip_prefix("src=")
        .or_else(|| part.strip_prefix("source="))
}

fn absolute(context: &Context, path: &str) -> Utf8PathBuf {
    context
        .folder
        .as_deref()
        .unwrap_or(Utf8Path::new(""))
        .join(path)
}
