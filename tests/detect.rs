//! Detection: one test a case. `tests/detect/LANGUAGE/*.toml` hold cases, each the smallest repository that shows one
//! situation: `base` are the files that all cases of the file have, `files` those of the case (`false` takes one away).
//!
//! `expect` says for keys what is found: `VALUE @ PLACE`, with ` likely` or ` guess` behind it where it is not certain;
//! `none`; `open A | B` where nothing decides; with `SERVICE.` before the key it is of one service. `not` holds a part of
//! what was considered, `needs` and `warns` parts of what is said, `unneeded` parts that no need says, `lang` the language
//! that comes first, `enough` whether that is more than a stray file and `close` whether another one is near.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends at its first surprise"
)]
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use camino::Utf8Path;
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use stagewright::detect::services::{self, Proposal, Standing, Wishes};
use stagewright::detect::{self, Decision, Finding, Reading};
use stagewright::image::Catalogue;
use stagewright::language::rules::Confidence;
use stagewright::language::{self, Language};

const TODAY: &str = "2026-11-23";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    base: BTreeMap<String, String>,
    case: BTreeMap<String, Case>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default)]
    files: BTreeMap<String, toml::Value>,
    #[serde(default)]
    expect: BTreeMap<String, String>,
    #[serde(default)]
    not: BTreeMap<String, String>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    unneeded: Vec<String>,
    #[serde(default)]
    warns: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
    lang: Option<String>,
    enough: Option<bool>,
    close: Option<bool>,
    /// All services by name: `FOLDER LANG`, with ` from CONTEXT of MEMBERS` where they are not the folder's own.
    #[serde(default)]
    services: BTreeMap<String, String>,
    /// The same with a service for each program of a project.
    #[serde(default)]
    programs: BTreeMap<String, String>,
    /// Projects that are no services, by folder, with a part of the reason.
    #[serde(default)]
    rejected: BTreeMap<String, String>,
}

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/detect");
    let mut trials = Vec::new();
    for folder in entries(&root) {
        for path in entries(&folder) {
            let text = fs_err::read_to_string(&path).expect("a file of cases");
            let file: File =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let language = name(&folder);
            for (case_name, case) in file.case {
                let title = format!("{language}::{}::{case_name}", name(&path));
                let (base, language) = (file.base.clone(), language.clone());
                trials.push(Trial::test(title, move || run(&base, &case, &language)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs_err::read_dir(folder).expect("a folder of cases");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

/// All languages, read once.
fn languages() -> Vec<Language> {
    static ALL: OnceLock<Vec<Language>> = OnceLock::new();
    let all = ALL.get_or_init(|| language::load_all().expect("the languages"));
    all.clone()
}

fn run(base: &BTreeMap<String, String>, case: &Case, language: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), base, case)?;
    let root = Utf8Path::from_path(folder.path()).ok_or("not UTF-8")?;
    let view = detect::look(root, BTreeSet::new());
    let candidates = detect::candidates(&view, languages());
    let first = candidates
        .first()
        .map_or("none", |first| first.language.id.as_str());
    let mut wrong = Vec::new();
    let mut compare = |what: &str, wanted: &str, actual: &str| {
        if wanted != actual {
            wrong.push(format!("{what}\n  expected {wanted}\n  found    {actual}"));
        }
    };
    if let Some(lang) = &case.lang {
        compare("lang", lang, first);
    }
    if let Some(enough) = case.enough {
        let score = candidates.first().map_or(0, |first| first.score);
        let actual = score >= detect::ENOUGH;
        compare("enough", &enough.to_string(), &actual.to_string());
    }
    if let Some(close) = case.close {
        let actual = detect::is_close(&candidates);
        compare("close", &close.to_string(), &actual.to_string());
    }
    if let Some(language) = languages().iter().find(|one| one.id == language) {
        let day = (&Catalogue::embedded(), TODAY);
        let reading = detect::read(&view, language, &BTreeMap::new(), day);
        for (key, wanted) in &case.expect {
            compare(key, wanted, &found(reading.decision(key)));
        }
        missing(case, &reading, &mut wrong);
    }
    projects(case, &view, &mut wrong)?;
    let notes = view.notes().join("\n");
    let unsaid = case.notes.iter().filter(|part| !notes.contains(*part));
    wrong.extend(unsaid.map(|part| format!("no note says `{part}`: {notes}")));
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// Which projects there are, and what each is.
fn projects(case: &Case, view: &detect::View, wrong: &mut Vec<String>) -> Result<(), Failed> {
    if case.services.is_empty() && case.rejected.is_empty() {
        return Ok(());
    }
    let found = proposals(view, false)?;
    let mut compare = |expected: &BTreeMap<String, String>, found: &[Proposal]| {
        let sure = found.iter().filter(|one| one.standing == Standing::Sure);
        let sure: BTreeMap<_, _> = sure.map(|one| (one.name.clone(), placed(one))).collect();
        if sure != *expected {
            wrong.push(format!(
                "services\n  expected {expected:?}\n  found    {sure:?}"
            ));
        }
    };
    compare(&case.services, &found);
    if !case.programs.is_empty() {
        compare(&case.programs, &proposals(view, true)?);
    }
    for (key, wanted) in &case.expect {
        let (name, key) = key.split_once('.').unwrap_or_default();
        let one = found.iter().find(|one| one.name == name);
        if let Some(actual) = one.map(|one| self::found(one.reading.decision(key)))
            && actual != *wanted
        {
            wrong.push(format!(
                "{name}.{key}\n  expected {wanted}\n  found    {actual}"
            ));
        }
    }
    for (folder, part) in &case.rejected {
        let one = found.iter().find(|one| one.folder == *folder);
        let standing = one
            .map(|one| format!("{:?}", one.standing))
            .unwrap_or_default();
        if !standing.contains(part) {
            wrong.push(format!("{folder}: `{part}` is not in {standing:?}"));
        }
    }
    Ok(())
}

fn proposals(view: &detect::View, each_program: bool) -> Result<Vec<Proposal>, Failed> {
    let wishes = Wishes {
        each_program,
        ..Wishes::default()
    };
    let day = (&Catalogue::embedded(), TODAY);
    Ok(services::find(view, &language::load_all()?, &wishes, day.1))
}

/// A proposal as `services` writes it.
fn placed(one: &Proposal) -> String {
    let value = |key: &str| {
        let mut values = one.values.iter();
        let found = values.find(|(known, _)| known == key);
        found.map(|(_, sourced)| sourced.value.display())
    };
    let mut text = format!("{} {}", one.folder, one.language.id);
    if let Some(members) = value("members") {
        let context = value("context").unwrap_or_else(|| one.folder.clone());
        text.push_str(&format!(" from {context} of {members}"));
    }
    text
}

fn write(
    root: &Path,
    base: &BTreeMap<String, String>,
    case: &Case,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut files: BTreeMap<&String, &str> = base
        .iter()
        .map(|(path, text)| (path, text.as_str()))
        .collect();
    for (path, text) in &case.files {
        match text.as_str() {
            Some(text) => files.insert(path, text),
            None => files.remove(path),
        };
    }
    for (path, text) in files {
        let path = root.join(path);
        fs_err::create_dir_all(path.parent().unwrap_or(root))?;
        fs_err::write(path, text)?;
    }
    Ok(())
}

/// A decision as `expect` writes it.
fn found(decision: Option<&Decision>) -> String {
    let Some(decision) = decision else {
        return "none".to_owned();
    };
    let at = |finding: &Finding| {
        format!("{} @ {}", finding.value.display(), finding.place.short())
            .trim_end_matches(" @ ")
            .to_owned()
    };
    match &decision.finding {
        Some(finding) if finding.confidence == Confidence::Certain => at(finding),
        Some(finding) => format!("{} {}", at(finding), finding.confidence.word()),
        None if decision.alternatives.is_empty() => "none".to_owned(),
        None => {
            let values: Vec<_> = decision
                .alternatives
                .iter()
                .map(|finding| finding.value.display())
                .collect();
            format!("open {}", values.join(" | "))
        }
    }
}

fn missing(case: &Case, reading: &Reading, wrong: &mut Vec<String>) {
    for (key, part) in &case.not {
        let considered = reading
            .decision(key)
            .map(|decision| decision.considered.clone())
            .unwrap_or_default();
        let all: Vec<_> = considered
            .iter()
            .map(|one| format!("{}: {}", one.value.display(), one.reason))
            .collect();
        if !all.iter().any(|one| one.contains(part)) {
            wrong.push(format!("{key}: `{part}` is not among {all:?}"));
        }
    }
    let needs: Vec<_> = reading
        .needs
        .iter()
        .map(|need| need.reason.clone())
        .collect();
    let warnings: Vec<_> = reading
        .warnings
        .iter()
        .map(|warning| warning.message.clone())
        .collect();
    let unneeded = case.unneeded.iter();
    let said = unneeded.filter(|part| needs.iter().any(|one| one.contains(*part)));
    wrong.extend(said.map(|part| format!("a need says `{part}`")));
    for (parts, said) in [(&case.needs, &needs), (&case.warns, &warnings)] {
        let unsaid = parts
            .iter()
            .filter(|part| !said.iter().any(|one| one.contains(*part)));
        wrong.extend(unsaid.map(|part| format!("nothing says `{part}`: {said:?}")));
    }
}
