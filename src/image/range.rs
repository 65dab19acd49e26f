//! Version ranges as manifests write them (`>=3.10,<3.14`, `^3.8`, `~=3.10`, `~> 3.2`, `18.x || 20`), solved against the
//! lines of an image as a careful person would: the catalogue's default line if it is inside, else the newest supported
//! one; a line that has ended only if there is no other.
use super::catalogue::{Image, Line};
use super::version::Version;

/// One condition on a version.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Comparator {
    AtLeast(Version),
    Above(Version),
    AtMost(Version),
    Below(Version),
    /// The version or any more exact one.
    Within(Version),
    NotWithin(Version),
}

/// A range: one of several lists of conditions that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    alternatives: Vec<Vec<Comparator>>,
}

/// What a range comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The version.
    pub version: String,
    /// A few words on how it was chosen.
    pub reason: String,
    /// Whether it is what was asked for.
    pub sure: bool,
}

impl Range {
    /// Reads a range; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        // One bar is as good as two: some manifests have it so.
        let parts = text.split('|').filter(|part| !part.is_empty());
        let parts = if text.is_empty() {
            vec![text]
        } else {
            parts.collect()
        };
        let alternatives = parts.into_iter().map(conjunction);
        Some(Self {
            alternatives: alternatives.collect::<Option<_>>()?,
        })
    }

    /// That version or any later one.
    pub fn at_least(version: &Version) -> Self {
        Self {
            alternatives: vec![vec![Comparator::AtLeast(version.clone())]],
        }
    }

    /// Whether a version is inside.
    pub fn admits(&self, version: &Version) -> bool {
        let all = |list: &Vec<Comparator>| list.iter().all(|one| one.holds(version));
        self.alternatives.iter().any(all)
    }

    /// Whether the line's newest patch is inside.
    pub fn admits_line(&self, line: &Line) -> bool {
        Version::parse(&line.latest).is_some_and(|latest| self.admits(&latest))
    }

    /// The usual line of `image`, which is not sure, for a range that no line is in.
    pub fn outside(&self, image: &Image, today: &str) -> Option<Solution> {
        let line = image.lines.iter().find(|line| line.default)?;
        self.solve(image, today).is_none().then(|| Solution {
            version: line.version.clone(),
            reason: "no version inside has an image: the usual line".to_owned(),
            sure: false,
        })
    }

    /// The line of `image` to take on `today`.
    pub fn solve(&self, image: &Image, today: &str) -> Option<Solution> {
        let inside = || image.lines.iter().filter(|line| self.admits_line(line));
        let newest = |over: bool| {
            inside()
                .filter(|line| line.is_over(today) == over)
                .max_by_key(|line| (line.default, Version::parse(&line.version)))
        };
        let (line, reason) = match (newest(false), newest(true)) {
            (Some(line), _) if line.default => (line, "the usual line, and inside"),
            (Some(line), _) => (line, "the newest supported line inside"),
            (None, Some(line)) => (line, "no supported line is inside: the newest that was"),
            (None, None) => return None,
        };
        Some(Solution {
            version: line.version.clone(),
            reason: reason.to_owned(),
            sure: true,
        })
    }
}

/// The line of a version that was asked for as such; of one that the catalogue does not know, what comes nearest.
pub fn solve_exact(image: &Image, text: &str, today: &str) -> Option<Solution> {
    let version = leading(text)?;
    if let Some(line) = image.line_of(&version.to_string()) {
        return Some(Solution {
            version: line.version.clone(),
            reason: String::new(),
            sure: true,
        });
    }
    let supported = image.lines.iter().filter(|line| !line.is_over(today));
    let later = supported
        .filter(|line| Version::parse(&line.version).is_some_and(|line| line > version))
        .min_by_key(|line| Version::parse(&line.version));
    let Some(next) = later else {
        return Some(newer(image, &version));
    };
    Some(Solution {
        version: next.version.clone(),
        reason: format!("{version} has ended and has no image: the next supported line"),
        sure: false,
    })
}

/// The line of a version, while it is supported.
pub fn solve_supported(image: &Image, text: &str, today: &str) -> Option<Solution> {
    let line = image.line_of(&leading(text)?.to_string())?;
    (!line.is_over(today)).then(|| Solution {
        version: line.version.clone(),
        reason: String::new(),
        sure: true,
    })
}

/// A version that is newer than all that is known: its line has as many numbers as the known ones.
fn newer(image: &Image, version: &Version) -> Solution {
    let known = image.lines.first();
    let known = known.and_then(|line| Version::parse(&line.version));
    Solution {
        version: version.cut(known.map_or(2, |line| line.len())).to_string(),
        reason: "newer than the catalogue".to_owned(),
        sure: true,
    }
}

/// The least version that will do.
pub fn solve_minimum(image: &Image, text: &str, today: &str) -> Option<Solution> {
    let version = leading(text)?;
    let range = Range::at_least(&version);
    let solved = range.solve(image, today).map(|solution| Solution {
        reason: format!("{version} or later: {}", solution.reason),
        ..solution
    });
    solved.or_else(|| Some(newer(image, &version)))
}

/// The numbers a text begins with: `v3.13.0rc1` → 3.13.0.
pub fn leading(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches(['v', 'V', '=']).trim_start();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    Version::parse(text[..end].trim_end_matches('.'))
}

