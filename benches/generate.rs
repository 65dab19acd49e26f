//! The budgets of the design: `new` and `generate` in 5 ms, many projects in linear time. `cargo bench --bench generate`.
//! A manifest is read in the first round only: what a run takes from its start is the program's own to show.
use camino::Utf8Path;
use divan::{Bencher, black_box};
use stagewright::cli;
use stagewright::context::Context;
use stagewright::exit::Exit;
use stagewright::image::Catalogue;
use stagewright::language;
use stagewright::plan::{Inputs, Plan, Resolved, plan};
use stagewright::render;
use stagewright::report::Document;
use stagewright::spec::Spec;
use stagewright::workspace::{self, Lock, OnConflict};

fn main() {
    divan::main();
}

fn planned(id: &str, spec: &str, with_sample: bool) -> Plan {
    let language = language::load(id)
        .ok()
        .flatten()
        .unwrap_or_else(|| unreachable!("{id}"));
    let fields = language::fields(Some(&language));
    let spec = Spec::read(&[Document::file("scaffold.toml", spec)], &fields);
    plan(Inputs {
        language,
        spec,
        lock: Resolved::default(),
        catalogue: &Catalogue::embedded(),
        folder: "shop",
        today: "2026-11-23",
        with_sample,
        service: None,
    })
    .unwrap_or_else(|found| unreachable!("{found:?}"))
}

/// From a spec of one line to the texts of the files, without a disk.
#[divan::bench(args = ["go", "python"])]
fn plan_and_render(id: &str) -> render::FileSet {
    let spec = format!("lang = \"{id}\"");
    let plan = planned(black_box(id), black_box(&spec), false);
    render::render(&[plan], false).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Everything that `new` does, to a folder that is on disk.
#[divan::bench(args = ["go", "python"])]
fn new_project(bencher: Bencher<'_, '_>, id: &str) {
    bencher
        .with_inputs(|| tempfile::tempdir().ok())
        .bench_values(|folder| {
            let root = folder
                .as_ref()
                .and_then(|folder| Utf8Path::from_path(folder.path()));
            let root = root.unwrap_or_else(|| unreachable!("a temporary folder"));
            let plan = planned(id, &format!("lang = \"{id}\""), true);
            write(&plan, root).unwrap_or_else(|error| unreachable!("{error}"));
            folder
        });
}

/// Linear: ten times the projects, ten times the time.
#[divan::bench(args = [10, 100, 1000])]
fn many_projects(count: usize) {
    for _ in 0..count {
        let plan = planned("go", "lang = \"go\"", false);
        let _ = black_box(render::render(&[plan], false));
    }
}

/// Everything that `generate` does for the services of one repository, files and lock written; then once more, with
/// nothing to do.
#[divan::bench(args = [10, 100, 1000])]
fn services(bencher: Bencher<'_, '_>, count: usize) {
    bencher
        .with_inputs(|| repository(count).unwrap_or_else(|error| unreachable!("{error}")))
        .bench_values(|folder| {
            for _ in 0..2 {
                let arguments = ["scaffold", "generate", "--quiet", "--no-input"].map(Into::into);
                let context = Context {
                    folder: Utf8Path::from_path(folder.path()).map(ToOwned::to_owned),
                    can_ask: false,
                    colour: false,
                    today: "2026-11-23".to_owned(),
                    ..Context::default()
                };
                let exit = cli::run(arguments.into_iter(), &context);
                assert_eq!(exit, Exit::Done);
            }
            folder
        });
}

/// A repository whose spec has so many services, half of them built from its root.
fn repository(count: usize) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let mut spec = String::from("[production.labels]\nteam = \"shop\"\n");
    for number in 0..count {
        let lang = if number % 2 == 0 { "go" } else { "python" };
        spec.push_str(&format!(
            "[services.s{number}]\npath = \"services/s{number}\"\nlang = \"{lang}\"\nport = 3000\n"
        ));
        if number % 4 < 2 {
            spec.push_str(&format!(
                "context = \".\"\nmembers = [\"libs/x\", \"services/s{number}\"]\n"
            ));
        }
    }
    let mut file = fs_err::File::create(folder.path().join("scaffold.toml"))?;
    std::io::Write::write_all(&mut file, spec.as_bytes())?;
    Ok(folder)
}

fn write(plan: &Plan, root: &Utf8Path) -> Result<(), Box<dyn std::error::Error>> {
    let plans = std::slice::from_ref(plan);
    let files = render::render(plans, true)?;
    let lock = Lock::default();
    let mut changes = workspace::classify(root, &files, &lock)?;
    for change in &mut changes {
        change.decide(OnConflict::Fail, &lock);
    }
    let text = workspace::lock_text(root, &changes, &lock, plans)?;
    Ok(workspace::write(root, &changes, text.as_deref())?)
}
