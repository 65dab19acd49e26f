//! The user's folder: what is there, what would change, and the one way to write.
pub mod apply;
pub mod classify;
pub mod diff;
pub mod guard;
pub mod history;
pub mod lock;
pub mod merge;
pub mod tree;

use camino::Utf8Path;

use crate::plan::Plan;

pub use classify::{Action, Change, OnConflict, State, classify};
pub use lock::Lock;
pub use tree::Error;

/// The lock's text after these changes; `None` when the one on disk already says so.
pub fn lock_text(
    root: &Utf8Path,
    changes: &[Change],
    old: &Lock,
    plans: &[Plan],
) -> Result<Option<String>, Error> {
    let text = next_lock(changes, old, plans).to_text();
    let before = tree::read(root, lock::FILE)?;
    Ok((!is_same_lock(before.as_deref(), &text)).then_some(text))
}

/// Writes what was decided, then the lock.
pub fn write(root: &Utf8Path, changes: &[Change], lock: Option<&str>) -> Result<(), Error> {
    let mut jobs: Vec<_> = changes.iter().filter_map(job).collect();
    jobs.extend(lock.map(|text| apply::Job::write(lock::FILE, text.as_bytes())));
    run(root, &jobs)
}

/// Does the jobs in their order, alone in the folder.
pub fn run(root: &Utf8Path, jobs: &[apply::Job<'_>]) -> Result<(), Error> {
    if jobs.is_empty() {
        return Ok(());
    }
    let _guard = guard::hold(root);
    apply::apply(root, jobs)
}

/// What is to be done for a change, if anything.
pub fn job(change: &Change) -> Option<apply::Job<'_>> {
    let (path, bytes) = match &change.action {
        Action::Write(bytes) | Action::Merge(bytes, _) => (change.path.clone(), bytes),
        Action::Beside(bytes) => (format!("{}.new", change.path), bytes),
        Action::Remove => return Some(apply::Job::remove(&change.path)),
        Action::None | Action::Skip | Action::Refuse => return None,
    };
    Some(apply::Job::write(path, bytes))
}

fn next_lock(changes: &[Change], old: &Lock, plans: &[Plan]) -> Lock {
    let mut lock = Lock::default();
    for plan in plans {
        let resolved = plan.resolved.clone();
        match &plan.service {
            Some(service) => drop(lock.services.insert(service.name.clone(), resolved)),
            None => lock.resolved = resolved,
        }
    }
    let files = changes
        .iter()
        .filter_map(|change| Some((change.path.clone(), change.pristine(old)?)));
    lock.files = files.collect();
    lock
}

/// The tool's version alone is no reason to write the lock anew.
fn is_same_lock(before: Option<&[u8]>, after: &str) -> bool {
    let parsed = |text: &str| Lock::parse(text).ok();
    let before = before.and_then(|bytes| std::str::from_utf8(bytes).ok());
    before.is_some_and(|before| {
        before == after || parsed(before).is_some_and(|before| Some(before) == parsed(after))
    })
}
