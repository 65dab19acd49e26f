//! A base that gets no more fixes.
use std::ops::Range;

use super::Finding;
use crate::dockerfile::view::View;
use crate::image::ends::End;

rule!("end-of-life", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    view.ends()
        .into_iter()
        .filter(|(end, _)| end.date.as_str() < view.around.today)
        .map(|(end, span)| finding(&end, &span))
        .collect()
}

fn finding(end: &End, span: &Range<usize>) -> Finding {
    let message = format!("{} has had no regular support since {}", end.what, end.date);
    let finding = Finding::new(span, message);
    match &end.next {
        Some(next) => finding.help(format!("{next} is supported")),
        None => finding,
    }
}
