//! The cases as data: `cases/*.toml`, one file a language. What is true of every case of a file stands once, under
//! `[defaults]`; what many share, as a framework or a package manager, in a `[group.NAME]`; a case says which groups it
//! is `like`, names only what is its own, and takes a key away with `without`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use anyhow::{Result, anyhow};
use stagewright::engine::claims::{Claims, Edit as FileEdit, Health, Life, Secret};

/// One project to prove.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a table of a data file: each is a plain yes or no there"
)]
pub(crate) struct Case {
    /// Its name in the test's output, behind the file's name.
    pub(crate) name: String,
    /// The language to make a new project in.
    #[serde(default)]
    pub(crate) lang: String,
    /// `--set` for `scaffold new`.
    #[serde(default)]
    pub(crate) set: Vec<String>,
    /// A folder of this repository instead of a new project.
    pub(crate) folder: Option<String>,
    /// The folder of one of the project's services, which is built from the top of the project.
    pub(crate) service: Option<String>,
    /// A change of a file that this service does not need: it builds nothing again.
    pub(crate) elsewhere: Option<Edit>,
    /// Nothing cached helps its first build, which is a figure. Otherwise it shares layers and cache mounts with its
    /// file's other cases, which saves the time to install and compile the same libraries again.
    #[serde(default)]
    pub(crate) fresh_caches: bool,
    /// Whether its figures are told of the language: not where an option is proven that is paid for in size.
    #[serde(default = "yes")]
    pub(crate) measured: bool,
    /// What the server answers, exactly but for blanks around.
    pub(crate) answer: Option<String>,
    /// What the answer, or the output of a program without a port, holds.
    pub(crate) contains: Option<String>,
    /// Where it is asked.
    #[serde(default = "root")]
    pub(crate) path: String,
    /// What else it is asked, in order.
    #[serde(default)]
    pub(crate) request: Vec<Request>,
    /// Seconds for a first answer or a healthy state; one that needs longer is broken.
    #[serde(default = "half_a_minute")]
    pub(crate) patience: u64,
    /// The port that the image names; none: not a server.
    pub(crate) port: Option<u16>,
    /// Whether the image has a health check.
    #[serde(default)]
    pub(crate) health: bool,
    /// A program that does its work and ends.
    #[serde(default)]
    pub(crate) exits: bool,
    /// The file name of the program that must be process 1.
    pub(crate) program: String,
    /// A harmless change of one source file.
    pub(crate) edit: Option<Edit>,
    /// A file that says which dependencies there are; after a change of it they are fetched again.
    pub(crate) lock: Option<String>,
    /// Secrets that the build gets, by their ids.
    #[serde(default)]
    pub(crate) secrets: BTreeMap<String, String>,
    /// Arguments of the build that are secrets; each gets a made-up value.
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    /// Words of the steps that fetch dependencies; an edit must leave them cached.
    #[serde(default)]
    pub(crate) dependencies: Vec<String>,
    /// The stages that build alone.
    #[serde(default = "build")]
    targets: Vec<String>,
    /// Ends of paths that the production image must not hold.
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    /// Labels that the production image must have.
    #[serde(default)]
    pub(crate) labels: Vec<String>,
    /// An edit that changes the answer.
    pub(crate) reworded: Option<Reworded>,
    /// How its development stage is given the project.
    #[serde(default)]
    pub(crate) mount: Mount,
    /// What the program needs from its environment, `KEY=value`.
    #[serde(default)]
    pub(crate) env: Vec<String>,
    /// Where it keeps data.
    #[serde(default)]
    pub(crate) volumes: Vec<String>,
    /// The most that the image may add to its base, in MB.
    pub(crate) adds_at_most: Option<f64>,
    /// A route that answers slowly: a request in flight must end well while the container stops.
    pub(crate) slow: Option<String>,
    /// How to learn whether HTTPS and time zones work in the production image.
    pub(crate) probe: Option<Probe>,
    /// How to prove a build for another platform.
    pub(crate) foreign: Option<Foreign>,
    /// A Dockerfile that runs the project's own tests; `{build}` is the image of its build stage.
    pub(crate) tests: Option<String>,
    /// Needs the real base images: no local provider has them.
    #[serde(default)]
    pub(crate) real: bool,
    /// What base images from a local provider lack for this case; the registries' own are taken as they are.
    pub(crate) patch: Option<Patch>,
    /// Damage done on purpose, to prove the proof.
    #[serde(default)]
    pub(crate) change: Vec<Change>,
    /// The steps that must then fail, and no other.
    #[serde(default)]
    pub(crate) fails: Vec<String>,
}

