//! What version control can give back: asked of `git` itself, which is not needed for anything else.
use std::process::{Command, Stdio};

use camino::Utf8Path;

/// Whether every one of these files is in version control just as it is on disk, so that `git restore` brings it back.
/// Without git, or outside a tree of it: no.
pub fn can_restore(root: &Utf8Path, paths: &[&str]) -> bool {
    let asked = |arguments: &[&str]| {
        let status = Command::new("git")
            .args(["-C", root.as_str()])
            .args(arguments)
            .arg("--")
            .args(paths)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    };
    asked(&["ls-files", "--error-unmatch"]) && asked(&["diff", "--quiet", "--no-ext-diff"])
}
