//! Where a language folder is, as a person types it: `./folder`, `gh:acme/templates/go-service@v3`, or the URL of a git
//! repository with `//folder` and `@version` behind it.

/// The short names of hosts, and what they stand for.
const HOSTS: [(&str, &str); 3] = [
    ("gh:", "https://github.com/"),
    ("gl:", "https://gitlab.com/"),
    ("bb:", "https://bitbucket.org/"),
];

/// The ways to fetch that are taken; git knows others, some of which run programs.
const SCHEMES: [&str; 5] = ["https://", "http://", "ssh://", "git://", "file://"];

/// Where a language folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A directory on this machine, as it was typed.
    Directory(String),
    /// In a repository.
    Repository(Repository),
}

/// A folder of a repository at one of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// What `git` is given.
    pub url: String,
    /// The folder within; empty for the whole.
    pub folder: String,
    /// A tag, a branch or a commit; none for the default branch.
    pub version: Option<String>,
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It would be read as an option by a program.
    #[error("no part of an address may begin with a dash")]
    Dash,
    /// It would leave the repository.
    #[error("the folder must lie below the repository, without `..`")]
    Outside,
    /// Blanks, control characters, or what means something to git.
    #[error(
        "an address has no blanks, control characters or backslashes, and a version no `:`, `^`, `~`, `?`, `*`, `[`"
    )]
    Character,
    /// No way to fetch that is known.
    #[error(
        "this is no way to fetch a repository: there are https, http, ssh, git, file and user@host:path"
    )]
    Scheme,
    /// Too little.
    #[error("owner and repository are needed, such as gh:acme/templates")]
    Short,
}

impl Address {
    /// Reads an address. What looks like no repository is a directory.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.starts_with('-') {
            return Err(Error::Dash);
        }
        if text.chars().any(char::is_control) {
            return Err(Error::Character);
        }
        let host = HOSTS
            .iter()
            .find_map(|(short, url)| Some((text.strip_prefix(short)?, *url)));
        if let Some((path, url)) = host {
            return hosted(path, url).map(Self::Repository);
        }
        let rest = match SCHEMES.iter().find(|scheme| text.starts_with(**scheme)) {
            Some(scheme) => scheme.len(),
            None if text.contains("::") || text.contains("://") => return Err(Error::Scheme),
            None => match scp(text) {
                Some(rest) => rest,
                None => return Ok(Self::Directory(text.to_owned())),
            },
        };
        located(text, rest).map(Self::Repository)
    }
}

/// `user@host:path`; the offset of the path.
fn scp(text: &str) -> Option<usize> {
    let (host, _) = text.split_once(':')?;
    let is_host = host.contains('@') && !host.contains('/');
    is_host.then_some(host.len() + 1)
}

/// `owner/repository/folder@version`.
fn hosted(path: &str, host: &str) -> Result<Repository, Error> {
    let (path, version) = split_version(path);
    let (repository, folder) = if let Some((repository, folder)) = path.split_once("//") {
        (repository.to_owned(), folder)
    } else {
        let mut parts = path.splitn(3, '/');
        let owner = parts.next().unwrap_or_default();
        let name = parts.next().unwrap_or_default();
        (format!("{owner}/{name}"), parts.next().unwrap_or_default())
    };
    if repository.split('/').any(str::is_empty) || !repository.contains('/') {
        return Err(Error::Short);
    }
    if repository.split('/').any(|part| part.starts_with('-')) {
        return Err(Error::Dash);
    }
    checked(format!("{host}{repository}"), folder, version)
}

/// `https://host/path//folder@version`; `rest` is where the part behind the scheme starts.
fn located(text: &str, rest: usize) -> Result<Repository, Error> {
    let (scheme, rest) = text.split_at(rest);
    if rest.starts_with('-') {
        return Err(Error::Dash);
    }
    // What stands before the first slash may be `user@host`.
    let authority = if scheme.ends_with("://") {
        rest.find('/').unwrap_or(rest.len())
    } else {
        0
    };
    let (host, path) = rest.split_at(authority);
    if host.split('@').any(|part| part.starts_with('-')) {
        return Err(Error::Dash);
    }
    let (path, version) = split_version(path);
    let (path, folder) = match path.get(1..).and_then(|path| path.find("//")) {
        Some(at) => (&path[..=at], &path[at + 3..]),
        None => (path, ""),
    };
    checked(format!("{scheme}{host}{path}"), folder, version)
}

