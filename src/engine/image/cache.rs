//! The list of libraries that glibc's loader keeps.
use std::collections::BTreeMap;

/// `ld.so.cache` in its newer form: names with paths, both as offsets into the file.
pub(super) fn cached(bytes: &[u8]) -> BTreeMap<String, Vec<String>> {
    const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Some(at) = memchr::memmem::find(bytes, MAGIC) else {
        return found;
    };
    let bytes = &bytes[at..];
    let number = |at: usize| {
        let four = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
    };
    let text = |at: usize| {
        let rest = bytes.get(at..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        Some(String::from_utf8_lossy(&rest[..end]).into_owned())
    };
    for entry in 0..number(MAGIC.len())
        .unwrap_or_default()
        .min(bytes.len() / 24)
    {
        let at = 48 + 24 * entry;
        let (Some(name), Some(path)) =
            (number(at + 4).and_then(text), number(at + 8).and_then(text))
        else {
            break;
        };
        found.entry(name).or_default().push(path);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_of_the_loader_is_read() {
        let mut bytes = b"glibc-ld.so.cache1.1".to_vec();
        bytes.extend(1_u32.to_le_bytes());
        bytes.resize(48, 0);
        bytes.extend(
            [0_u32, 72, 80, 0, 0, 0]
                .iter()
                .flat_map(|word| word.to_le_bytes()),
        );
        bytes.extend(b"libx.so\0/opt/libx.so\0");
        assert_eq!(cached(&bytes)["libx.so"], ["/opt/libx.so"]);
        for end in 0..bytes.len() {
            let _ = cached(&bytes[..end]);
        }
    }
}
