//! The text and exit code of each command: `tests/cmd/*.trycmd`, run in order inside a copy of the folder of the same
//! name with `.in` (a folder with `.out` beside it is what makes it a copy: each has one). `TRYCMD=overwrite cargo test --test cmd` writes what was seen; read it before you accept.

#[test]
fn commands() {
    trycmd::TestCases::new()
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .env("CI", "true")
        .env("SCAFFOLD_CONFIG", "false")
        .case("tests/cmd/*.trycmd");
}
