//! Any text → a name that fits: for an image, and for a module of the language.

/// Longest name, in bytes: one label of a host name (RFC 1035, section 2.3.4).
const LONGEST: usize = 63;

/// An image name made of `text`: small ASCII letters and digits with single `-`, `.` or `_` between them
/// (the grammar of a repository path component in the distribution specification). Empty when nothing is left.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        let c = c.to_ascii_lowercase();
        let separator = slug.ends_with(['-', '.', '_']) || slug.is_empty();
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            '.' | '_' if !separator => slug.push(c),
            _ if !separator => slug.push('-'),
            _ => {}
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    slug.trim_end_matches(['-', '.', '_']).to_owned()
}

/// The name as an identifier: `_` for every other separator, and not a digit at its start.
pub fn snake(name: &str) -> String {
    let body: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if body.starts_with(|c: char| c.is_ascii_digit()) {
        format!("app_{body}")
    } else {
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_image_names() {
        assert_eq!(slug("My Shop"), "my-shop");
        assert_eq!(slug("--Ünï  côde__x."), "n-c-de_x");
        assert_eq!(slug("日本"), "");
        assert_eq!(slug(&"ab".repeat(5000)).len(), 63);
    }

    #[test]
    fn snakes_are_identifiers() {
        assert_eq!(snake("my-shop.v2"), "my_shop_v2");
        assert_eq!(snake("2048"), "app_2048");
    }
}
