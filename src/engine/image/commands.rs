//! What the image starts: the entry point and the health check, followed to the programs that the kernel will run.
use serde_json::Value;

use super::content::{Content, Node};
use super::root::{Found, Root};
use crate::dockerfile::shell;

/// Scripts that start scripts are followed this far, as in Linux.
const DEEPEST: usize = 5;
/// Where programs are looked for when the image says nothing.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// What only a shell understands.
const OPERATORS: [&str; 8] = ["&&", "||", "|", ";", ">", ">>", "2>&1", "&"];

/// A command line of the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The instructions that it comes from.
    pub from: &'static str,
    /// Its words; a shell form is the shell's call.
    pub words: Vec<String>,
    /// Whether a shell reads it by its form.
    pub by_shell: bool,
}

/// The command lines of a configuration: the entry point, and the health check if there is one.
pub fn starts(config: &Value) -> Vec<Start> {
    let config = &config["config"];
    let entry = [words(&config["Entrypoint"]), words(&config["Cmd"])].concat();
    let by_shell = entry.first().is_some_and(|word| shell::is_shell(word))
        && entry.get(1).is_some_and(|word| word == "-c");
    let mut found = vec![Start {
        from: "ENTRYPOINT and CMD",
        words: entry,
        by_shell,
    }];
    let test = words(&config["Healthcheck"]["Test"]);
    let health = |words, by_shell| Start {
        from: "HEALTHCHECK",
        words,
        by_shell,
    };
    match test.split_first() {
        Some((kind, rest)) if kind == "CMD" => found.push(health(rest.to_vec(), false)),
        Some((kind, rest)) if kind == "CMD-SHELL" => {
            let mut call = words(&config["Shell"]);
            if call.is_empty() {
                call = vec!["/bin/sh".to_owned(), "-c".to_owned()];
            }
            found.push(health([call, rest.to_vec()].concat(), true));
        }
        _ => {}
    }
    found
}

/// The words of an exec form that only a shell would understand: `$HOME`, `||`. A script behind `-c` is the business
/// of its own language.
pub fn literal_words(start: &Start) -> Vec<&str> {
    if start.by_shell
        || start
            .words
            .first()
            .is_some_and(|word| shell::is_shell(word))
    {
        return Vec::new();
    }
    let words = start.words.iter().skip(1).map(String::as_str);
    let strange = |word: &&str| {
        let variable = shell::uses(word, 0)
            .first()
            .is_some_and(|used| used.name.chars().all(|c| !c.is_lowercase()));
        OPERATORS.contains(word) || (variable && !word.contains(' '))
    };
    words.filter(strange).collect()
}

/// Who starts it, and from where.
#[derive(Debug)]
pub struct Starter<'r> {
    root: &'r Root,
    path: Vec<String>,
    folder: String,
    user: (u64, u64),
}

impl<'r> Starter<'r> {
    /// As the configuration says.
    pub fn new(root: &'r Root, config: &Value) -> Self {
        let config = &config["config"];
        let path = variable(config, "PATH").unwrap_or_else(|| PATH.to_owned());
        Self {
            root,
            path: path
                .split(':')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            folder: config["WorkingDir"].as_str().unwrap_or_default().to_owned(),
            user: user(root, config["User"].as_str().unwrap_or_default()),
        }
    }

    /// The programs that start when `word` does: the file itself and, of a script, its interpreter.
    pub fn follow(&self, word: &str) -> Result<Vec<Found<'r>>, String> {
        let mut programs = Vec::new();
        let mut word = word.to_owned();
        for _ in 0..DEEPEST {
            let found = self.find(&word)?;
            let shown = format!("/{}", found.path);
            if !self.root.may_run(&found, self.user) {
                let (uid, mode) = (self.user.0, found.entry.mode & 0o7777);
                return Err(format!(
                    "{shown} may not be run by user {uid} (its mode is {mode:04o}, or a folder above is closed)"
                ));
            }
            match &found.entry.node {
                Node::File(Content::Elf(_)) => {
                    programs.push(found);
                    return Ok(programs);
                }
                Node::File(Content::Script(line)) => {
                    programs.push(found);
                    word = self.interpreter(&shown, line)?;
                }
                Node::File(_) => {
                    return Err(format!(
                        "{shown} is neither a program nor a script that begins with #!"
                    ));
                }
                _ => return Err(format!("{shown} is no file")),
            }
        }
        Err(format!(
            "{word}: scripts that start scripts, without an end"
        ))
    }

    fn interpreter(&self, script: &str, line: &str) -> Result<String, String> {
        if line.ends_with('\r') {
            return Err(format!(
                "the first line of {script} ends with a carriage return: its interpreter is not found (save it with Unix line ends)"
            ));
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if shell::base_name(first) == "env" {
            self.find(first)?;
            let program = words.find(|word| !word.starts_with('-') && !word.contains('='));
            return Ok(program.unwrap_or(first).to_owned());
        }
        self.root
            .find(first)
            .map_err(|missing| format!("{script} is a script: {}", absent(first, &missing)))?;
        Ok(first.to_owned())
    }

    fn find(&self, word: &str) -> Result<Found<'r>, String> {
        if word.contains('/') {
            let path = crate::dockerfile::view::join(&self.folder, word);
            return self
                .root
                .find(&path)
                .map_err(|missing| absent(&path, &missing));
        }
        let candidates = self
            .path
            .iter()
            .filter_map(|folder| self.root.find(&format!("{folder}/{word}")).ok());
        let mut files = candidates.filter(|found| matches!(found.entry.node, Node::File(_)));
        files
            .next()
            .ok_or_else(|| format!("`{word}` is in no folder of PATH ({})", self.path.join(":")))
    }
}

