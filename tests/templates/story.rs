//! A team's golden path, from its first commit to a service that breaks the policy: the page of the README, run.
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::bench::{Bench, said};
use crate::server;
use crate::terminal::{answer, exit_code, start};

const TITLE: &str = "\n## A team's golden path\n";

/// The page: the files that it shows, by path, and the commands.
struct Page {
    files: BTreeMap<String, String>,
    commands: Vec<String>,
    unused: RefCell<BTreeSet<String>>,
}

impl Page {
    fn read() -> Self {
        let readme = include_str!("../../README.md");
        let (_, page) = readme.split_once(TITLE).unwrap();
        let (page, _) = page.split_once("\n## ").unwrap();
        let (mut files, mut commands) = (BTreeMap::new(), Vec::new());
        for block in page.split("\n```").skip(1).step_by(2) {
            let (kind, text) = block.split_once('\n').unwrap();
            if kind == "sh" {
                let lines = text
                    .lines()
                    .map(|line| line.split("  #").next().unwrap().trim());
                commands.extend(lines.map(ToOwned::to_owned));
            } else {
                let head = text.lines().next().unwrap();
                let path = head.trim_matches(['#', '{', '}', ' ']);
                files.insert(path.to_owned(), format!("{text}\n"));
            }
        }
        let unused = commands.iter().chain(files.keys()).cloned().collect();
        Self {
            files,
            commands,
            unused: RefCell::new(unused),
        }
    }

    /// The words of the command that begins so.
    fn command(&self, beginning: &str) -> Vec<&str> {
        let found = self.commands.iter().find(|one| one.starts_with(beginning));
        assert!(found.is_some(), "the page has no `{beginning}`");
        let found = found.unwrap();
        self.unused.borrow_mut().remove(found);
        found.split(' ').skip(1).collect()
    }

    fn write(&self, bench: &Bench, beginning: &str) {
        for (path, text) in &self.files {
            if path.starts_with(beginning) {
                bench.write(path, text);
                self.unused.borrow_mut().remove(path);
            }
        }
    }
}

/// The platform's repository as a host has it; `push` brings it there.
fn publish(bench: &Bench) {
    bench.git("platform", &["init", "--quiet"]);
    bench.git(".", &["init", "--quiet", "--bare", "hosted/acme/platform"]);
    let port = server::repositories(bench.path("hosted"));
    // What the page calls its host is one on this machine.
    let config = format!("[url \"http://127.0.0.1:{port}/\"]\n\tinsteadOf = https://github.com/\n");
    bench.write("gitconfig", config);
    push(bench, "The way to Go at Acme");
}

fn push(bench: &Bench, message: &str) -> String {
    bench.git("platform", &["add", "--all"]);
    bench.git("platform", &["commit", "--quiet", "--message", message]);
    bench.git(
        "platform",
        &["push", "--quiet", "../hosted/acme/platform", "HEAD:main"],
    );
    bench.git("platform", &["rev-parse", "HEAD"])
}

