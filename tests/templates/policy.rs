//! An organisation's policy: where it is found, what it writes, what it finds afterwards, and that files do not depend on it.
use super::bench::{Bench, said};

const POLICY: &str = r#"
[images]
mirror = "registry.acme.example/base"
[labels]
"org.opencontainers.image.vendor" = "Acme"
[user]
min = 10000
max = 19999
"#;

/// The values of a new project, with their sources, as programs read them.
fn source(bench: &Bench, arguments: &[&str], key: &str) -> String {
    let text = bench.must(&[arguments, &["--json", "--dry-run"]].concat());
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let values = json["values"].as_array().unwrap();
    let value = values.iter().find(|value| value["key"] == key).unwrap();
    value["source"].as_str().unwrap().to_owned()
}

#[test]
fn a_policy_beside_the_configuration_shapes_what_is_made_and_no_file_depends_on_it() {
    let bench = Bench::new();
    bench.write("scaffold-policy.toml", POLICY);
    // Another repository: the policy lies beside the configuration only.
    bench.write("made/.git/HEAD", "");
    let new = ["new", "made/shop", "--lang", "go"];
    let policy = bench.path("scaffold-policy.toml");
    assert_eq!(
        source(&bench, &new, "images.registry"),
        format!("{}:3", policy.display())
    );
    bench.must(&new);
    let dockerfile = bench.read("made/shop/Dockerfile");
    for line in [
        "FROM registry.acme.example/base/",
        "LABEL org.opencontainers.image.vendor=Acme",
        "USER 10000:10000",
    ] {
        assert!(dockerfile.contains(line), "{dockerfile}");
    }
    // On a machine without it nothing drifts, and nothing is made otherwise.
    for isolated in [&["check", "made/shop"][..], &["generate", "made/shop"]] {
        let said = said(&bench.run(&[isolated, &["--isolated"]].concat()));
        assert!(
            said.contains("clean") || said.contains("nothing to do"),
            "{said}"
        );
    }
    assert!(said(&bench.run(&["check", "made/shop"])).contains("clean"));
    let explained = bench.must(&["explain", "made/shop"]);
    assert!(explained.contains("scaffold-policy.toml:7"), "{explained}");
    bench.must(&["new", "made/plain", "--lang", "go", "--isolated"]);
    assert!(!bench.read("made/plain/scaffold.toml").contains("acme"));
}

#[test]
fn a_policy_beside_the_template_holds_for_what_is_made_from_it() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.write("team/scaffold-policy.toml", POLICY);
    bench.write(
        "team/go-service/scaffold-policy.toml",
        "[forbid]\noptions.team = [\"none\"]\n[require]\noptions.team = \"web\"\n",
    );
    bench.commit("v1");
    let address = format!("{url}//go-service@v1");
    for (folder, address) in [("far", address.as_str()), ("near", "team/go-service")] {
        bench.must(&["new", folder, "--template", address, "--trust"]);
        let spec = bench.read(&format!("{folder}/scaffold.toml"));
        for part in [
            "team = \"web\"",
            "user = 10000",
            "registry.acme.example/base",
        ] {
            assert!(spec.contains(part), "{spec}");
        }
        assert!(said(&bench.run(&["check", folder])).contains("clean"));
        bench.write(
            &format!("{folder}/scaffold.toml"),
            spec.replace("\"web\"", "\"none\"")
                .replace("10000", "70000"),
        );
        let found = bench.fails(1, &["check", folder, "--json"]);
        for part in [
            "policy/forbidden",
            "policy/user",
            "go-service/scaffold-policy.toml",
        ] {
            assert!(found.contains(part), "{found}");
        }
        bench.fails(4, &["generate", folder]);
        bench.fails(4, &["update", folder]);
    }
    let found = bench.fails(1, &["check", "far", "--json"]);
    assert!(
        found.contains(&format!("{url}/scaffold-policy.toml")),
        "{found}"
    );
    // A link at the top of the repository leads nowhere.
    #[cfg(unix)]
    {
        fs_err::remove_file(bench.path("team/scaffold-policy.toml")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", bench.path("team/scaffold-policy.toml"))
            .unwrap();
        bench.commit("v2");
        let address = format!("{url}//go-service@v2");
        let refused = bench.fails(4, &["new", "linked", "--template", &address, "--trust"]);
        assert!(refused.contains("a symbolic link"), "{refused}");
        let refused = bench.fails(4, &["new", "linked", "--template", "team/go-service"]);
        assert!(refused.contains("a symbolic link"), "{refused}");
    }
}

