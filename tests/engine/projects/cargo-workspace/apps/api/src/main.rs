//! A server of one page.
use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "3000".into());
    let server = TcpListener::bind(format!("0.0.0.0:{port}"))?;
    std::thread::spawn(|| {
        let mut signals = signal_hook::iterator::Signals::new([15]).expect("signals");
        signals.forever().next();
        std::process::exit(0);
    });
    for client in server.incoming() {
        let mut client = client?;
        let mut buffer = [0; 2048];
        let _ = client.read(&mut buffer)?;
        let text = greet::greeting("shop", 1);
        let _ = write!(client, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len());
    }
    Ok(())
}
