//! What the proof takes from a Dockerfile, whoever wrote it: the steps that fetch dependencies, the stages, the base,
//! and the files whose change should, or should not, make those steps run again.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::claims::Edit;
use crate::dockerfile::view::{covers, join};
use crate::dockerfile::{Instruction, Kind, Stage, View, shell, tables};

/// What was found.
#[derive(Debug)]
pub struct Survey {
    /// Words of the steps that fetch dependencies.
    pub dependencies: Vec<String>,
    /// The named stages before the last one.
    pub targets: Vec<String>,
    /// A named stage that copies the whole context.
    pub build_stage: Option<String>,
    /// The image under the last stage; none: `scratch`.
    pub base: Option<String>,
    /// How many instructions the last stage has over it.
    pub instructions: usize,
    /// Arguments without a value whose names say that they are secrets.
    pub secret_arguments: Vec<String>,
    /// The source file to change, or why none was found.
    pub edit: Result<Edit, String>,
    /// The lock file to change.
    pub lock: Option<Edit>,
    /// The names by which the image gives `PORT` to programs that have another name for it.
    pub port_names: Vec<String>,
}

impl Survey {
    /// Surveys a Dockerfile whose context holds these files, all of which the build sees.
    pub fn of(view: &View<'_>, folder: &Path, seen: &[String]) -> Self {
        let last = view.last();
        let chain = view.chain(last);
        let base = chain.first().map(|stage| stage.resolved.clone());
        let inputs = inputs(view);
        let named = |stage: &Stage| stage.name.as_ref().map(|name| name.value.clone());
        Self {
            dependencies: dependencies(view),
            targets: view.stages[..last.index].iter().filter_map(named).collect(),
            build_stage: view.stages[..last.index]
                .iter()
                .find(|stage| is_broad(stage))
                .and_then(named),
            base: base.filter(|base| base != "scratch"),
            instructions: chain.iter().map(|stage| stage.instructions.len()).sum(),
            secret_arguments: secret_arguments(view),
            edit: edit(view, folder, seen, &inputs),
            lock: lock(seen, &inputs),
            port_names: view.repeats("PORT"),
        }
    }
}

fn is_broad(stage: &Stage) -> bool {
    let copies = stage.instructions.iter().filter_map(Instruction::as_copy);
    copies.into_iter().any(crate::dockerfile::Copy::is_broad)
}

fn secret_arguments(view: &View<'_>) -> Vec<String> {
    let needed = view.needed();
    let stages = view
        .stages
        .iter()
        .filter(|stage| needed.contains(&stage.index));
    let arguments = stages
        .flat_map(|stage| &stage.instructions)
        .filter_map(|instruction| match &instruction.kind {
            Kind::Arg(variables) => Some(variables),
            _ => None,
        });
    let open = arguments.flatten().filter(|variable| {
        let is_open = variable
            .value
            .as_ref()
            .is_none_or(|value| value.value.is_empty());
        is_open && tables::names_secret(&variable.name.value)
    });
    let names: BTreeSet<_> = open.map(|variable| variable.name.value.clone()).collect();
    names.into_iter().collect()
}

/// The beginnings of the commands, as the builder repeats them. What stands in a here-document it does not repeat.
fn dependencies(view: &View<'_>) -> Vec<String> {
    let needed = view.needed();
    let mut found = BTreeSet::new();
    for (stage, instruction, command) in view.ran() {
        let is_told = instruction
            .as_run()
            .is_some_and(|run| run.documents.is_empty());
        if !needed.contains(&stage.index) || !is_told || !tables::fetches(command) {
            continue;
        }
        let (Some(first), Some(last)) = (command.words.first(), command.words.last()) else {
            continue;
        };
        let text = view.text(&(first.span.start..last.span.end));
        let line = text.lines().next().unwrap_or_default();
        found.insert(line.trim_end_matches('\\').trim_end().to_owned());
    }
    found.into_iter().collect()
}

/// The paths of the context that are copied or mounted for the steps that fetch dependencies; of what comes after them
/// the others.
fn inputs(view: &View<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for stage in &view.stages {
        let fetching =
            |instruction: &Instruction| instruction.commands().iter().any(tables::fetches);
        let Some(end) = stage.instructions.iter().rposition(fetching) else {
            continue;
        };
        for instruction in &stage.instructions[..=end] {
            found.extend(sources(instruction).into_iter().map(|path| clean(&path)));
        }
    }
    found
}

