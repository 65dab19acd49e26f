//! When the support of an image ends.
use super::facts::{Facts, suite};

/// The end of support of something that an image is made of.
#[derive(Clone, Debug)]
pub struct End {
    /// What ends.
    pub what: String,
    /// When, `YYYY-MM-DD`.
    pub date: String,
    /// What to move to.
    pub next: Option<String>,
}

impl Facts {
    /// When the support of what it is made of ends: of its version line, and of the distribution's release.
    pub fn ends(&self, today: &str) -> Vec<End> {
        let repository = &self.name.repository;
        let line = self.line.as_ref().filter(|line| line.suite.is_none());
        let of_line = line.and_then(|line| {
            let next = self.newest_line(today);
            Some(End {
                what: format!("{repository}:{}", line.version),
                date: line.eol.clone()?,
                next: next.map(|next| format!("{repository}:{}", next.version)),
            })
        });
        let of_release = self.release.as_ref().and_then(|release| {
            let next = release.next.as_deref().and_then(suite);
            Some(End {
                what: release.title.clone(),
                date: release.eol.clone()?,
                next: next.map(|next| next.title.clone()),
            })
        });
        of_line.into_iter().chain(of_release).collect()
    }
}