/// A question to the server and what must come back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// What is asked for.
    pub(crate) path: String,
    /// A regular expression: the path that it captures in the answer is what is asked for then.
    pub(crate) follow: Option<String>,
    /// Header lines that go along.
    #[serde(default)]
    pub(crate) send: Vec<String>,
    /// The status.
    #[serde(default = "well")]
    pub(crate) status: u16,
    /// Headers that must be there, `name: value` with the name in small letters.
    #[serde(default)]
    pub(crate) headers: Vec<String>,
    /// What the body holds.
    #[serde(default)]
    pub(crate) contains: String,
}

/// A line put at the end of a source file. `{unique}` in it becomes a word that no earlier build has seen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    /// Which file of the project.
    pub(crate) file: String,
    /// The line.
    pub(crate) line: String,
}

/// A change that is seen in the answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reworded {
    /// Which file of the project.
    pub(crate) file: String,
    /// Where the answer is asked, when not where it is always asked.
    pub(crate) path: Option<String>,
    /// What stands there, and in the answer.
    pub(crate) find: String,
    /// What then stands in both.
    pub(crate) with: String,
}

/// How a container of the development stage is given the project.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mount {
    /// Where it is mounted.
    #[serde(default = "app")]
    pub(crate) folder: String,
    /// What the image has below that and the mount must not hide.
    #[serde(default)]
    pub(crate) keep: Vec<String>,
}

impl Default for Mount {
    fn default() -> Self {
        Self {
            folder: app(),
            keep: Vec::new(),
        }
    }
}

fn yes() -> bool {
    true
}

fn app() -> String {
    "/app".to_owned()
}

/// Either files laid over the project, whose server then answers `/https` and `/zone`, or a script for an
/// interpreter in the image, which prints both.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Probe {
    /// A folder under `probes/`, or a file there for `run`.
    pub(crate) source: String,
    /// Where in the project the folder's files go.
    #[serde(default)]
    pub(crate) into: String,
    /// Ends of file names to take away first.
    #[serde(default)]
    pub(crate) remove: Vec<String>,
    /// The interpreter that reads the script.
    #[serde(default)]
    pub(crate) run: Vec<String>,
    /// Environment for it.
    #[serde(default)]
    pub(crate) env: Vec<String>,
}

/// A build for another machine, whose program is taken out of the build stage and run by an emulator here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Foreign {
    /// As in `--platform`.
    pub(crate) platform: String,
    /// The program's path in the build stage.
    pub(crate) binary: String,
    /// The emulator's program.
    pub(crate) emulator: String,
}

/// A Dockerfile put upon base images before the case is built.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patch {
    /// Its folder under `patches/`; the build argument `BASE` names the image.
    pub(crate) folder: String,
    /// Which images.
    pub(crate) images: Vec<String>,
    /// It makes them from nothing but what it names itself: a local provider has none of them.
    #[serde(default)]
    pub(crate) whole: bool,
}

/// A replacement in a file of the project.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// Which file.
    pub(crate) file: String,
    /// What stands there.
    pub(crate) find: String,
    /// What shall stand there.
    pub(crate) with: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    defaults: toml::Table,
    #[serde(default)]
    group: BTreeMap<String, toml::Table>,
    #[serde(default)]
    case: Vec<toml::Table>,
}

fn build() -> Vec<String> {
    vec!["build".to_owned()]
}