/// The paths of the context that an instruction takes.
fn sources(instruction: &Instruction) -> Vec<String> {
    match &instruction.kind {
        Kind::Copy(copy) | Kind::Add(copy) if copy.from().is_none() => copy
            .sources
            .iter()
            .map(|source| source.value.clone())
            .collect(),
        Kind::Run(run) => {
            let binds = run
                .mounts
                .iter()
                .filter(|mount| mount.kind == "bind" && mount.from.is_none());
            binds
                .map(|mount| mount.source.clone().unwrap_or_else(|| ".".to_owned()))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn clean(path: &str) -> String {
    join("/", path).trim_start_matches('/').to_owned()
}

/// A file of the most frequent kind of source, near the top, that is copied and that no dependency step asks for.
fn edit(
    view: &View<'_>,
    folder: &Path,
    seen: &[String],
    inputs: &BTreeSet<String>,
) -> Result<Edit, String> {
    let needed = view.needed();
    let stages = view
        .stages
        .iter()
        .filter(|stage| needed.contains(&stage.index));
    let taken: Vec<_> = stages
        .flat_map(|stage| &stage.instructions)
        .flat_map(sources)
        .map(|path| clean(&path))
        .collect();
    let is_taken = |path: &str| {
        taken
            .iter()
            .any(|source| source.is_empty() || source.contains('*') || covers(source, path))
    };
    let candidates: Vec<_> = seen
        .iter()
        .filter(|path| is_taken(path) && !inputs.contains(path.as_str()) && is_source(path))
        .collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &candidates {
        *kinds.entry(end(path)).or_default() += 1;
    }
    let most = kinds
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(end, _)| end);
    let mut files: Vec<_> = candidates
        .into_iter()
        .filter(|path| Some(end(path)) == most)
        .collect();
    files.sort_by_key(|path| (is_test(path), path.matches('/').count(), *path));
    let file = files.into_iter().find(|path| is_text(&folder.join(path)));
    file.map(|file| Edit {
        file: file.clone(),
        line: None,
    })
    .ok_or_else(|| {
        "no source file was found that the build copies after it fetched its dependencies"
            .to_owned()
    })
}

fn is_source(path: &str) -> bool {
    let name = shell::base_name(path);
    !name.starts_with('.') && name.contains('.') && !tables::is_no_source(end(path))
}

fn is_test(path: &str) -> bool {
    path.to_ascii_lowercase().contains("test")
}

fn end(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, end)| end)
}

fn is_text(path: &Path) -> bool {
    fs_err::read(path).is_ok_and(|bytes| !bytes.contains(&0))
}

/// What is asked for by name before the dependencies are fetched and pins them.
fn lock(seen: &[String], inputs: &BTreeSet<String>) -> Option<Edit> {
    let asked = seen.iter().filter(|path| inputs.contains(path.as_str()));
    let mut found = asked.filter(|path| tables::pins(shell::base_name(path)));
    let file = found.next()?.clone();
    Some(Edit { file, line: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::Surroundings;
    use crate::report::Document;

    fn survey(dockerfile: &str, files: &[&str]) -> Survey {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            super::super::copy::write(&folder.path().join(file), b"text\n").unwrap();
        }
        let document = Document::file("Dockerfile", dockerfile);
        let around = Surroundings {
            today: "2026-11-24",
            read: &|_| None,
            has_context: true,
        };
        let view = View::new(&document, around).unwrap();
        let seen: Vec<_> = files.iter().map(ToString::to_string).collect();
        Survey::of(&view, folder.path(), &seen)
    }

    #[test]
    fn a_file_is_chosen_that_no_dependency_step_asks_for() {
        let found = survey(
            "FROM golang:1.27 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /a\nFROM alpine:3.24\nCOPY --from=build /a /a\nCMD [\"/a\"]\n",
            &[
                "README.md",
                "go.mod",
                "go.sum",
                "main.go",
                "main_test.go",
                "web/page.go",
            ],
        );
        assert_eq!(found.edit.unwrap().file, "main.go");
        assert_eq!(found.lock.unwrap().file, "go.sum");
        assert_eq!(found.dependencies, ["go mod download"]);
        assert_eq!(found.targets, ["build"]);
        assert_eq!(found.build_stage.as_deref(), Some("build"));
        assert_eq!(found.base.as_deref(), Some("alpine:3.24"));
        assert_eq!(found.instructions, 2);
    }

    #[test]
    fn secret_arguments_are_those_that_the_image_needs_and_nobody_gave() {
        let found = survey(
            "FROM alpine:3.24 AS other\nARG OTHER_TOKEN\nFROM alpine:3.24 AS build\nARG API_TOKEN\nARG KEY_FILE\nARG DB_PASSWORD=x\nARG NPM_TOKEN=\nFROM scratch\nCOPY --from=build /a /a\n",
            &[],
        );
        assert_eq!(found.secret_arguments, ["API_TOKEN", "NPM_TOKEN"]);
    }

    #[test]
    fn names_of_the_port_are_found() {
        let found = survey(
            "FROM alpine:3.24\nENV PORT=8080\nENV A_PORTS=$PORT B=\"${PORT}\"\nENV C=http://*:$PORT D=8080\nCMD [\"/a\"]\n",
            &[],
        );
        assert_eq!(found.port_names, ["A_PORTS", "B"]);
    }

    #[test]
    fn without_a_source_it_says_so() {
        let found = survey("FROM scratch\nCOPY a.txt /\n", &["a.txt", "b.py"]);
        assert!(found.edit.unwrap_err().contains("no source file"));
        assert_eq!(found.base, None);
        assert!(found.lock.is_none());
    }
}
