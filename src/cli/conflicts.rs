//! Files that the user made or changed: what to do with each, from the flag or by asking.
use super::arguments::Writing;
use super::failure::Failure;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::{Diagnostic, Printer};
use crate::wizard::{Item, Prompter, Question, Stop, Terminal};
use crate::workspace::{Action, Change, Lock, OnConflict, diff};

/// Decides every change.
pub(super) fn decide(
    changes: &mut [Change],
    lock: &Lock,
    writing: &Writing,
    (context, printer): (&Context, Printer),
) -> Result<(), Failure> {
    let flag = writing.on_conflict.map(OnConflict::from);
    let asks = flag.is_none() && context.can_ask && !writing.dry_run;
    let undecided = changes
        .iter_mut()
        .filter(|change| change.action == Action::None);
    for change in undecided {
        change.decide(flag.unwrap_or(OnConflict::Fail), lock);
    }
    if asks && changes.iter().any(|change| change.action == Action::Refuse) {
        let mut terminal = Terminal::new(printer.colour);
        for change in changes
            .iter_mut()
            .filter(|change| change.action == Action::Refuse)
        {
            let answer = ask(&mut terminal, change)?;
            change.decide(answer, lock);
        }
    }
    Ok(())
}

fn ask(prompter: &mut dyn Prompter, change: &Change) -> Result<OnConflict, Stop> {
    let item = |value: &str, title: &str| Item {
        value: value.to_owned(),
        title: title.to_owned(),
    };
    let question = Question {
        text: format!("{} is {}. What now?", change.path, whose(change)),
        default: "skip".to_owned(),
        items: vec![
            item("skip", "skip: leave it"),
            item("diff", "show diff"),
            item("merge", "merge: keep both, conflicts are marked"),
            item("new", "new: write ours beside it as .new"),
            item("overwrite", "overwrite: yours is lost"),
            item("cancel", "cancel: write nothing at all"),
        ],
    };
    loop {
        match prompter.ask(&question, &|_| Ok(()))?.as_str() {
            "skip" => return Ok(OnConflict::Skip),
            "merge" => return Ok(OnConflict::Merge),
            "new" => return Ok(OnConflict::New),
            "overwrite" => return Ok(OnConflict::Overwrite),
            "diff" => prompter.show(&diff::unified(
                &change.path,
                change.before.as_deref(),
                &change.entry.bytes,
            )),
            _ => return Err(Stop::Cancelled),
        }
    }
}

fn whose(change: &Change) -> &'static str {
    match change.state {
        crate::workspace::State::Edited => "edited by you since scaffold wrote it",
        _ => "not written by scaffold",
    }
}

/// The refusal, when a change stops the run; nothing has been written by then.
pub(super) fn refusal(changes: &[Change]) -> Option<Failure> {
    let refused: Vec<_> = changes
        .iter()
        .filter(|change| change.action == Action::Refuse)
        .collect();
    if refused.is_empty() {
        return None;
    }
    let mut diagnostic = Diagnostic::error(
        "would-overwrite",
        "nothing was written: it would change what is yours",
    );
    for change in refused {
        diagnostic = diagnostic.because(format!("{} is {}", change.path, whose(change)));
    }
    let help = "--on-conflict skip, merge, new or overwrite; --dry-run --diff shows the changes";
    Some(Failure::new(Exit::Refused, vec![diagnostic.help(help)]))
}
