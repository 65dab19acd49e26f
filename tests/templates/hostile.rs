//! Folders and addresses that want more than they may: each is refused with its reason, and leaves nothing.
use std::process::Command;

use crate::bench::{Bench, said};

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
            "extends = \"../../etc\"".into(),
            "",
            String::new(),
            "lies beside this one",
        ),
        (
            "extends-git",
            "extends = \"../.git\"".into(),
            "",
            String::new(),
            "lies beside this one",
        ),
        (
            "extends-nobody",
            "extends = \"../nobody\"".into(),
            "",
            String::new(),
            "no folder `nobody` beside",
        ),
        (
            "circle",
            "extends = \"../circle\"".into(),
            "",
            String::new(),
            "in a circle",
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
        .current_dir(bench.path(""))
        .env("SCAFFOLD_CONFIG", "false")
        .env("XDG_CACHE_HOME", bench.path("cache"))
        .env("GIT_CONFIG_GLOBAL", bench.path("gitconfig"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(!mark.exists());
}
