//! Language folders of one's own: from a directory, from git over `file://` and over HTTP, extended, known by name,
//! trusted or not; and hostile ones, each refused with its reason.
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder for one test, with a cache and a configuration of its own.
struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        bench.write("config.toml", "");
        bench
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, text.as_ref());
    }

    fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.path(path)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_scaffold"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("SCAFFOLD_CONFIG", self.path("config.toml"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("SOURCE_DATE_EPOCH", "1795392000")
            .output()
            .unwrap()
    }

    /// What the program says when it does what it should.
    fn must(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the program says when it ends with that code.
    fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
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
    fn repository(&self) -> String {
        self.write("team/go-service/language.toml", SERVICE);
        self.write("team/go-service/Dockerfile.tera", LABELLED);
        self.git("team", &["init", "--quiet"]);
        self.commit("v1");
        format!("file://{}", self.path("team").display())
    }

    fn commit(&self, tag: &str) {
        self.git("team", &["add", "--all"]);
        self.git("team", &["commit", "--quiet", "--message", tag]);
        self.git("team", &["tag", "--force", tag]);
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stderr[..], &output.stdout].concat()).into_owned()
}

#[expect(clippy::disallowed_methods, reason = "a test makes its files")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

const SERVICE: &str = r#"
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

const LABELLED: &str = r#"{% extends "go/Dockerfile.tera" %}
{% block labels %}{{ super() }}LABEL com.acme.team={{ options.team | quoted }}
{% endblock %}
"#;

