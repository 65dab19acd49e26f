//! `scaffold template test`: each folder of `cases/` holds a `scaffold.toml`, and in `out/` what must come of it.
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::super::session;
use super::variants;
use crate::cli::failure::Failure;
use crate::context::Context;
use crate::exit::Exit;
use crate::language::Language;
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
    #[arg(long)]
    accept: bool,
}

/// A case: its name and its spec. A name that begins with `new-` is made as `new` does, with the sample.
struct Case {
    name: String,
    spec: String,
}

impl Test {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let root = session::existing(context, &self.dir)?;
        let language = super::open(context, &self.dir)?;
        let cases = cases(&language, self.only.as_deref().unwrap_or_default());
        if cases.is_empty() {
            let message = format!("no case in {}", self.dir.join("cases"));
            return Err(Failure::usage(Diagnostic::error("no-case", message).help(
                "cases/NAME/scaffold.toml; a name that begins with `new-` takes the sample along",
            )));
        }
        let mut failed = 0;
        for case in &cases {
            let files = made(&language, case, context)?;
            if self.accept {
                accept(&root, &language, case, &files)?;
                printer.say(&format!("{:10} {}", "written", case.name));
                continue;
            }
            let differences = compare(&language, case, &files);
            let word = if differences.is_empty() {
                "ok"
            } else {
                "differs"
            };
            printer.say(&format!("{word:10} {}", case.name));
            printer.data(&differences);
            failed += usize::from(!differences.is_empty());
        }
        Ok(if failed == 0 {
            Exit::Done
        } else {
            Exit::Findings
        })
    }
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

fn made(language: &Language, case: &Case, context: &Context) -> Result<FileSet, Failure> {
    let with_sample = case.name.starts_with("new-");
    let plan =
        variants::planned(language, &case.spec, with_sample, context).map_err(Failure::spec)?;
    let plan = plan.ok_or_else(|| {
        let message = format!("the case {} is one that the folder refuses", case.name);
        Failure::spec(vec![Diagnostic::error("refused-case", message)])
    })?;
    Ok(render::render(&[plan], with_sample)?)
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
        let files = made(&language, &case, context)?;
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
