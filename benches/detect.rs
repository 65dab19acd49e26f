//! What detection costs on a large tree, warm: the budget is 100 ms for 100,000 files.
#![expect(clippy::unwrap_used, reason = "a benchmark ends at its first surprise")]
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use camino::Utf8Path;
use stagewright::detect;
use stagewright::image::Catalogue;
use stagewright::language;

fn main() {
    divan::main();
}

/// 100,000 files; one in `every` is source that rules read.
fn tree(every: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &Path, text: &str| fs_err::write(folder.path().join(path), text).unwrap();
    write(Path::new("go.mod"), "module example.com/shop\n\ngo 1.26\n");
    for outer in 0..1000 {
        let below = format!("d{}/e{outer}", outer % 30);
        fs_err::create_dir_all(folder.path().join(&below)).unwrap();
        for inner in 0..100 {
            let is_source = (outer * 100 + inner) % every == 0;
            let extension = if is_source { "go" } else { "txt" };
            let path = format!("{below}/f{inner}.{extension}");
            write(
                Path::new(&path),
                "package shop\n\nfunc f() int { return 1 }\n",
            );
        }
    }
    folder
}

/// Manifests are read in the first round only.
fn detect_all(root: &Path) -> usize {
    let view = detect::look(Utf8Path::from_path(root).unwrap(), BTreeSet::new());
    let candidates = detect::candidates(&view, language::load_all().unwrap());
    let first = &candidates[0].language;
    let day = (&Catalogue::embedded(), "2026-11-23");
    detect::read(&view, first, &BTreeMap::new(), day)
        .decisions
        .len()
}

#[divan::bench(sample_count = 10)]
fn walk(bencher: divan::Bencher<'_, '_>) {
    let folder = tree(100);
    let root = Utf8Path::from_path(folder.path()).unwrap().to_owned();
    bencher.bench_local(|| detect::walk(&root).files.len());
}

#[divan::bench(sample_count = 10, args = [1000, 100, 10])]
fn one_file_in(bencher: divan::Bencher<'_, '_>, every: usize) {
    let folder = tree(every);
    bencher.bench_local(|| detect_all(folder.path()));
}
