//! The first use of a repository, as a person at a terminal meets it.
use rexpect::session::PtySession;

use crate::bench::{Bench, said};
use crate::terminal::{self, DOWN, SHOW_CURSOR, answer, exit_code};

const QUESTION: &str = "> no, write nothing";

fn start(bench: &Bench, arguments: &[&str]) -> PtySession {
    terminal::start(&bench.path(""), arguments, &bench.variables())
}

#[test]
fn a_repository_is_asked_about_once() {
    let bench = Bench::new();
    let url = bench.repository();
    let address = format!("{url}//go-service@main");
    let new = |name| start(&bench, &["new", name, "--template", &address]);
    let commit = bench.git("team", &["rev-parse", "HEAD"]);

    // No is what Enter says; it writes nothing and is not remembered.
    let mut session = new("no");
    session.exp_string(&format!("from {address}")).unwrap();
    session.exp_string(&format!("commit {commit}")).unwrap();
    session.exp_string("Dockerfile and .dockerignore").unwrap();
    session.exp_string("extends the built-in go").unwrap();
    answer(&mut session, QUESTION, "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains("nothing was written"), "{rest}");

    // So does Ctrl-C, which gives the cursor back.
    let mut session = new("interrupted");
    answer(&mut session, QUESTION, "\u{3}");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains(SHOW_CURSOR), "{rest:?}");
    assert!(!bench.path("no").exists() && !bench.path("interrupted").exists());

    let mut session = new("yes");
    answer(&mut session, QUESTION, &format!("{DOWN}\r"));
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
    assert!(bench.read("yes/scaffold.lock").contains(&commit));

    // Yes is remembered of the repository, without a terminal too, whatever commit it is at.
    let (code, rest) = exit_code(new("again"));
    assert_eq!(code, 0, "{rest}");
    assert!(!rest.contains("Trust"), "{rest}");
    bench.write("team/more", "");
    bench.commit("v2");
    bench.must(&["new", "moved", "--template", &address]);
    assert!(!bench.read("moved/scaffold.lock").contains(&commit));
}

#[test]
fn a_flag_that_forbids_questions_forbids_this_one() {
    let bench = Bench::new();
    let url = bench.repository();
    let address = format!("{url}//go-service@main");
    for flag in ["--yes", "--no-input", "--json"] {
        let arguments = ["new", "shop", "--template", &address, flag];
        let (code, rest) = exit_code(start(&bench, &arguments));
        assert_eq!(code, 3, "{flag}: {rest}");
        assert!(rest.contains("--trust"), "{flag}: {rest}");
    }
    assert!(!bench.path("shop").exists());
}

/// In the wizard the name comes first, then the question of trust, then those of the template.
#[test]
fn the_wizard_goes_on_after_the_answer() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.write(
        "config.toml",
        format!("[templates]\nacme = \"{url}//go-service@main\"\n"),
    );
    let mut session = start(&bench, &["new", "shop"]);
    session.exp_string("acme").unwrap();
    session.exp_string("not fetched yet").unwrap();
    // The last row.
    answer(&mut session, "\r\n", "\u{1b}[A\r");
    answer(&mut session, QUESTION, &format!("{DOWN}\r"));
    answer(&mut session, "> net-http", "\u{3}");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains(SHOW_CURSOR), "{rest:?}");
    assert!(!bench.path("shop").exists());
    let listed = said(&bench.run(&["list"]));
    assert!(
        listed.contains("acme       the way to Go at Acme"),
        "{listed}"
    );
}
