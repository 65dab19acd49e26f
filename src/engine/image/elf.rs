//! What the loader reads of a program: its machine, its own loader, the libraries and their versions that it needs.
use std::collections::BTreeSet;

use object::Endianness;
use object::elf;
use object::read::elf::{FileHeader, ProgramHeader, SectionTable, VerdefIterator, VerneedIterator};
use object::read::{Result, StringTable};

/// A program or a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elf {
    /// The machine, by the name that container platforms use.
    pub machine: String,
    /// The program that loads it; libraries and static programs have none.
    pub loader: Option<String>,
    /// The libraries that it names.
    pub needed: Vec<String>,
    /// Where it looks first, and its libraries too.
    pub rpath: Vec<String>,
    /// Where it looks first, for its own needs alone.
    pub runpath: Vec<String>,
    /// The versions that it needs, each with the library.
    pub versions: Vec<(String, String)>,
    /// The versions that it gives.
    pub gives: BTreeSet<String>,
}

impl Elf {
    /// Reads a file; `None` when it is no ELF file that a loader would take.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(b"\x7fELF") {
            return None;
        }
        match bytes.get(4)? {
            1 => read::<elf::FileHeader32<Endianness>>(bytes).ok()?,
            2 => read::<elf::FileHeader64<Endianness>>(bytes).ok()?,
            _ => None,
        }
    }

    /// Whether it was linked against glibc.
    pub fn wants_glibc(&self) -> bool {
        self.versions
            .iter()
            .any(|(_, version)| version.starts_with("GLIBC_"))
    }

    /// Whether it was linked against musl.
    pub fn wants_musl(&self) -> bool {
        let names_it = |name: &String| name.contains("ld-musl-") || name.starts_with("libc.musl-");
        self.loader.as_ref().is_some_and(names_it) || self.needed.iter().any(names_it)
    }
}

fn read<H: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Result<Option<Elf>> {
    let header = H::parse(bytes)?;
    let endian = header.endian()?;
    if ![elf::ET_EXEC, elf::ET_DYN].contains(&header.e_type(endian)) {
        return Ok(None);
    }
    let mut found = Elf {
        machine: machine(
            header.e_machine(endian),
            header.is_type_64(),
            header.is_little_endian(),
        ),
        ..Elf::default()
    };
    for segment in header.program_headers(endian, bytes)? {
        if let Some(loader) = segment.interpreter(endian, bytes)? {
            found.loader = Some(text(loader));
        }
    }
    // A program whose section headers were cut off keeps its loader, and its libraries stay unknown.
    if let Ok(sections) = header.sections(endian, bytes) {
        libraries(&mut found, &sections, endian, bytes)?;
    }
    Ok(Some(found))
}

fn libraries<H: FileHeader<Endian = Endianness>>(
    found: &mut Elf,
    sections: &SectionTable<'_, H>,
    endian: Endianness,
    bytes: &[u8],
) -> Result<()> {
    let table = sections.dynamic_table(endian, bytes)?;
    for item in &table {
        let folders = || table.string(item).map(|bytes| folders(&text(bytes)));
        match item.tag {
            elf::DT_NEEDED => found.needed.push(text(table.string(item)?)),
            elf::DT_RPATH => found.rpath = folders()?,
            elf::DT_RUNPATH => found.runpath = folders()?,
            _ => {}
        }
    }
    if let Some((needs, link)) = sections.gnu_verneed(endian, bytes)? {
        found.versions = needed(needs, endian, &sections.strings(endian, bytes, link)?)?;
    }
    if let Some((gives, link)) = sections.gnu_verdef(endian, bytes)? {
        found.gives = given(gives, endian, &sections.strings(endian, bytes, link)?)?;
    }
    Ok(())
}

fn needed<H: FileHeader<Endian = Endianness>>(
    needs: VerneedIterator<'_, H>,
    endian: Endianness,
    strings: &StringTable<'_>,
) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for need in needs {
        let (need, versions) = need?;
        let library = text(need.file(endian, *strings)?);
        for version in versions {
            let version = version?;
            // A weak one may be missing.
            if version.vna_flags.get(endian).0 & elf::VER_FLG_WEAK.0 == 0 {
                found.push((library.clone(), text(version.name(endian, *strings)?)));
            }
        }
    }
    Ok(found)
}

fn given<H: FileHeader<Endian = Endianness>>(
    gives: VerdefIterator<'_, H>,
    endian: Endianness,
    strings: &StringTable<'_>,
) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for give in gives {
        let (_, mut names) = give?;
        if let Some(name) = names.next()? {
            found.insert(text(name.name(endian, *strings)?));
        }
    }
    Ok(found)
}

fn folders(list: &str) -> Vec<String> {
    list.split(':')
        .filter(|folder| !folder.is_empty())
        .map(str::to_owned)
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// As in `--platform linux/…`.
fn machine(machine: elf::Machine, is_64: bool, is_little: bool) -> String {
    let name = match (machine, is_64, is_little) {
        (elf::EM_X86_64, true, _) => "amd64",
        (elf::EM_386, ..) => "386",
        (elf::EM_AARCH64, ..) => "arm64",
        (elf::EM_ARM, ..) => "arm",
        (elf::EM_RISCV, true, _) => "riscv64",
        (elf::EM_PPC64, _, true) => "ppc64le",
        (elf::EM_S390, true, _) => "s390x",
        _ => return format!("machine {:#x}", machine.0),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::samples::Program;
    use super::*;

    #[test]
    fn a_program_tells_what_it_needs() {
        let bytes = Program::new()
            .loader("/lib64/ld-linux-x86-64.so.2")
            .needs("libc.so.6", &["GLIBC_2.38"])
            .needs("libz.so.1", &[])
            .runpath("$ORIGIN/lib:/opt/lib")
            .bytes();
        let elf = Elf::read(&bytes).unwrap();
        assert_eq!(elf.machine, "amd64");
        assert_eq!(elf.loader.as_deref(), Some("/lib64/ld-linux-x86-64.so.2"));
        assert_eq!(elf.needed, ["libc.so.6", "libz.so.1"]);
        assert_eq!(elf.runpath, ["$ORIGIN/lib", "/opt/lib"]);
        assert_eq!(
            elf.versions,
            [("libc.so.6".to_owned(), "GLIBC_2.38".to_owned())]
        );
        assert!(elf.wants_glibc() && !elf.wants_musl());
    }

    #[test]
    fn a_library_tells_what_it_gives() {
        let bytes = Program::new().gives(&["GLIBC_2.2.5", "GLIBC_2.36"]).bytes();
        let elf = Elf::read(&bytes).unwrap();
        assert!(elf.gives.contains("GLIBC_2.36"));
        assert_eq!(elf.loader, None);
    }

    #[test]
    fn this_very_test_is_a_program() {
        #[cfg(target_os = "linux")]
        {
            let bytes = fs_err::read("/proc/self/exe").unwrap();
            let elf = Elf::read(&bytes).unwrap();
            assert!(elf.loader.is_some());
            assert!(elf.needed.iter().any(|name| name.starts_with("libc.")));
        }
    }

    #[test]
    fn broken_files_are_no_programs() {
        let whole = Program::new().loader("/lib/ld").bytes();
        for end in 0..whole.len() {
            let _ = Elf::read(&whole[..end]);
        }
        assert_eq!(Elf::read(b"\x7fELF"), None);
        assert_eq!(Elf::read(b"#!/bin/sh"), None);
    }
}
