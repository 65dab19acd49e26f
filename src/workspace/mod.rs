//! The user's folder: what is there, what would change, and the one way to write.
pub mod apply;
pub mod classify;
pub mod diff;
pub mod guard;
pub mod lock;
pub mod merge;
pub mod tree;

use camino::Utf8Path;

pub use classify::{Action, Change, OnConflict, State, classify};
pub use lock::Lock;
pub use tree::Error;

/// The lock's text after these changes; `None` when the one on disk already says so.
pub fn lock_text(
    root: &Utf8Path,
    changes: &[Change],
    old: &Lock,
    resolved: crate::plan::Resolved,
) -> Result<Option<String>, Error> {
    let text = next_lock(changes, old, resolved).to_text();
    let before = tree::read(root, lock::FILE)?;
    Ok((!is_same_lock(before.as_deref(), &text)).then_some(text))
}

/// Writes what was decided, then the lock.
pub fn write(root: &Utf8Path, changes: &[Change], lock: Option<&str>) -> Result<(), Error> {
    let mut jobs: Vec<_> = changes.iter().filter_map(job).collect();
    jobs.extend(lock.map(|text| apply::Job {
        path: lock::FILE.to_owned(),
        bytes: text.as_bytes(),
    }));
    if jobs.is_empty() {
        return Ok(());
    }
    let _guard = guard::hold(root);
    apply::apply(root, &jobs)
}

fn job(change: &Change) -> Option<apply::Job<'_>> {
    let (path, bytes) = match &change.action {
        Action::Write(bytes) | Action::Merge(bytes, _) => (change.path.clone(), bytes),
        Action::Beside(bytes) => (format!("{}.new", change.path), bytes),
        Action::None | Action::Skip | Action::Refuse => return None,
    };
    Some(apply::Job { path, bytes })
}

fn next_lock(changes: &[Change], old: &Lock, resolved: crate::plan::Resolved) -> Lock {
    let files = changes
        .iter()
        .filter_map(|change| Some((change.path.clone(), change.pristine(old)?)));
    Lock {
        resolved,
        files: files.collect(),
    }
}

/// The tool's version alone is no reason to write the lock anew.
fn is_same_lock(before: Option<&[u8]>, after: &str) -> bool {
    let parsed = |text: &str| Lock::parse(text).ok();
    before
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .is_some_and(|before| parsed(before).is_some() && parsed(before) == parsed(after))
}
