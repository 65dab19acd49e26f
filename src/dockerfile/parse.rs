//! Text → instructions. The only room that knows the parser: what it borrows becomes ours here.
use std::ops::Range;

use parse_dockerfile as foreign;

use super::heredoc;
use super::model::{Command, Copy, Flag, Form, Instruction, Kind, Mount, Run, Text, Variable};
use super::shell::{self, Simple};

/// Why a text is no Dockerfile.
pub(super) struct Broken {
    pub(super) message: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A `FROM` as it stands there.
pub(super) struct From {
    pub(super) span: Range<usize>,
    pub(super) image: Text,
    pub(super) name: Option<Text>,
    pub(super) flags: Vec<Flag>,
}

/// A `FROM` or another instruction.
pub(super) enum Item {
    From(From),
    Other(Instruction),
}

/// All instructions of a text, in order.
pub(super) fn parse(text: &str) -> Result<Vec<Item>, Broken> {
    let (plain, aside) = heredoc::set_aside(text);
    let parsed = foreign::parse(&plain).map_err(|error| Broken {
        message: error.to_string(),
        line: error.line(),
        column: error.column(),
    })?;
    let instructions = parsed.instructions.iter();
    let mut items: Vec<_> = instructions.map(|one| item(&plain, one)).collect();
    for document in aside {
        give(&mut items, document);
    }
    Ok(items)
}

/// Gives a here-document back to the `RUN` that it stands behind.
fn give(items: &mut [Item], document: Text) {
    let before = items.iter_mut().rev().find_map(|item| match item {
        Item::Other(instruction) if instruction.span.start < document.span.start => {
            Some(instruction)
        }
        _ => None,
    });
    if let Some(Instruction {
        kind: Kind::Run(run),
        ..
    }) = before
        && is_script(&run.command.commands())
    {
        let commands = shell::commands(&document.value, document.span.start);
        run.commands.extend(commands);
        run.documents.push(document);
    }
}

/// `RUN <<EOF` and `RUN sh <<EOF`: the text is a script; behind any other program it is data.
fn is_script(commands: &[Simple]) -> bool {
    commands
        .iter()
        .all(|command| shell::is_shell(command.program()) && command.operands().next().is_none())
}

fn item(text: &str, instruction: &foreign::Instruction<'_>) -> Item {
    if let foreign::Instruction::From(from) = instruction {
        let end = from
            .as_
            .as_ref()
            .map_or(from.image.span.end, |(_, name)| name.span.end);
        return Item::From(From {
            span: from.from.span.start..end,
            image: word(&from.image),
            name: from.as_.as_ref().map(|(_, name)| word(name)),
            flags: from.options.iter().map(flag).collect(),
        });
    }
    let (keyword, end, kind) = convert(text, instruction);
    Item::Other(Instruction {
        kind,
        span: keyword.start..end.max(keyword.end),
        keyword,
        user: None,
        workdir: String::new(),
    })
}

type Parts = (Range<usize>, usize, Kind);

fn started(
    keyword: &foreign::Keyword,
    arguments: &foreign::Command<'_>,
    kind: fn(Command) -> Kind,
) -> Parts {
    let command = command(arguments);
    (keyword.span.clone(), command.span.end, kind(command))
}

fn single(
    keyword: &foreign::Keyword,
    arguments: &foreign::UnescapedString<'_>,
    kind: fn(Text) -> Kind,
) -> Parts {
    (
        keyword.span.clone(),
        arguments.span.end,
        kind(word(arguments)),
    )
}

fn convert(text: &str, instruction: &foreign::Instruction<'_>) -> Parts {
    use foreign::Instruction as I;
    match instruction {
        I::Add(add) => (
            add.add.span.clone(),
            add.dest.span.end,
            Kind::Add(copy(&add.options, &add.src, &add.dest)),
        ),
        I::Copy(it) => (
            it.copy.span.clone(),
            it.dest.span.end,
            Kind::Copy(copy(&it.options, &it.src, &it.dest)),
        ),
        I::Arg(arg) => (
            arg.arg.span.clone(),
            arg.arguments.span.end,
            Kind::Arg(declared(text, &arg.arguments.span)),
        ),
        I::Env(env) => (
            env.env.span.clone(),
            env.arguments.span.end,
            Kind::Env(assignments(text, &env.arguments.span)),
        ),
        I::Cmd(cmd) => started(&cmd.cmd, &cmd.arguments, Kind::Cmd),
        I::Entrypoint(entry) => started(&entry.entrypoint, &entry.arguments, Kind::Entrypoint),
        I::User(user) => single(&user.user, &user.arguments, Kind::User),
        I::Workdir(workdir) => single(&workdir.workdir, &workdir.arguments, |path| {
            Kind::Workdir(unquoted(path))
        }),
        I::Stopsignal(stop) => single(&stop.stopsignal, &stop.arguments, Kind::Stopsignal),
        I::Run(run) => ran(run),
        I::Healthcheck(health) => checked(health),
        I::Expose(expose) => listed(&expose.expose, &expose.arguments, Kind::Expose),
        I::Shell(shell) => listed(&shell.shell, &shell.arguments, Kind::Shell),
        I::Volume(volume) => match &volume.arguments {
            foreign::JsonOrStringArray::Json(all) => {
                listed(&volume.volume, &all.value, Kind::Volume)
            }
            foreign::JsonOrStringArray::String(all) => listed(&volume.volume, all, Kind::Volume),
        },
        I::Label(label) => (
            label.label.span.clone(),
            label.arguments.span.end,
            Kind::Label(assignments(text, &label.arguments.span)),
        ),
        I::Maintainer(it) => (it.maintainer.span.clone(), it.name.span.end, Kind::Other),
        I::Onbuild(onbuild) => (
            onbuild.onbuild.span.clone(),
            onbuild.onbuild.span.end,
            Kind::Other,
        ),
        _ => (0..0, 0, Kind::Other),
    }
}

fn word(text: &foreign::UnescapedString<'_>) -> Text {
    Text {
        value: text.value.as_ref().to_owned(),
        span: text.span.clone(),
    }
}

/// The builder takes quotes off.
fn unquoted(text: Text) -> Text {
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let inner = text.value.strip_prefix(*quote)?.strip_suffix(*quote)?;
        Some(inner.to_owned())
    });
    Text {
        value: quoted.unwrap_or(text.value),
        span: text.span,
    }
}

