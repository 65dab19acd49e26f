//! Base images by digest, against a real registry on the loopback: Debian's `docker-registry`, filled by the engine.
//!
//! `SCAFFOLD_TEST_ENGINE=docker cargo test --test digests` switches it on; then nothing is skipped, and `docker-registry`,
//! `docker buildx` and `skopeo` must be there.
#![expect(clippy::expect_used, reason = "a test ends at its first surprise")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

/// Said when there is nothing to do, so that nobody takes an empty run for a proof.
const OFF: &str = "digests are off; SCAFFOLD_TEST_ENGINE=docker switches them on\n";

/// What the project stands on: its Dockerfile, and compose.yaml.
const IMAGES: [(&str, &str); 3] = [
    ("golang", "1.27-trixie"),
    ("redis", "8.4-alpine"),
    ("gcr.io/distroless/static-debian13", "nonroot"),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    if variable("SCAFFOLD_TEST_ENGINE").is_none() {
        let _ = std::io::stderr().lock().write_all(OFF.as_bytes());
        return libtest_mimic::run(&arguments, Vec::new()).exit_code();
    }
    let registry = Arc::new(Registry::start().expect("a registry"));
    let mut trials = Vec::new();
    for client in ["docker", "skopeo"] {
        let registry = Arc::clone(&registry);
        trials.push(Trial::test(format!("client::{client}"), move || {
            one_client(&registry, client)
        }));
    }
    let other = Arc::clone(&registry);
    trials.push(Trial::test("services", move || services(&other)));
    trials.push(Trial::test("years", move || years(&registry)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test harness has no context.rs; these are its only settings"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A registry that ends with the test.
struct Registry {
    port: u16,
    process: Child,
    folder: tempfile::TempDir,
}

impl Registry {
    fn start() -> Result<Self, Failed> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = tempfile::tempdir()?;
        let root = folder.path().display();
        write(
            &folder.path().join("registry.yml"),
            &format!(
                "version: 0.1\nstorage: {{ filesystem: {{ rootdirectory: {root} }} }}\nhttp: {{ addr: \"127.0.0.1:{port}\" }}\n"
            ),
        )?;
        // Skopeo asks for TLS unless it is told.
        let settings = folder.path().join(".config/containers");
        fs_err::create_dir_all(&settings)?;
        write(
            &settings.join("registries.conf"),
            &format!("[[registry]]\nlocation = \"localhost:{port}\"\ninsecure = true\n"),
        )?;
        let process = Command::new("docker-registry")
            .arg("serve")
            .arg(folder.path().join("registry.yml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let registry = Self {
            port,
            process,
            folder,
        };
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "the registry does not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(registry)
    }

    fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Lets the tags of `below` point at a new index.
    fn publish(&self, below: &str, mark: &str) -> Result<(), Failed> {
        for (image, tag) in IMAGES {
            let repository = format!("{}/{below}/{image}", self.host());
            let part = format!("{repository}:part");
            let dockerfile = self.folder.path().join(format!("{below}.Dockerfile"));
            write(&dockerfile, &format!("FROM scratch\nLABEL mark={mark}\n"))?;
            let context = tempfile::tempdir()?;
            run(Command::new("docker")
                .args(["build", "--quiet", "--tag", &part, "--file"])
                .args([dockerfile.as_path(), context.path()]))?;
            run(Command::new("docker").args(["push", "--quiet", &part]))?;
            run(Command::new("docker").args(["image", "rm", &part]))?;
            let index = format!("{repository}:{tag}");
            let create = ["buildx", "imagetools", "create", "--tag", &index, &part];
            run(Command::new("docker").args(create))?;
        }
        Ok(())
    }

    /// What the registry itself says that a tag points at.
    fn digest(&self, below: &str, (image, tag): (&str, &str)) -> Result<String, Failed> {
        let mut server = TcpStream::connect(("127.0.0.1", self.port))?;
        let kinds = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";
        let request = format!(
            "HEAD /v2/{below}/{image}/manifests/{tag} HTTP/1.0\r\nHost: localhost\r\nAccept: {kinds}\r\n\r\n"
        );
        server.write_all(request.as_bytes())?;
        let mut answer = String::new();
        server.read_to_string(&mut answer)?;
        let line = answer
            .lines()
            .find_map(|line| line.strip_prefix("Docker-Content-Digest: "));
        Ok(line.ok_or(answer.clone())?.to_owned())
    }

    /// `FROM` of each image with its digest of today.
    fn pinned(&self, below: &str) -> Result<Vec<String>, Failed> {
        let pinned = |(image, tag)| {
            let digest = self.digest(below, (image, tag))?;
            Ok(format!("{}/{below}/{image}:{tag}@{digest}", self.host()))
        };
        IMAGES.into_iter().map(pinned).collect()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failed> {
    let mut file = fs_err::File::create(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

fn run(command: &mut Command) -> Result<(), Failed> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{command:?}: {complaint}").into())
}

/// A project whose images come from the registry, below a name of its own.
struct Project {
    folder: tempfile::TempDir,
    host: String,
    below: String,
    home: PathBuf,
}

impl Project {
    fn new(registry: &Registry, below: &str) -> Result<Self, Failed> {
        let project = Self {
            folder: tempfile::tempdir()?,
            host: registry.host(),
            below: below.to_owned(),
            home: registry.folder.path().to_owned(),
        };
        project.pin("tag")?;
        Ok(project)
    }

    fn pin(&self, how: &str) -> Result<(), Failed> {
        let Self { host, below, .. } = self;
        write(
            &self.folder.path().join("scaffold.toml"),
            &format!(
                "lang = \"go\"\nname = \"shop\"\nneeds = [\"redis\"]\n[files]\ncompose = true\n[images]\nregistry = \"{host}/{below}\"\npin = \"{how}\"\n"
            ),
        )
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scaffold"));
        command
            .args(arguments)
            .env("HOME", &self.home)
            .current_dir(self.folder.path());
        command
    }

    /// Runs it, and holds it to an exit code.
    fn run(&self, arguments: &[&str], code: i32) -> Result<Output, Failed> {
        let output = self.command(arguments).output()?;
        if output.status.code() == Some(code) {
            return Ok(output);
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(format!("{arguments:?}: {}, not {code}\n{said}", output.status).into())
    }

    /// All that names images.
    fn names(&self) -> Result<String, Failed> {
        Ok(self.read("Dockerfile")? + &self.read("compose.yaml")?)
    }

    fn read(&self, name: &str) -> Result<String, Failed> {
        Ok(fs_err::read_to_string(self.folder.path().join(name))?)
    }
}

/// With nothing but this client on the path, the digest is the registry's own.
fn one_client(registry: &Registry, client: &str) -> Result<(), Failed> {
    registry.publish(client, "1")?;
    let project = Project::new(registry, client)?;
    project.run(&["generate"], 0)?;
    project.pin("digest")?;
    let path = tempfile::tempdir()?;
    let which = Command::new("sh")
        .args(["-c", "command -v \"$0\"", client])
        .output()?;
    let program = String::from_utf8(which.stdout)?;
    fs_err::copy(program.trim(), path.path().join(client))?;
    let output = project
        .command(&["update"])
        .env("PATH", path.path())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for image in registry.pinned(client)? {
        assert!(project.names()?.contains(&image), "{image}");
    }
    let none = project
        .command(&["update"])
        .env("PATH", "/nonexistent")
        .output()?;
    assert_eq!(none.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&none.stderr).contains("install one of these"));
    Ok(())
}

/// A project through its life: tags, digests, a moved tag, tags again.
fn years(registry: &Registry) -> Result<(), Failed> {
    registry.publish("years", "1")?;
    let project = Project::new(registry, "years")?;
    project.pin("digest")?;
    let refused = project.run(&["generate"], 2)?;
    assert!(String::from_utf8_lossy(&refused.stderr).contains("scaffold update"));
    project.run(&["update", "--offline"], 2)?;
    project.run(&["update"], 0)?;
    let first = registry.pinned("years")?;
    for image in &first {
        assert!(project.names()?.contains(image), "{image}");
    }
    project.run(&["generate", "--locked"], 0)?;
    project.run(&["check"], 0)?;
    project.run(&["diff"], 0)?;

    registry.publish("years", "2")?;
    let second = registry.pinned("years")?;
    assert_ne!(first, second);
    let before = (project.read("Dockerfile")?, project.read("scaffold.lock")?);
    project.run(&["check"], 0)?;
    project.run(&["diff", "--offline"], 0)?;
    project.run(&["diff"], 1)?;
    project.run(&["update", "--offline"], 0)?;
    project.run(&["update", "--locked"], 1)?;
    let after = (project.read("Dockerfile")?, project.read("scaffold.lock")?);
    assert_eq!(before, after);

    // Renovate was here first: it brings what the update brings.
    let renovated = first.iter().zip(&second);
    let renovated = renovated.fold(before.0, |text, (old, new)| text.replace(old, new));
    write(&project.folder.path().join("Dockerfile"), &renovated)?;
    project.run(&["update"], 0)?;
    assert_eq!(project.read("Dockerfile")?, renovated);
    for image in &second {
        assert!(project.names()?.contains(image), "{image}");
        assert!(project.read("scaffold.lock")?.contains(image), "{image}");
    }

    project.pin("tag")?;
    project.run(&["generate", "--locked"], 1)?;
    assert!(project.read("Dockerfile")?.contains("@sha256:"));
    project.run(&["generate"], 0)?;
    let left = project.names()? + &project.read("scaffold.lock")?;
    assert!(
        !left.contains("@sha256:") && !left.contains("digests"),
        "{left}"
    );
    Ok(())
}

/// Each of several services keeps the digests that it names.
fn services(registry: &Registry) -> Result<(), Failed> {
    registry.publish("services", "1")?;
    let project = Project::new(registry, "services")?;
    let host = registry.host();
    write(
        &project.folder.path().join("scaffold.toml"),
        &format!(
            "images = {{ registry = \"{host}/services\", pin = \"digest\" }}\n[services.api]\npath = \"api\"\nlang = \"go\"\n[services.web]\npath = \"web\"\nlang = \"go\"\n"
        ),
    )?;
    for folder in ["api", "web"] {
        fs_err::create_dir(project.folder.path().join(folder))?;
    }
    project.run(&["generate"], 2)?;
    project.run(&["update"], 0)?;
    let golang = &registry.pinned("services")?[0];
    for name in ["api/Dockerfile", "web/Dockerfile"] {
        assert!(project.read(name)?.contains(golang), "{name}");
    }
    project.run(&["generate", "--locked"], 0)?;
    project.run(&["check"], 0)?;
    project.run(&["diff"], 0)?;
    Ok(())
}
