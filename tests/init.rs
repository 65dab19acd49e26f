//! `init` as a person meets it at a terminal: open values are asked, certain ones are not.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

use std::path::Path;

use rexpect::session::PtySession;

mod terminal;

use terminal::{DOWN, SHOW_CURSOR, answer, exit_code};

fn start(folder: &Path, arguments: &[&str]) -> PtySession {
    terminal::start(folder, arguments, &[])
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

/// Two main packages, and a server whose port nobody says.
fn unsure(root: &Path) {
    write(root, "go.mod", "module example.com/shop\n\ngo 1.26\n");
    write(
        root,
        "cmd/alpha/main.go",
        "package main\n\nfunc main() {}\n",
    );
    let server = "package main\n\nfunc main() { http.ListenAndServe(addr, nil) }\n";
    write(root, "cmd/beta/main.go", server);
}

#[test]
fn what_is_open_is_asked_and_what_follows_from_it_too() {
    let work = tempfile::tempdir().unwrap();
    unsure(work.path());
    let mut session = start(work.path(), &["init"]);
    session.exp_string("Found: Go").unwrap();
    answer(&mut session, "> ./cmd/alpha", &format!("{DOWN}\r"));
    answer(&mut session, "Port the server listens on", "\u{15}9000\r");
    session.exp_string("your answer").unwrap();
    answer(&mut session, "> write", "\r");
    let rest = session.exp_eof().unwrap();
    let spec = fs_err::read_to_string(work.path().join("scaffold.toml")).unwrap();
    assert!(spec.contains("package = \"./cmd/beta\""), "{spec}{rest}");
    assert!(spec.contains("port = 9000"), "{spec}");
    assert!(
        spec.contains("framework = \"net-http\"  # cmd/beta/main.go:3"),
        "{spec}"
    );
    assert!(work.path().join("Dockerfile").exists());
}

#[test]
fn cancelling_at_the_summary_writes_nothing() {
    let work = tempfile::tempdir().unwrap();
    write(
        work.path(),
        "go.mod",
        "module example.com/shop\n\ngo 1.26\n",
    );
    write(work.path(), "main.go", "package main\n\nfunc main() {}\n");
    let mut session = start(work.path(), &["init"]);
    answer(&mut session, "> write", &format!("{DOWN}{DOWN}{DOWN}\r"));
    let rest = session.exp_eof().unwrap();
    assert!(rest.contains("nothing was written"), "{rest}");
    assert!(!work.path().join("scaffold.toml").exists());
}

/// A server with a port, one without, and a tool.
fn several(root: &Path) {
    let server = |port: &str| {
        format!(
            "package main\n\nimport \"net/http\"\n\nfunc main() {{\n\thttp.ListenAndServe({port}, nil)\n}}\n"
        )
    };
    write(root, "api/go.mod", "module example.com/api\n\ngo 1.26\n");
    write(root, "api/main.go", &server("\":3000\""));
    write(root, "web/go.mod", "module example.com/web\n\ngo 1.26\n");
    write(root, "web/main.go", &server("addr"));
    write(root, "tool/go.mod", "module example.com/tool\n\ngo 1.26\n");
    let tool = "package main\n\nimport \"os\"\n\nfunc main() {\n\tprintln(os.Args[1])\n}\n";
    write(root, "tool/main.go", tool);
}

fn is_untouched(root: &Path) -> bool {
    !root.join("scaffold.toml").exists() && !root.join("api/Dockerfile").exists()
}

#[test]
fn several_services_are_chosen_asked_about_summed_up_and_changed() {
    let work = tempfile::tempdir().unwrap();
    several(work.path());
    let mut session = start(work.path(), &["init"]);
    session.exp_string("Found 2 services:").unwrap();
    // Behind `all 2` come `without api` and `without web`.
    answer(&mut session, "> all 2", &DOWN.repeat(3));
    answer(&mut session, "> with tool", "\r");
    session.exp_string("Found 3 services:").unwrap();
    answer(&mut session, "> all 3", "\r");
    answer(
        &mut session,
        "web: Port the server listens on",
        "\u{15}9000\r",
    );
    session.exp_regex(r"\napi\r\n +path +api").unwrap();
    session.exp_regex(r"port +9000 +\(your answer\)").unwrap();
    answer(&mut session, "> write", &format!("{DOWN}\r"));
    answer(&mut session, "> api", "\r");
    answer(&mut session, "> context = api", "\r");
    answer(&mut session, "api: Build context", "\u{15}web\r");
    session.exp_string("the value before stays").unwrap();
    answer(&mut session, "> write", &format!("{DOWN}\r"));
    answer(&mut session, "> api", "\r");
    // Behind the context come members and name.
    answer(&mut session, "> context = api", &DOWN.repeat(3));
    answer(&mut session, "> version", "\r");
    answer(&mut session, "api: Language version", "\u{15}1.25\r");
    answer(&mut session, "> write", "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
    let spec = fs_err::read_to_string(work.path().join("scaffold.toml")).unwrap();
    let api = spec.split("[services.tool-app]").next().unwrap();
    assert!(api.contains("version = \"1.25\""), "{spec}");
    assert!(spec.contains("port = 9000"), "{spec}");
    let dockerfile = fs_err::read_to_string(work.path().join("api/Dockerfile")).unwrap();
    assert!(dockerfile.contains("golang:1.25-"), "{dockerfile}");
    assert!(work.path().join("tool/Dockerfile").exists());
}

#[test]
fn one_of_several_is_left_out_the_diff_is_shown_and_cancelling_writes_nothing() {
    let work = tempfile::tempdir().unwrap();
    several(work.path());
    let mut session = start(work.path(), &["init", "--set", "services.web.port=9000"]);
    answer(&mut session, "> all 2", &format!("{DOWN}\r"));
    session.exp_string("without api").unwrap();
    session.exp_string("Found one service:").unwrap();
    answer(&mut session, "> only web", "\r");
    answer(&mut session, "> write", &format!("{DOWN}{DOWN}\r"));
    session.exp_string("b/web/Dockerfile").unwrap();
    answer(&mut session, "> write", &format!("{DOWN}{DOWN}{DOWN}\r"));
    let (code, rest) = exit_code(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains("nothing was written"), "{rest}");
    assert!(is_untouched(work.path()));
}

#[test]
fn ctrl_c_at_every_question_of_several_services_leaves_nothing() {
    let questions = ["> all 2", "web: Port", "> write"];
    for stop in 0..questions.len() {
        let work = tempfile::tempdir().unwrap();
        several(work.path());
        let mut session = start(work.path(), &["init"]);
        for question in &questions[..stop] {
            answer(&mut session, question, "\r");
        }
        answer(&mut session, questions[stop], "\u{3}");
        let (code, rest) = exit_code(session);
        assert_eq!(code, 130, "{}: {rest}", questions[stop]);
        assert!(rest.contains(SHOW_CURSOR), "{}: {rest:?}", questions[stop]);
        assert!(is_untouched(work.path()), "{}", questions[stop]);
    }
}

/// More open values than one project ever has.
#[test]
fn every_open_value_of_many_services_is_asked() {
    let work = tempfile::tempdir().unwrap();
    let names: Vec<_> = ('a'..='n').map(|letter| format!("s{letter}")).collect();
    for name in &names {
        let module = format!("module example.com/{name}\n\ngo 1.26\n");
        write(work.path(), &format!("{name}/go.mod"), &module);
        let server = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.ListenAndServe(addr, nil)\n}\n";
        write(work.path(), &format!("{name}/main.go"), server);
    }
    let mut session = start(work.path(), &["init"]);
    answer(&mut session, "> all 14", "\r");
    for name in &names {
        answer(&mut session, &format!("{name}: Port"), "\r");
    }
    answer(&mut session, "> write", "\r");
    assert_eq!(exit_code(session).0, 0);
}

#[test]
fn a_policy_shapes_all_services_and_a_label_that_it_wants_is_asked_once() {
    let work = tempfile::tempdir().unwrap();
    several(work.path());
    let policy = "user.min = 10000\nuser.max = 20000\n\n[label-patterns]\n\"com.example.team\" = \"[a-z]+\"\n\n\
                  [require]\n\"files.readme\" = true\n";
    write(work.path(), "scaffold-policy.toml", policy);
    let mut session = start(work.path(), &["init", "--set", "services.web.port=9000"]);
    answer(&mut session, "> all 2", "\r");
    answer(&mut session, "Label com.example.team", "CORE\r");
    answer(&mut session, "[a-z]+", "\u{15}core\r");
    answer(&mut session, "> write", "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
    let spec = fs_err::read_to_string(work.path().join("scaffold.toml")).unwrap();
    let above = spec.split("[services").next().unwrap();
    for said in ["com.example.team", "user = 10000", "readme = true"] {
        assert!(above.contains(said), "{spec}");
        assert_eq!(spec.matches(said).count(), 1, "{spec}");
    }
    for name in ["api", "web"] {
        let dockerfile = work.path().join(name).join("Dockerfile");
        let text = fs_err::read_to_string(dockerfile).unwrap();
        assert!(text.contains("LABEL com.example.team=core"), "{text}");
    }
}