/// A service by the wizard, at a terminal.
fn shop(bench: &Bench) {
    let mut session = start(&bench.path(""), &[], &bench.variables());
    answer(&mut session, "Project name", "shop\r");
    // What the team has comes behind the built-in languages.
    session.exp_string("the way to Go at Acme").unwrap();
    answer(&mut session, "\r\n", "\u{1b}[A\r");
    answer(&mut session, "> net-http", "\r");
    answer(&mut session, "Port the server listens on", "3000\r");
    answer(&mut session, "Team", "Web!\r");
    answer(&mut session, "a team's name", "\u{15}web\r");
    session
        .exp_regex(
            r"images.registry +registry.acme.example/mirror +\([^\n]*scaffold-policy.toml:3\)",
        )
        .unwrap();
    answer(&mut session, "> write", "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
}

fn is_golden(dockerfile: &str, team: &str) {
    for line in [
        "FROM --platform=$BUILDPLATFORM registry.acme.example/mirror/golang:",
        "FROM registry.acme.example/mirror/gcr.io/distroless/",
        &format!("LABEL com.acme.team={team}\n"),
        "LABEL org.opencontainers.image.vendor=Acme\n",
    ] {
        assert!(dockerfile.contains(line), "{line}\n{dockerfile}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a story is told in one piece")]
fn a_team_has_a_golden_path() {
    let (bench, page) = (Bench::new(), Page::read());

    // The platform team writes it down.
    page.write(&bench, "platform/");
    let checked = said(&bench.run(&page.command("scaffold template check")));
    assert!(checked.contains(" 0 findings"), "{checked}");
    bench.must(&page.command("scaffold template test"));
    let case = "platform/go-service/cases/new-worker/out/Dockerfile";
    assert!(bench.read(case).contains("LABEL com.acme.team=core\n"));
    bench.must(&["template", "test", "platform/go-service"]);
    publish(&bench);
    let first = bench.git("platform", &["rev-parse", "HEAD"]);

    // Everybody else uses it: at a terminal, from a script, for a repository that is there.
    page.write(&bench, "config.toml");
    let listed = bench.must(&["list"]);
    assert!(
        listed.contains("gh:acme/platform/go-service@main, not fetched yet"),
        "{listed}"
    );
    bench.must(&page.command("scaffold new cart"));
    is_golden(&bench.read("cart/Dockerfile"), "web");
    assert!(bench.read("cart/scaffold.lock").contains(&first));
    assert!(
        bench
            .must(&["list"])
            .contains("go-service the way to Go at Acme")
    );
    shop(&bench);
    is_golden(&bench.read("shop/Dockerfile"), "web");
    assert!(bench.read("shop/Dockerfile").contains("ENV PORT=3000"));
    bench.write("billing/go.mod", "module example.com/billing\n\ngo 1.27\n");
    bench.write("billing/acme.yaml", "");
    bench.write(
        "billing/main.go",
        "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n",
    );
    let found = said(&bench.run(&page.command("scaffold init billing")));
    assert!(found.contains("Found: Go at Acme"), "{found}");
    is_golden(&bench.read("billing/Dockerfile"), "core");
    for service in ["cart", "shop", "billing"] {
        let checked = said(&bench.run(&["check", service]));
        assert!(checked.contains("clean"), "{service}: {checked}");
    }

    // A service is edited, and the template moves on: nothing changes by itself, and update merges both.
    let edited = bench
        .read("cart/Dockerfile")
        .replace("WORKDIR /src\n", "WORKDIR /src\n# ours\n");
    bench.write("cart/Dockerfile", edited);
    let template = bench.read("platform/go-service/Dockerfile.tera");
    let more = "LABEL com.acme.path=golden\n{% endblock %}";
    bench.write(
        "platform/go-service/Dockerfile.tera",
        template.replace("{% endblock %}", more),
    );
    bench.must(&["template", "test", "platform/go-service", "--accept"]);
    let second = push(&bench, "The path is a label");
    let checked = bench.fails(1, &page.command("scaffold check cart"));
    assert!(
        checked.contains("edited by hand") && !checked.contains("outdated"),
        "{checked}"
    );
    bench.must(&["generate", "shop"]);
    assert!(!bench.read("shop/Dockerfile").contains("com.acme.path"));
    let diff = bench.fails(1, &page.command("scaffold diff cart"));
    let moves = format!("moves from {} to {}", &first[..12], &second[..12]);
    assert!(
        diff.contains("+LABEL com.acme.path=golden") && diff.contains(&moves),
        "{diff}"
    );
    let updated = said(&bench.run(&page.command("scaffold update cart")));
    assert!(
        updated.contains("Undo:") && updated.contains(&moves),
        "{updated}"
    );
    let dockerfile = bench.read("cart/Dockerfile");
    is_golden(&dockerfile, "web");
    assert!(dockerfile.contains("# ours\n") && dockerfile.contains("LABEL com.acme.path=golden\n"));
    assert!(bench.read("cart/scaffold.lock").contains(&second));

    // Another machine, from the disk instead of the host; then without either.
    fs_err::remove_dir_all(bench.path("cache")).unwrap();
    let local = format!(
        "file://{}//go-service@main",
        bench.path("hosted/acme/platform").display()
    );
    bench.must(&[
        "new",
        "local",
        "--template",
        &local,
        "--trust",
        "--no-input",
    ]);
    is_golden(&bench.read("local/Dockerfile"), "core");
    bench.must(&["check", "shop"]);
    fs_err::rename(bench.path("hosted"), bench.path("gone")).unwrap();
    bench.must(&["check", "shop", "--offline"]);
    bench.must(&[
        "new",
        "other",
        "--template",
        &local,
        "--offline",
        "--no-input",
    ]);

    // A service leaves the path, in its spec and by hand.
    let spec = bench.read("shop/scaffold.toml");
    let past = spec.replace("registry.acme.example/mirror", "docker.io");
    bench.write(
        "shop/scaffold.toml",
        past.replace("= \"Acme\"", "= \"Somebody\""),
    );
    let broken = bench.fails(1, &["check", "shop"]);
    for part in [
        "policy/registry",
        "policy/label-",
        "shop/scaffold.toml",
        "scaffold-policy.toml:",
    ] {
        assert!(broken.contains(part), "{part}: {broken}");
    }
    bench.fails(4, &["generate", "shop"]);
    bench.write("shop/scaffold.toml", spec);
    bench.must(&["check", "shop"]);

    let unused = page.unused.borrow();
    assert!(
        unused.is_empty(),
        "on the page, and not in the story: {unused:?}"
    );
}