#[test]
fn an_edit_of_a_generated_file_and_an_old_spec_are_found_once_each() {
    let bench = Bench::new();
    bench.write("repo/.git/HEAD", "");
    bench.write("repo/services/api/go.mod", "module api\n\ngo 1.26\n");
    bench.write(
        "repo/services/api/main.go",
        "package main\n\nfunc main() {}\n",
    );
    bench.must(&["new", "repo/shop", "--lang", "go"]);
    bench.write("repo/scaffold-policy.toml", POLICY);
    bench.write(
        "repo/shop/scaffold-policy.toml",
        "[images]\nallow = [\"golang\", \"gcr.io/distroless/*\"]\n",
    );
    let found = bench.fails(1, &["check", "repo/shop", "--format", "github"]);
    let count = |found: &str, what: &str| found.matches(what).count();
    assert_eq!(count(&found, "title=policy/label-missing"), 1, "{found}");
    assert_eq!(count(&found, "title=policy/registry"), 2, "{found}");
    assert_eq!(count(&found, "title=policy/user"), 1, "{found}");
    assert_eq!(count(&found, "file=repo/shop/scaffold.toml"), 4, "{found}");
    let edited = bench
        .read("repo/shop/Dockerfile")
        .replace("gcr.io/distroless/static-debian13", "evil.example/static");
    bench.write("repo/shop/Dockerfile", edited);
    let found = bench.fails(1, &["check", "repo/shop", "--format", "github"]);
    assert_eq!(count(&found, "title=policy/image"), 1, "{found}");
    assert!(found.contains("evil.example/static:nonroot is not an allowed base image (allowed: golang, gcr.io/distroless/*; policy/image: repo/shop/scaffold-policy.toml:2)"), "{found}");
    // The file by itself, from another folder.
    let found = bench.fails(
        1,
        &[
            "check",
            "--dockerfile",
            "repo/shop/Dockerfile",
            "--format",
            "github",
        ],
    );
    assert!(
        found.contains("title=policy/image") && found.contains("title=policy/label-missing"),
        "{found}"
    );
    // `init` writes what is wanted, and stays right.
    bench.must(&["init", "repo/services/api"]);
    assert!(
        bench
            .read("repo/services/api/scaffold.toml")
            .contains("user = 10000")
    );
    assert!(!said(&bench.run(&["check", "repo/services/api"])).contains("policy/"));
}

#[test]
fn services_are_made_as_the_policy_wants_and_judged_each() {
    let bench = Bench::new();
    for name in ["api", "jobs"] {
        bench.write(
            &format!("repo/{name}/go.mod"),
            format!("module {name}\n\ngo 1.26\n"),
        );
        let serve = "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n";
        bench.write(&format!("repo/{name}/main.go"), serve);
    }
    bench.write("repo/scaffold-policy.toml", POLICY);
    bench.must(&["init", "repo"]);
    let spec = bench.read("repo/scaffold.toml");
    // What is wanted of all stands once.
    let (above, _) = spec.split_once("[services").unwrap();
    for wanted in ["user = 10000", "registry.acme.example/base"] {
        assert!(above.contains(wanted), "{spec}");
        assert_eq!(spec.matches(wanted).count(), 1, "{spec}");
    }
    assert!(said(&bench.run(&["check", "repo"])).contains("clean"));
    let other = "[services.api]\nproduction.user = 100\n";
    let spec = spec.replace("[services.api]\n", other);
    bench.write("repo/scaffold.toml", spec);
    let found = bench.fails(4, &["generate", "repo"]);
    assert_eq!(
        found.matches("the program runs as 100;").count(),
        1,
        "{found}"
    );
}

#[test]
fn a_forbidden_default_gives_way_to_the_first_choice_that_goes() {
    let bench = Bench::new();
    bench.write(
        "scaffold-policy.toml",
        "[forbid]\nruntime = [\"distroless\", \"scratch\"]\nimages.pin = { not = [\"tag\"] }\n",
    );
    bench.must(&["new", "shop", "--lang", "go"]);
    let spec = bench.read("shop/scaffold.toml");
    assert!(spec.contains("runtime = \"alpine\""), "{spec}");
    let said = bench.fails(2, &["new", "other", "--lang", "go", "--runtime", "scratch"]);
    assert!(
        said.contains("--runtime:1") && said.contains("scaffold-policy.toml:2"),
        "{said}"
    );
}

