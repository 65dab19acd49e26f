//! What the examples share: the base images, a server that runs on every one of them, and bases with something warm.
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use stagewright::dockerfile::rules::RULES;
use stagewright::engine::build::Build;
use stagewright::engine::command::Call;
use stagewright::engine::copy::{tree, write};
use stagewright::engine::made::Image;
use stagewright::engine::{Engine, Result};
use tempfile::TempDir;

use super::case::Case;
use super::look;

/// Making a base from packages takes a while.
const LIMIT: Duration = Duration::from_secs(15 * 60);
/// What is made upon a base: its folder in `tests/faults/bases`.
const UPON: [&str; 2] = ["flask", "golang"];

/// Made once, for as long as the run lasts.
pub(crate) struct Prepared {
    /// Every context begins as this folder.
    pub(crate) project: TempDir,
    /// The names of the images that were made upon bases, by folder. The engine removes them when it goes.
    pub(crate) bases: BTreeMap<String, String>,
}

impl Prepared {
    /// Makes all of it.
    pub(crate) fn make(engine: &Engine, place: &Path) -> Result<Self> {
        provide(engine, place)?;
        let project = engine.folder()?;
        tree(&place.join("project"), project.path())?;
        let server = build(engine, &place.join("server"))?;
        look::take(engine, &server, "/server", &project.path().join("server"))?;
        let mut bases = BTreeMap::new();
        for name in UPON {
            let folder = engine.folder()?;
            tree(project.path(), folder.path())?;
            tree(&place.join("bases").join(name), folder.path())?;
            let image = build(engine, folder.path())?;
            bases.insert(name.to_owned(), image.tag.clone());
            std::mem::forget(image);
        }
        Ok(Self { project, bases })
    }
}

/// Makes every base image exist that an example names, where they come from a command.
fn provide(engine: &Engine, place: &Path) -> Result<()> {
    let Some(command) = super::variable("SCAFFOLD_TEST_BASES") else {
        return Ok(());
    };
    let mut all = fs_err::read_to_string(place.join("server/Dockerfile"))?;
    for name in UPON {
        all += &fs_err::read_to_string(place.join("bases").join(name).join("Dockerfile"))?;
    }
    for rule in RULES {
        if let Some(case) = Case::of(rule.id).ok().filter(|case| case.sight.is_some()) {
            let words = rule.words();
            all += &case.swapped(&words.bad);
            all += &case.swapped(&words.good);
        }
    }
    let folder = engine.folder()?;
    let file = folder.path().join("Dockerfile");
    write(&file, all.as_bytes())?;
    let call = Call::new(command).args(["--of".as_ref(), file.as_os_str()]);
    call.limit(LIMIT).stdout().map(drop)
}

fn build<'a>(engine: &'a Engine, folder: &Path) -> Result<Image<'a>> {
    let built = engine.build(&Build {
        folder,
        file: None,
        space: &engine.name_of(look::SPACE),
        target: None,
        platform: None,
        cold: false,
        further: &[],
    })?;
    Ok(built.image)
}
