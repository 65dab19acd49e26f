//! Where policies lie, and how they are read: small plain files only, so that none can hide, and none can make a run
//! read what is not the project's.
use std::io::{ErrorKind, Read};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::{FILE, Policy};
use crate::report::{Diagnostic, Document, Place};

/// As many bytes as a policy may have.
pub const LARGEST: u64 = 256 << 10;

/// The folders in which a project's policies may be, the nearest first: its own and those above it, up to the top of its
/// repository. Outside of a repository, up to the working folder.
pub fn folders(project: &Utf8Path, working: &Utf8Path) -> Vec<Utf8PathBuf> {
    let above: Vec<_> = project.ancestors().collect();
    let top = above.iter().position(|folder| folder.join(".git").exists());
    let top = top.or_else(|| above.iter().position(|folder| *folder == working));
    let kept = above.into_iter().take(top.unwrap_or(0) + 1);
    kept.map(Utf8Path::to_owned).collect()
}

/// The policy in a folder of a repository; a symbolic link could lead anywhere and is refused.
pub fn in_folder(folder: &Utf8Path, shown: &str) -> Result<Option<Arc<Policy>>, Vec<Diagnostic>> {
    let is_link = |path: &Utf8Path| {
        let meta = fs_err::symlink_metadata(path);
        meta.is_ok_and(|meta| meta.is_symlink())
    };
    let path = folder.join(FILE);
    if is_link(&path) {
        return Err(unreadable(shown, "it is a symbolic link"));
    }
    read(&path, shown)
}

/// The policy in the folder of a person's configuration, who may link what they like there.
pub fn of_person(folder: &Utf8Path) -> Result<Option<Arc<Policy>>, Vec<Diagnostic>> {
    let path = folder.join(FILE);
    read(&path, path.as_str())
}

/// A policy that was read elsewhere, such as out of a commit.
pub fn of_bytes(bytes: Vec<u8>, shown: &str) -> Result<Arc<Policy>, Vec<Diagnostic>> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(unreadable(shown, &too_large()));
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable(shown, "it is not UTF-8"))?;
    Policy::parse(&Document::file(shown, text)).map(Arc::new)
}

fn read(path: &Utf8Path, shown: &str) -> Result<Option<Arc<Policy>>, Vec<Diagnostic>> {
    // Where no file can be there is none: the folder may be missing, a file, or a name too long.
    let absent = [
        ErrorKind::NotFound,
        ErrorKind::NotADirectory,
        ErrorKind::InvalidFilename,
    ];
    let meta = match fs_err::metadata(path) {
        Err(error) if absent.contains(&error.kind()) => return Ok(None),
        Err(error) => return Err(unreadable(shown, &error.to_string())),
        Ok(meta) => meta,
    };
    if !meta.is_file() {
        return Err(unreadable(shown, "it is not a plain file"));
    }
    let mut bytes = Vec::new();
    let file = fs_err::File::open(path);
    file.and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(shown, &error.to_string()))?;
    of_bytes(bytes, shown).map(Some)
}

fn too_large() -> String {
    format!("it has more than {} KiB", LARGEST >> 10)
}

/// A policy that cannot be read is none that can be passed over.
fn unreadable(shown: &str, why: &str) -> Vec<Diagnostic> {
    let place = Place::new(&Document::file(shown, ""), 0..0);
    let message = format!("the policy {} cannot be read: {why}", shown.escape_debug());
    vec![Diagnostic::error("broken-policy", message).at(&place, "")]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().to_owned();
        (folder, path)
    }

    fn write(path: &Utf8Path, bytes: &[u8]) {
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::File::create(path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, bytes))
            .unwrap();
    }

    #[test]
    fn the_way_up_ends_at_the_top_of_the_repository() {
        let (_guard, root) = folder();
        let project = root.join("repo/services/api");
        assert_eq!(
            folders(&project, "/elsewhere".into()),
            std::slice::from_ref(&project)
        );
        assert_eq!(folders(&project, &root.join("repo")).len(), 3);
        write(&root.join("repo/services/.git"), b"gitdir: x");
        assert_eq!(folders(&project, &root).len(), 2);
    }

    #[test]
    fn hostile_files_are_told_and_not_passed_over() {
        let (_guard, root) = folder();
        let said = |bytes: &[u8]| {
            write(&root.join(FILE), bytes);
            in_folder(&root, "p").unwrap_err()[0].message.clone()
        };
        assert!(said(&vec![b'#'; 300 << 10]).contains("more than 256 KiB"));
        assert!(said(b"\xff").contains("not UTF-8"));
        assert!(said(b"[images").contains("not TOML"));
        let deep = format!("labels = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(said(deep.as_bytes()).contains("not TOML"));
        let below = in_folder(&root.join(FILE), "p");
        assert!(below.unwrap().is_none(), "a file has nothing below it");
        let long = in_folder(&root.join("x".repeat(10_000)), "p");
        assert!(long.unwrap().is_none(), "nothing has so long a name");
        fs_err::remove_file(root.join(FILE)).unwrap();
        fs_err::create_dir_all(root.join(FILE)).unwrap();
        let found = in_folder(&root, "p").unwrap_err();
        assert!(found[0].message.contains("not a plain file"), "{found:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_repository_links_nowhere_and_a_person_may() {
        let (_guard, root) = folder();
        write(&root.join("real.toml"), b"[labels]\na = 'b'\n");
        std::os::unix::fs::symlink(root.join("real.toml"), root.join(FILE)).unwrap();
        let found = in_folder(&root, "p").unwrap_err();
        assert!(found[0].message.contains("symbolic link"), "{found:?}");
        assert!(of_person(&root).unwrap().is_some());
    }
}