#[test]
fn what_a_repository_shows_against_the_policy_is_told_with_both_places() {
    let bench = Bench::new();
    bench.write("shop/requirements.txt", "flask==3.0\ngunicorn==23.0\n");
    bench.write(
        "shop/app.py",
        "from flask import Flask\napp = Flask(__name__)\n",
    );
    bench.write(
        "scaffold-policy.toml",
        "[forbid]\noptions.manager = [\"pip\"]\n[images]\nsupport-days = 2000\n",
    );
    let said = bench.fails(2, &["init", "shop"]);
    for part in [
        "`options.manager = \"pip\"` is forbidden",
        "scaffold-policy.toml:2",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!bench.path("shop/Dockerfile").exists());
    // A day that passes stops nothing but `check`, which knows the line.
    bench.must(&["new", "other", "--lang", "go"]);
    bench.must(&["generate", "other"]);
    let found = bench.fails(1, &["check", "other", "--format", "github"]);
    assert!(
        found.contains("::warning file=other/Dockerfile,line=5,"),
        "{found}"
    );
    assert_eq!(
        found.matches("the support of Debian 13").count(),
        1,
        "{found}"
    );
}

#[test]
fn a_hostile_policy_ends_the_run_with_its_place() {
    let bench = Bench::new();
    for (text, reason) in [
        ("x".repeat(300 << 10), "more than 256 KiB"),
        ("[labels]\na = \"b\\nc\"\n".to_owned(), "control character"),
        (
            "[images]\nmirror = \"--evil\"\n".to_owned(),
            "expected a registry",
        ),
        (
            "[images]\nmirror = \"r.example/a b\"\n".to_owned(),
            "expected a registry",
        ),
        (
            "[label-patterns]\na = \"(?:(?:x{500}){500}){500}\"\n".to_owned(),
            "is no pattern",
        ),
        (
            "[labels]\n\"a b\" = \"c\"\n".to_owned(),
            "cannot be a name here",
        ),
        (
            "[forbid]\nport = 1.5\n".to_owned(),
            "`forbid.port` cannot be this",
        ),
        (
            "[require]\nlang = \"go\"\n".to_owned(),
            "unknown key `require.lang`",
        ),
    ] {
        bench.write("shop/scaffold-policy.toml", text);
        let said = bench.fails(4, &["new", "shop", "--lang", "go"]);
        assert!(
            said.contains(reason) && said.contains("shop/scaffold-policy.toml"),
            "{said}"
        );
        assert!(!bench.path("shop/Dockerfile").exists());
    }
}

#[cfg(unix)]
#[test]
fn the_wizard_asks_for_what_only_a_person_knows_and_takes_nothing_that_is_forbidden() {
    use super::terminal::{self, DOWN, answer, exit_code};
    let bench = Bench::new();
    let more = "[label-patterns]\nteam = \"[a-z]+\"\n[forbid]\nruntime = [\"scratch\"]\n";
    bench.write("scaffold-policy.toml", format!("{POLICY}{more}"));
    let mut session = terminal::start(
        &bench.path("."),
        &["new", "--lang", "go"],
        &bench.variables(),
    );
    answer(&mut session, "Project name", "shop\r");
    answer(&mut session, "> net-http", "\r");
    answer(&mut session, "> distroless", &format!("{DOWN}\r"));
    session.exp_string("is forbidden").unwrap();
    answer(&mut session, "> distroless", "\r");
    answer(&mut session, "Port the server listens on", "\r");
    answer(&mut session, "Label team", "R2D2\r");
    answer(&mut session, "must match [a-z]+", "\u{15}core\r");
    session
        .exp_regex(r"production.labels +.*team=core +\(your answer, scaffold-policy.toml:5\)")
        .unwrap();
    session
        .exp_regex(r"production.user +10000 +\(scaffold-policy.toml:7\)")
        .unwrap();
    answer(&mut session, "> write", "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
    assert!(bench.read("shop/Dockerfile").contains("LABEL team=core"));
    assert!(said(&bench.run(&["check", "shop"])).contains("clean"));
}
