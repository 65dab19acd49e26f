//! Findings as annotations of GitHub's workflow commands, shown beside the lines of a pull request
//! (<https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>).
use super::diagnostic::{Diagnostic, Severity};

/// One line a finding.
pub fn annotations(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(annotation).collect()
}

fn annotation(diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut properties = String::new();
    if let Some(place) = &diagnostic.place {
        let (line, column) = place.line_column();
        properties = format!(
            "file={},line={line},col={column},",
            property(&place.document.name)
        );
    }
    format!(
        "::{command} {properties}title={}::{}\n",
        property(diagnostic.code),
        data(&diagnostic.text())
    )
}

/// The characters that end a message.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// And those that end a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Document, Place};

    #[test]
    fn nothing_in_a_text_ends_the_command() {
        let document = Document::file("a,b/Dockerfile", "FROM x\n");
        let found =
            [Diagnostic::error("x", "50%\n::error::no").at(&Place::new(&document, 5..6), "")];
        assert_eq!(
            annotations(&found),
            "::error file=a%2Cb/Dockerfile,line=1,col=6,title=x::50%25%0A::error::no\n"
        );
    }
}
