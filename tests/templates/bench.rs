//! A folder for one test, in which the program runs with a cache and a configuration of its own.
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder for one test, with a cache and a configuration of its own.
pub(crate) struct Bench(TempDir);

impl Bench {
    pub(crate) fn new() -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        bench.write("config.toml", "");
        bench.write("gitconfig", "");
        bench
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Where the program finds its configuration and its cache, and git its own.
    pub(crate) fn variables(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("GIT_CONFIG_GLOBAL", self.path("gitconfig")),
            ("SCAFFOLD_CONFIG", self.path("config.toml")),
            ("XDG_CACHE_HOME", self.path("cache")),
        ]
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, text.as_ref());
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_scaffold"))
            .args(arguments)
            .current_dir(self.0.path())
            .envs(self.variables())
            .env("SOURCE_DATE_EPOCH", "1795392000")
            .output()
            .unwrap()
    }

    /// What the program says when it does what it should.
    pub(crate) fn must(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the program says when it ends with that code.
    pub(crate) fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    pub(crate) fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args([
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .current_dir(self.path(folder))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A repository with a folder `go-service` that extends Go, tagged `v1`; its URL.
    pub(crate) fn repository(&self) -> String {
        self.write("team/go-service/language.toml", SERVICE);
        self.write("team/go-service/Dockerfile.tera", LABELLED);
        self.git("team", &["init", "--quiet"]);
        self.commit("v1");
        format!("file://{}", self.path("team").display())
    }

    pub(crate) fn commit(&self, tag: &str) {
        self.git("team", &["add", "--all"]);
        self.git("team", &["commit", "--quiet", "--message", tag]);
        self.git("team", &["tag", "--force", tag]);
    }
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stderr[..], &output.stdout].concat()).into_owned()
}

#[expect(clippy::disallowed_methods, reason = "a test makes its files")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

pub(crate) const SERVICE: &str = r#"
extends = "go"
title = "Go at Acme"
summary = "the way to Go at Acme"

[defaults]
runtime = "slim"

[options.team]
kind = "string"
title = "Team"
help = "Who is called when it breaks."
pattern = '[a-z]+'
expects = "a team's name"
default = "core"

[detect]
signals = [{ file = "acme.yaml", weight = 5 }]
"#;

pub(crate) const LABELLED: &str = r#"{% extends "go/Dockerfile.tera" %}
{% block labels %}{{ super() }}LABEL com.acme.team={{ options.team | quoted }}
{% endblock %}
"#;
