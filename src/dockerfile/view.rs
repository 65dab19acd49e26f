//! A Dockerfile with what follows from it: which stage stands on which, as whom and where each instruction runs, what
//! a stage's environment is at its end, and what goes from stage to stage.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::artefact;
use super::ignore::Ignore;
use super::model::{Command, Copy, Instruction, Kind, Text, Variable};
use super::parse::{self, Item};
use super::shell::Simple;
use crate::image::Facts;
use crate::report::{Diagnostic, Document, Place};

mod follow;
mod paths;
mod queries;

pub use paths::{covers, expand, join};
pub use queries::{PLATFORM, days_between};

/// What lies around a Dockerfile: the context, and the day.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Today, `YYYY-MM-DD`.
    pub today: &'a str,
    /// The text of a file of the context; `None` when it is not there, not text, or there is no context.
    pub read: &'a dyn Fn(&str) -> Option<String>,
    /// Whether there is a context at all.
    pub has_context: bool,
}

/// A stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its number, from 0.
    pub index: usize,
    /// Its name.
    pub name: Option<Text>,
    /// The whole `FROM`.
    pub from: Range<usize>,
    /// The image or stage that it names.
    pub image: Text,
    /// The same with the defaults of variables filled in.
    pub resolved: String,
    /// `--platform`.
    pub platform: Option<Text>,
    /// The stage that it stands on.
    pub parent: Option<usize>,
    /// What is known of the image that it stands on in the end.
    pub facts: Facts,
    /// Its own instructions.
    pub instructions: Vec<Instruction>,
    /// The environment at its end, those of its parents and the defaults of its arguments included.
    pub env: BTreeMap<String, String>,
    /// The names that only `ARG` gave.
    pub args: BTreeSet<String>,
    /// Who runs at its end; `None` when the base's user is not known.
    pub user: Option<String>,
    /// Where, at its end; empty when not known.
    pub workdir: String,
    /// `SHELL`, if any.
    pub shell: Option<Vec<String>>,
    /// Which of its instructions compile something.
    pub compiling: Vec<usize>,
}

impl Stage {
    /// Its name, or its number in words.
    pub fn title(&self) -> String {
        self.name.as_ref().map_or_else(
            || format!("number {}", self.index),
            |name| format!("`{}`", name.value),
        )
    }
}

/// Something that a `COPY --from` brings from one stage into another.
#[derive(Clone, Debug)]
pub struct Between<'v> {
    /// The stage that it comes from.
    pub from: &'v Stage,
    /// The stage that gets it.
    pub to: &'v Stage,
    /// Where it was.
    pub source: String,
    /// Where it goes.
    pub target: String,
    /// The source in the instruction.
    pub span: Range<usize>,
}

/// The whole Dockerfile.
pub struct View<'a> {
    /// Its text.
    pub document: Arc<Document>,
    /// `ARG` before the first `FROM`.
    pub globals: Vec<Variable>,
    /// Its stages; never empty.
    pub stages: Vec<Stage>,
    /// What lies around it.
    pub around: Surroundings<'a>,
    /// `.dockerignore`; `None` when there is none or no context.
    pub ignore: Option<Ignore>,
}

impl<'a> View<'a> {
    /// Reads a Dockerfile; one that is none gives the reason.
    pub fn new(
        document: &Arc<Document>,
        around: Surroundings<'a>,
    ) -> Result<Self, Box<Diagnostic>> {
        let items =
            parse::parse(&document.text).map_err(|broken| Box::new(syntax(document, &broken)))?;
        let ignore = (around.read)(".dockerignore").filter(|_| around.has_context);
        let mut view = Self {
            document: Arc::clone(document),
            globals: Vec::new(),
            stages: Vec::new(),
            around,
            ignore: ignore.map(|text| Ignore::new(text.lines())),
        };
        for item in items {
            match item {
                Item::From(from) => view.begin(from),
                Item::Other(instruction) => view.add(instruction),
            }
        }
        Ok(view)
    }

