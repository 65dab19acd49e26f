//! Questions that several rules ask of a whole Dockerfile.
use std::collections::BTreeSet;
use std::ops::Range;

use super::super::model::{Copy, Instruction, Kind};
use super::super::shell::{self, Use};
use super::{Stage, View, expand};
use crate::image::ends::End;

/// Variables that the builder sets for a stage that asks for them.
pub const PLATFORM: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

impl View<'_> {
    /// The ports that the last stage exposes.
    pub fn exposed(&self) -> Vec<(u16, Range<usize>)> {
        let last = self.last();
        let words =
            self.instructions(last)
                .filter_map(|(_, instruction)| match &instruction.kind {
                    Kind::Expose(words) => Some(words),
                    _ => None,
                });
        let ports = words.flatten().filter_map(|word| {
            let text = expand(&word.value, |name| last.env.get(name).cloned());
            Some((text.split('/').next()?.parse().ok()?, word.span.clone()))
        });
        ports.collect()
    }

    /// The variables of the last stage that are given another one's value under a name of their own.
    pub fn repeats(&self, name: &str) -> Vec<String> {
        let same = [format!("${name}"), format!("${{{name}}}")];
        let variables = self
            .instructions(self.last())
            .filter_map(|(_, instruction)| match &instruction.kind {
                Kind::Env(variables) => Some(variables),
                _ => None,
            });
        variables
            .flatten()
            .filter(|one| {
                let value = one.value.as_ref();
                value.is_some_and(|value| same.contains(&value.value))
            })
            .map(|one| one.name.value.clone())
            .collect()
    }

    /// The text of the script that goes to `path` in the last stage: from the context, or from the Dockerfile itself.
    pub fn script(&self, path: &str) -> Option<(String, String)> {
        let name = shell::base_name(path);
        let copies: Vec<&Copy> = self
            .instructions(self.last())
            .filter_map(|(_, instruction)| instruction.as_copy())
            .collect();
        let inline = copies
            .iter()
            .find(|copy| !copy.inline.is_empty() && shell::base_name(&copy.target.value) == name);
        if let Some(text) = inline.and_then(|copy| copy.inline.first()) {
            return Some((name.to_owned(), text.value.clone()));
        }
        let mut sources = copies
            .iter()
            .filter(|copy| copy.from().is_none())
            .flat_map(|copy| copy.sources.iter().map(move |source| (copy, source)));
        let source = sources.find(|(copy, source)| {
            let same = shell::base_name(&source.value) == name;
            let renamed = copy.sources.len() == 1
                && copy
                    .target
                    .value
                    .trim_end_matches('/')
                    .ends_with(&format!("/{name}"));
            same || (renamed && !source.value.ends_with('/') && source.value != ".")
        });
        let read = |path: &str| Some((path.to_owned(), (self.around.read)(path)?));
        match source {
            Some((_, source)) => read(source.value.trim_start_matches("./")),
            None if copies.iter().any(|copy| copy.is_broad())
                && !path.starts_with('-')
                && path.contains('.') =>
            {
                read(name)
            }
            None => None,
        }
    }

    /// Uses of variables that nothing sets where they stand.
    pub fn unset(&self) -> Vec<Use> {
        self.stages
            .iter()
            .flat_map(|stage| self.unset_in(stage))
            .collect()
    }

    fn unset_in(&self, stage: &Stage) -> Vec<Use> {
        let parents = self.chain(stage);
        let mut known: BTreeSet<String> = BTreeSet::new();
        for parent in &parents[..parents.len() - 1] {
            known.extend(parent.instructions.iter().flat_map(names));
        }
        let mut found = Vec::new();
        for instruction in &stage.instructions {
            let used = self.used(instruction).into_iter();
            found.extend(used.filter(|used| {
                !used.has_default
                    && !known.contains(&used.name)
                    && !self.assigns(instruction, &used.name)
            }));
            known.extend(names(instruction));
        }
        found
    }

    fn used(&self, instruction: &Instruction) -> Vec<Use> {
        let start = instruction.keyword.end;
        match &instruction.kind {
            Kind::Run(run) if run.command.words().is_empty() => {
                shell::uses(self.text(&(start..instruction.span.end)), start)
            }
            Kind::Copy(_)
            | Kind::Add(_)
            | Kind::Env(_)
            | Kind::Workdir(_)
            | Kind::User(_)
            | Kind::Expose(_)
            | Kind::Volume(_) => shell::uses(self.text(&(start..instruction.span.end)), start),
            _ => Vec::new(),
        }
    }

    /// Whether the instruction's own script gives the variable a value.
    fn assigns(&self, instruction: &Instruction, name: &str) -> bool {
        let text = self.text(&instruction.span);
        let sets = [
            format!("{name}="),
            format!("for {name} "),
            format!("read {name}"),
            format!("read -r {name}"),
        ];
        sets.iter().any(|set| text.contains(set.as_str()))
    }

    /// When the support of what the stages stand on ends, each with the image in its `FROM`.
    pub fn ends(&self) -> Vec<(End, Range<usize>)> {
        let bases = self.stages.iter().filter(|stage| stage.parent.is_none());
        let ends = bases.flat_map(|stage| {
            let ends = stage.facts.ends(self.around.today).into_iter();
            ends.map(|end| (end, stage.image.span.clone()))
        });
        ends.collect()
    }
}

/// The variables that an instruction sets for those behind it.
fn names(instruction: &Instruction) -> Vec<String> {
    match &instruction.kind {
        Kind::Arg(variables) | Kind::Env(variables) => variables
            .iter()
            .map(|variable| variable.name.value.clone())
            .collect(),
        _ => Vec::new(),
    }
}

/// Days from one date to another, both `YYYY-MM-DD`.
pub fn days_between(from: &str, to: &str) -> Option<i64> {
    Some(day_number(to)? - day_number(from)?)
}

/// Days since some fixed day (H. Hinnant's `days_from_civil`, <https://howardhinnant.github.io/date_algorithms.html>).
fn day_number(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_months_and_years() {
        assert_eq!(days_between("2026-11-23", "2026-11-23"), Some(0));
        assert_eq!(days_between("2026-11-23", "2027-02-21"), Some(90));
        assert_eq!(days_between("2024-02-28", "2024-03-01"), Some(2));
        assert_eq!(days_between("x", "2024-03-01"), None);
    }
}