#[test]
fn a_folder_of_ones_own_is_as_good_as_a_built_in_one() {
    let bench = Bench::new();
    bench.write("own/go-service/language.toml", SERVICE);
    bench.write("own/go-service/Dockerfile.tera", LABELLED);
    bench.write(
        "own/go-service/sample/common/OWNERS.tera",
        "{{ options.team }}\n",
    );
    bench.must(&[
        "new",
        "shop",
        "--template",
        "own/go-service",
        "--set",
        "options.team=web",
    ]);
    let dockerfile = bench.read("shop/Dockerfile");
    assert!(
        dockerfile.contains("LABEL com.acme.team=web"),
        "{dockerfile}"
    );
    assert!(dockerfile.contains("FROM debian:"), "{dockerfile}");
    assert_eq!(bench.read("shop/OWNERS"), "web\n");
    assert!(
        bench
            .read("shop/scaffold.toml")
            .contains("template = \"../own/go-service\"")
    );
    assert!(said(&bench.run(&["generate", "shop"])).contains("nothing to do"));
    bench.must(&["check", "shop"]);
    let tree = bench.must(&["show", "./own/go-service", "--tree"]);
    let from = |path: &str| {
        let line = tree.lines().find(|line| line.starts_with(path)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(from("Dockerfile.tera"), "go-service");
    assert_eq!(from("sample/common/OWNERS.tera"), "go-service");
    assert_eq!(from("sample/common/main.go"), "go");
}

#[test]
fn a_repository_is_fetched_once_asked_for_and_moved_by_update() {
    let bench = Bench::new();
    let url = bench.repository();
    let address = format!("{url}//go-service@main");
    let refused = bench.fails(3, &["new", "shop", "--template", &address]);
    for part in [
        "first time",
        "commit ",
        "Dockerfile",
        "extends the built-in go",
        "--trust",
    ] {
        assert!(refused.contains(part), "{refused}");
    }
    assert!(!bench.path("shop").exists());
    bench.must(&["new", "shop", "--template", &address, "--trust"]);
    let first = bench.git("team", &["rev-parse", "HEAD"]);
    assert!(bench.read("shop/scaffold.lock").contains(&first));

    // The template moves on: what was generated stays at its commit until it is updated.
    bench.write(
        "team/go-service/Dockerfile.tera",
        LABELLED.replace("com.acme.team", "com.acme.squad"),
    );
    bench.commit("v2");
    let edited = bench
        .read("shop/Dockerfile")
        .replace("WORKDIR /src\n", "WORKDIR /src\n# ours\n");
    bench.write("shop/Dockerfile", edited);
    bench.run(&["check", "shop"]);
    assert!(bench.read("shop/scaffold.lock").contains(&first));
    bench.must(&["update", "shop"]);
    let updated = bench.read("shop/Dockerfile");
    assert!(
        updated.contains("com.acme.squad") && updated.contains("# ours"),
        "{updated}"
    );
    let second = bench.git("team", &["rev-parse", "HEAD"]);
    assert!(bench.read("shop/scaffold.lock").contains(&second));

    // Without the repository, the cache is enough.
    fs_err::rename(bench.path("team"), bench.path("away")).unwrap();
    bench.must(&["new", "other", "--template", &address, "--offline"]);
    bench.must(&["explain", "shop"]);
    assert!(
        bench
            .fails(3, &["new", "third", "--template", &address])
            .contains("cannot be fetched")
    );
    let unknown = format!("{url}//go-service@v9");
    assert!(
        bench
            .fails(3, &["new", "third", "--template", &unknown, "--offline"])
            .contains("not in the cache")
    );
}

#[test]
fn a_name_of_the_configuration_is_a_language() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.write(
        "config.toml",
        format!(
            "registry = \"registry.example.com/mirror\"\nlicense = \"MIT\"\nruntime = \"scratch\"\ntrusted = [\"{url}\"]\n\
             [templates]\nacme = \"{url}//go-service@v1\"\nnowhere = \"gh:acme/templates/x\"\n"
        ),
    );
    assert!(
        bench
            .must(&["list"])
            .contains("gh:acme/templates/x, not fetched yet")
    );
    bench.must(&["new", "shop", "--lang", "acme"]);
    assert!(
        bench
            .must(&["list"])
            .contains("acme       the way to Go at Acme")
    );
    let spec = bench.read("shop/scaffold.toml");
    for line in [
        "lang = \"acme\"".to_owned(),
        format!("template = \"{url}//go-service@v1\""),
        "runtime = \"scratch\"".to_owned(),
        "registry = \"registry.example.com/mirror\"".to_owned(),
        "\"org.opencontainers.image.licenses\" = \"MIT\"".to_owned(),
    ] {
        assert!(spec.contains(&line), "{spec}");
    }
    // Everything that matters stands in the spec: somebody else's configuration changes nothing.
    bench.must(&["check", "shop", "--isolated", "--trust"]);

    // Detection: the folder's own sign makes it the more special one.
    bench.write("found/go.mod", "module example.com/found\n\ngo 1.27\n");
    bench.write("found/main.go", "package main\n\nfunc main() {}\n");
    assert!(bench.must(&["detect", "found"]).starts_with("Go: "));
    bench.write("found/acme.yaml", "");
    let detected = bench.must(&["detect", "found"]);
    assert!(
        detected.starts_with("Go at Acme: ") && !detected.contains("\nGo: "),
        "{detected}"
    );
    let explained = bench.must(&["explain", "found"]);
    assert!(explained.contains("config.toml:1"), "{explained}");
    assert!(
        bench
            .fails(2, &["new", "x", "--lang", "acmee"])
            .contains("did you mean `acme`?")
    );
}

/// Serves the files of a folder, as plain web servers do for git's `dumb` protocol.
fn serve(folder: PathBuf) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap(), &folder);
        }
    });
    port
}

