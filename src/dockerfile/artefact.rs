//! What a stage holds, as far as its instructions tell: native programs that it compiled, programs and users that were
//! installed. What cannot be told is not claimed.
use super::model::{Instruction, Kind};
use super::shell::Simple;
use super::tables::{Compile, matching, tables};
use super::view::{Between, Stage, View, covers, expand, join};
use crate::image::Libc;

/// The command that made a native program which needs a libc, if that is what is copied.
pub(super) fn native<'v>(view: &'v View<'_>, between: &Between<'v>) -> Option<&'v Simple> {
    let compiling = view
        .chain(between.from)
        .into_iter()
        .flat_map(|stage| stage.compiling.iter().map(|at| &stage.instructions[*at]));
    let made = compiling.flat_map(|instruction| {
        instruction
            .commands()
            .iter()
            .map(move |command| (instruction, command))
    });
    let mut made =
        made.filter(|(instruction, command)| needs_libc(view, between.from, instruction, command));
    made.find(|(instruction, command)| is_output(between, instruction, command))
        .map(|(_, command)| command)
}

/// The table's entry of a command that compiles.
pub(super) fn compiles(command: &Simple) -> Option<&'static Compile> {
    tables()
        .compile
        .iter()
        .find(|entry| matching(&entry.run, command).is_some())
}

fn needs_libc(view: &View<'_>, stage: &Stage, instruction: &Instruction, command: &Simple) -> bool {
    let Some(entry) = compiles(command) else {
        return false;
    };
    let on_musl = stage.facts.libc == Some(Libc::Musl);
    if on_musl && (entry.static_on_musl || (entry.needs_cc && !has_compiler(view, stage))) {
        return false;
    }
    if command
        .words
        .iter()
        .any(|word| is_static(entry, &word.value))
    {
        return false;
    }
    let set = settings(stage, instruction, command);
    let static_env = entry
        .static_env
        .as_deref()
        .and_then(|pair| pair.split_once('='));
    !set.iter().any(|(name, value)| {
        is_static(entry, value)
            || static_env.is_some_and(|(wanted, off)| name == wanted && value == off)
    })
}

fn is_static(entry: &Compile, word: &str) -> bool {
    entry
        .static_words
        .iter()
        .any(|part| word.contains(part.as_str()))
}

