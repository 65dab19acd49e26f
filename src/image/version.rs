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

    /// How many numbers it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none; it always has one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both are patches of one line of two numbers.
    pub fn is_same_line(&self, other: &Self) -> bool {
        self.0.len() > 2 && other.0.len() > 2 && self.0[..2] == other.0[..2]
    }

    /// The first version that differs in its first `kept` numbers.
    #[must_use]
    pub fn next(&self, kept: usize) -> Self {
        let mut numbers: Vec<_> = self.0.iter().copied().take(kept.max(1)).collect();
        if let Some(last) = numbers.last_mut() {
            *last = last.saturating_add(1);
        }
        Self(numbers)
    }

    /// Its first `kept` numbers.
    #[must_use]
    pub fn cut(&self, kept: usize) -> Self {
        Self(self.0.iter().copied().take(kept).collect())
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let numbers: Vec<_> = self.0.iter().map(u64::to_string).collect();
        f.write_str(&numbers.join("."))
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