    fn begin(&mut self, from: parse::From) {
        let globals = self.globals.iter().filter_map(|variable| {
            Some((variable.name.value.clone(), variable.value.clone()?.value))
        });
        let globals: BTreeMap<_, _> = globals.collect();
        let resolved = expand(&from.image.value, |name| globals.get(name).cloned());
        let parent = self.stage(&resolved).map(|stage| stage.index);
        let base = parent.and_then(|index| self.stages.get(index));
        let facts = base.map_or_else(|| Facts::of(&resolved), |base| base.facts.clone());
        let platform = from
            .flags
            .iter()
            .find(|flag| flag.name == "platform")
            .map(|flag| flag.value.clone());
        let root = if facts.known { "/" } else { "" };
        let start = facts.workdir.as_deref().unwrap_or(root);
        let stage = Stage {
            index: self.stages.len(),
            name: from.name,
            from: from.span,
            image: from.image,
            platform,
            parent,
            env: base.map(|base| base.env.clone()).unwrap_or_default(),
            args: base.map(|base| base.args.clone()).unwrap_or_default(),
            user: base.map_or_else(|| facts.runs_as.clone(), |base| base.user.clone()),
            workdir: base.map_or_else(|| start.to_owned(), |base| base.workdir.clone()),
            shell: base.and_then(|base| base.shell.clone()),
            instructions: Vec::new(),
            compiling: Vec::new(),
            facts,
            resolved,
        };
        self.stages.push(stage);
    }

    fn add(&mut self, mut instruction: Instruction) {
        let globals = &self.globals;
        let Some(stage) = self.stages.last_mut() else {
            if let Kind::Arg(variables) = instruction.kind {
                self.globals.extend(variables);
            }
            return;
        };
        instruction.user.clone_from(&stage.user);
        instruction.workdir.clone_from(&stage.workdir);
        follow::follow(stage, &instruction.kind, globals);
        if instruction
            .commands()
            .iter()
            .any(|command| artefact::compiles(command).is_some())
        {
            stage.compiling.push(stage.instructions.len());
        }
        stage.instructions.push(instruction);
    }

