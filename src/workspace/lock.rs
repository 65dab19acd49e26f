//! `scaffold.lock`: the machine's own notes, committed beside the spec. What was resolved, and each tracked file as it
//! was written, so that a later run can tell an edit from an old version and merge three ways.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::language::Origin;
use crate::plan::Resolved;

/// The file's name.
pub const FILE: &str = "scaffold.lock";

/// Form of the file that this program writes and reads.
const SCHEMA: u32 = 1;

const HEAD: &str = "# Written by scaffold, to be committed, not to be edited: what was resolved, and the files as they were written.\n";

/// The lock's contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// What was resolved.
    pub resolved: Resolved,
    /// The same for each of several services, by name.
    pub services: BTreeMap<String, Resolved>,
    /// The pristine text of each tracked file, by path.
    pub files: BTreeMap<String, String>,
}

/// Why a lock cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not of the form.
    #[error("not a lock: {0}")]
    Form(Box<toml::de::Error>),
    /// Written by a later version of this program.
    #[error("its form is number {0}, and this program reads number {SCHEMA}: update scaffold")]
    Newer(u32),
    /// Somebody changed a text in it.
    #[error("the text of {0} does not have the digest that stands beside it")]
    Digest(String),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    tool: String,
    #[serde(default, skip_serializing_if = "ResolvedTable::is_empty")]
    resolved: ResolvedTable,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    services: BTreeMap<String, ResolvedTable>,
    #[serde(default, rename = "file")]
    files: Vec<FileTable>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ResolvedTable {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    extends: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    lines: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    digests: BTreeMap<String, String>,
}

impl ResolvedTable {
    /// Nothing, as at the top of a lock of several services.
    fn is_empty(&self) -> bool {
        self.version.is_none() && self.lines.is_empty()
    }
}

impl From<ResolvedTable> for Resolved {
    fn from(table: ResolvedTable) -> Self {
        Self {
            version: table.version,
            lines: table.lines,
            digests: table.digests,
            template: table.template.map(|address| Origin {
                address,
                commit: table.commit,
                extends: table.extends,
            }),
        }
    }
}

impl From<Resolved> for ResolvedTable {
    fn from(resolved: Resolved) -> Self {
        let has_template = resolved.template.is_some();
        let origin = resolved.template.unwrap_or_default();
        Self {
            version: resolved.version,
            lines: resolved.lines,
            digests: resolved.digests,
            template: has_template.then_some(origin.address),
            commit: origin.commit,
            extends: origin.extends,
        }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    path: String,
    digest: String,
    text: String,
}

/// `sha256:` and the digest in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// The version of this program that wrote a lock.
pub fn tool(text: &str) -> Option<String> {
    let table: toml::Table = toml::from_str(text).ok()?;
    Some(table.get("tool")?.as_str()?.to_owned())
}

impl Lock {
    /// Reads a lock's text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let newer = toml::from_str::<toml::Table>(text)
            .ok()
            .and_then(|table| u32::try_from(table.get("schema")?.as_integer()?).ok())
            .filter(|schema| *schema > SCHEMA);
        if let Some(schema) = newer {
            return Err(Error::Newer(schema));
        }
        let file: File = toml::from_str(text).map_err(|error| Error::Form(Box::new(error)))?;
        if let Some(bad) = file
            .files
            .iter()
            .find(|file| digest(file.text.as_bytes()) != file.digest)
        {
            return Err(Error::Digest(bad.path.clone()));
        }
        Ok(Self {
            resolved: file.resolved.into(),
            services: file
                .services
                .into_iter()
                .map(|(name, table)| (name, table.into()))
                .collect(),
            files: file
                .files
                .into_iter()
                .map(|file| (file.path, file.text))
                .collect(),
        })
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        let tables = self.files.iter().map(|(path, text)| FileTable {
            path: path.clone(),
            digest: digest(text.as_bytes()),
            text: text.clone(),
        });
        let file = File {
            schema: SCHEMA,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            resolved: self.resolved.clone().into(),
            services: self
                .services
                .iter()
                .map(|(name, resolved)| (name.clone(), resolved.clone().into()))
                .collect(),
            files: tables.collect(),
        };
        let body = toml::to_string_pretty(&file).unwrap_or_default();
        format!("{HEAD}{body}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        Lock {
            resolved: Resolved {
                version: Some("1.27".into()),
                lines: [("alpine".to_owned(), "3.24".to_owned())].into(),
                digests: [("alpine:3.24".to_owned(), "sha256:00".to_owned())].into(),
                template: Some(Origin {
                    address: "gh:acme/t".into(),
                    commit: Some("0123".into()),
                    extends: [("gh:acme/base@v1".to_owned(), "4567".to_owned())].into(),
                }),
            },
            services: [("api".to_owned(), Resolved::default())].into(),
            files: [(
                "Dockerfile".to_owned(),
                "FROM \"x\"\n'''\n\\ $\n".to_owned(),
            )]
            .into(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(Lock::parse(&lock().to_text()).unwrap(), lock());
        assert_eq!(
            Lock::parse(&Lock::default().to_text()).unwrap(),
            Lock::default()
        );
    }

    #[test]
    fn a_changed_text_is_noticed() {
        let text = lock().to_text().replace("FROM", "from");
        assert!(matches!(Lock::parse(&text), Err(Error::Digest(_))));
        let text = lock().to_text().replace("schema = 1", "schema = 9");
        assert!(matches!(Lock::parse(&text), Err(Error::Newer(9))));
    }
}
