//! Where a language folder was found.
use std::collections::BTreeMap;

/// Where a folder comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The address, as the spec says it; empty for an embedded folder.
    pub address: String,
    /// The commit, for an address of a repository.
    pub commit: Option<String>,
    /// The folders of other repositories that it extends: address → commit.
    pub extends: BTreeMap<String, String>,
}

impl Origin {
    /// How the folder is named in what is said of its files.
    pub(super) fn place<'a>(&'a self, id: &'a str) -> &'a str {
        if self.address.is_empty() {
            id
        } else {
            &self.address
        }
    }
}
