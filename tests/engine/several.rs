//! Several services, each proven in turn: what is wrong with one is said of that one.
use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::Failed;
use serde_json::Value;
use stagewright::engine::Engine;

use super::bases::Provider;

/// Two tools, each in a folder of its own.
const SPEC: &str = "lang = \"python\"\n\n\
    [services.api]\npath = \"api\"\nframework = \"cli\"\noptions = { manager = \"pip\", source = [\"api\"] }\n\n\
    [services.jobs]\npath = \"jobs\"\nframework = \"cli\"\noptions = { manager = \"pip\", source = [\"jobs\"] }\n";

/// Makes both, damages one, and reads the reports.
pub(crate) fn are_told_apart(engine: &Engine, provider: &Provider) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let scaffold = |words: &[&str]| call(folder.path(), words);
    let tool = ["--set", "framework=cli", "--set", "options.manager=pip"];
    for name in ["api", "jobs"] {
        let new = ["new", name, "--lang", "python", "--no-input"];
        scaffold(&[&new[..], &tool[..]].concat())?;
        for file in [
            "scaffold.toml",
            "scaffold.lock",
            "Dockerfile",
            ".dockerignore",
        ] {
            fs_err::remove_file(folder.path().join(name).join(file))?;
        }
    }
    fs_err::write(folder.path().join("scaffold.toml"), SPEC)?;
    let made = scaffold(&["generate"])?;
    assert!(made.status.success(), "{made:?}");
    let damaged = folder.path().join("jobs/Dockerfile");
    let text = fs_err::read_to_string(&damaged)?;
    provider.provide(&damaged)?;
    fs_err::write(&damaged, text.replace("USER 65532:65532", "USER 0:0"))?;

    let verify = ["verify", "--json", "--engine", &engine.program];
    let both = scaffold(&[&verify[..], &["--only", "config"]].concat())?;
    assert_eq!(both.status.code(), Some(1), "{both:?}");
    let both: Value = serde_json::from_slice(&both.stdout)?;
    assert_eq!(both["exit"], 1);
    let told = |at: usize, key: &str| both["services"][at][key].clone();
    assert_eq!(
        (told(0, "service"), told(0, "exit")),
        ("api".into(), 0.into()),
        "{both:#}"
    );
    assert_eq!(
        (told(1, "service"), told(1, "exit")),
        ("jobs".into(), 1.into()),
        "{both:#}"
    );
    assert_eq!(told(1, "steps")[1]["step"], "config", "{both:#}");
    assert_eq!(told(1, "steps")[1]["verdict"], "fails", "{both:#}");

    let one = scaffold(&[&verify[..], &["--service", "api"]].concat())?;
    assert_eq!(one.status.code(), Some(0), "{one:?}");
    let one: Value = serde_json::from_slice(&one.stdout)?;
    let services = one["services"].as_array().ok_or("no services")?;
    assert_eq!(services.len(), 1, "{one:#}");
    let steps = services[0]["steps"].as_array().ok_or("no steps")?;
    let ended = steps
        .iter()
        .any(|step| step["step"] == "end" && step["verdict"] == "holds");
    assert!(ended, "{one:#}");
    Ok(())
}

fn call(folder: &Path, words: &[&str]) -> Result<Output, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaffold"));
    Ok(command.args(words).current_dir(folder).output()?)
}