fn answer(mut stream: TcpStream, folder: &Path) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let file = fs_err::read(folder.join(path.trim_start_matches('/')));
    let (status, body) = match file {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

#[test]
fn a_repository_comes_over_http_too() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.git(".", &["clone", "--quiet", "--bare", &url, "www/team.git"]);
    bench.git("www/team.git", &["update-server-info"]);
    let port = serve(bench.path("www"));
    let address = format!("http://127.0.0.1:{port}/team.git//go-service@v1");
    bench.must(&["new", "shop", "--template", &address, "--trust"]);
    assert!(bench.read("shop/Dockerfile").contains("com.acme.team"));
    // Another machine knows the commit of the lock only.
    fs_err::remove_dir_all(bench.path("cache")).unwrap();
    bench.must(&["check", "shop", "--trust"]);
}

/// The manifest of a folder that stands alone.
fn plain(more: &str) -> String {
    format!("extends = \"go\"\nquestions = []\n{more}")
}

/// Hostile manifests, templates and samples: what is written, and the reason that must be told.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn hostile_folders_are_refused_with_the_reason() {
    let dockerfile = |body: &str| {
        format!(
            "{{% extends \"go/Dockerfile.tera\" %}}\n{{% block labels %}}{body}{{% endblock %}}\n"
        )
    };
    let sample = |value: &str| {
        plain(&format!(
            "[options.p]\nkind = \"string\"\ntitle = \"p\"\ndefault = \"{value}\"\n[sample]\nlayers = [\"x\"]\n"
        ))
    };
    let spin = "{% for a in range(end=1000) %}".repeat(5) + &"{% endfor %}".repeat(5);
    let swell = "{% set s = \"x\" %}".to_owned() + &"{% set s = s ~ s %}".repeat(40);
    let flood =
        "{% for a in range(end=1000) %}{% for b in range(end=1000) %}x{% endfor %}{% endfor %}";
    let cases: Vec<(&str, String, &str, String, &str)> = vec![
        (
            "key",
            plain("hooks = [\"rm -rf /\"]"),
            "",
            String::new(),
            "unknown field `hooks`",
        ),
        (
            "script",
            plain("[sample]\nlayers = []\nafter = \"sh\""),
            "",
            String::new(),
            "unknown field `after`",
        ),
        (
            "syntax",
            "extends = ".into(),
            "",
            String::new(),
            "language.toml:1",
        ),
        (
            "extends",
            "extends = \"gone\"".into(),
            "",
            String::new(),
            "no language `gone` is built in",
        ),
        (
            "extends-path",
            "extends = \"../go\"".into(),
            "",
            String::new(),
            "is built in",
        ),
        (
            "include",
            plain("include = [{ part = \"../../etc/passwd\" }]"),
            "",
            String::new(),
            "which does not exist",
        ),
        (
            "when",
            plain("[[default]]\nset = {}"),
            "",
            String::new(),
            "missing field `when`",
        ),
        (
            "image",
            plain(
                "[runtimes.slim]\ntitle = \"x\"\nstages = [{ build = { image = \"evil\", variant = \"x\" }, production = { image = \"evil\", variant = \"x\" } }]\n[defaults]\nruntime = \"slim\"",
            ),
            "",
            String::new(),
            "not in the catalogue",
        ),
        (
            "file",
            plain(""),
            "Dockerfile.tera",
            dockerfile("{% include \"/etc/passwd\" %}"),
            "`include` is not for a language folder",
        ),
        (
            "parent",
            plain(""),
            "Dockerfile.tera",
            "{% extends \"/etc/passwd\" %}".into(),
            "/etc/passwd",
        ),
        (
            "block",
            plain(""),
            "Dockerfile.tera",
            "{% extends \"go/Dockerfile.tera\" %}{% block nowhere %}{% endblock %}".into(),
            "nowhere",
        ),
        (
            "component",
            plain(""),
            "Dockerfile.tera",
            "{% component x() %}{{<x />}}{{<x />}}{% endcomponent x %}{{<x />}}".into(),
            "`component` is not for",
        ),
        (
            "environment",
            plain(""),
            "Dockerfile.tera",
            dockerfile("{{ get_env(name=\"HOME\") }}"),
            "get_env",
        ),
        (
            "clock",
            plain(""),
            "Dockerfile.tera",
            dockerfile("{{ now() }}"),
            "now",
        ),
        (
            "undefined",
            plain(""),
            "Dockerfile.tera",
            dockerfile("LABEL a={{ nothing }}"),
            "not defined",
        ),
        (
            "unquoted",
            plain(""),
            "Dockerfile.tera",
            dockerfile("LABEL a={{ \"x\\nRUN y\" }}"),
            "not plain",
        ),
        (
            "spin",
            plain(""),
            "Dockerfile.tera",
            dockerfile(&spin),
            "go round too often",
        ),
        (
            "swell",
            plain(""),
            "Dockerfile.tera",
            dockerfile(&swell),
            "a value of more than",
        ),
        (
            "range",
            plain(""),
            "Dockerfile.tera",
            dockerfile("{{ range(end=99999999) | length }}"),
            "more than 1000",
        ),
        (
            "list",
            plain(""),
            "Dockerfile.tera",
            dockerfile("{{ [a for a in range(end=9)] | join }}"),
            "cannot be bounded",
        ),
        (
            "flood",
            plain(""),
            "Dockerfile.tera",
            dockerfile(&flood.repeat(9)),
            "go round too often",
        ),
        (
            "long",
            plain(""),
            "Dockerfile.tera",
            "x".repeat(600 << 10),
            "more than 512 KiB",
        ),
        (
            "never-ends",
            plain(""),
            "Dockerfile.tera",
            dockerfile("{{ a").replace("{% endblock %}", ""),
            "never ends",
        ),
        (
            "leaves",
            sample("../../x"),
            "sample/x/{options.p}",
            "x".into(),
            "not a path below",
        ),
        (
            "absolute",
            sample("/etc/cron.d/x"),
            "sample/x/{options.p}",
            "x".into(),
            "not a path below",
        ),
        (
            "hook",
            sample(".git/hooks/post-checkout"),
            "sample/x/{options.p}",
            "x".into(),
            "belongs to version control",
        ),
        (
            "HOOK",
            sample(".GIT/config"),
            "sample/x/{options.p}",
            "x".into(),
            "belongs to version control",
        ),
        (
            "drive",
            sample("C:x"),
            "sample/x/{options.p}",
            "x".into(),
            "colon",
        ),
        (
            "lock",
            sample("scaffold.lock"),
            "sample/x/{options.p}",
            "x".into(),
            "writes itself",
        ),
        (
            "dockerfile",
            sample("Dockerfile"),
            "sample/x/{options.p}",
            "x".into(),
            "writes itself",
        ),
        (
            "version-control",
            plain(""),
            "sample/x/.git/config",
            "x".into(),
            "belongs to version control",
        ),
        (
            "control",
            plain(""),
            "sample/x/a\tb",
            "x".into(),
            "control character",
        ),
        (
            "large",
            plain(""),
            "sample/x/a",
            "x".repeat(33 << 20),
            "more than 32 MiB",
        ),
        (
            "not-text",
            plain("[sample]\nlayers = [\"x\"]"),
            "sample/x/a.tera",
            "{{ missing }}".into(),
            "not defined",
        ),
    ];
    for (name, manifest, path, text, reason) in cases {
        let bench = Bench::new();
        bench.write(&format!("{name}/language.toml"), &manifest);
        if !path.is_empty() {
            bench.write(&format!("{name}/{path}"), &text);
        }
        let started = std::time::Instant::now();
        let output = bench.run(&["new", "out", "--template", &format!("./{name}")]);
        let said = said(&output);
        assert!(
            matches!(output.status.code(), Some(2..=4)),
            "{name}: {said}"
        );
        assert!(said.contains(reason), "{name}: {said}");
        assert!(!bench.path("out").exists(), "{name} left something");
        assert!(
            started.elapsed().as_secs() < 20,
            "{name} took {:?}",
            started.elapsed()
        );
    }
}

