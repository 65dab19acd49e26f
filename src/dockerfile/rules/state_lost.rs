//! A RUN whose effect ends with it.
use super::Finding;
use crate::dockerfile::view::View;

rule!("state-lost", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let alone = view.all().filter(|(_, instruction)| {
        let commands = instruction.commands();
        let ends = |program: &str| {
            matches!(
                program,
                "export" | "cd" | "source" | "." | "umask" | "ulimit" | "alias" | "unset"
            )
        };
        !commands.is_empty() && commands.iter().all(|command| ends(command.program()))
    });
    let found = alone.map(|(_, instruction)| {
        let program = instruction.commands()[0].program().to_owned();
        let help = match program.as_str() {
            "cd" => "WORKDIR",
            "export" => "ENV NAME=value",
            _ => "in the same RUN as what needs it",
        };
        Finding::new(&instruction.span, format!("`{program}` ends with this RUN"))
            .because("each RUN is a shell of its own")
            .help(help)
    });
    found.collect()
}
