//! The instructions of a Dockerfile, owned, each word with its place.
use std::ops::Range;

use super::shell::{self, Simple};

/// A word and the bytes of the file that it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The word, without quotes and escapes.
    pub value: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A flag of an instruction: `--name=value`.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Without the dashes.
    pub name: String,
    /// After the equals sign; empty without one.
    pub value: Text,
    /// The whole flag.
    pub span: Range<usize>,
}

/// `NAME=value` of an `ENV`, `ARG` or `LABEL`.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Text,
    /// Its value; `None` for an `ARG` without default.
    pub value: Option<Text>,
}

/// One instruction, with what held before it.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// What it says.
    pub kind: Kind,
    /// The keyword.
    pub keyword: Range<usize>,
    /// From the keyword to the last byte.
    pub span: Range<usize>,
    /// The user it runs as; `None` when the base's is not known.
    pub user: Option<String>,
    /// The working folder.
    pub workdir: String,
}

impl Instruction {
    /// The simple commands of a `RUN`; none for all others.
    pub fn commands(&self) -> &[Simple] {
        match &self.kind {
            Kind::Run(run) => &run.commands,
            _ => &[],
        }
    }

    /// The `RUN` that it is.
    pub fn as_run(&self) -> Option<&Run> {
        match &self.kind {
            Kind::Run(run) => Some(run),
            _ => None,
        }
    }

    /// The `COPY` that it is.
    pub fn as_copy(&self) -> Option<&Copy> {
        match &self.kind {
            Kind::Copy(copy) => Some(copy),
            _ => None,
        }
    }

    /// The stages or images that it takes something from.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let copied = self
            .as_copy()
            .and_then(Copy::from)
            .map(|from| from.value.as_str());
        let mounts = self
            .as_run()
            .map(|run| run.mounts.as_slice())
            .unwrap_or_default();
        copied
            .into_iter()
            .chain(mounts.iter().filter_map(|mount| mount.from.as_deref()))
    }
}

/// What an instruction says.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `ADD`.
    Add(Copy),
    /// `ARG`.
    Arg(Vec<Variable>),
    /// `CMD`.
    Cmd(Command),
    /// `COPY`.
    Copy(Copy),
    /// `ENTRYPOINT`.
    Entrypoint(Command),
    /// `ENV`.
    Env(Vec<Variable>),
    /// `EXPOSE`.
    Expose(Vec<Text>),
    /// `HEALTHCHECK`; without a command for `NONE`.
    Healthcheck(Option<Command>),
    /// `LABEL`.
    Label(Vec<Variable>),
    /// `RUN`.
    Run(Run),
    /// `SHELL`.
    Shell(Vec<Text>),
    /// `STOPSIGNAL`.
    Stopsignal(Text),
    /// `USER`.
    User(Text),
    /// `VOLUME`.
    Volume(Vec<Text>),
    /// `WORKDIR`.
    Workdir(Text),
    /// What no rule looks at.
    Other,
}

/// `COPY` or `ADD`.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Its flags.
    pub flags: Vec<Flag>,
    /// What is copied.
    pub sources: Vec<Text>,
    /// Texts that stand in the Dockerfile itself.
    pub inline: Vec<Text>,
    /// Where to.
    pub target: Text,
}

impl Copy {
    /// The value of a flag.
    pub fn flag(&self, name: &str) -> Option<&Text> {
        self.flags
            .iter()
            .find(|flag| flag.name == name)
            .map(|flag| &flag.value)
    }

    /// The stage or image of `--from`.
    pub fn from(&self) -> Option<&Text> {
        self.flag("from")
    }

    /// Whether the whole context is copied.
    pub fn is_broad(&self) -> bool {
        self.from().is_none()
            && self
                .sources
                .iter()
                .any(|source| matches!(source.value.as_str(), "." | "./" | "/" | "*" | "./*"))
    }
}

/// A mount of a `RUN`.
#[derive(Clone, Debug, Default)]
pub struct Mount {
    /// `cache`, `bind`, `secret`, `ssh`, `tmpfs`.
    pub kind: String,
    /// Where it is mounted; absolute.
    pub target: Option<String>,
    /// Its stage or image.
    pub from: Option<String>,
    /// What is mounted.
    pub source: Option<String>,
    /// The flag.
    pub span: Range<usize>,
}

/// `RUN`.
#[derive(Clone, Debug)]
pub struct Run {
    /// What runs.
    pub command: Command,
    /// Its mounts.
    pub mounts: Vec<Mount>,
    /// Here-documents that are its scripts.
    pub documents: Vec<Text>,
    /// The simple commands, in order, those of here-documents and of `sh -c` among them.
    pub commands: Vec<Simple>,
}

/// How a command is given.
#[derive(Clone, Debug)]
pub enum Form {
    /// A JSON array: the program itself is started.
    Exec(Vec<Text>),
    /// A text for the shell.
    Shell(Text),
}

/// A command of `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its form.
    pub form: Form,
    /// Where it stands.
    pub span: Range<usize>,
}

impl Command {
    /// The words of the exec form; none for the shell form.
    pub fn words(&self) -> &[Text] {
        match &self.form {
            Form::Exec(words) => words,
            Form::Shell(_) => &[],
        }
    }

    /// The program of the exec form, without its folder; empty for the shell form.
    pub fn program(&self) -> &str {
        let first = self.words().first().map(|word| word.value.as_str());
        first.map(shell::base_name).unwrap_or_default()
    }

    /// Whether a shell reads it, by form or because the program is one.
    pub fn is_shell(&self) -> bool {
        matches!(self.form, Form::Shell(_)) || shell::is_shell(self.program())
    }

    /// The text of the shell form, or that of `sh -c`.
    pub fn script(&self) -> Option<&Text> {
        match &self.form {
            Form::Shell(text) => Some(text),
            Form::Exec(words) => shell::script_of(words),
        }
    }

    /// The simple commands, in order.
    pub fn commands(&self) -> Vec<Simple> {
        match &self.form {
            Form::Exec(words) => shell::unfold(Simple::of_words(words)),
            Form::Shell(text) => shell::commands(&text.value, text.span.start),
        }
    }
}
