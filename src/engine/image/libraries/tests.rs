//! Programs with and without what they need.
use serde_json::json;

use super::super::content::Entry;
use super::super::samples::{Program, Sample, file, link};
use super::*;

const LD: &str = "/lib64/ld-linux-x86-64.so.2";

fn glibc(versions: &[&str]) -> Vec<Entry> {
    vec![
        file("lib64/ld-linux-x86-64.so.2", 0o755, &Program::new().bytes()),
        file(
            "lib/x86_64-linux-gnu/libc.so.6",
            0o755,
            &Program::new().gives(versions).bytes(),
        ),
    ]
}

fn musl() -> Vec<Entry> {
    vec![
        file("lib/ld-musl-x86_64.so.1", 0o755, &Program::new().bytes()),
        link("lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1"),
    ]
}

fn faults(entries: Vec<Entry>, program: &Program) -> Vec<String> {
    let root = Root::of(&Sample::layers(vec![entries]));
    let elf = program.elf();
    Libraries::new(&root, &json!({})).faults("app/main", &elf)
}

#[test]
fn a_glibc_program_on_musl_has_no_loader() {
    let program = Program::new()
        .loader(LD)
        .needs("libc.so.6", &["GLIBC_2.34"]);
    let told = faults(musl(), &program);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("the ELF loader /lib64/ld-linux-x86-64.so.2 of /app/main is not in the image: it was linked against glibc, and the image has musl"), "{told:?}");
    assert!(faults(Vec::new(), &program)[0].contains("the image has no libc"));
    assert!(faults(musl(), &Program::new()).is_empty(), "static");
}

#[test]
fn every_library_of_the_closure_is_looked_for() {
    let program = Program::new()
        .loader(LD)
        .needs("libpq.so.5", &[])
        .needs("libc.so.6", &["GLIBC_2.34"]);
    let pq = Program::new().needs("libssl.so.3", &[]).bytes();
    let mut entries = glibc(&["GLIBC_2.34"]);
    entries.push(file("usr/lib/libpq.so.5", 0o644, &pq));
    assert_eq!(
        faults(entries.clone(), &program),
        ["libssl.so.3, which /usr/lib/libpq.so.5 needs, is not where its loader looks"]
    );
    entries.push(file(
        "usr/lib64/libssl.so.3",
        0o644,
        &Program::new().bytes(),
    ));
    assert!(faults(entries, &program).is_empty());
}

#[test]
fn a_library_of_another_machine_is_none() {
    let program = Program::new().loader(LD).needs("libz.so.1", &[]);
    let mut entries = glibc(&[]);
    entries.push(file(
        "usr/lib/libz.so.1",
        0o644,
        &Program::new().machine(0xb7).bytes(),
    ));
    assert_eq!(faults(entries, &program).len(), 1);
}

#[test]
fn the_program_says_where_its_libraries_are() {
    let program = Program::new()
        .loader(LD)
        .needs("libx.so", &[])
        .runpath("$ORIGIN/../opt/lib");
    let mut entries = glibc(&[]);
    entries.push(file("app/main", 0o755, &program.bytes()));
    assert_eq!(faults(entries.clone(), &program).len(), 1);
    entries.push(file("opt/lib/libx.so", 0o644, &Program::new().bytes()));
    assert!(faults(entries, &program).is_empty());
}

#[test]
fn a_libc_that_is_too_old_is_told() {
    let program = Program::new()
        .loader(LD)
        .needs("libc.so.6", &["GLIBC_2.38", "GLIBC_2.4"]);
    let told = faults(glibc(&["GLIBC_2.4", "GLIBC_2.36", "GLIBC_2.9"]), &program);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(
        "/app/main needs GLIBC_2.38 of libc.so.6, and the image's goes up to GLIBC_2.36"
    ));
    assert!(faults(glibc(&["GLIBC_2.4", "GLIBC_2.38"]), &program).is_empty());
}

#[test]
fn modules_are_judged_by_libc_and_machine() {
    let glibc_module = Program::new().needs("libc.so.6", &["GLIBC_2.38"]).elf();
    let fault = |entries: Vec<Entry>, path: &str, elf: &Elf, machine: &str| {
        let root = Root::of(&Sample::layers(vec![entries]));
        Libraries::new(&root, &json!({})).module_fault(path, elf, machine)
    };
    let path = "usr/lib/python3/site-packages/x.cpython-313-x86_64-linux-gnu.so";
    assert!(
        fault(musl(), path, &glibc_module, "amd64")
            .unwrap()
            .contains("linked against glibc, and the image has musl")
    );
    assert!(
        fault(glibc(&["GLIBC_2.36"]), path, &glibc_module, "amd64")
            .unwrap()
            .contains("GLIBC_2.38")
    );
    assert_eq!(
        fault(glibc(&["GLIBC_2.38"]), path, &glibc_module, "amd64"),
        None
    );
    assert_eq!(fault(musl(), path, &glibc_module, "arm64"), None);
    assert_eq!(
        fault(
            musl(),
            "app/node_modules/x/prebuilds/linux-x64/a.node",
            &glibc_module,
            "amd64"
        ),
        None
    );
}
