//! One plain HTTP GET, enough to ask a container on this machine for an answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use super::error::Result;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status, 0 when the answer was not HTTP.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

/// Asks once. `limit` holds for each of connect, write and read.
pub fn get(address: SocketAddr, path: &str, limit: Duration) -> Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    // HTTP/1.0 keeps the answer in one piece: no chunks, and the server closes when it is done.
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(parse(&String::from_utf8_lossy(&bytes)))
}

/// Asks until there is an answer that is `good`, for as long as `go_on` allows. Otherwise: what came last.
pub fn get_when_ready(
    address: SocketAddr,
    path: &str,
    good: impl Fn(&Answer) -> bool,
    go_on: impl Fn() -> bool,
) -> std::result::Result<Answer, String> {
    loop {
        let last = match get(address, path, Duration::from_secs(10)) {
            Ok(answer) if good(&answer) => return Ok(answer),
            Ok(answer) => format!("status {}: {}", answer.status, answer.body.trim()),
            Err(error) => error.to_string(),
        };
        if !go_on() {
            return Err(last);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let status = head
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    Answer {
        status,
        body: body.to_owned(),
    }
}
