//! What would change in a file, as a unified diff.
use similar::TextDiff;

/// The diff from what is on disk to what would be written; `/dev/null` stands for a file that is not there.
pub fn unified(path: &str, before: Option<&[u8]>, after: &[u8]) -> String {
    let is_text = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    if !before.is_none_or(is_text) || !is_text(after) {
        return format!("Binary files differ: {path}\n");
    }
    let old = String::from_utf8_lossy(before.unwrap_or_default()).into_owned();
    let new = String::from_utf8_lossy(after).into_owned();
    let from = if before.is_some() {
        format!("a/{path}")
    } else {
        "/dev/null".to_owned()
    };
    TextDiff::from_lines(&old, &new)
        .unified_diff()
        .header(&from, &format!("b/{path}"))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_comes_from_nowhere() {
        let diff = unified("a", None, b"x\n");
        assert_eq!(diff, "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n");
        assert_eq!(unified("a", Some(b"x\n"), b"x\n"), "");
        assert!(unified("a", Some(b"\0"), b"x\n").starts_with("Binary"));
    }
}
