//! What a folder extends: a built-in one by its name; one beside it, `../NAME`, of the same directory or of the same
//! commit of the same repository; or one of another repository by its address, which is a template like any other: asked
//! about, and kept at its commit.
use std::sync::Arc;

use camino::Utf8Path;
use toml::de::DeTable;

use super::error::Error;
use super::files::Files;
use super::folder::{self, Language};
use super::origin::Origin;
use crate::report::{Document, Place, nearest};

/// How many folders may stand on each other.
pub const DEEPEST: usize = 4;

/// Gives the language at an address of a repository; none where that is no such address.
pub type Elsewhere<'a> = dyn Fn(&str) -> Option<Language> + 'a;

/// Where the folders are that a folder extends and that are not built in.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Gives the files of the folder of that name beside the first one; none where it is not there.
    pub beside: &'a dyn Fn(&str) -> Result<Option<Files>, Error>,
    /// Those of other repositories.
    pub elsewhere: &'a Elsewhere<'a>,
}

/// No other repository is known.
pub(super) fn nowhere(_: &str) -> Option<Language> {
    None
}

/// The language that a manifest extends.
pub(super) fn extended(
    document: &Arc<Document>,
    manifest: &DeTable<'_>,
    (around, depth): (Around<'_>, usize),
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
    let no_folder = "a folder that is extended is built in, lies beside this one: `../NAME`, or in a \
                     repository: `gh:owner/repository/folder@version`";
    if name.contains(':') {
        let found = (around.elsewhere)(name);
        return found.map(Some).ok_or_else(|| refused(no_folder.to_owned()));
    }
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
        return Err(refused(no_folder.to_owned()));
    }
    if depth == 0 {
        let message = format!("more than {DEEPEST} folders extend each other, or in a circle");
        return Err(refused(message));
    }
    let Some(files) = (around.beside)(other)? else {
        let message = format!("there is no folder `{other}` beside this one");
        return Err(refused(message));
    };
    // Its templates are named by its name: `{% extends "NAME/Dockerfile.tera" %}`.
    let below = (around, depth - 1);
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
