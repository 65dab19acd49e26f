//! A base that gets no more fixes.
use super::Finding;
use crate::dockerfile::view::View;

rule!("end-of-life", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    view.ends()
        .into_iter()
        .filter(|end| end.date.as_str() < view.around.today)
        .map(|end| finding(&end))
        .collect()
}

fn finding(end: &crate::dockerfile::view::End) -> Finding {
    let finding = Finding::new(
        &end.span,
        format!("{} has had no regular support since {}", end.what, end.date),
    );
    match &end.next {
        Some(next) => finding.help(format!("{next} is supported")),
        None => finding,
    }
}
