//! What `check --format sarif` prints, put to the schema that OASIS publishes.
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use stagewright::dockerfile::rules::RULES;

use super::{repository, run, variable};

/// Where `.ci/run` puts the schema, below the home.
const SCHEMA: &str = ".local/share/sarif-schema-2.1.0.json";

/// Findings of every rule, with their places; those of an edited project, with the two places of a conflict; none.
pub(crate) fn is_valid() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut seen = 0;
    for rule in RULES {
        let words = rule.words();
        let place = folder.path().join(rule.id);
        fs_err::create_dir(&place)?;
        write(&place.join("Dockerfile"), words.bad.trim_start())?;
        for (name, text) in &words.files {
            write(&place.join(name), text)?;
        }
        let log = checked(&place, &["--dockerfile", "Dockerfile"])?;
        seen += usize::from(log.contains(&format!("\"ruleId\": \"{}\"", rule.id)));
        write(&folder.path().join(format!("{}.sarif", rule.id)), &log)?;
    }
    assert!(seen + 3 > RULES.len(), "{seen} of {} rules", RULES.len());
    let own = folder.path().join("own");
    run(Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(["new", "--lang", "go", "--no-input"])
        .arg(&own))?;
    write(&folder.path().join("none.sarif"), &checked(&own, &[])?)?;
    let dockerfile = own.join("Dockerfile");
    let text = fs_err::read_to_string(&dockerfile)?;
    write(&dockerfile, &text.replace("USER 65532:65532", "USER root"))?;
    write(&folder.path().join("edited.sarif"), &checked(&own, &[])?)?;
    put_to_the_schema(folder.path())
}

/// Exit 1 is what findings are told by.
fn checked(folder: &Path, words: &[&str]) -> Result<String, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaffold"));
    command.arg("check").args(words).args(["--format", "sarif"]);
    let output = command.current_dir(folder).output()?;
    if output.status.code().is_some_and(|code| code < 2) {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn put_to_the_schema(folder: &Path) -> Result<(), Failed> {
    let home = variable("HOME").ok_or("no home")?;
    let logs = fs_err::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let logs: Vec<_> = logs.collect::<Result<_, std::io::Error>>()?;
    let logs = logs
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "sarif"));
    run(Command::new("check-jsonschema")
        .arg("--schemafile")
        .arg(Path::new(&home).join(SCHEMA))
        .args(logs)
        .current_dir(repository()))
    .map(|_| ())
}

fn write(path: &Path, text: &str) -> Result<(), Failed> {
    Ok(stagewright::engine::copy::write(path, text.as_bytes())?)
}