/// A path on which something is missing: itself, a folder above it, or where a link leads.
fn absent(path: &str, missing: &str) -> String {
    if path.starts_with(missing) {
        format!("{path} is not in the image")
    } else {
        format!("{path} leads to {missing}, which is not in the image")
    }
}

/// A variable of the image's environment.
pub(super) fn variable(config: &Value, name: &str) -> Option<String> {
    let pairs = words(&config["Env"]);
    let mut values = pairs
        .iter()
        .filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    values.next().map(str::to_owned)
}

/// Uid and gid; a name is looked up.
fn user(root: &Root, text: &str) -> (u64, u64) {
    let (user, group) = text.split_once(':').unwrap_or((text, ""));
    let passwd = root
        .kept("/etc/passwd")
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    let mut lines = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>());
    let known = lines.find(|parts| parts.len() > 3 && (parts[0] == user || parts[2] == user));
    let number = |at: usize| known.as_ref().and_then(|parts| parts[at].parse().ok());
    let uid = user.parse().ok().or_else(|| number(2)).unwrap_or_default();
    (
        uid,
        group.parse().ok().or_else(|| number(3)).unwrap_or_default(),
    )
}

fn words(value: &Value) -> Vec<String> {
    let values = value.as_array().map_or(&[][..], Vec::as_slice);
    values
        .iter()
        .filter_map(|word| word.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{Program, Sample, file, link};
    use super::*;

    fn start(words: &[&str]) -> Start {
        Start {
            from: "CMD",
            words: words.iter().map(ToString::to_string).collect(),
            by_shell: false,
        }
    }

    #[test]
    fn words_of_a_shell_are_found_where_no_shell_reads_them() {
        assert_eq!(
            literal_words(&start(&["serve", "--port", "$PORT", "||", "exit", "1"])),
            ["$PORT", "||"]
        );
        assert_eq!(
            literal_words(&start(&["serve", "${DATA_DIR}/x"])),
            ["${DATA_DIR}/x"]
        );
        assert!(literal_words(&start(&["sh", "-c", "exec serve $PORT || exit 1"])).is_empty());
        assert!(literal_words(&start(&["perl", "-e", "print $HOME"])).is_empty());
        assert!(literal_words(&start(&["awk", "{print $1}"])).is_empty());
    }

    #[test]
    fn the_forms_of_a_health_check_are_told_apart() {
        let health = |test: Value| {
            let found =
                starts(&json!({ "config": { "Cmd": ["a"], "Healthcheck": { "Test": test } } }));
            found.get(1).cloned()
        };
        assert_eq!(
            health(json!(["CMD", "/check", "x"])).unwrap().words,
            ["/check", "x"]
        );
        let by_shell = health(json!(["CMD-SHELL", "check || exit 1"])).unwrap();
        assert_eq!(by_shell.words, ["/bin/sh", "-c", "check || exit 1"]);
        assert!(by_shell.by_shell);
        assert_eq!(health(json!(["NONE"])), None);
    }

    #[test]
    fn a_start_is_followed_to_the_program() {
        let elf = Program::new().bytes();
        let root = Root::of(&Sample::layers(vec![vec![
            file("usr/bin/env", 0o755, &elf),
            file(
                "opt/venv/bin/gunicorn",
                0o755,
                b"#!/opt/venv/bin/python\nrun()\n",
            ),
            link("opt/venv/bin/python", "/usr/local/bin/python3"),
            file("usr/local/bin/python3", 0o755, &elf),
            file("app/run", 0o755, b"#!/usr/bin/env -S python -u\n"),
            file("app/dos", 0o755, b"#!/bin/sh\r\n"),
            file("app/bash", 0o755, b"#!/bin/bash\n"),
            file("app/closed", 0o640, &elf),
            file("app/text", 0o755, b"echo hello\n"),
            file(
                "etc/passwd",
                0o644,
                b"root:x:0:0::/root:/bin/sh\nweb:x:33:34::/:/bin/sh\n",
            ),
        ]]));
        let config = json!({ "config": { "Env": ["PATH=/opt/venv/bin:/usr/bin"], "WorkingDir": "/app", "User": "web" } });
        let starter = Starter::new(&root, &config);
        assert_eq!(starter.user, (33, 34));
        let follow = |word: &str| {
            let found = starter.follow(word)?;
            Ok::<_, String>(found.iter().map(|found| found.path).collect::<Vec<_>>())
        };
        assert_eq!(
            follow("gunicorn").unwrap(),
            ["opt/venv/bin/gunicorn", "usr/local/bin/python3"]
        );
        assert_eq!(
            follow("./run").unwrap(),
            ["app/run", "usr/local/bin/python3"]
        );
        assert!(follow("/app/dos").unwrap_err().contains("carriage return"));
        assert_eq!(
            follow("/app/bash").unwrap_err(),
            "/app/bash is a script: /bin/bash is not in the image"
        );
        assert!(
            follow("/app/closed")
                .unwrap_err()
                .contains("may not be run by user 33")
        );
        assert!(
            follow("/app/text")
                .unwrap_err()
                .contains("neither a program")
        );
        assert!(follow("curl").unwrap_err().contains("no folder of PATH"));
        assert!(follow("/none/x").unwrap_err().contains("/none"));
    }
}
