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
    /// Its headers, as `name: value`, the names in small letters.
    pub headers: Vec<String>,
    /// The body, as text.
    pub body: String,
}

/// Asks once. `limit` holds for each of connect, write and read.
pub fn get(address: SocketAddr, path: &str, limit: Duration) -> Result<Answer> {
    get_with(address, path, &[], limit)
}

/// Asks once, with further header lines.
pub fn get_with(
    address: SocketAddr,
    path: &str,
    send: &[String],
    limit: Duration,
) -> Result<Answer> {
    let lines = |all: String, line: &String| all + line + "\r\n";
    let send = send.iter().fold(String::new(), lines);
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    // HTTP/1.0 keeps the answer in one piece: no chunks, and the server closes when it is done.
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n{send}\r\n"
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
    let headers = head.lines().skip(1).map(|line| match line.split_once(':') {
        Some((name, value)) => format!("{}: {}", name.to_ascii_lowercase(), value.trim()),
        None => line.to_owned(),
    });
    Answer {
        status,
        headers: headers.collect(),
        body: body.to_owned(),
    }
}
