//! Golden files: one test a case. `tests/golden/LANGUAGE/CASE/` holds either a `scaffold.toml`, for which `generate` is
//! run, or `new.args`, the arguments of `new` one a line; `out/` holds what must come out. A missing, an extra and an
//! unused file all fail. `SNAPSHOTS=overwrite cargo test --test golden` writes them anew; read them before you accept.
#![expect(clippy::expect_used, reason = "a test ends at its first surprise")]
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process;

use libtest_mimic::{Arguments, Failed, Trial};
use parse_dockerfile::{Command, Instruction};
use stagewright::dockerfile::ignore::Ignore;

/// Files whose text is golden, by the ends of their names; of all others only the path is.
const TEXTS: [&str; 11] = [
    "Dockerfile",
    ".dockerignore",
    "nginx.conf",
    "Caddyfile",
    "scaffold.toml",
    "compose.yaml",
    ".secrets/.gitignore",
    "docker-bake.hcl",
    ".github/workflows/image.yml",
    ".gitlab-ci.yml",
    "README.docker.md",
];
/// The list of all paths that `new` writes.
const TREE: &str = "tree.txt";

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut trials = Vec::new();
    for language in folders(&root) {
        for case in folders(&language) {
            let name = format!("{}::{}", file_name(&language), file_name(&case));
            trials.push(Trial::test(name, move || run(&case)));
        }
    }
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for example in folders(&examples) {
        let name = format!("examples::{}", file_name(&example));
        trials.push(Trial::test(name, move || example_is_current(&example)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Generating in an example changes nothing: what is shown there is what the program makes.
fn example_is_current(example: &Path) -> Result<(), Failed> {
    let work = tempfile::tempdir()?;
    for path in tree(example)? {
        let target = work.path().join(&path);
        fs_err::create_dir_all(target.parent().unwrap_or(work.path()))?;
        fs_err::copy(example.join(&path), target)?;
    }
    let said = scaffold(work.path(), &["generate", "--no-input"])?;
    if said.contains("nothing to do") && !said.contains("keep") {
        return Ok(());
    }
    Err(format!("run `scaffold generate {}`: {said}", example.display()).into())
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs_err::read_dir(root)
        .expect("the golden folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn run(case: &Path) -> Result<(), Failed> {
    let work = tempfile::tempdir()?;
    let project = work.path().join("project");
    let made = make(case, work.path(), &project)?;
    compare(&case.join("out"), &made)?;
    let again = scaffold(&project, &["generate", "--no-input"])?;
    if !again.contains("nothing to do") {
        return Err(format!("a second run does something: {again}").into());
    }
    judge(&made)
}

/// Runs the case; what came out, as golden path → text.
fn make(case: &Path, work: &Path, project: &Path) -> Result<BTreeMap<String, String>, Failed> {
    let arguments = case.join("new.args");
    if arguments.exists() {
        let text = fs_err::read_to_string(arguments)?;
        let mut words = vec!["new", "project", "--no-input"];
        words.extend(text.lines());
        scaffold(work, &words)?;
    } else {
        fs_err::create_dir(project)?;
        fs_err::copy(case.join("scaffold.toml"), project.join("scaffold.toml"))?;
        scaffold(project, &["generate", "--no-input"])?;
    }
    let paths = tree(project)?;
    let mut made = BTreeMap::new();
    for path in paths
        .iter()
        .filter(|path| TEXTS.iter().any(|text| path.ends_with(text)))
    {
        made.insert(path.clone(), fs_err::read_to_string(project.join(path))?);
    }
    if case.join("new.args").exists() {
        made.insert(TREE.to_owned(), paths.join("\n") + "\n");
    } else {
        made.remove("scaffold.toml");
    }
    Ok(made)
}

fn scaffold(folder: &Path, arguments: &[&str]) -> Result<String, Failed> {
    let output = process::Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(arguments)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(format!("scaffold {} failed: {text}", arguments.join(" ")).into())
    }
}

/// All files below a folder, sorted, with `/`.
fn tree(root: &Path) -> Result<Vec<String>, Failed> {
    let mut paths = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs_err::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let path = path
                    .strip_prefix(root)?
                    .to_string_lossy()
                    .replace('\\', "/");
                paths.push(path);
            }
        }
    }
    paths.sort();
    Ok(paths)
}

#[expect(clippy::disallowed_methods, reason = "a test's own switch")]
fn overwrites() -> bool {
    std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite")
}

fn compare(golden: &Path, made: &BTreeMap<String, String>) -> Result<(), Failed> {
    if overwrites() {
        let _ = fs_err::remove_dir_all(golden);
        fs_err::create_dir_all(golden)?;
        for (path, text) in made {
            let target = golden.join(path);
            fs_err::create_dir_all(target.parent().unwrap_or(golden))?;
            fs_err::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(target)
                .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))?;
        }
        return Ok(());
    }
    let expected = tree(golden)?;
    let names: Vec<_> = made.keys().cloned().collect();
    if expected != names {
        return Err(format!("golden files {expected:?}, made {names:?}").into());
    }
    for (path, text) in made {
        let golden = fs_err::read_to_string(golden.join(path))?;
        if golden != *text {
            let diff = similar::TextDiff::from_lines(&golden, text)
                .unified_diff()
                .to_string();
            return Err(format!("{path} differs (SNAPSHOTS=overwrite accepts it):\n{diff}").into());
        }
    }
    Ok(())
}

