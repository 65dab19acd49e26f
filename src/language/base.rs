//! What a folder extends: a built-in one by its name, or one beside it, `../NAME`, of the same directory or of the same
//! commit of the same repository. Nothing else can be named, so that no manifest leaves where it lies.
use std::sync::Arc;

use camino::Utf8Path;
use toml::de::DeTable;

use super::error::Error;
use super::files::Files;
use super::folder::{self, Language, Origin};
use crate::report::{Document, Place, nearest};

/// How many folders may stand on each other.
pub(super) const DEEPEST: usize = 4;

/// Gives the files of the folder of that name beside the first one; none where it is not there.
pub type Beside<'a> = dyn Fn(&str) -> Result<Option<Files>, Error> + 'a;

/// The language that a manifest extends.
pub(super) fn extended(
    document: &Arc<Document>,
    manifest: &DeTable<'_>,
    (beside, depth): (&Beside<'_>, usize),
) -> Result<Option<Language>, Error> {
    let Some(name) = manifest.get("extends") else {
        return Ok(None);
    };
    let span = name.span();
    let refused = |message: String| Error::Form {
        place: Place::new(document, span.clone()),
        message,
    };
    let Some(name) = name.get_ref().as_str() else {
        return Err(refused("`extends` is the name of a folder".to_owned()));
    };
    let Some(other) = name.strip_prefix("../") else {
        let near = nearest(name, folder::ids());
        let near = near.map(|near| format!("; did you mean `{near}`?"));
        let message = format!(
            "no language `{}` is built in{}",
            name.escape_debug(),
            near.unwrap_or_default()
        );
        return folder::load(name)?
            .map(Some)
            .ok_or_else(|| refused(message));
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if other.is_empty() || !other.chars().all(plain) {
        let message = "a folder that is extended is built in, or lies beside this one: `../NAME`";
        return Err(refused(message.to_owned()));
    }
    if depth == 0 {
        let message = format!("more than {DEEPEST} folders extend each other, or in a circle");
        return Err(refused(message));
    }
    let Some(files) = beside(other)? else {
        let message = format!("there is no folder `{other}` beside this one");
        return Err(refused(message));
    };
    // Its templates are named by its name: `{% extends "NAME/Dockerfile.tera" %}`.
    let below = (beside, depth - 1);
    folder::made(other, files, Origin::default(), below).map(Some)
}

/// The files of a directory beside another one, which is not the top of a repository. A symbolic link is not followed.
pub(super) fn beside(root: &Utf8Path, name: &str) -> Result<Option<Files>, Error> {
    let Some(parent) = root.parent().filter(|_| !root.join(".git").exists()) else {
        return Ok(None);
    };
    let folder = parent.join(name);
    let is_folder = fs_err::symlink_metadata(&folder).is_ok_and(|about| about.is_dir());
    if !is_folder {
        return Ok(None);
    }
    let files = Files::read(&folder).map_err(|source| Error::Files {
        id: name.to_owned(),
        source,
    });
    files.map(Some)
}