#[test]
#[cfg(unix)]
fn links_and_repositories_within_are_refused() {
    let bench = Bench::new();
    bench.write("own/language.toml", plain(""));
    std::os::unix::fs::symlink("/etc/passwd", bench.path("own/Dockerfile.tera")).unwrap();
    let said = bench.fails(4, &["new", "out", "--template", "./own"]);
    assert!(said.contains("symbolic link"), "{said}");

    let url = bench.repository();
    std::os::unix::fs::symlink("/etc/passwd", bench.path("team/go-service/link")).unwrap();
    bench.commit("link");
    let address = format!("{url}//go-service@link");
    let said = bench.fails(4, &["new", "out", "--template", &address, "--trust"]);
    assert!(said.contains("symbolic link"), "{said}");

    fs_err::remove_file(bench.path("team/go-service/link")).unwrap();
    bench.commit("no-link");
    let commit = bench.git("team", &["rev-parse", "HEAD"]);
    let entry = format!("160000,{commit},go-service/module");
    bench.git("team", &["update-index", "--add", "--cacheinfo", &entry]);
    bench.git("team", &["commit", "--quiet", "--message", "module"]);
    let address = format!("{url}//go-service@main");
    let said = bench.fails(4, &["new", "out", "--template", &address, "--trust"]);
    assert!(said.contains("neither a file nor a folder"), "{said}");
}