    /// The stage of that name or number.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        let by_name = self.stages.iter().rev().find(|stage| {
            stage
                .name
                .as_ref()
                .is_some_and(|own| own.value.eq_ignore_ascii_case(name))
        });
        by_name.or_else(|| self.stages.get(name.parse::<usize>().ok()?))
    }

    /// The last stage: what a build gives when nobody names a target.
    pub fn last(&self) -> &Stage {
        &self.stages[self.stages.len() - 1]
    }

    /// A stage and those that it stands on, the lowest first.
    pub fn chain(&self, stage: &Stage) -> Vec<&Stage> {
        let mut chain = vec![&self.stages[stage.index]];
        while let Some(parent) = chain.last().and_then(|stage| stage.parent) {
            chain.push(&self.stages[parent]);
        }
        chain.reverse();
        chain
    }

    /// The instructions of a stage and of those that it stands on, in order.
    pub fn instructions(&self, stage: &Stage) -> impl Iterator<Item = (&Stage, &Instruction)> {
        self.chain(stage).into_iter().flat_map(|stage| {
            stage
                .instructions
                .iter()
                .map(move |instruction| (stage, instruction))
        })
    }

    /// All commands that are lists of words, which no shell reads.
    pub fn exec_forms(&self) -> impl Iterator<Item = &Command> {
        let commands = self
            .all()
            .filter_map(|(_, instruction)| match &instruction.kind {
                Kind::Cmd(command)
                | Kind::Entrypoint(command)
                | Kind::Healthcheck(Some(command)) => Some(command),
                Kind::Run(run) => Some(&run.command),
                _ => None,
            });
        commands.filter(|command| !command.is_shell())
    }

    /// All instructions of the file.
    pub fn all(&self) -> impl Iterator<Item = (&Stage, &Instruction)> {
        self.stages.iter().flat_map(|stage| {
            stage
                .instructions
                .iter()
                .map(move |instruction| (stage, instruction))
        })
    }

    /// All simple commands of all `RUN`s.
    pub fn ran(&self) -> impl Iterator<Item = (&Stage, &Instruction, &Simple)> {
        self.all().flat_map(|(stage, instruction)| {
            instruction
                .commands()
                .iter()
                .map(move |command| (stage, instruction, command))
        })
    }

    /// The last instruction of a stage, or of those that it stands on, of which `pick` makes something.
    pub fn find<'v, T>(
        &'v self,
        stage: &Stage,
        pick: impl Fn(&'v Instruction) -> Option<T>,
    ) -> Option<T> {
        let chain = self.chain(stage).into_iter().rev();
        chain
            .flat_map(|stage| stage.instructions.iter().rev())
            .find_map(pick)
    }

    /// What starts in the last stage: `ENTRYPOINT` and `CMD`, with their places.
    pub fn started(&self) -> Vec<(&Instruction, &Command)> {
        let stage = self.last();
        let entry = self.find(stage, |instruction| match &instruction.kind {
            Kind::Entrypoint(command) => Some((instruction, command)),
            _ => None,
        });
        let cmd = self.find(stage, |instruction| match &instruction.kind {
            Kind::Cmd(command) => Some((instruction, command)),
            _ => None,
        });
        entry.into_iter().chain(cmd).collect()
    }

    /// The process that becomes number 1: `ENTRYPOINT`, or else `CMD` in an image that has no entry point of its own.
    pub fn first_process(&self) -> Option<(&Instruction, &Command)> {
        let started = self.started();
        let (instruction, command) = *started.first()?;
        let is_entry = matches!(instruction.kind, Kind::Entrypoint(_));
        (is_entry || self.last().facts.entrypoint.is_empty()).then_some((instruction, command))
    }

    /// The last stage's health check.
    pub fn health(&self) -> Option<(&Instruction, &Command)> {
        self.find(self.last(), |instruction| match &instruction.kind {
            Kind::Healthcheck(command) => {
                Some(command.as_ref().map(|command| (instruction, command)))
            }
            _ => None,
        })?
    }

    /// The numbers of the stages that the last one needs.
    pub fn needed(&self) -> BTreeSet<usize> {
        let mut needed = BTreeSet::new();
        let mut pending = vec![self.last().index];
        while let Some(index) = pending.pop() {
            if !needed.insert(index) {
                continue;
            }
            let stage = &self.stages[index];
            pending.extend(stage.parent);
            for instruction in &stage.instructions {
                pending.extend(
                    instruction
                        .sources()
                        .filter_map(|name| Some(self.stage(name)?.index)),
                );
            }
        }
        needed
    }

    /// What `COPY --from` brings from stage to stage.
    pub fn between(&self) -> Vec<Between<'_>> {
        let copies = self
            .all()
            .filter_map(|(stage, instruction)| match &instruction.kind {
                Kind::Copy(copy) => Some((stage, instruction, copy)),
                _ => None,
            });
        copies
            .flat_map(|(to, instruction, copy)| self.brought(to, instruction, copy))
            .collect()
    }

    fn brought<'v>(
        &'v self,
        to: &'v Stage,
        instruction: &Instruction,
        copy: &'v Copy,
    ) -> Vec<Between<'v>> {
        let Some(from) = copy.from().and_then(|from| self.stage(&from.value)) else {
            return Vec::new();
        };
        let lookup = |name: &str| to.env.get(name).cloned();
        let target = join(&instruction.workdir, &expand(&copy.target.value, lookup));
        let one = |source: &Text| Between {
            from,
            to,
            source: join("/", &expand(&source.value, lookup)),
            target: target.clone(),
            span: source.span.clone(),
        };
        copy.sources.iter().map(one).collect()
    }

    /// A place in the file.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::new(&self.document, span.clone())
    }

    /// The text of a place.
    pub fn text(&self, span: &Range<usize>) -> &str {
        self.document.text.get(span.clone()).unwrap_or_default()
    }
}

fn syntax(document: &Arc<Document>, broken: &parse::Broken) -> Diagnostic {
    let before: usize = document
        .text
        .split_inclusive('\n')
        .take(broken.line.saturating_sub(1))
        .map(str::len)
        .sum();
    let line = document.text[before.min(document.text.len())..]
        .lines()
        .next()
        .unwrap_or_default();
    let column = line
        .char_indices()
        .nth(broken.column.saturating_sub(1))
        .map_or(line.len(), |(at, _)| at);
    Diagnostic::error(
        "dockerfile-syntax",
        format!("not a Dockerfile: {}", broken.message),
    )
    .at(
        &Place::new(document, before + column..before + line.len()),
        "",
    )
    .help("docker build --check says what the builder makes of it")
}
