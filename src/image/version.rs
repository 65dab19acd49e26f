//! Versions as tuples of numbers: `1.100` is newer than `1.99`.

/// A version of one to three or more numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(Vec<u64>);

impl Version {
    /// Reads `3`, `3.14`, `3.14.2`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers = text.split('.').map(|part| part.parse().ok());
        numbers.collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether it is `line` itself or a more exact version of it.
    pub fn is_within(&self, line: &Self) -> bool {
        self.0.starts_with(&line.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        let parse = |text| Version::parse(text).unwrap();
        assert!(parse("1.100") > parse("1.99"));
        assert!(parse("3.14.2").is_within(&parse("3.14")));
        assert!(!parse("3.1").is_within(&parse("3.14")));
        assert_eq!(Version::parse("v3"), None);
        assert_eq!(Version::parse(""), None);
    }
}
