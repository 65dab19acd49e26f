//! One of several services, and an edit of what it does not need.

use stagewright::engine::Subject;
use stagewright::engine::error::{Result, ensure};
use stagewright::engine::report::{Report, Step};

use super::case::Edit;

const ELSEWHERE: Step = Step {
    id: "elsewhere",
    title: "an edit of another service builds nothing again",
};
/// A stage that looks at everything, and whose result an edit leaves as it is.
const LOOKS: &str = "manifests";

/// Puts a line into a file of another service and builds.
pub(crate) fn prove(subject: &Subject<'_>, edit: &Edit, report: &mut Report<'_>) {
    report.step(ELSEWHERE, || nothing_again(subject, edit));
}

fn nothing_again(subject: &Subject<'_>, edit: &Edit) -> Result<()> {
    let copy = subject.copy()?;
    let line = edit.line.replace("{unique}", &subject.unique());
    copy.append(&edit.file, &line)?;
    let built = subject.engine.build(&subject.again(&copy.folder))?;
    let steps = built.progress.steps();
    let ran = steps
        .iter()
        .filter(|step| !step.cached && step.stage != LOOKS);
    let ran: Vec<_> = ran.map(|step| step.instruction.as_str()).collect();
    ensure(
        ran.is_empty(),
        "every step from the cache",
        format!("{ran:?} ran again"),
    )
}
