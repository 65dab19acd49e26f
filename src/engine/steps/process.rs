//! Process 1, as the kernel sees it from outside. The image is not asked: it may hold no tool to ask with.
use crate::dockerfile::tables;
use crate::engine::error::{Result, ensure, refuted, unproven};
use crate::engine::made::Container;

/// That process 1 is the program and not something that starts it.
pub(super) fn is_program(container: &Container<'_>, program: Option<&str>) -> Result<()> {
    let line = read(container, "cmdline")?;
    let words: Vec<_> = line.split('\0').filter(|word| !word.is_empty()).collect();
    let names: Vec<_> = words.iter().copied().map(file_name).collect();
    let first = names.first().copied().unwrap_or_default();
    let wanted = format!("{} as process 1", program.unwrap_or("the program"));
    ensure(
        !tables::wraps(&names),
        wanted.as_str(),
        format!("{first} around it"),
    )?;
    let Some(program) = program else {
        return Ok(());
    };
    // An interpreter's first words are itself and its options; then comes the program. Some servers give their processes
    // titles: the program, a colon, what it does; or the program, a blank, its version, as the whole command line.
    let title = format!("{program}: ");
    let is_it = |word: &&str| file_name(word) == program || word.starts_with(&title);
    let has_title = words.len() == 1 && words[0].starts_with(&format!("{program} "));
    let found = has_title || words.iter().take(4).any(is_it);
    ensure(found, wanted, line.replace('\0', " "))
}

/// That it is not root, holds no capability, can gain none, and runs under the system-call filter.
pub(super) fn is_powerless(container: &Container<'_>, uid: Option<&str>) -> Result<()> {
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
    if pid == "0" {
        let logs = container.logs()?;
        return Err(refuted(
            "a running container",
            format!("it has ended: {}", logs.trim()),
        ));
    }
    let path = format!("/proc/{pid}/{file}");
    let found = fs_err::read_to_string(&path);
    found.map_err(|_| unproven("the engine's processes are not in this machine's /proc"))
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
