//! What the programs say.

/// A greeting.
pub fn greeting(name: &str, times: u64) -> String {
    format!("Hello from {name}! {} times", itoa::Buffer::new().format(times))
}
