//! Files that everybody may write.
use super::Finding;
use crate::dockerfile::view::View;

rule!("world-writable", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let opened = view.ran().filter(|(_, _, command)| {
        command.program() == "chmod"
            && command
                .operands()
                .next()
                .is_some_and(|mode| is_open(&mode.value))
    });
    // The folder for everybody's passing files is open by design.
    let opened = opened.filter(|(_, _, command)| {
        command
            .operands()
            .skip(1)
            .any(|path| !path.value.contains("tmp"))
    });
    let commands = opened.map(|(_, _, command)| command.span.clone());
    let flags = view
        .all()
        .filter_map(|(_, instruction)| instruction.as_copy()?.flag("chmod"))
        .filter(|mode| is_open(&mode.value))
        .map(|mode| mode.span.clone());
    commands
        .chain(flags)
        .map(|span| {
            Finding::new(&span, "everybody may change these files")
                .because("also whoever gets into the program")
                .help("the owner that writes them: --chown, or g=u for any user of group 0")
        })
        .collect()
}

fn is_open(mode: &str) -> bool {
    let digits = mode.trim_start_matches('0');
    let octal = digits.len() == 3 && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    let last =
        digits.bytes().last().unwrap_or(b'0') - b'0'.min(digits.bytes().last().unwrap_or(b'0'));
    let symbolic = mode.split(',').any(|part| {
        part.split_once(['+', '=']).is_some_and(|(who, what)| {
            (who.contains('o') || who.contains('a')) && what.contains('w')
        })
    });
    (octal && last & 2 == 2) || symbolic
}
