//! Process 1, as the kernel sees it from outside. The image is not asked: it may hold no tool to ask with.

use crate::engine::error::{Result, ensure, refuted};
use crate::engine::made::Container;

/// Programs that, as process 1, stand between the signal and the program.
const WRAPPERS: [&str; 12] = [
    "sh", "bash", "dash", "ash", "busybox", "npm", "npx", "yarn", "pnpm", "make", "bundle", "su",
];

/// That process 1 is the program and not something that starts it.
pub(crate) fn is_program(container: &Container<'_>, program: &str) -> Result<()> {
    let line = read(container, "cmdline")?;
    let names: Vec<_> = line
        .split('\0')
        .filter(|word| !word.is_empty())
        .map(file_name)
        .collect();
    let first = names.first().copied().unwrap_or_default();
    ensure(
        !WRAPPERS.contains(&first),
        format!("{program} as process 1"),
        format!("{first} around it"),
    )?;
    // An interpreter's first words are itself and its options; then comes the program.
    let found = names.iter().take(4).any(|name| *name == program);
    ensure(
        found,
        format!("{program} as process 1"),
        line.replace('\0', " "),
    )
}

/// That it is not root, holds no capability, can gain none, and runs under the system-call filter.
pub(crate) fn is_powerless(container: &Container<'_>, uid: Option<&str>) -> Result<()> {
    let status = read(container, "status")?;
    let user = field(&status, "Uid");
    let effective = user.split_whitespace().nth(1).unwrap_or_default();
    ensure(
        effective != "0",
        "a user other than root",
        format!("uid {effective}"),
    )?;
    ensure(
        uid.is_none_or(|uid| uid == effective),
        format!("uid {uid:?}"),
        format!("uid {effective}"),
    )?;
    let capabilities = field(&status, "CapEff");
    ensure(
        capabilities.trim_matches('0').is_empty(),
        "no capabilities",
        capabilities,
    )?;
    ensure(
        field(&status, "NoNewPrivs") == "1",
        "no way to new privileges",
        "NoNewPrivs is not 1",
    )?;
    ensure(
        field(&status, "Seccomp") == "2",
        "the system-call filter",
        "Seccomp is not 2",
    )
}

fn read(container: &Container<'_>, file: &str) -> Result<String> {
    let pid = container.inspect(".State.Pid")?;
    ensure(pid != "0", "a running container", last_words(container))?;
    let path = format!("/proc/{pid}/{file}");
    let found = fs_err::read_to_string(&path);
    found.map_err(|error| {
        refuted(
            "the engine's processes in this machine's /proc",
            error.to_string(),
        )
    })
}

fn last_words(container: &Container<'_>) -> String {
    format!(
        "it has ended: {}",
        container.logs().unwrap_or_default().trim()
    )
}

fn field<'a>(status: &'a str, name: &str) -> &'a str {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_default().trim()
}

fn file_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}
