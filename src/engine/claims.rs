//! What must be so of a project: read from its spec, or said by whoever asks for the proof.

/// A program, by how it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It listens on a port.
    Server(u16),
    /// It runs until it is told to stop.
    Worker,
    /// It does its work and ends.
    Tool,
    /// It listens nowhere; whether it ends is seen when it runs.
    Portless,
}

/// What is said of a health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// There is one, in exec form.
    Checked,
    /// `HEALTHCHECK NONE`, said aloud.
    None,
    /// Nothing is claimed: one that there is must turn healthy.
    Unsaid,
}

/// A change of one file that changes nothing that the program does.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which file of the context.
    pub file: String,
    /// A line for its end, in which `{unique}` becomes a word that no build has seen. None: empty lines, which no language
    /// minds.
    pub line: Option<String>,
}

/// A secret that the build gets.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Its id.
    pub id: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// The claims.
#[derive(Clone, Debug)]
pub struct Claims {
    /// How it runs.
    pub life: Life,
    /// Its health check.
    pub health: Health,
    /// Where a server is asked.
    pub path: String,
    /// Whether the answer must have status 200; otherwise any answer shows that it is there.
    pub must_be_ok: bool,
    /// What it answers, exactly but for blanks around.
    pub answer: Option<String>,
    /// What its answer or its output holds.
    pub contains: Option<String>,
    /// Seconds for a first answer or a healthy state; one that needs longer is broken.
    pub patience: u64,
    /// A route that answers slowly: a request in flight must end well while the container stops.
    pub slow: Option<String>,
    /// Whether the server listens where `PORT` says.
    pub heeds_port: bool,
    /// The names by which the image gives `PORT` on: who wants another port says it by them too.
    pub port_names: Vec<String>,
    /// The file name of the program that must be process 1; none: any but a wrapper.
    pub program: Option<String>,
    /// A harmless change of one source file, or why none is known.
    pub edit: Result<Edit, String>,
    /// A file that says which dependencies there are.
    pub lock: Option<Edit>,
    /// Words of the steps that fetch dependencies.
    pub dependencies: Vec<String>,
    /// The named stages before the last one.
    pub targets: Vec<String>,
    /// The stage in which planted secrets are looked for.
    pub build_stage: Option<String>,
    /// Whether the port must be exposed, and no other.
    pub exposes: bool,
    /// Ends of paths that the image must not hold.
    pub absent: Vec<String>,
    /// Labels that it must have.
    pub labels: Vec<String>,
    /// What the program needs from its environment, `KEY=value`.
    pub env: Vec<String>,
    /// Folders in which it may write.
    pub writable: Vec<String>,
    /// The most that it may add to its base, in MB.
    pub adds_at_most: Option<f64>,
    /// The secrets that the build gets.
    pub secrets: Vec<Secret>,
    /// Arguments of the build that look like secrets and that nobody gives: what is made up for them must not be found.
    pub canaries: Vec<String>,
    /// How many instructions of the Dockerfile make the last stage, for a base that the engine does not know by name.
    pub instructions: usize,
}

impl Claims {
    /// The port, of a server.
    pub fn port(&self) -> Option<u16> {
        match self.life {
            Life::Server(port) => Some(port),
            _ => None,
        }
    }
}
