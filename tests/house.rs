//! Rules of the house that no compiler holds: the core knows no language, rooms depend in one direction, one room
//! writes, one room asks, files stay short, and what is checked in is what the program prints.
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]
use std::path::PathBuf;
use std::process::Command;

/// Rooms in the order in which a value walks through them; a room may use itself and those before it.
const ROOMS: [&str; 19] = [
    "prepared",
    "exit",
    "report",
    "spec",
    "image",
    "dockerfile",
    "language",
    "settings",
    "source",
    "detect",
    "plan",
    "policy",
    "render",
    "workspace",
    "engine",
    "registry",
    "wizard",
    "context",
    "cli",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut pending = vec![root().join("src")];
    while let Some(folder) = pending.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                files.push((name, fs_err::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_core_names_no_language_framework_or_package_manager() {
    let mut names = Vec::new();
    for language in stagewright::language::load_all().unwrap() {
        let manifest = &language.manifest;
        names.push(language.id.clone());
        names.extend(manifest.frameworks.names().map(str::to_owned));
        let options = manifest.options.0.iter();
        let choices = options.flat_map(|(_, option)| &option.choices);
        names.extend(choices.map(|choice| choice.value.clone()));
    }
    // Words of everyday English or of the shell that some folder uses as a name.
    names.retain(|name| {
        ![
            "api", "build", "self", "worker", "cli", "echo", "http", "static", "plain", "other",
            "slim",
        ]
        .contains(&name.as_str())
    });
    for (file, text) in sources() {
        for name in &names {
            assert!(
                !text.contains(&format!("\"{name}\"")),
                "{file} names {name}"
            );
        }
    }
}

#[test]
fn rooms_depend_in_one_direction() {
    let rank = |room: &str| ROOMS.iter().position(|known| *known == room);
    for (file, text) in sources() {
        let room = file
            .trim_start_matches("src/")
            .split(['/', '.'])
            .next()
            .unwrap();
        let Some(own) = rank(room) else {
            assert!(
                ["lib", "main"].contains(&room),
                "{file}: a room without a place in the order"
            );
            continue;
        };
        for used in text.split("crate::").skip(1) {
            let used = used
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap();
            if let Some(other) = rank(used) {
                assert!(other <= own, "{file} uses crate::{used}");
            }
        }
    }
}

#[test]
fn one_room_writes_and_one_room_asks() {
    for (file, text) in sources() {
        // Tests at the end of a file may make files to read.
        let text = text.split("#[cfg(test)]").next().unwrap();
        let writes = [
            "fs_err::write",
            "fs_err::rename",
            "create_dir",
            "remove_dir",
            "remove_file",
            ".persist(",
        ];
        let writing = writes.iter().find(|call| text.contains(*call));
        // What the engine's room writes are copies below the place for temporary files.
        let may_write = ["src/workspace/apply.rs", "src/engine/copy.rs"].contains(&file.as_str())
            || (file == "src/engine/cleanup.rs" && writing == Some(&"remove_dir"));
        assert!(may_write || writing.is_none(), "{file} writes: {writing:?}");
        assert!(
            !text.contains("use dialoguer") || file == "src/wizard/terminal.rs",
            "{file} asks"
        );
        assert!(
            !text.contains("use tera") || file.starts_with("src/render/"),
            "{file} renders"
        );
        assert!(
            !text.contains("include_dir!") || file == "src/language/embedded.rs",
            "{file} embeds"
        );
    }
}

/// `git` is asked whether it can give files back, and fetches templates; all else that runs, runs through the engine's room.
#[test]
fn one_room_starts_programs() {
    for (file, text) in sources() {
        let starts = text.contains("process::Command") || text.contains("Command::new(");
        let git = ["src/workspace/history.rs", "src/source/git.rs"];
        let may = file.starts_with("src/engine/") || git.contains(&file.as_str());
        assert!(may || !starts, "{file} starts a program");
    }
}

#[test]
fn files_stay_short() {
    for (file, text) in sources() {
        assert!(text.lines().count() <= 400, "{file} is too long");
        assert!(
            text.starts_with("//!"),
            "{file} does not say what it is for"
        );
    }
}

/// Each key of a manifest that names another key names one that there is.
#[test]
fn manifests_name_only_keys_that_there_are() {
    for language in stagewright::language::load_all().unwrap() {
        let mut fields = stagewright::language::fields(Some(&language));
        fields.extend(stagewright::language::service_fields(Some(&language)));
        let known = |key: &str| fields.iter().any(|field| field.key == key);
        let manifest = &language.manifest;
        let whens = manifest.default.iter().map(|rule| &rule.when);
        let whens = whens.chain(manifest.packages.iter().map(|rule| &rule.when));
        let whens = whens.chain(manifest.ignore.iter().map(|group| &group.when));
        let whens = whens.chain(manifest.refuse.iter().map(|rule| &rule.when));
        let whens = whens.chain(
            manifest
                .refuse
                .iter()
                .filter_map(|rule| rule.unless.as_ref()),
        );
        let whens = whens.chain(manifest.secret.iter().map(|secret| &secret.when));
        let whens = whens.chain(manifest.development.iter().map(|stage| &stage.when));
        let whens = whens.chain(manifest.file.iter().map(|file| &file.when));
        let whens = whens.chain(manifest.next.iter().map(|step| &step.when));
        let whens = whens.chain(manifest.tools.values().map(|tool| &tool.when));
        let whens = whens.chain(fields.iter().map(|field| &field.when));
        let further = stagewright::language::further().iter();
        let whens = whens.chain(further.map(|file| &file.when));
        let stages = manifest
            .runtimes
            .0
            .iter()
            .flat_map(|(_, runtime)| &runtime.stages);
        for when in whens.chain(stages.map(|pair| &pair.when)) {
            for key in when.keys() {
                assert!(known(key), "{}: `when` names {key}", language.id);
            }
        }
        let frameworks = manifest
            .frameworks
            .0
            .iter()
            .map(|(_, framework)| &framework.defaults);
        let runtimes = manifest
            .runtimes
            .0
            .iter()
            .map(|(_, runtime)| &runtime.defaults);
        let rules = manifest.default.iter().map(|rule| &rule.set);
        let all = frameworks
            .chain(runtimes)
            .chain(rules)
            .chain([&manifest.defaults, &manifest.sample.spec]);
        for key in all
            .flat_map(std::collections::BTreeMap::keys)
            .chain(&manifest.questions)
        {
            assert!(known(key), "{}: a default names {key}", language.id);
        }
        assert!(
            manifest.questions.len() <= 3,
            "{}: with name and language at most five questions",
            language.id
        );
    }
}

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test's own switch")]
fn overwrites() -> bool {
    std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite")
}

/// `SNAPSHOTS=overwrite cargo test --test house` writes it anew.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the golden file is written on request"
)]
fn the_schemas_that_are_checked_in_are_those_that_are_printed() {
    for (name, arguments) in [
        ("scaffold.schema.json", &["schema"][..]),
        ("scaffold-policy.schema.json", &["schema", "--policy"]),
    ] {
        let path = root().join("examples").join(name);
        let schema = printed(arguments);
        if overwrites() {
            std::fs::write(&path, &schema).unwrap();
        }
        let checked_in = fs_err::read_to_string(&path).unwrap();
        assert_eq!(
            checked_in.replace("\r\n", "\n"),
            schema,
            "SNAPSHOTS=overwrite cargo test --test house"
        );
    }
}

/// The run that the README shows is the one that `tests/cmd/new.trycmd` holds.
#[test]
fn the_readme_shows_what_happens() {
    let readme = fs_err::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```console\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap();
    let held = fs_err::read_to_string(root().join("tests/cmd/new.trycmd")).unwrap();
    assert!(held.contains(shown.trim_end()), "{shown}");
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            printed(&["completions", shell]).contains("generate"),
            "{shell}"
        );
    }
}

#[test]
fn what_is_a_secret_by_its_name_is_hidden_from_builds() {
    let rules = fs_err::read_to_string("templates/rules.toml").unwrap();
    let rules: toml::Table = toml::from_str(&rules).unwrap();
    let hidden = fs_err::read_to_string("templates/shared/dockerignore.tera").unwrap();
    for pattern in rules["secrets"]["files"].as_array().unwrap() {
        let pattern = pattern.as_str().unwrap();
        assert!(hidden.lines().any(|line| line == pattern), "{pattern}");
    }
}

#[test]
fn commands_in_tests_run_in_a_copy_of_their_folder() {
    for entry in fs_err::read_dir("tests/cmd").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "in") {
            assert!(path.with_extension("out").is_dir(), "{}", path.display());
        }
    }
}

/// The one framework that does not start without its file of defaults has it in version control.
#[test]
fn no_settings_are_brought_back_into_a_build_but_those_of_symfony() {
    for language in fs_err::read_dir("tests/golden").unwrap() {
        for case in fs_err::read_dir(language.unwrap().path()).unwrap() {
            let case = case.unwrap().path();
            let Ok(hidden) = fs_err::read_to_string(case.join("out/.dockerignore")) else {
                continue;
            };
            let back = hidden.lines().any(|line| line == "!.env");
            let is_meant = case.to_string_lossy().contains("symfony");
            assert!(!back || is_meant, "{}", case.display());
        }
    }
}
