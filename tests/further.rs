//! The files beside the Dockerfile, each put to its own tool, and a stack of them brought up.
//!
//! `SCAFFOLD_TEST_ENGINE=docker cargo test --test further` switches it on; then nothing is skipped, and a tool that is
//! not there is a failure. The tools are `docker compose`, `docker buildx`, `actionlint` and `check-jsonschema`, which
//! brings the schema that GitLab publishes; what `check --format sarif` prints is put to the schema of OASIS, which
//! `.ci/run` brings.
#![expect(clippy::expect_used, reason = "a test ends at its first surprise")]

#[path = "further/sarif.rs"]
mod sarif;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

/// As `openssl rand` makes one.
const PASSWORD: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// Said when there is nothing to do, so that nobody takes an empty run for a proof.
const OFF: &str =
    "tools of the further files are off; SCAFFOLD_TEST_ENGINE=docker switches them on\n";

/// A file and the command that reads it; `{}` stands for its path.
const TOOLS: [(&str, &[&str]); 5] = [
    (
        "compose.yaml",
        &["docker", "compose", "--file", "{}", "config", "--quiet"],
    ),
    (
        "docker-bake.hcl",
        &[
            "docker", "buildx", "bake", "--file", "{}", "--print", "default", "release",
        ],
    ),
    (".github/workflows/image.yml", &["actionlint", "{}"]),
    (
        ".github/workflows/image.yml",
        &[
            "check-jsonschema",
            "--builtin-schema",
            "vendor.github-workflows",
            "{}",
        ],
    ),
    (
        ".gitlab-ci.yml",
        &[
            "check-jsonschema",
            "--builtin-schema",
            "vendor.gitlab-ci",
            "{}",
        ],
    ),
];

