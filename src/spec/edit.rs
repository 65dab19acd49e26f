//! A change of one value in a user's spec: comments, order and everything else stay as they are.
use toml_edit::{DocumentMut, Value};

/// The text with the key at a path set to the text `value`; `None` when the key is not there as a text.
pub fn set_text(text: &str, path: &[&str], value: &str) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let mut item = document.as_item_mut();
    for key in path {
        item = item.get_mut(key)?;
    }
    let old = item.as_value_mut()?;
    old.as_str()?;
    let decor = old.decor().clone();
    *old = Value::from(value);
    *old.decor_mut() = decor;
    Some(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_value_changes() {
        let text =
            "# mine\nlang = 'x' # why\nversion = '1.2.3'  # the newest\n\n[options]\na = 1\n";
        let expected =
            "# mine\nlang = 'x' # why\nversion = \"1.2.4\"  # the newest\n\n[options]\na = 1\n";
        assert_eq!(
            set_text(text, &["version"], "1.2.4").as_deref(),
            Some(expected)
        );
        let inner = set_text("[a]\nb = { c = '1' }", &["a", "b", "c"], "2");
        assert_eq!(inner.as_deref(), Some("[a]\nb = { c = \"2\" }\n"));
        assert_eq!(set_text("version = 3", &["version"], "1"), None);
        assert_eq!(set_text("a = 3", &["version"], "1"), None);
    }
}
