//! Three texts → one: what the user changed and what we changed since the text both started from.
use similar::{ConflictStyle, TextMerge};

/// A merged text, and how many places want a person's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The text, with conflict markers where both changed the same lines.
    pub text: String,
    /// How many conflicts are marked.
    pub conflicts: usize,
}

/// Merges line by line. `base` is what we wrote last, `yours` what is on disk, `ours` what we would write now.
pub fn merge(base: &str, yours: &str, ours: &str) -> Merged {
    let mut merge = TextMerge::from_lines(base, yours, ours);
    merge.conflict_style(ConflictStyle::Diff3);
    merge.labels("written last time", "yours", "scaffold");
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = merge.to_writer(&mut bytes);
    Merged {
        text: String::from_utf8_lossy(&bytes).into_owned(),
        conflicts: merge.conflict_count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edits_at_different_places_both_survive() {
        let merged = merge("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n");
        assert_eq!(
            (merged.text.as_str(), merged.conflicts),
            ("A\nb\nc\nd\nE\n", 0)
        );
    }

    #[test]
    fn edits_of_one_line_are_marked_with_names() {
        let merged = merge("a\n", "b\n", "c\n");
        assert_eq!(merged.conflicts, 1);
        for mark in [
            "<<<<<<< yours",
            "||||||| written last time",
            ">>>>>>> scaffold",
        ] {
            assert!(merged.text.contains(mark), "{}", merged.text);
        }
    }

    proptest! {
        #[test]
        fn nothing_changed_on_one_side_takes_the_other(
            base in prop::collection::vec("[abc]", 0..12),
            edited in prop::collection::vec("[abc]", 0..12),
        ) {
            let base = base.join("\n") + "\n";
            let edited = edited.join("\n") + "\n";
            prop_assert_eq!(merge(&base, &edited, &base), Merged { text: edited.clone(), conflicts: 0 });
            prop_assert_eq!(merge(&base, &base, &edited), Merged { text: edited.clone(), conflicts: 0 });
            prop_assert_eq!(merge(&base, &edited, &edited), Merged { text: edited, conflicts: 0 });
        }
    }
}