/// What a program may need beside it, a question that its own client asks by its name in the network, with the password
/// of the secret's file, and what is answered. `MySQL` and `MongoDB` are not among Debian's packages: neither is started.
const NEEDS: [(&str, &str, &str); 5] = [
    (
        "postgres",
        "PGPASSWORD=$(cat /run/secrets/postgres-password) psql -h postgres -U app -d app -tAc 'SELECT 6 * 7'",
        "42",
    ),
    (
        "mariadb",
        "mariadb -h mariadb -u app -p\"$(cat /run/secrets/mariadb-password)\" app -Nse 'SELECT 6 * 7'",
        "42",
    ),
    ("redis", "redis-cli -h redis ping", "PONG"),
    ("valkey", "valkey-cli -h valkey ping", "PONG"),
    (
        "rabbitmq",
        "rabbitmqctl --quiet authenticate_user app \"$(cat /run/secrets/rabbitmq-password)\" > /dev/null && echo let in",
        "let in",
    ),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let Some(engine) = variable("SCAFFOLD_TEST_ENGINE") else {
        let _ = std::io::stderr().lock().write_all(OFF.as_bytes());
        return libtest_mimic::run(&arguments, Vec::new()).exit_code();
    };
    let mut trials = Vec::new();
    for (file, tool) in TOOLS {
        let found = golden(file);
        assert!(!found.is_empty(), "no golden {file}");
        for path in found {
            let name = format!("{}::{file}::{}", tool[0], case(&path));
            trials.push(Trial::test(name, move || read_by(tool, &path)));
        }
    }
    trials.push(Trial::test("sarif", sarif::is_valid));
    let program = engine.clone();
    trials.push(Trial::test("template", move || template(&program)));
    let program = engine.clone();
    trials.push(Trial::test("watch", move || watch(&program)));
    for (need, question, answer) in NEEDS {
        let engine = engine.clone();
        trials.push(Trial::test(format!("stack::{need}"), move || {
            stack(&engine, need, question, answer)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test harness has no context.rs; these are its only settings"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Every golden file of that path, of all languages.
fn golden(file: &str) -> Vec<PathBuf> {
    let entries = |folder: PathBuf| {
        let entries = fs_err::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path())
    };
    let languages = entries(repository().join("tests/golden"));
    let cases = languages.flat_map(entries);
    let mut found: Vec<_> = cases
        .map(|case| case.join("out").join(file))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

/// `go/compose` of a path in the golden tree.
fn case(path: &Path) -> String {
    let inside = path
        .strip_prefix(repository().join("tests/golden"))
        .unwrap_or(path);
    let parts: Vec<_> = inside.components().take(2).collect();
    parts.iter().collect::<PathBuf>().display().to_string()
}

/// The home of whoever reads has the secrets that the files name, empty.
fn read_by(tool: &[&str], path: &Path) -> Result<(), Failed> {
    let home = tempfile::tempdir()?;
    fs_err::write(home.path().join(".netrc"), "")?;
    let words = tool
        .iter()
        .map(|word| word.replace("{}", &path.display().to_string()));
    let words: Vec<_> = words.collect();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).env("HOME", home.path());
    if let Some(own) = std::env::var_os("HOME") {
        command.env("DOCKER_CONFIG", Path::new(&own).join(".docker"));
    }
    run(&mut command).map(|_| ())
}

/// What a command prints; its complaints when it fails.
fn run(command: &mut Command) -> Result<String, Failed> {
    let shown = format!("{command:?}");
    let output = command
        .output()
        .map_err(|error| format!("{shown}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{shown}: {}\n{said}{complaint}", output.status).into())
}

/// A stack that is taken down whatever happens.
struct Stack {
    engine: String,
    folder: tempfile::TempDir,
}

impl Stack {
    fn compose(&self) -> Command {
        let mut command = Command::new(&self.engine);
        command
            .args(["compose", "--project-directory"])
            .arg(self.folder.path());
        command
    }

    /// A fact about the container of a service.
    fn about(&self, service: &str, format: &str) -> Result<String, Failed> {
        let id = run(self.compose().args(["ps", "--all", "--quiet", service]))?;
        let said =
            run(Command::new(&self.engine).args(["inspect", "--format", format, id.trim()]))?;
        Ok(said.trim().to_owned())
    }
}

impl Stack {
    /// What the containers said, behind what went wrong.
    fn with_logs(&self, error: &Failed) -> Failed {
        let logs = run(self.compose().args(["logs", "--tail", "40"])).unwrap_or_default();
        format!("{}\n{logs}", error.message().unwrap_or_default()).into()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = run(self.compose().args([
            "--profile",
            "*",
            "down",
            "--volumes",
            "--rmi",
            "local",
            "--timeout",
            "5",
        ]));
    }
}

/// A project with something beside it, up and hardened: all healthy, reached, stopped.
fn stack(engine: &str, need: &str, question: &str, answer: &str) -> Result<(), Failed> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let stack = Stack {
        engine: engine.to_owned(),
        folder: tempfile::Builder::new().prefix("stack").tempdir()?,
    };
    run(Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(["new", ".", "--lang", "go", "--no-input"])
        .args(["--name", &format!("shop-{need}")])
        .args(["--set", "files.compose=true"])
        .args(["--set", &format!("needs={need}")])
        .args(["--set", "production.writable=/app/data"])
        .args(["--set", &format!("port={port}")])
        .current_dir(stack.folder.path()))?;
    let secrets = stack.folder.path().join(".secrets");
    if secrets.is_dir() {
        fs_err::write(secrets.join(format!("{need}-password")), PASSWORD)?;
    }
    provide(engine, need, &stack.folder.path().join("Dockerfile"))?;
    run(stack.compose().args([
        "up",
        "--build",
        "--detach",
        "--wait",
        "--wait-timeout",
        "240",
    ]))
    .map_err(|error| stack.with_logs(&error))?;
    for service in ["app", need] {
        let hardened = stack.about(
            service,
            "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.State.Health.Status}}",
        )?;
        assert_eq!(
            hardened, "true [ALL] [no-new-privileges:true] healthy",
            "{service}"
        );
    }
    let page = get(port)?;
    assert!(page.starts_with("HTTP/1.0 200"), "{page}");
    let said = run(stack
        .compose()
        .args(["exec", "--no-TTY", need, "sh", "-c", question]))
    .map_err(|error| stack.with_logs(&error))?;
    assert_eq!(said.trim(), answer, "{need}");
    run(stack.compose().args(["stop", "--timeout", "10"]))?;
    for service in ["app", need] {
        let code = stack.about(service, "{{.State.ExitCode}}")?;
        assert!(["0", "143"].contains(&code.as_str()), "{service}: {code}");
    }
    Ok(())
}

/// The development stage under `docker compose up --watch`: an edit gets into the container and is served.
fn watch(engine: &str) -> Result<(), Failed> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let stack = Stack {
        engine: engine.to_owned(),
        folder: tempfile::Builder::new().prefix("watch").tempdir()?,
    };
    run(Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(["new", ".", "--lang", "node", "--name", "shop", "--no-input"])
        .args(["--set", "files.compose=true"])
        .args(["--set", "options.development=true"])
        .args(["--set", &format!("port={port}")])
        .current_dir(stack.folder.path()))?;
    bases(&stack.folder.path().join("Dockerfile"))?;
    let mut up = stack
        .compose()
        .args(["up", "--build", "--watch", "development"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let served = served(port, "Hello from shop!").and_then(|()| {
        // Nobody edits a file as quickly as a test.
        std::thread::sleep(Duration::from_secs(3));
        let file = stack.folder.path().join("src/app.js");
        let text = fs_err::read_to_string(&file)?;
        let mut file = fs_err::File::create(file)?;
        file.write_all(text.replace("Hello", "Howdy").as_bytes())?;
        served(port, "Howdy from shop!")
    });
    let _ = up.kill();
    let _ = up.wait();
    served
}

/// Waits for an answer that holds a text.
fn served(port: u16, text: &str) -> Result<(), Failed> {
    let deadline = Instant::now() + Duration::from_secs(180);
    let mut last = String::new();
    while Instant::now() < deadline {
        last = get(port).unwrap_or_default();
        if last.contains(text) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    Err(format!("no {text:?} within three minutes; last: {last}").into())
}

/// A language folder of somebody's own, begun, given a case that can be built, and proven; a fault in it is found.
fn template(engine: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let scaffold = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scaffold"));
        command.args(words).current_dir(folder.path());
        command
    };
    run(&mut scaffold(&[
        "template",
        "new",
        "own",
        "--extends",
        "go",
    ]))?;
    let case = folder.path().join("own/cases/new-tool");
    fs_err::create_dir(&case)?;
    let mut spec = fs_err::File::create(case.join("scaffold.toml"))?;
    spec.write_all(b"framework = \"cli\"\nruntime = \"scratch\"\n")?;
    run(&mut scaffold(&["template", "test", "own", "--accept"]))?;
    bases(&case.join("out/Dockerfile"))?;
    let test = ["template", "test", "own", "--json", "--engine", engine];
    let report: serde_json::Value = serde_json::from_str(&run(&mut scaffold(&test))?)?;
    let cases = report["cases"].as_array().ok_or("no cases")?;
    // Two are compared, and one of them is proven.
    assert_eq!(cases.len(), 3, "{report:#}");
    let steps = cases[2]["steps"].as_array().ok_or("no steps")?;
    assert!(
        steps.iter().all(|step| step["verdict"] == "holds"),
        "{report:#}"
    );
    assert!(
        steps.iter().any(|step| step["step"] == "rebuild"),
        "{report:#}"
    );

    let broken = "{% extends \"go/Dockerfile.tera\" %}\n{% block production_end %}ENTRYPOINT [\"/gone\"]\n{% endblock %}\n\
                  {% block start %}{% endblock %}\n";
    fs_err::File::create(folder.path().join("own/Dockerfile.tera"))?
        .write_all(broken.as_bytes())?;
    let output = scaffold(&test).output()?;
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(report["cases"][2]["exit"], 1, "{report:#}");
    Ok(())
}

/// Makes the base images of a Dockerfile exist, where they come from a command.
fn bases(dockerfile: &Path) -> Result<(), Failed> {
    match variable("SCAFFOLD_TEST_BASES") {
        Some(bases) => run(Command::new(bases).arg("--of").arg(dockerfile)).map(|_| ()),
        None => Ok(()),
    }
}

/// The same, with what stands for the service's own.
fn provide(engine: &str, need: &str, dockerfile: &Path) -> Result<(), Failed> {
    if variable("SCAFFOLD_TEST_BASES").is_none() {
        return Ok(());
    }
    let stand_in = repository().join(format!("tests/further/{need}.Dockerfile"));
    bases(dockerfile)?;
    bases(&stand_in)?;
    let image = stagewright::language::needs().get(need).expect("a need");
    let catalogue = stagewright::image::Catalogue::embedded();
    let image = stagewright::image::resolve(&catalogue, &image.image, &image.variant, None)?;
    run(Command::new(engine)
        .args(["build", "--quiet", "--tag", &image.reference, "--file"])
        .args([&stand_in, &repository().join("tests/further")]))
    .map(|_| ())
}

fn get(port: u16) -> Result<String, Failed> {
    let mut server = TcpStream::connect(("127.0.0.1", port))?;
    server.write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut page = String::new();
    server.read_to_string(&mut page)?;
    Ok(page)
}