fn flag(flag: &foreign::Flag<'_>) -> Flag {
    Flag {
        name: flag.name.value.as_ref().to_owned(),
        value: flag.value.as_ref().map(word).unwrap_or_default(),
        span: flag.span(),
    }
}

fn listed(
    keyword: &foreign::Keyword,
    all: &[foreign::UnescapedString<'_>],
    kind: fn(Vec<Text>) -> Kind,
) -> Parts {
    let end = all.last().map_or(keyword.span.end, |last| last.span.end);
    (
        keyword.span.clone(),
        end,
        kind(all.iter().map(word).collect()),
    )
}

fn command(command: &foreign::Command<'_>) -> Command {
    match command {
        foreign::Command::Exec(words) => Command {
            form: Form::Exec(words.value.iter().map(word).collect()),
            span: words.span.clone(),
        },
        foreign::Command::Shell(text) => Command {
            form: Form::Shell(Text {
                value: text.value.to_owned(),
                span: text.span.clone(),
            }),
            span: text.span.clone(),
        },
        _ => Command {
            form: Form::Exec(Vec::new()),
            span: 0..0,
        },
    }
}

fn checked(health: &foreign::HealthcheckInstruction<'_>) -> Parts {
    let (end, command) = match &health.arguments {
        foreign::HealthcheckArguments::Cmd { arguments, .. } => {
            let command = command(arguments);
            (command.span.end, Some(command))
        }
        foreign::HealthcheckArguments::None { none, .. } => (none.span.end, None),
        _ => (0, None),
    };
    (
        health.healthcheck.span.clone(),
        end,
        Kind::Healthcheck(command),
    )
}

fn ran(run: &foreign::RunInstruction<'_>) -> Parts {
    let command = command(&run.arguments);
    let documents: Vec<_> = run.here_docs.iter().map(document).collect();
    let end = documents
        .last()
        .map_or(command.span.end, |last| last.span.end);
    let first = command.commands();
    let scripts = is_script(&first);
    let documents = if scripts { documents } else { Vec::new() };
    let mut commands = first;
    for script in &documents {
        commands.extend(shell::commands(&script.value, script.span.start));
    }
    let mounts = run
        .options
        .iter()
        .map(flag)
        .filter(|flag| flag.name == "mount")
        .map(|flag| mount(&flag))
        .collect();
    (
        run.run.span.clone(),
        end,
        Kind::Run(Run {
            command,
            mounts,
            documents,
            commands,
        }),
    )
}

fn document(text: &foreign::HereDoc<'_>) -> Text {
    Text {
        value: text.value.as_ref().to_owned(),
        span: text.span.clone(),
    }
}

fn mount(flag: &Flag) -> Mount {
    let mut mount = Mount {
        kind: "bind".to_owned(),
        span: flag.span.clone(),
        ..Mount::default()
    };
    for pair in flag.value.value.split(',') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = value.trim_matches('"').to_owned();
        match key {
            "type" => mount.kind = value,
            "target" | "dst" | "destination" => mount.target = Some(value),
            "source" | "src" => mount.source = Some(value),
            "from" => mount.from = Some(value),
            _ => {}
        }
    }
    mount
}

