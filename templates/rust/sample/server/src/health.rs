//! Asks the server that runs in the same container. HEALTHCHECK calls it: the image has no curl.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Fails unless the server on `port` says that it is well.
pub fn check(port: u16) -> io::Result<()> {
    let answer = get(port, "/healthz")?;
    match answer.split_whitespace().nth(1) {
        Some("200") => Ok(()),
        _ => Err(io::Error::other(format!("healthcheck: {answer}"))),
    }
}

/// The whole answer to one request.
pub fn get(port: u16, path: &str) -> io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut server = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    server.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(server, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    server.read_to_string(&mut answer)?;
    Ok(answer)
}
