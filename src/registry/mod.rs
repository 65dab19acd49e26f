//! What a tag points at, asked of the registry through a client that is on this machine: no registry is spoken to by this
//! program itself, so logins, proxies and mirrors are those that the client knows.
use crate::engine::{self, command::Call};

mod buildx;
mod crane;
mod skopeo;

/// A program that can ask a registry.
trait Client {
    /// As people call it.
    fn name(&self) -> &'static str;

    /// The program and its arguments.
    fn command(&self, reference: &str) -> Vec<String>;

    /// The digest in what it printed.
    fn digest(&self, printed: &str) -> Option<String>;
}

/// In the order in which they are tried: what also builds comes first, as it has the logins. Podman is none of them: of
/// an image that two tags have in common it tells one digest for both, and not the one that this tag points at.
fn clients() -> [&'static dyn Client; 3] {
    [&buildx::Buildx, &crane::Crane, &skopeo::Skopeo]
}

/// Why a tag could not be resolved.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// None of the programs is there.
    #[error("no program is here that could ask the registry for {reference}")]
    NoClient {
        /// The image.
        reference: String,
        /// What would do.
        known: Vec<&'static str>,
    },
    /// Each that is there failed.
    #[error("the digest of {reference} cannot be had")]
    Failed {
        /// The image.
        reference: String,
        /// A line for each program.
        reasons: Vec<String>,
    },
}

/// The digest of what the tag points at: of the index, where there is one, so that it holds for every platform.
pub fn digest(reference: &str) -> Result<String, Error> {
    let mut reasons = Vec::new();
    for client in clients() {
        match ask(client, reference) {
            Ok(Some(digest)) => return Ok(digest),
            Ok(None) => {}
            Err(reason) => reasons.push(format!("{}: {reason}", client.name())),
        }
    }
    let reference = reference.to_owned();
    if reasons.is_empty() {
        let known = clients().map(Client::name).to_vec();
        return Err(Error::NoClient { reference, known });
    }
    Err(Error::Failed { reference, reasons })
}

/// `None` when the program is not there.
fn ask(client: &dyn Client, reference: &str) -> Result<Option<String>, String> {
    let Some(printed) = run(&client.command(reference))? else {
        return Ok(None);
    };
    let digest = client.digest(&printed);
    match digest.filter(|digest| is_digest(digest)) {
        Some(digest) => Ok(Some(digest)),
        None => Err("printed no digest".to_owned()),
    }
}

/// What a command prints, or the last line of its complaint; `None` when there is no such program.
fn run(command: &[String]) -> Result<Option<String>, String> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(None);
    };
    let output = match Call::new(program).args(arguments).output() {
        Ok(output) => output,
        Err(engine::Error::Start { .. }) => return Ok(None),
        Err(error) => return Err(error.to_string().escape_debug().to_string()),
    };
    if output.status.success() {
        return Ok(Some(output.stdout));
    }
    let said = output.stderr.lines().rev();
    let last = said.into_iter().find(|line| !line.trim().is_empty());
    Err(last
        .unwrap_or("failed without a word")
        .escape_debug()
        .to_string())
}

/// Words of a command line.
fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What stands in a `FROM`, and goes into the lock: nothing else may pass.
fn is_digest(text: &str) -> bool {
    let hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.strip_prefix("sha256:")
        .is_some_and(|digest| digest.len() == 64 && digest.chars().all(hexadecimal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_digest_passes() {
        let good = format!("sha256:{}", "0f".repeat(32));
        assert!(is_digest(&good));
        for bad in [
            "",
            "sha256:00",
            "latest",
            &good.to_uppercase(),
            &format!("{good} x"),
        ] {
            assert!(!is_digest(bad), "{bad}");
        }
        assert_eq!(crane::Crane.digest(&format!("{good}\n")), Some(good));
    }

    #[test]
    fn the_manifest_is_its_own_digest() {
        let digest = skopeo::Skopeo.digest("{}").unwrap();
        assert_eq!(
            digest,
            "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
    }
}