fn copy(
    options: &[foreign::Flag<'_>],
    sources: &[foreign::Source<'_>],
    target: &foreign::UnescapedString<'_>,
) -> Copy {
    let mut copy = Copy {
        flags: options.iter().map(flag).collect(),
        sources: Vec::new(),
        inline: Vec::new(),
        target: word(target),
    };
    for source in sources {
        match source {
            foreign::Source::Path(path) => copy.sources.push(word(path)),
            foreign::Source::HereDoc(text) => copy.inline.push(document(text)),
            _ => {}
        }
    }
    copy
}

/// `A=1 B="2 3"`, or the old form `A 1 2`.
fn assignments(text: &str, span: &Range<usize>) -> Vec<Variable> {
    let words = shell::words(text.get(span.clone()).unwrap_or_default(), span.start);
    let is_old = words.len() > 1 && words.first().is_some_and(|word| !word.value.contains('='));
    if is_old
        && words.iter().skip(1).all(|word| {
            !shell::is_name(word.value.split('=').next().unwrap_or_default())
                || !word.value.contains('=')
        })
    {
        let rest: Vec<_> = words[1..].iter().map(|word| word.value.as_str()).collect();
        let value = Text {
            value: rest.join(" "),
            span: words[1].span.start..span.end,
        };
        return vec![Variable {
            name: words[0].clone(),
            value: Some(value),
        }];
    }
    words.into_iter().map(variable).collect()
}

/// `A B=1`: names, with or without a default.
fn declared(text: &str, span: &Range<usize>) -> Vec<Variable> {
    let words = shell::words(text.get(span.clone()).unwrap_or_default(), span.start);
    words.into_iter().map(variable).collect()
}

fn variable(word: Text) -> Variable {
    let Some((name, value)) = word.value.split_once('=') else {
        return Variable {
            name: word,
            value: None,
        };
    };
    let middle = word.span.start + name.len();
    Variable {
        name: Text {
            value: name.to_owned(),
            span: word.span.start..middle,
        },
        value: Some(Text {
            value: value.to_owned(),
            span: (middle + 1).min(word.span.end)..word.span.end,
        }),
    }
}