impl Case {
    /// What must be so of its project.
    pub(crate) fn claims(&self) -> Claims {
        let life = match (self.port, self.exits) {
            (Some(port), _) => Life::Server(port),
            (None, false) => Life::Worker,
            (None, true) => Life::Tool,
        };
        let edit = self.edit.as_ref().map(|edit| FileEdit {
            file: edit.file.clone(),
            line: Some(edit.line.clone()),
        });
        Claims {
            life,
            health: if self.health {
                Health::Checked
            } else {
                Health::None
            },
            path: self.path.clone(),
            must_be_ok: true,
            answer: self.answer.clone(),
            contains: self.contains.clone(),
            patience: self.patience,
            slow: self.slow.clone(),
            heeds_port: true,
            port_names: Vec::new(),
            program: Some(self.program.clone()),
            edit: edit.ok_or_else(|| "the case names no edit".to_owned()),
            lock: self.lock.clone().map(|file| FileEdit { file, line: None }),
            dependencies: self.dependencies.clone(),
            targets: self.targets.clone(),
            build_stage: Some("build".to_owned()),
            exposes: true,
            absent: self.absent.clone(),
            labels: self.labels.clone(),
            env: self.env.clone(),
            writable: self.volumes.clone(),
            adds_at_most: self.adds_at_most,
            secrets: self.secrets(),
            canaries: self.arguments.clone(),
            instructions: 0,
        }
    }

    fn secrets(&self) -> Vec<Secret> {
        let secret = |(id, content): (&String, &String)| Secret {
            id: id.clone(),
            content: content.clone().into_bytes(),
        };
        self.secrets.iter().map(secret).collect()
    }
}

/// All cases of all files, by file name, in order.
pub(crate) fn read_all(folder: &Path) -> Result<Vec<Case>> {
    let entries = fs_err::read_dir(folder)?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort();
    let cases: Result<Vec<_>> = files.iter().map(|file| read(file)).collect();
    Ok(cases?.into_iter().flatten().collect())
}

fn read(path: &Path) -> Result<Vec<Case>> {
    let wrong = |reason: String| anyhow!("{}: {reason}", path.display());
    let text = fs_err::read_to_string(path)?;
    let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let prefix = path.file_stem().unwrap_or_default().to_string_lossy();
    let whole = |own: &toml::Table| {
        let table = file.complete(own.clone()).map_err(&wrong)?;
        let case: Case = table
            .try_into()
            .map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        Ok(Case {
            name: format!("{prefix}::{}", case.name),
            ..case
        })
    };
    file.case.iter().map(whole).collect()
}

impl File {
    /// A case's own keys win over its groups' (the later group over the earlier), and those over the defaults. The
    /// values of `set` and `request` add up instead. `without` takes keys away again; the groups' names make the case's name.
    fn complete(&self, mut own: toml::Table) -> std::result::Result<toml::Table, String> {
        let groups = words(own.remove("like"));
        let without = words(own.remove("without"));
        let mut whole = self.defaults.clone();
        whole.insert("name".to_owned(), groups.join("-").into());
        for name in &groups {
            let group = self
                .group
                .get(name)
                .ok_or_else(|| format!("no group is called {name:?}"))?;
            lay_over(&mut whole, group.clone());
        }
        whole.retain(|key, _| !without.iter().any(|gone| gone == key));
        lay_over(&mut whole, own);
        Ok(whole)
    }
}

fn lay_over(whole: &mut toml::Table, upper: toml::Table) {
    for (key, mut value) in upper {
        if let (Some(more), "set" | "request", Some(held)) =
            (value.as_array_mut(), key.as_str(), whole.get(&key))
        {
            more.splice(0..0, held.as_array().cloned().unwrap_or_default());
        }
        whole.insert(key, value);
    }
}

fn words(value: Option<toml::Value>) -> Vec<String> {
    let values = value
        .and_then(|value| value.as_array().cloned())
        .unwrap_or_default();
    values
        .iter()
        .filter_map(|word| word.as_str().map(str::to_owned))
        .collect()
}

fn half_a_minute() -> u64 {
    30
}

fn well() -> u16 {
    200
}

fn root() -> String {
    "/".to_owned()
}
