//! `include_dir!` does not make cargo see new files on stable: any change below `templates/` rebuilds the crate.
fn main() {
    println!("cargo::rerun-if-changed=templates");
}
