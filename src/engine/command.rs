//! One child process, never longer than its time limit.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::error::{Error, Result};

/// How often a running child is looked at.
const TICK: Duration = Duration::from_millis(10);
/// How much of a long output goes into an error.
const TAIL: usize = 3000;

/// A command line with a time limit.
#[derive(Clone)]
pub struct Call {
    program: OsString,
    args: Vec<OsString>,
    folder: Option<PathBuf>,
    environment: Vec<(&'static str, OsString)>,
    input: Vec<u8>,
    limit: Duration,
}

/// What a finished child left.
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
    /// Wall time.
    pub took: Duration,
}

impl Call {
    /// A command that may take a minute.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            folder: None,
            environment: Vec::new(),
            input: Vec::new(),
            limit: Duration::from_secs(60),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: Into<OsString>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Runs in that folder.
    #[must_use]
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn variable(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Gives it something to read.
    #[must_use]
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Another time limit.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it and returns what it left, however it ended.
    pub fn output(&self) -> Result<Output> {
        match self.ended()? {
            (output, true) => Ok(output),
            (output, false) => Err(self.too_slow(&output.stdout, &output.stderr)),
        }
    }

    /// The same of a child that was killed because its time was up: then `false` stands beside it.
    pub(super) fn ended(&self) -> Result<(Output, bool)> {
        let began = Instant::now();
        let mut child = self.spawn()?;
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        self.feed(&mut child);
        let (status, in_time) = self.wait(&mut child)?;
        let output = Output {
            status,
            took: began.elapsed(),
            stdout: collect(&stdout),
            stderr: collect(&stderr),
        };
        Ok((output, in_time))
    }

    fn too_slow(&self, stdout: &str, stderr: &str) -> Error {
        Error::TooSlow {
            command: self.to_string(),
            limit: self.limit,
            output: tail(stdout, stderr),
        }
    }

    /// Runs it and hands its standard output to `read` while it comes, so that nothing of it need be kept. What `read`
    /// leaves is thrown away. Success is demanded.
    pub fn stream<T>(&self, read: impl FnOnce(&mut dyn Read) -> T) -> Result<T> {
        let mut child = self.spawn()?;
        let stderr = drain(child.stderr.take());
        let stdout = child.stdout.take();
        self.feed(&mut child);
        let (done, ended) = mpsc::channel::<()>();
        let result = thread::scope(|scope| {
            let child = &mut child;
            let watched = scope.spawn(move || self.watch(child, &ended));
            let result = stdout.map(|mut stdout| {
                let result = read(&mut stdout);
                let _ = std::io::copy(&mut stdout, &mut std::io::sink());
                result
            });
            drop(done);
            watched.join().map(|status| (status, result))
        });
        let (status, result) = match result {
            Ok((status, Some(result))) => (status?, result),
            _ => {
                return Err(super::error::unproven(format!(
                    "`{self}` gave nothing to read"
                )));
            }
        };
        let said = collect(&stderr);
        match status {
            (_, false) => Err(self.too_slow("", &said)),
            (status, true) if status.success() => Ok(result),
            (status, true) => Err(Error::Failed {
                command: self.to_string(),
                status: status.to_string(),
                output: tail("", &said),
            }),
        }
    }

    /// Waits until the reader has come to the end, or kills the child when time is up: then the reader comes to it.
    fn watch(&self, child: &mut Child, ended: &Receiver<()>) -> Result<(ExitStatus, bool)> {
        match ended.recv_timeout(self.limit) {
            Err(mpsc::RecvTimeoutError::Timeout) => killed(child),
            _ => self.wait(child),
        }
    }

    /// Runs it, demands success, and returns what it printed, without the blanks around.
    pub fn stdout(&self) -> Result<String> {
        let output = self.output()?;
        if output.status.success() {
            return Ok(output.stdout.trim().to_owned());
        }
        Err(self.failed(&output))
    }

    /// The error for an output that is not what it should be.
    pub fn failed(&self, output: &Output) -> Error {
        Error::Failed {
            command: self.to_string(),
            status: output.status.to_string(),
            output: tail(&output.stdout, &output.stderr),
        }
    }

    fn spawn(&self) -> Result<Child> {
        let mut command = Command::new(&self.program);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
            .args(&self.args)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| Error::Start {
                command: self.to_string(),
                source,
            })
    }

    /// A child that reads nothing closes its end early; that is its right.
    fn feed(&self, child: &mut Child) {
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(&self.input);
        }
    }

    fn wait(&self, child: &mut Child) -> Result<(ExitStatus, bool)> {
        let deadline = Instant::now() + self.limit;
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait()? {
                return Ok((status, true));
            }
            thread::sleep(TICK);
        }
        killed(child)
    }
}

/// Ends a child whose time is up.
fn killed(child: &mut Child) -> Result<(ExitStatus, bool)> {
    child.kill()?;
    Ok((child.wait()?, false))
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.program.to_string_lossy())?;
        self.args
            .iter()
            .try_for_each(|arg| write!(f, " {}", arg.to_string_lossy()))
    }
}

/// Reads a pipe to its end on a thread of its own, so that a full pipe never stops the child.
fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (send, receive) = mpsc::channel();
    if let Some(mut pipe) = pipe {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = pipe.read_to_end(&mut bytes);
            let _ = send.send(String::from_utf8_lossy(&bytes).into_owned());
        });
    }
    receive
}

/// A grandchild may hold the pipe open after the child's end; it is not waited for.
fn collect(pipe: &Receiver<String>) -> String {
    pipe.recv_timeout(Duration::from_secs(5))
        .unwrap_or_default()
}

fn tail(stdout: &str, stderr: &str) -> String {
    let both = format!("{}\n{}", stdout.trim_end(), stderr.trim_end());
    let both = both.trim();
    if both.is_empty() {
        return " and said nothing".to_owned();
    }
    let cut = both.len().saturating_sub(TAIL);
    let start = (cut..both.len())
        .find(|&at| both.is_char_boundary(at))
        .unwrap_or(0);
    format!(":\n{}", &both[start..])
}