fn conjunction(text: &str) -> Option<Vec<Comparator>> {
    let text = text.trim();
    if let Some((from, to)) = text.split_once(" - ") {
        let upper = leading(to)?;
        let mut bounds = vec![Comparator::AtLeast(leading(from)?)];
        bounds.push(Comparator::Below(upper.next(upper.len())));
        return Some(bounds);
    }
    let mut list = Vec::new();
    for part in parts(text) {
        list.extend(comparators(&part)?);
    }
    Some(list)
}

/// Conditions stand between commas or blanks; an operator may stand apart from its version.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        let open = |last: &&mut String| last.chars().all(|c| "<>=~^!".contains(c));
        match parts.last_mut().filter(open) {
            Some(last) => last.push_str(word),
            None => parts.push(word.to_owned()),
        }
    }
    parts
}

fn comparators(part: &str) -> Option<Vec<Comparator>> {
    let at = part
        .find(|c: char| !"<>=~^!".contains(c))
        .unwrap_or(part.len());
    let (operator, text) = part.split_at(at);
    let any = matches!(text, "*" | "x" | "X" | "latest");
    if any {
        return Some(Vec::new());
    }
    let version = leading(text)?;
    let one = match operator {
        ">=" => Comparator::AtLeast(version),
        ">" => Comparator::Above(version),
        "<=" => Comparator::AtMost(version),
        "<" => Comparator::Below(version),
        "!=" => Comparator::NotWithin(version),
        "" | "=" | "==" | "===" => Comparator::Within(version),
        "^" => return Some(between(&version, 1)),
        "~=" | "~>" => return Some(between(&version, version.len().saturating_sub(1).max(1))),
        "~" => return Some(between(&version, version.len().min(2))),
        _ => return None,
    };
    Some(vec![one])
}

/// From the version to the next one in its first `kept` numbers.
fn between(version: &Version, kept: usize) -> Vec<Comparator> {
    vec![
        Comparator::AtLeast(version.clone()),
        Comparator::Below(version.next(kept)),
    ]
}

impl Comparator {
    fn holds(&self, version: &Version) -> bool {
        match self {
            Self::AtLeast(bound) => version >= bound,
            Self::Above(bound) => version > bound && !version.is_within(bound),
            Self::AtMost(bound) => version <= bound,
            Self::Below(bound) => version < bound,
            // The newest patch of the line stands for the patch that was named.
            Self::Within(bound) => version.is_within(bound) || version.is_same_line(bound),
            Self::NotWithin(bound) => !version.is_within(bound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [(&str, &str, &str); 7] = [
        ("3.15", "3.15.2", "2031-10-31"),
        ("3.14", "3.14.10", "2030-10-31"),
        ("3.13", "3.13.18", "2029-10-31"),
        ("3.12", "3.12.14", "2028-10-31"),
        ("3.11", "3.11.16", "2027-10-31"),
        ("3.10", "3.10.21", "2026-10-31"),
        ("3.9", "3.9.25", "2025-10-31"),
    ];

    fn image() -> Image {
        let line = |(version, latest, eol): (&str, &str, &str)| Line {
            version: version.to_owned(),
            latest: latest.to_owned(),
            suite: None,
            eol: Some(eol.to_owned()),
            default: version == "3.14",
        };
        Image {
            title: String::new(),
            platforms: Vec::new(),
            variants: [].into(),
            user: None,
            lines: LINES.map(line).into(),
            whole: false,
        }
    }

    fn solved(range: &str) -> Option<String> {
        let range = Range::parse(range)?;
        let solution = range.solve(&image(), "2026-11-23");
        solution.map(|solution| solution.version)
    }

    #[test]
    fn the_usual_or_the_newest_supported_line_is_taken() {
        let cases = [
            (">=3.10,<3.14", "3.13"),
            (">=3.8", "3.14"),
            (">=3.7", "3.14"),
            ("^3.8", "3.14"),
            ("~=3.10", "3.14"),
            ("~=3.11.2", "3.11"),
            ("~3.12", "3.12"),
            ("~> 3.12.1", "3.12"),
            ("3.12.x", "3.12"),
            ("==3.12.*", "3.12"),
            ("3.11 || 3.12", "3.12"),
            ("^2.7|~3.11", "3.11"),
            ("", "3.14"),
            (">= 3.10 , < 3.13", "3.12"),
            (">3.12", "3.14"),
            (">=3.7,<3.10", "3.9"),
            ("<3.11", "3.10"),
            ("3.10 - 3.12", "3.12"),
            ("*", "3.14"),
            (">=3.9,!=3.14.*", "3.15"),
        ];
        for (range, version) in cases {
            assert_eq!(solved(range).as_deref(), Some(version), "{range}");
        }
        assert_eq!(solved(">=4"), None);
        let usual = |text: &str| Range::parse(text).unwrap().outside(&image(), "2026-11-23");
        assert_eq!(usual("<3.10"), None);
        let usual = usual("<3.6").unwrap();
        assert_eq!((usual.version.as_str(), usual.sure), ("3.14", false));
        assert_eq!(solved("nonsense"), None);
    }

    #[test]
    fn what_was_asked_for_exactly_is_its_line() {
        let image = image();
        let exact = |text: &str| solve_exact(&image, text, "2026-11-23").unwrap();
        assert_eq!(exact("3.12.4").version, "3.12");
        assert_eq!(exact("3.9").version, "3.9");
        assert_eq!(exact("3.13.0rc1").version, "3.13");
        assert!(!exact("3.6.8").sure);
        assert_eq!(exact("3.6.8").version, "3.11");
        assert_eq!(exact("3.16.1").version, "3.16");
        let minimum = solve_minimum(&image, "3.9", "2026-11-23").unwrap();
        assert_eq!(minimum.version, "3.14");
    }
}
