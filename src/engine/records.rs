//! The builder's cache: what our builds left there is taken away again, and nothing that is another's. A record does
//! not say which build made it, so it is ours when it came up while one of our builds ran and is for one of its steps.
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;

use super::client::Engine;
use super::kind::Kind;
use super::progress::Progress;
use crate::dockerfile::view::days_between;

/// The time of one of our builds, and its steps.
pub(super) struct Window {
    space: String,
    from: u64,
    until: u64,
    steps: Vec<String>,
}

/// A record, as the engine lists it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    #[serde(rename = "ID")]
    id: String,
    description: String,
    created_at: String,
}

impl Window {
    pub(super) fn new(space: &str, from: SystemTime, progress: &Progress) -> Self {
        Self {
            space: space.to_owned(),
            from: seconds(from),
            until: seconds(SystemTime::now()),
            steps: progress.names().map(str::to_owned).collect(),
        }
    }

    fn made(&self, record: &Record) -> bool {
        let time = parsed(&record.created_at).unwrap_or_default();
        self.from <= time
            && time <= self.until
            && self
                .steps
                .iter()
                .any(|step| is_of(&record.description, step))
    }
}

impl Engine {
    pub(super) fn remember(&self, window: Window) {
        if let Ok(mut windows) = self.windows.lock() {
            windows.push(window);
        }
    }

    /// Takes away what the builds of a cache space left in the builder's cache; its cache mounts only `with_mounts`.
    /// The last user of a space does so for all: what one still builds on must not vanish under it.
    pub(super) fn forget(&self, space: &str, with_mounts: bool) {
        if self.leave(space) || self.kind != Kind::Docker {
            return;
        }
        if with_mounts {
            self.prune(&format!("description~={space}"));
        }
        self.forget_records(|window| window.space == space);
    }

    /// Takes away the records of the builds that are chosen, and of no other.
    pub(super) fn forget_records(&self, chosen: impl Fn(&Window) -> bool) {
        let Ok(mut windows) = self.windows.lock() else {
            return;
        };
        let (ours, others): (Vec<_>, Vec<_>) = windows.drain(..).partition(chosen);
        *windows = others;
        if ours.is_empty() {
            return;
        }
        let made = |windows: &[Window], record: &Record| windows.iter().any(|w| w.made(record));
        let ids: Vec<_> = self
            .records()
            .into_iter()
            .filter(|record| made(&ours, record) && !made(&windows, record))
            .map(|record| record.id)
            .collect();
        drop(windows);
        // An argument has a length.
        for some in ids.chunks(500) {
            self.prune(&format!("id={}", some.join("|")));
        }
    }

    /// One user of a space less; whether others are left.
    pub(super) fn leave(&self, space: &str) -> bool {
        let Ok(mut spaces) = self.spaces.lock() else {
            return false;
        };
        if let Some(at) = spaces.iter().position(|name| name == space) {
            spaces.swap_remove(at);
        }
        spaces.iter().any(|name| name == space)
    }

    fn prune(&self, filter: &str) {
        let _ = self
            .call(["buildx", "prune", "--force", "--filter", filter])
            .output();
    }

    fn records(&self) -> Vec<Record> {
        let words = [
            "system",
            "df",
            "--verbose",
            "--format",
            "{{json .BuildCache}}",
        ];
        let text = self.call(words).stdout().unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// `[build 3/7] COPY . .` is told as the step's name; of a `RUN` only its command is told, at the end.
fn is_of(description: &str, step: &str) -> bool {
    if description == step {
        return true;
    }
    let Some((_, command)) = description
        .strip_prefix("mount / from exec ")
        .and_then(|command| command.split_once(" -c "))
    else {
        return false;
    };
    !command.is_empty() && step.ends_with(command)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// `2026-11-24 14:41:26.309436292 +0000 UTC` in seconds since 1970.
fn parsed(text: &str) -> Option<u64> {
    let (day, rest) = text.split_once(' ')?;
    let days = u64::try_from(days_between("1970-01-01", day)?).ok()?;
    let mut parts = rest.get(..8)?.split(':').map(str::parse::<u64>);
    let mut next = || parts.next()?.ok();
    Some(days * 86_400 + next()? * 3600 + next()? * 60 + next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_ours_by_its_time_and_its_step() {
        let window = Window {
            space: "a".to_owned(),
            from: 1_795_531_285,
            until: 1_795_531_287,
            steps: vec![
                "[build 4/6] RUN --mount=type=cache,target=/c make all && make x".to_owned(),
                "[build 5/6] COPY . .".to_owned(),
            ],
        };
        let record = |description: &str, second: u64| Record {
            id: String::new(),
            description: description.to_owned(),
            created_at: format!("2026-11-24 14:41:{second}.3 +0000 UTC"),
        };
        let exec = "mount / from exec /bin/sh -c make all && make x";
        assert!(window.made(&record(exec, 26)));
        assert!(window.made(&record("[build 5/6] COPY . .", 25)));
        assert!(!window.made(&record(exec, 20)));
        assert!(!window.made(&record("[build 5/6] COPY b .", 26)));
        assert!(!window.made(&record("mount / from exec /bin/sh -c make y", 26)));
    }
}
