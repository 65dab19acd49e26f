//! The few bytes of a program file that say which machine it is for.

/// The machine in an ELF header, by the name that container platforms use.
pub(crate) fn machine(bytes: &[u8]) -> String {
    if bytes.len() < 20 || !bytes.starts_with(b"\x7fELF") {
        return "no ELF file".to_owned();
    }
    match u16::from_le_bytes([bytes[18], bytes[19]]) {
        0x3e => "amd64".to_owned(),
        0xb7 => "arm64".to_owned(),
        0xf3 => "riscv64".to_owned(),
        other => format!("ELF machine {other:#x}"),
    }
}
