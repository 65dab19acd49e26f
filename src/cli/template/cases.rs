//! `scaffold template test`: each folder of `cases/` holds a `scaffold.toml`, and in `out/` what must come of it.
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use serde_json::{Value as Json, json};

use super::super::asked::Asked;
use super::super::claims;
use super::super::{session, verify};
use super::variants;
use crate::cli::failure::Failure;
use crate::context::Context;
use crate::engine::report::Selection;
use crate::engine::{Engine, copy};
use crate::exit::Exit;
use crate::language::Language;
use crate::plan::Plan;
use crate::render::{self, FileSet};
use crate::report::{Diagnostic, Printer};
use crate::workspace::{self, apply::Job, diff};

/// Make a language folder's cases and compare them with what must come out
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// The language folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Only cases whose name holds this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Write what comes out as what must come out; read it before you commit it
    #[arg(long, conflicts_with = "engine")]
    accept: bool,
    /// Build the cases with a sample too, and prove them as `scaffold verify` does; without such a case, a new project
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, default_missing_value = "")]
    engine: Option<String>,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// How the names of cases begin that are made as `new` does.
const NEW: &str = "new-";

/// A case: its name and its spec. A name that begins with `new-` is made as `new` does, with the sample.
struct Case {
    name: String,
    spec: String,
}

impl Case {
    fn has_sample(&self) -> bool {
        self.name.starts_with(NEW)
    }
}

impl Test {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let root = session::existing(context, &self.dir)?;
        let language = super::open(context, &self.dir)?;
        let only = self.only.as_deref().unwrap_or_default();
        let cases = cases(&language, only);
        if cases.is_empty() && (self.engine.is_none() || !only.is_empty()) {
            return Err(self.no_case());
        }
        let mut all = Vec::new();
        for case in &cases {
            let (_, files) = made(&language, case, context)?;
            if self.accept {
                accept(&root, &language, case, &files)?;
                printer.say(&format!("{:10} {}", "written", case.name));
                continue;
            }
            let diff = compare(&language, case, &files);
            let word = if diff.is_empty() { "ok" } else { "differs" };
            printer.say(&format!("{word:10} {}", case.name));
            if !self.json {
                printer.data(&diff);
            }
            let exit = i32::from(!diff.is_empty());
            all.push(json!({ "case": case.name, "exit": exit, "diff": diff }));
        }
        if let Some(program) = &self.engine {
            let named = Some(program.as_str()).filter(|program| !program.is_empty());
            let engine = verify::open(named)?;
            for case in with_sample(cases) {
                all.push(proven(&engine, &language, &case, (context, printer))?);
            }
        }
        let exit = if all.iter().all(|one| one["exit"] == 0) {
            Exit::Done
        } else {
            Exit::Findings
        };
        if self.json {
            let object = json!({ "schema": 1, "exit": exit.code(), "cases": all });
            printer.data(&format!("{object:#}\n"));
        }
        Ok(exit)
    }

    fn no_case(&self) -> Failure {
        let message = format!("no case in {}", self.dir.join("cases"));
        Failure::usage(Diagnostic::error("no-case", message).help(
            "cases/NAME/scaffold.toml; a name that begins with `new-` takes the sample along",
        ))
    }
}

/// The cases that can be built; where none is, a new project of which nothing was said.
fn with_sample(mut cases: Vec<Case>) -> Vec<Case> {
    cases.retain(Case::has_sample);
    if cases.is_empty() {
        cases.push(Case {
            name: format!("{NEW}project"),
            spec: String::new(),
        });
    }
    cases
}

/// Builds a case in a folder of its own and takes the steps of `scaffold verify`.
fn proven(
    engine: &Engine,
    language: &Language,
    case: &Case,
    (context, printer): (&Context, Printer),
) -> Result<Json, Failure> {
    let (plan, files) = made(language, case, context)?;
    let refused = |error: String| {
        let diagnostic = Diagnostic::error("refused", error);
        Failure::new(Exit::Refused, vec![diagnostic])
    };
    let place = engine
        .folder()
        .map_err(|error| refused(error.to_string()))?;
    for (path, entry) in files.iter() {
        copy::write(&place.path().join(path), &entry.bytes)
            .map_err(|error| refused(error.to_string()))?;
    }
    let root = Utf8PathBuf::from_path_buf(place.path().to_owned())
        .map_err(|path| refused(format!("{} is not UTF-8", path.display())))?;
    let name = Utf8PathBuf::from(&case.name);
    let claims = claims::of(&Asked::default(), (&name, root), Some(&plan), context)?;
    let (_, mut told) = verify::prove(engine, &claims, Selection::default(), printer);
    told["case"] = json!(case.name);
    Ok(told)
}

/// The cases whose name holds a text.
fn cases(language: &Language, only: &str) -> Vec<Case> {
    let own = language.own_files().into_iter();
    own.filter_map(|path| {
        let name = path
            .strip_prefix("cases/")?
            .strip_suffix("/scaffold.toml")?
            .to_owned();
        let spec = language.text(&path)?.into_owned();
        (name.contains(only) && !name.contains('/')).then_some(Case { name, spec })
    })
    .collect()
}

fn made(language: &Language, case: &Case, context: &Context) -> Result<(Plan, FileSet), Failure> {
    let with_sample = case.has_sample();
    let plan =
        variants::planned(language, &case.spec, with_sample, context).map_err(Failure::spec)?;
    let plan = plan.ok_or_else(|| {
        let message = format!("the case {} is one that the folder refuses", case.name);
        Failure::spec(vec![Diagnostic::error("refused-case", message)])
    })?;
    let files = render::render(std::slice::from_ref(&plan), with_sample)?;
    Ok((plan, files))
}

/// The differences as a diff; empty when there are none.
fn compare(language: &Language, case: &Case, files: &FileSet) -> String {
    let out = format!("cases/{}/out/", case.name);
    let own = language.own_files().into_iter();
    let mut paths: Vec<_> = own
        .filter_map(|path| Some(path.strip_prefix(&out)?.to_owned()))
        .collect();
    paths.extend(files.iter().map(|(path, _)| path.to_owned()));
    paths.sort();
    paths.dedup();
    let mut text = String::new();
    for path in paths {
        let golden = language.bytes(&format!("{out}{path}"));
        let golden = golden.map(std::borrow::Cow::into_owned);
        let made = files.get(&path).map(|entry| entry.bytes.clone());
        if golden != made {
            text.push_str(&diff::unified(
                &path,
                golden.as_deref(),
                &made.unwrap_or_default(),
            ));
        }
    }
    text
}

/// Writes what all cases of a folder give.
pub(super) fn accept_all(context: &Context, dir: &Utf8PathBuf) -> Result<(), Failure> {
    let root = session::existing(context, dir)?;
    let language = super::open(context, dir)?;
    for case in cases(&language, "") {
        let (_, files) = made(&language, &case, context)?;
        accept(&root, &language, &case, &files)?;
    }
    Ok(())
}

fn accept(
    root: &Utf8Path,
    language: &Language,
    case: &Case,
    files: &FileSet,
) -> Result<(), Failure> {
    let out = format!("cases/{}/out/", case.name);
    let gone = language.own_files().into_iter();
    let gone = gone.filter(|path| {
        path.strip_prefix(&out)
            .is_some_and(|path| files.get(path).is_none())
    });
    let mut jobs: Vec<_> = gone.map(Job::remove).collect();
    jobs.extend(
        files
            .iter()
            .map(|(path, entry)| Job::write(format!("{out}{path}"), &entry.bytes)),
    );
    Ok(workspace::run(root, &jobs)?)
}