fn split_version(path: &str) -> (&str, Option<&str>) {
    match path.split_once('@') {
        Some((path, version)) => (path, Some(version)),
        None => (path, None),
    }
}

fn checked(url: String, folder: &str, version: Option<&str>) -> Result<Repository, Error> {
    let odd = |c: char| c.is_whitespace() || c == '\\';
    if url.contains(odd) || folder.contains(odd) {
        return Err(Error::Character);
    }
    let folder = folder.trim_matches('/');
    if folder
        .split('/')
        .any(|part| matches!(part, "." | ".." | ".git"))
    {
        return Err(Error::Outside);
    }
    if let Some(version) = version {
        if version.starts_with('-') {
            return Err(Error::Dash);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "._/+-".contains(c);
        if version.is_empty()
            || !version.chars().all(plain)
            || version.contains("..")
            || version.starts_with('+')
        {
            return Err(Error::Character);
        }
    }
    Ok(Repository {
        url,
        folder: folder.to_owned(),
        version: version.map(ToOwned::to_owned),
    })
}

impl Repository {
    /// The folder's own name, or the repository's.
    pub fn name(&self) -> &str {
        let path = if self.folder.is_empty() {
            &self.url
        } else {
            &self.folder
        };
        let name = path
            .trim_end_matches('/')
            .rsplit(['/', ':'])
            .next()
            .unwrap_or_default();
        name.strip_suffix(".git").unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, String, Option<String>) {
        match Address::parse(text) {
            Ok(Address::Repository(repository)) => {
                (repository.url, repository.folder, repository.version)
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn addresses_are_taken_apart() {
        for (text, url, folder, version) in [
            ("gh:acme/t", "https://github.com/acme/t", "", ""),
            (
                "gh:acme/t/api/service@v3",
                "https://github.com/acme/t",
                "api/service",
                "v3",
            ),
            (
                "gl:a/b/c//api@feature/x",
                "https://gitlab.com/a/b/c",
                "api",
                "feature/x",
            ),
            (
                "https://h/a/b.git//api@v1",
                "https://h/a/b.git",
                "api",
                "v1",
            ),
            ("ssh://git@h:22/a/b@v1", "ssh://git@h:22/a/b", "", "v1"),
            ("git@h:a/b.git//api@v1", "git@h:a/b.git", "api", "v1"),
            ("file:///srv/t.git//api", "file:///srv/t.git", "api", ""),
        ] {
            let version = Some(version.to_owned()).filter(|version| !version.is_empty());
            assert_eq!(
                parts(text),
                (url.to_owned(), folder.to_owned(), version),
                "{text}"
            );
        }
        assert_eq!(
            Address::parse("./x"),
            Ok(Address::Directory("./x".to_owned()))
        );
        assert_eq!(
            Address::parse("gh:acme/t/api").map(|a| match a {
                Address::Repository(repository) => repository.name().to_owned(),
                Address::Directory(_) => String::new(),
            }),
            Ok("api".to_owned())
        );
    }

    #[test]
    fn what_could_be_an_option_or_a_program_is_refused() {
        for (text, error) in [
            ("--upload-pack=touch x", Error::Dash),
            ("gh:-acme/t", Error::Dash),
            ("gh:acme/t@--output=x", Error::Dash),
            ("ssh://-oProxyCommand=x/t", Error::Dash),
            ("ssh://git@-oProxyCommand=x/t", Error::Dash),
            ("ext::sh -c x", Error::Scheme),
            ("ftp://h/t", Error::Scheme),
            ("gh:acme/t/../../x", Error::Outside),
            ("gh:acme/t/.git", Error::Outside),
            ("gh:acme/t@a:b", Error::Character),
            ("https://h/a b", Error::Character),
            ("gh:acme/t\n@x", Error::Character),
            ("gh:acme", Error::Short),
        ] {
            assert_eq!(Address::parse(text), Err(error), "{text}");
        }
    }
}
