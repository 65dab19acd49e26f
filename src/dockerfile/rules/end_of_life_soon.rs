//! A base that gets no more fixes in a few weeks.
use super::Finding;
use crate::dockerfile::view::{View, days_between};

rule!("end-of-life-soon", check);

/// A quarter: long enough to plan the move.
const DAYS: i64 = 90;

fn check(view: &View<'_>) -> Vec<Finding> {
    let near = |date: &str| {
        days_between(view.around.today, date).is_some_and(|days| (0..=DAYS).contains(&days))
    };
    let found = view
        .ends()
        .into_iter()
        .filter(|(end, _)| near(&end.date))
        .map(|(end, span)| {
            let finding = Finding::new(
                &span,
                format!("{} has no regular support after {}", end.what, end.date),
            );
            match &end.next {
                Some(next) => finding.help(format!("{next} is supported longer")),
                None => finding,
            }
        });
    found.collect()
}