/// What holds for every Dockerfile that we write, whatever the language.
fn judge(made: &BTreeMap<String, String>) -> Result<(), Failed> {
    for (path, text) in made {
        layout(path, text)?;
    }
    let dockerfiles = made.iter().filter(|(path, _)| path.ends_with("Dockerfile"));
    for (path, dockerfile) in dockerfiles {
        let own = format!("{path}.dockerignore");
        let beside = path.trim_end_matches("Dockerfile").to_owned() + ".dockerignore";
        let ignore = made.get(&own).unwrap_or_else(|| &made[&beside]);
        dockerfile_is_sound(dockerfile, ignore).map_err(|wrong| format!("{path}: {wrong:?}"))?;
    }
    Ok(())
}

fn dockerfile_is_sound(dockerfile: &str, ignore: &str) -> Result<(), Failed> {
    let parsed = parse_dockerfile::parse(dockerfile).map_err(|error| error.to_string())?;
    let names: Vec<_> = parsed
        .stages()
        .filter_map(|stage| {
            stage
                .from
                .as_
                .as_ref()
                .map(|(_, name)| name.value.as_ref().to_owned())
        })
        .collect();
    if !names.iter().any(|name| name == "build")
        || names.last().map(String::as_str) != Some("production")
    {
        return Err(format!("stages are {names:?}").into());
    }
    let ignore = Ignore::new(ignore.lines());
    let mut stages = Vec::new();
    for instruction in &parsed.instructions {
        instruction_is_sound(instruction, &ignore, &stages)?;
        if let Instruction::From(from) = instruction {
            stages.extend(from.as_.as_ref().map(|(_, name)| name.value.as_ref()));
        }
    }
    Ok(())
}

fn layout(path: &str, text: &str) -> Result<(), Failed> {
    let noise = [
        ("\n\n\n", "two empty lines"),
        (" \n", "a trailing blank"),
        ("\t", "a tab"),
        ("\r", "a carriage return"),
    ];
    // Caddy's own formatter indents with tabs, and its server complains of anything else.
    let meant = |noise: &str| noise == "\t" && path.ends_with("Caddyfile");
    let mut noise = noise.iter().filter(|(noise, _)| !meant(noise));
    if let Some((_, what)) = noise.find(|(noise, _)| text.contains(noise)) {
        return Err(format!("{path} has {what}").into());
    }
    if text.starts_with('\n') || !text.ends_with('\n') || text.ends_with("\n\n") {
        return Err(format!("{path} does not begin or end well").into());
    }
    Ok(())
}

/// `stages`: the names of the stages above.
fn instruction_is_sound(
    instruction: &Instruction<'_>,
    ignore: &Ignore,
    stages: &[&str],
) -> Result<(), Failed> {
    let shell_form = |what: &str| Err(format!("shell form of {what}").into());
    match instruction {
        Instruction::Cmd(cmd) if matches!(cmd.arguments, Command::Shell(_)) => shell_form("CMD"),
        Instruction::Entrypoint(entry) if matches!(entry.arguments, Command::Shell(_)) => {
            shell_form("ENTRYPOINT")
        }
        Instruction::Add(_) => Err("ADD".into()),
        Instruction::Copy(copy) => {
            let from_stage = copy
                .options
                .iter()
                .any(|option| option.name.value == "from");
            if from_stage {
                return Ok(());
            }
            copy.src
                .iter()
                .try_for_each(|source| survives(source, ignore))
        }
        Instruction::From(from) if stages.contains(&from.image.value.as_ref()) => Ok(()),
        Instruction::From(from) => has_tag(from.image.value.as_ref()),
        _ => Ok(()),
    }
}

fn survives(source: &parse_dockerfile::Source<'_>, ignore: &Ignore) -> Result<(), Failed> {
    let parse_dockerfile::Source::Path(path) = source else {
        return Err("a here-document".into());
    };
    match ignore.hidden_by(path.value.as_ref()) {
        Some(pattern) => Err(format!("COPY {}: hidden by `{pattern}`", path.value).into()),
        None => Ok(()),
    }
}

fn has_tag(image: &str) -> Result<(), Failed> {
    let tag = image
        .rsplit('/')
        .next()
        .and_then(|last| last.split_once(':'));
    match tag {
        _ if image == "scratch" => Ok(()),
        Some((_, "latest")) | None => Err(format!("FROM {image}: no fixed tag").into()),
        Some(_) => Ok(()),
    }
}