/// Linux keeps both names; a disk that ignores case would have lost one.
#[test]
#[cfg(target_os = "linux")]
fn names_that_differ_in_case_only_are_refused() {
    let bench = Bench::new();
    bench.write("own/language.toml", plain(""));
    bench.write("own/sample/x/Main.go", "");
    bench.write("own/sample/X/main.go", "");
    let said = bench.fails(4, &["new", "out", "--template", "./own"]);
    assert!(said.contains("in case only"), "{said}");
}

#[test]
fn too_many_files_are_refused() {
    let bench = Bench::new();
    bench.write("own/language.toml", plain(""));
    for number in 0..4100 {
        bench.write(&format!("own/sample/x/{number}"), "");
    }
    let said = bench.fails(4, &["new", "out", "--template", "./own"]);
    assert!(said.contains("more than 4096 files"), "{said}");
}

#[test]
fn addresses_that_could_be_options_or_programs_are_refused() {
    let bench = Bench::new();
    let mark = bench.path("mark");
    for address in [
        "gh:-acme/t".to_owned(),
        "gh:acme/t@--upload-pack=x".to_owned(),
        "ssh://-oProxyCommand=touch/x".to_owned(),
        format!("ext::sh -c touch% {}", mark.display()),
        "ftp://example.com/t".to_owned(),
        "gh:acme/t/../../x".to_owned(),
        "gh:acme".to_owned(),
    ] {
        let said = bench.fails(2, &["new", "out", "--template", &address, "--trust"]);
        assert!(said.contains("no address of a template"), "{said}");
    }
    let said = bench.fails(2, &["new", "out", "--template=--upload-pack=x", "--trust"]);
    assert!(said.contains("dash"), "{said}");
    assert!(!mark.exists() && !bench.path("out").exists());
}