/// Variables that hold for a command: of the stage, of the script before it, of the command itself.
pub(super) fn settings(
    stage: &Stage,
    instruction: &Instruction,
    command: &Simple,
) -> Vec<(String, String)> {
    let mut all: Vec<_> = stage
        .env
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for earlier in instruction.commands() {
        let exported = earlier.program() == "export" || earlier.words.is_empty();
        if exported {
            all.extend(earlier.assignments.iter().cloned());
            let pairs = earlier
                .arguments()
                .iter()
                .filter_map(|word| word.value.split_once('='));
            all.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
    }
    all.extend(command.assignments.iter().cloned());
    all
}

fn has_compiler(view: &View<'_>, stage: &Stage) -> bool {
    tables()
        .names
        .compilers
        .iter()
        .any(|package| installs(view, stage, package))
}

/// Whether a package of that name, or one that begins with it, is installed on the way to the end of a stage.
pub(super) fn installs(view: &View<'_>, stage: &Stage, package: &str) -> bool {
    installed(view, stage, |word| is_package(word, package))
}

/// Whether one of the words behind an install is so.
fn installed(view: &View<'_>, stage: &Stage, is_so: impl Fn(&str) -> bool) -> bool {
    let all = view
        .instructions(stage)
        .flat_map(|(_, instruction)| instruction.commands());
    let mut installers =
        all.filter(|command| matching(&tables().names.installers, command).is_some());
    installers.any(|command| command.operands().any(|word| is_so(&word.value)))
}

fn is_package(word: &str, package: &str) -> bool {
    let name = word.trim_start_matches(['\'', '"']);
    name.strip_prefix(package).is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(['=', '-', '>', '<', '~', ':', '\'', '"'])
            || rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Whether what is copied is, or holds, what the command made.
fn is_output(between: &Between<'_>, instruction: &Instruction, command: &Simple) -> bool {
    let Some(entry) = compiles(command) else {
        return false;
    };
    let said = entry.output.as_deref().and_then(|flag| command.flag(flag));
    let said = said.map(|path| expand(path, |name| between.from.env.get(name).cloned()));
    let at_work = |path: &str| join(&instruction.workdir, path);
    match said.filter(|path| !path.contains('$')) {
        Some(path) => {
            let path = at_work(&path);
            covers(&between.source, &path) || covers(&path, &between.source)
        }
        None => looks_like_a_program(&between.source, &instruction.workdir),
    }
}

fn looks_like_a_program(source: &str, workdir: &str) -> bool {
    let name = super::shell::base_name(source);
    let programs =
        source.contains("/bin/") || source.contains("/release/") || source.ends_with("/bin");
    let data = tables().names.data.iter().any(|data| data == name);
    let below =
        !workdir.is_empty() && workdir != "/" && covers(workdir, source) && source != workdir;
    !source.contains('*') && !name.contains('.') && !data && (programs || below)
}

/// Whether a program is known to be missing at the end of a stage: the base lacks it and nothing brings it.
pub(super) fn lacks(view: &View<'_>, stage: &Stage, program: &str) -> bool {
    let facts = &stage.facts;
    let missing = facts.shell == Some(false) || facts.lacks.iter().any(|lacked| lacked == program);
    missing
        && !is_interpreter(stage, program)
        && !on_path(view, stage)
        && !brings(view, stage, program)
}

/// Whether it is the interpreter that the base is made for, under one of its names.
fn is_interpreter(stage: &Stage, program: &str) -> bool {
    let bare = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    stage.facts.holds.as_deref() == Some(bare)
}

/// Whether a folder of PATH comes from somewhere else: what is in it is not known.
fn on_path(view: &View<'_>, stage: &Stage) -> bool {
    let path = stage
        .env
        .get("PATH")
        .map(String::as_str)
        .unwrap_or_default();
    let own: Vec<_> = path
        .split(':')
        .filter(|folder| {
            folder.starts_with('/')
                && !folder.starts_with("/usr")
                && !folder.starts_with("/bin")
                && !folder.starts_with("/sbin")
        })
        .collect();
    stage.facts.shell == Some(false)
        && view
            .between()
            .iter()
            .any(|between| own.iter().any(|folder| covers(&between.target, folder)))
}

fn brings(view: &View<'_>, stage: &Stage, program: &str) -> bool {
    // What a variable of the script holds is not known.
    let packaged = installed(view, stage, |word| word.starts_with('$'))
        || installs(view, stage, program)
        || tables()
            .names
            .packages
            .get(program)
            .is_some_and(|package| installs(view, stage, package));
    packaged
        || view
            .instructions(stage)
            .any(|(_, instruction)| match &instruction.kind {
                Kind::Copy(copy) | Kind::Add(copy) => {
                    let whole = matches!(
                        copy.target.value.as_str(),
                        "/" | "/bin"
                            | "/bin/"
                            | "/usr/bin"
                            | "/usr/bin/"
                            | "/usr/local/bin"
                            | "/usr/local/bin/"
                            | "/usr"
                            | "/usr/local/"
                    );
                    let named =
                        super::shell::base_name(copy.target.value.trim_end_matches('/')) == program;
                    named
                        || whole
                        || copy
                            .sources
                            .iter()
                            .any(|source| super::shell::base_name(&source.value) == program)
                }
                Kind::Run(run) => run.commands.iter().any(|command| {
                    command
                        .words
                        .iter()
                        .any(|word| word.value.contains("busybox"))
                        || command
                            .writes
                            .iter()
                            .any(|path| path.value.ends_with(program))
                        || command
                            .flag("-o")
                            .is_some_and(|path| path.ends_with(program))
                }),
                _ => false,
            })
}

/// Whether the user is known not to exist at the end of a stage.
pub(super) fn lacks_user(view: &View<'_>, stage: &Stage, user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default();
    let facts = &stage.facts;
    if name.is_empty()
        || name.contains('$')
        || name.bytes().all(|byte| byte.is_ascii_digit())
        || name == "root"
        || !facts.known
    {
        return false;
    }
    let distribution = facts.shell == Some(true)
        && tables()
            .names
            .system_users
            .iter()
            .any(|known| known == name);
    let brought = facts.users.iter().any(|known| known.name == name);
    !distribution && !brought && !makes_user(view, stage, name)
}

fn makes_user(view: &View<'_>, stage: &Stage, name: &str) -> bool {
    view.instructions(stage)
        .any(|(_, instruction)| match &instruction.kind {
            Kind::Copy(copy) | Kind::Add(copy) => {
                let passwd = |path: &str| {
                    path == "/etc" || path == "/etc/" || path == "/" || path.ends_with("passwd")
                };
                passwd(&copy.target.value)
                    || copy
                        .sources
                        .iter()
                        .any(|source| source.value.ends_with("/etc/passwd"))
            }
            Kind::Run(run) => run.commands.iter().any(|command| {
                let account = tables()
                    .names
                    .accounts
                    .iter()
                    .any(|program| program == command.program());
                let writes = command
                    .writes
                    .iter()
                    .any(|path| path.value.ends_with("passwd"));
                let lookup = |variable: &str| stage.env.get(variable).cloned();
                let named = command
                    .words
                    .iter()
                    .any(|word| expand(&word.value, lookup) == name || word.value.contains('$'));
                (account && named) || writes || installer_of(command, name)
            }),
            _ => false,
        })
}

/// Packages of servers make the account that is named like them.
fn installer_of(command: &Simple, name: &str) -> bool {
    matching(&tables().names.installers, command).is_some()
        && command.operands().any(|word| word.value.starts_with(name))
}

/// Whether a user is root by name or number.
pub(super) fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), Some("root" | "0"))
}
