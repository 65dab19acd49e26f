//! Two runs at once in one folder: the second waits until the first has written.
use camino::Utf8Path;

/// Held while files take their places; released when dropped, also when the process dies.
#[derive(Debug)]
pub struct Guard(#[allow(dead_code, reason = "the open file is the lock")] Option<fs_err::File>);

/// Takes the folder's lock. A folder that cannot be locked (some file systems, Windows) is no reason to stop: each
/// file still takes its place with one rename.
pub fn hold(root: &Utf8Path) -> Guard {
    let file = fs_err::File::open(root).ok();
    Guard(file.filter(|file| file.file().lock().is_ok()))
}
