//! Language folders of one's own: from a directory, from git over `file://` and over HTTP, extended, known by name,
//! trusted or not; and hostile ones, each refused with its reason.
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]
use std::path::Path;

mod bench;
mod hostile;
mod policy;
mod server;
mod services;
#[cfg(unix)]
mod story;
#[cfg(unix)]
#[path = "../terminal/mod.rs"]
mod terminal;
#[cfg(unix)]
mod trust;

use bench::{Bench, LABELLED, SERVICE, said};

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

#[test]
fn a_repository_comes_over_http_too() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.git(".", &["clone", "--quiet", "--bare", &url, "www/team.git"]);
    bench.git("www/team.git", &["update-server-info"]);
    let port = server::files(bench.path("www"));
    let address = format!("http://127.0.0.1:{port}/team.git//go-service@v1");
    bench.must(&["new", "shop", "--template", &address, "--trust"]);
    assert!(bench.read("shop/Dockerfile").contains("com.acme.team"));
    // Another machine knows the commit of the lock only.
    fs_err::remove_dir_all(bench.path("cache")).unwrap();
    bench.must(&["check", "shop", "--trust"]);
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
    let output = bench.run(&["template", "test", "alone", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let case = &report["cases"][0];
    let diff = case["diff"].as_str().unwrap();
    assert!(report["exit"] == 1 && case["exit"] == 1, "{report:#}");
    assert!(diff.contains("+WORKDIR /srv"), "{report:#}");
    // Whoever leaves the folder out of an address is told which there are.
    let said = bench.fails(4, &["new", "out", "--template", "."]);
    assert!(
        said.contains("these below it are: alone, over-go"),
        "{said}"
    );
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

/// A folder extends one beside it, which extends a built-in one; from a directory and from a repository.
#[test]
fn a_folder_extends_one_beside_it() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.write(
        "team/go-batch/language.toml",
        "extends = \"../go-service\"\ntitle = \"Batch at Acme\"\n[options.team]\ndefault = \"batch\"\n",
    );
    bench.write(
        "team/go-batch/Dockerfile.tera",
        "{% extends \"go-service/Dockerfile.tera\" %}\n{% block production_end %}ENV BATCH=1\n{% endblock %}\n",
    );
    bench.write("team/go-service/sample/common/OWNERS", "us\n");
    bench.commit("v2");
    bench.must(&["template", "check", "team/go-batch"]);
    let tree = bench.must(&["show", "./team/go-batch", "--tree"]);
    for (path, from) in [
        ("language.toml", "go-batch"),
        ("sample/common/OWNERS", "go-service"),
        ("sample/common/main.go", "go"),
    ] {
        let line = tree.lines().find(|line| line.starts_with(path)).unwrap();
        assert_eq!(line.split_whitespace().nth(1), Some(from), "{tree}");
    }
    let address = format!("{url}//go-batch@v2");
    let asked = bench.fails(3, &["new", "far", "--template", &address]);
    assert!(asked.contains("sample/common/OWNERS"), "{asked}");
    bench.must(&["new", "far", "--template", &address, "--trust"]);
    bench.must(&["new", "near", "--template", "team/go-batch"]);
    for project in ["near", "far"] {
        let dockerfile = bench.read(&format!("{project}/Dockerfile"));
        assert!(
            dockerfile.contains("LABEL com.acme.team=batch\nENV BATCH=1\n"),
            "{dockerfile}"
        );
        assert_eq!(bench.read(&format!("{project}/OWNERS")), "us\n");
        bench.must(&["check", project]);
    }
    // The top of a repository has nothing beside it.
    bench.git("team/go-batch", &["init", "--quiet"]);
    let refused = bench.fails(4, &["new", "out", "--template", "team/go-batch"]);
    assert!(
        refused.contains("no folder `go-service` beside"),
        "{refused}"
    );
}

/// A folder extends one of another repository: asked about by itself, kept at its commit, moved by `update`.
#[test]
fn a_folder_extends_one_of_another_repository() {
    let bench = Bench::new();
    let base = format!("{}//go-service", bench.repository());
    bench.write(
        "own/service/language.toml",
        format!("extends = \"{base}\"\ntitle = \"Ours\"\n[options.team]\ndefault = \"ours\"\n"),
    );
    bench.write(
        "own/service/Dockerfile.tera",
        "{% extends \"go-service/Dockerfile.tera\" %}\n{% block production_end %}ENV OURS=1\n{% endblock %}\n",
    );
    bench.git("own", &["init", "--quiet"]);
    bench.git("own", &["add", "--all"]);
    bench.git("own", &["commit", "--quiet", "--message", "first"]);
    let address = format!("file://{}//service", bench.path("own").display());

    // Neither is fetched on the word of a folder that is not trusted.
    let asked = bench.fails(3, &["new", "shop", "--template", &address]);
    let next = format!("it extends {base}, which is fetched and asked about next");
    assert!(asked.contains(&next), "{asked}");
    bench.must(&["new", "shop", "--template", &address, "--trust"]);
    let made = bench.read("shop/Dockerfile");
    assert!(
        made.contains("LABEL com.acme.team=ours\nENV OURS=1\n"),
        "{made}"
    );
    let first = bench.git("team", &["rev-parse", "HEAD"]);
    let lock = bench.read("shop/scaffold.lock");
    assert!(
        lock.contains(&format!("\"{base}\" = \"{first}\"")),
        "{lock}"
    );
    let tree = bench.must(&["show", &address, "--tree"]);
    let line = tree.lines().find(|line| line.starts_with("language.toml"));
    assert!(line.unwrap().ends_with(" service"), "{tree}");

    // The base moves on: what stands in the lock is made again, and `update` moves it.
    let labelled = bench.read("team/go-service/Dockerfile.tera");
    bench.write(
        "team/go-service/Dockerfile.tera",
        labelled.replace("com.acme.team", "com.acme.group"),
    );
    bench.commit("v2");
    let second = bench.git("team", &["rev-parse", "HEAD"]);
    bench.must(&["check", "shop"]);
    bench.must(&["generate", "shop"]);
    assert_eq!(bench.read("shop/Dockerfile"), made);
    let told = said(&bench.run(&["update", "shop"]));
    assert!(told.contains(&format!("{base} moves from")), "{told}");
    assert!(
        bench
            .read("shop/Dockerfile")
            .contains("LABEL com.acme.group=ours")
    );
    assert!(bench.read("shop/scaffold.lock").contains(&second));
    bench.must(&["check", "shop", "--offline"]);

    // A directory may stand on it too.
    bench.must(&["template", "check", "own/service"]);
    bench.must(&["new", "near", "--template", "own/service"]);
    assert!(bench.read("near/scaffold.lock").contains(&second));
}

/// Repositories that stand on each other end with a word.
#[test]
fn repositories_that_extend_each_other_in_a_circle_are_refused() {
    let bench = Bench::new();
    for (name, other) in [("one", "two"), ("two", "one")] {
        let base = bench.path(other);
        bench.write(
            &format!("{name}/language.toml"),
            format!("extends = \"file://{}\"\ntitle = \"X\"\n", base.display()),
        );
        bench.git(name, &["init", "--quiet"]);
        bench.git(name, &["add", "--all"]);
        bench.git(name, &["commit", "--quiet", "--message", "first"]);
    }
    let address = format!("file://{}", bench.path("one").display());
    let refused = bench.fails(4, &["new", "shop", "--template", &address, "--trust"]);
    assert!(refused.contains("or in a circle"), "{refused}");
}

/// What a folder of somebody's own may replace of a built-in Dockerfile; each holds whole lines.
#[test]
fn every_block_of_a_built_in_dockerfile_can_be_replaced() {
    let bench = Bench::new();
    let settings = ["build_base", "production_base", "labels", "production_end"];
    for id in stagewright::language::ids() {
        let built_in = stagewright::language::load(id).unwrap().unwrap();
        let text = built_in.text("Dockerfile.tera").unwrap().into_owned();
        let marked = |name: &&str| text.contains(&format!("{{% block {name} "));
        let found: Vec<_> = settings.into_iter().filter(marked).collect();
        assert!(found.len() >= 3, "{id} marks {found:?}");
        let mut own = format!("{{% extends \"{id}/Dockerfile.tera\" %}}\n");
        for name in &found {
            own += &format!(
                "{{% block {name} %}}{{{{ super() }}}}LABEL com.acme.{name}=x\n{{% endblock %}}\n"
            );
        }
        for name in ["health", "start"] {
            own +=
                &format!("{{% block {name} %}}# acme {name}\n{{{{ super() }}}}{{% endblock %}}\n");
        }
        let folder = format!("{id}-own");
        let manifest = format!("extends = \"{id}\"\ntitle = \"Own\"\nsummary = \"own\"\n");
        bench.write(&format!("{folder}/language.toml"), manifest);
        bench.write(&format!("{folder}/Dockerfile.tera"), own);
        bench.must(&["template", "check", &folder]);
        let project = format!("{id}-project");
        bench.must(&["new", &project, "--template", &folder]);
        let dockerfile = bench.read(&format!("{project}/Dockerfile"));
        for name in &found {
            let line = format!("\nLABEL com.acme.{name}=x\n");
            assert!(dockerfile.contains(&line), "{id}, {name}:\n{dockerfile}");
        }
        for name in ["health", "start"] {
            let line = format!("\n# acme {name}\n");
            assert!(dockerfile.contains(&line), "{id}, {name}:\n{dockerfile}");
        }
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