/// What the machine's git is told to run at a checkout is not run, as nothing is checked out.
#[test]
#[cfg(unix)]
fn no_hook_runs() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    let url = bench.repository();
    let mark = bench.path("mark");
    bench.write(
        "hooks/reference-transaction",
        format!("#!/bin/sh\ntouch {}\n", mark.display()),
    );
    let hook = bench.path("hooks/reference-transaction");
    fs_err::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    bench.write(
        "gitconfig",
        format!("[core]\n\thooksPath = {}\n", bench.path("hooks").display()),
    );
    let output = Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args([
            "new",
            "shop",
            "--trust",
            "--template",
            &format!("{url}//go-service"),
        ])
        .current_dir(bench.0.path())
        .env("SCAFFOLD_CONFIG", "false")
        .env("XDG_CACHE_HOME", bench.path("cache"))
        .env("GIT_CONFIG_GLOBAL", bench.path("gitconfig"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(!mark.exists());
}

#[test]
fn a_new_folder_passes_and_is_usable() {
    let bench = Bench::new();
    for (name, more) in [("alone", &[][..]), ("over-go", &["--extends", "go"])] {
        bench.must(&[&["template", "new", name], more].concat());
        bench.must(&["template", "check", name]);
        bench.must(&["template", "test", name]);
        let project = format!("{name}-project");
        bench.must(&["new", &project, "--template", name]);
        bench.must(&["check", &project]);
        bench.fails(3, &["template", "new", name]);
    }
    // A change of a template is seen by its case.
    let changed = bench
        .read("alone/Dockerfile.tera")
        .replace("WORKDIR /app", "WORKDIR /srv");
    bench.write("alone/Dockerfile.tera", changed);
    let said = bench.fails(1, &["template", "test", "alone"]);
    assert!(said.contains("+WORKDIR /srv"), "{said}");
    assert!(
        bench
            .fails(2, &["template", "new", "x", "--extends", "gone"])
            .contains("there are")
    );
}

#[test]
fn the_built_in_folders_pass_their_own_check() {
    let bench = Bench::new();
    for id in stagewright::language::ids() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("templates")
            .join(id);
        bench.must(&["template", "check", folder.to_str().unwrap()]);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_check_finds_each_fault_with_its_place() {
    let label = |value: &str| LABELLED.replace("{{ options.team | quoted }}", value);
    for (name, manifest, template, reason) in [
        (
            "help",
            SERVICE
                .replace("help = ", "expects = ")
                .replace("expects = \"a team's name\"\n", ""),
            LABELLED.to_owned(),
            "has no help",
        ),
        (
            "default",
            SERVICE.replace("default = \"core\"\n", ""),
            LABELLED.to_owned(),
            "has no default",
        ),
        ("unused", SERVICE.to_owned(), label("x"), "changes nothing"),
        (
            "key",
            SERVICE.to_owned()
                + "[[default]]\nwhen = { \"options.taem\" = \"x\" }\nset = { port = 1 }\n",
            LABELLED.to_owned(),
            "did you mean `options.team`?",
        ),
        (
            "pattern",
            SERVICE.to_owned()
                + "[[find]]\nkey = \"port\"\nid = \"own\"\nfile = \"x\"\nregex = '('\n",
            LABELLED.to_owned(),
            "cannot be read",
        ),
        (
            "render",
            SERVICE.to_owned(),
            label("{{ options.taem }}"),
            "Dockerfile.tera:2",
        ),
        (
            "rule",
            SERVICE.to_owned(),
            LABELLED.replace("LABEL", "LABEL a=b\nENV TOKEN=x\nLABEL"),
            "secret",
        ),
        (
            "parse",
            SERVICE.to_owned(),
            LABELLED.replace("LABEL", "LABLE a=b\nLABEL"),
            "LABLE",
        ),
        (
            "ignored",
            SERVICE.to_owned() + "[[ignore]]\ntitle = \"x\"\nentries = [\"go.mod\"]\n",
            LABELLED.to_owned(),
            "go.mod",
        ),
    ] {
        let bench = Bench::new();
        bench.write("own/language.toml", manifest);
        bench.write("own/Dockerfile.tera", template);
        let said = said(&bench.run(&["template", "check", "own"]));
        assert!(said.contains(reason), "{name}: {said}");
    }
    let bench = Bench::new();
    bench.write("own/language.toml", SERVICE);
    bench.write("own/Dockerfile.tera", LABELLED);
    bench.write("own/sample/nowhere/file", "");
    let said = bench.fails(1, &["template", "check", "own"]);
    assert!(said.contains("is in no layer"), "{said}");
}
